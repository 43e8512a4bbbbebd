"""averaged-over-time: the alert compares how full something was on average, which hides that it was full.

`avg_over_time(x[6h]) > 0.9` is true only after hours near the limit. Compare the value, and let `for` wait; or compare
the maximum. Before: `avg_over_time(cilium_bpf_map_pressure[1h]) > 0.9`. After: `cilium_bpf_map_pressure > 0.9` with
`for: 10m`.

Reported are averages of pressures and other ratios over half an hour and more, compared with a limit from above.
"""

from collections.abc import Iterator

from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._nodes import (
    SELECTORS,
    compared_with_number,
    kind_of,
    operator_of,
    selector_of,
    walk,
    without_brackets,
)
from dashboards_py.lint._selectors import recorded_metric, statuses_on
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import shown

SEVERITY = Severity.WARNING
OF_ALERTS = True

SHORTEST = 1800  # seconds
AVERAGES = frozenset(("avg_over_time", "quantile_over_time"))


def check(judged: JudgedRule, release: Release, _: Settings) -> Iterator[str]:
    """Averages over time of ratios that are compared with a limit."""
    if not judged.rule.is_alert or judged.tree is None:
        return
    for node in walk(judged.tree):
        compared = compared_with_number(node)
        if compared is None or compared[1] not in (">", ">="):
            continue
        for call in walk(compared[0]):
            if operator_of(call) in AVERAGES and kind_of(call) == "Call":
                argument = without_brackets(call.args[-1])
                is_long = argument.range.total_seconds() >= SHORTEST
                metrics = [selector_of(below) for below in walk(argument) if kind_of(below) in SELECTORS]
                for selector in metrics if is_long else ():
                    units = {metric.unit for metric in statuses_on(selector, release)}
                    if units == {"ratio"} or recorded_metric(selector).endswith("_pressure"):
                        yield f"`{shown(call)}` averages {selector.metric} over time, which hides that it was full"
