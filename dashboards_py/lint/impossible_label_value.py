"""impossible-label-value: the query matches a value that the label never has on this release, so it returns nothing.

Checked are labels whose values are fixed in Cilium's source, and values that older releases used and this one does not.
A regular expression is reported where it matches none of the possible values. Case matters: `direction` of the agent is
upper case, `traffic_direction` of Hubble lower case. A query with an alternative (`new or old`) is not reported.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Metric, Release
from dashboards_py.lint._selectors import (
    ReadableSelector,
    all_queries,
    problems_of_required,
    requires_label,
    resolve_selectors,
)
from dashboards_py.promql import Matcher


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that match none of the known values."""
    for panel, query in all_queries(board):
        problems = {
            resolved.selector: problem
            for resolved in resolve_selectors(query.expr, release)
            if (problem := problem_with(resolved, release))
        }
        for problem in problems_of_required(query.expr, problems):
            yield panel, problem


def problem_with(resolved: ReadableSelector, release: Release) -> str:
    """The selector's first matcher that matches no possible value, as a message; "" where there is none."""
    for matcher in resolved.selector.matchers if resolved.metrics else ():
        if requires_label(matcher) and all(is_impossible(metric, matcher, release) for metric in resolved.metrics):
            values = ", ".join(resolved.metrics[0].values_on(matcher.label, release))
            return f"{resolved.selector.metric}: {matcher} matches none of {values}"
    return ""


def is_impossible(metric: Metric, matcher: Matcher, release: Release) -> bool:
    """Whether the matcher accepts no value of the label on this release, though it may on older ones."""
    values = metric.values_on(matcher.label, release)
    if not values or any(matcher.accepts(value) is not False for value in values):
        return False
    removed = metric.values_removed_by(matcher.label, release)
    return metric.is_closed(matcher.label) or any(matcher.accepts(value) for value in removed)
