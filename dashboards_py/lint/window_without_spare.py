"""window-without-spare: the alert's window has only two samples, so that it has no value after one failed scrape.

A scrape that fails or comes late leaves one sample, of which there is no rate: the alert resolves, or its `for` begins
again, while what it watches goes on. Take a window of at least three scrape intervals; four are usual. `--interval`
sets the scrape interval (default 30s). Before: `rate(cilium_drop_count_total[1m]) > 5`. After:
`rate(cilium_drop_count_total[5m]) > 5`.

Windows too short for two samples are reported by short-window.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._functions import NEED_TWO_SAMPLES
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._settings import Settings
from dashboards_py.promql.durations import seconds

SEVERITY = Severity.WARNING
OF_ALERTS = True


def check(judged: JudgedRule, _: Release, settings: Settings) -> Iterator[str]:
    """Windows from two scrape intervals on, and shorter than three."""
    if not judged.rule.is_alert or judged.tree is None:
        return
    interval = settings.scrape_interval
    for selector in promql.selectors(judged.expr):
        window = (selector.window or "").strip()
        if NEED_TWO_SAMPLES & set(selector.functions) and 2 * interval <= seconds(window) < 3 * interval:
            yield f"{selector.metric} over {window}: scraped every {interval:g}s, a scrape that fails leaves one sample"
