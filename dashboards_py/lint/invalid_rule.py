"""invalid-rule: Prometheus refuses the rule, and with it the file: no rule of it is loaded.

Durations that are none, names of labels and series that are not allowed, and templates that do not parse (checked with
promtool if it is on PATH). Before: `for: 5 minutes`. After: `for: 5m`. Queries are judged by invalid-promql.
"""

import re
from collections.abc import Iterator

from dashboards_py.catalog import Release
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._settings import Settings

OF_ALERTS = True

# Grafana and Prometheus: numbers with units in falling order (model.ParseDuration of prometheus/common).
DURATION = re.compile(r"0|(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?")


def check(judged: JudgedRule, _: Release, settings: Settings) -> Iterator[str]:
    """Parts of a rule that Prometheus refuses."""
    rule = judged.rule
    durations = {"for": rule.wait, "keep_firing_for": rule.keep_firing_for, "interval": rule.interval}
    for key, value in durations.items():
        if value and not DURATION.fullmatch(value):
            yield f"`{key}: {value}` is no duration: write a number with a unit, such as 5m"
    if not rule.is_alert and (rule.wait or rule.keep_firing_for):
        yield "is a recording rule, which has no `for` and no `keep_firing_for`"
    if not rule.name.strip():
        yield "has no name"
    if problem := settings.problems.get(judged.number, ""):
        yield f"promtool: {problem}"
