"""value-is-never-taken: the query matches a value that the label never takes on this release, so it finds nothing.

Only labels whose values Cilium's source fixes are looked at. A regular expression is reported where it matches none of
the values. Spelling and case count: `direction` of the agent is upper case, `traffic_direction` of Hubble lower case.
"""

import re
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Metric, Release
from dashboards_py.lint.asked import asked, queries
from dashboards_py.lint.label_is_not_there import wants_a_value
from dashboards_py.promql import Matcher


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that match none of the known values."""
    for panel, query in queries(board):
        for each in asked(query.expr, release):
            for matcher in each.selector.matchers if each.metrics else ():
                if wants_a_value(matcher) and all(never(metric, matcher, release) for metric in each.metrics):
                    values = ", ".join(each.metrics[0].values_on(matcher.label, release))
                    yield panel, f"{each.selector.metric}: {matcher} matches none of {values}"


def never(metric: Metric, matcher: Matcher, release: Release) -> bool:
    """Whether the metric's label has a fixed set of values, none of which the matcher takes."""
    values = metric.values_on(matcher.label, release)
    if not values or not metric.is_closed(matcher.label):
        return False
    if matcher.op == "=":
        return matcher.value not in values
    return not any(re.fullmatch(matcher.value, value) for value in values)
