"""wrong-threshold: the alert compares a percentage with a share, or seconds with what look like milliseconds.

Before: `100 * sum(rate(cilium_drop_count_total[5m])) / sum(rate(cilium_forward_count_total[5m])) > 0.05`, which is true
from a twentieth of a percent on. After: without `100 *`, or `> 5`.

Reported are percentages that are compared with a number between 0 and 1, and mean durations and quantiles of durations
in seconds that are compared with 100 and more. A share that is compared with more than it can be is reported by
never-fires.
"""

import math
from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._measure import PLAIN, SECONDS, Measure, measure_node
from dashboards_py.lint._nodes import compared_with_number, operator_of, walk
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import shown

SEVERITY = Severity.WARNING
OF_ALERTS = True

PERCENT = 100.0
LONG = 100.0  # seconds that no duration of a histogram is meant to have


def check(judged: JudgedRule, _: Release, __: Settings) -> Iterator[str]:
    """Comparisons whose number is in another unit than the query."""
    if not judged.rule.is_alert or judged.tree is None:
        return
    for node in walk(judged.tree):
        compared = compared_with_number(node)
        if compared is None:
            continue
        value, _operator, limit = compared
        measure = measure_node(value)
        if not isinstance(measure, Measure) or measure.per_second:
            continue
        is_percentage = measure.base == PLAIN and math.isclose(measure.factor, PERCENT) and _is_quotient(value)
        if is_percentage and 0 < limit < 1:
            yield f"`{shown(node)}` compares a percentage, and {limit:g} % is hardly meant: leave out the factor 100"
        is_seconds = measure.base == SECONDS and math.isclose(measure.factor, 1)
        if is_seconds and limit >= LONG and _is_of_durations(value):
            yield f"`{shown(node)}` compares seconds with {limit:g}: write {limit / 1000:g} for milliseconds"


def _is_quotient(node: Any) -> bool:
    return any(operator_of(below) == "/" for below in walk(node))


def _is_of_durations(node: Any) -> bool:
    """True for a quantile of a histogram, and for a mean of `_sum` by `_count`."""
    functions = {operator_of(below) for below in walk(node)}
    names = [selector.metric for selector in promql.selectors_of(node)]
    is_mean = "/" in functions and any(name.endswith("_sum") for name in names)
    return is_mean or bool(functions & {"histogram_quantile", "histogram_avg"})
