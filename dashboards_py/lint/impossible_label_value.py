"""impossible-label-value: the query matches a value that the label never takes on this release, so it finds nothing.

Only labels whose values Cilium's source fixes are looked at, and values that older releases took and this one does
not. A regular expression is reported where it matches none of the others. Spelling and case count: `direction` of the
agent is upper case, `traffic_direction` of Hubble lower case. A query that has another way to an answer (`new or old`)
is left alone.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Metric, Release
from dashboards_py.lint._asked import Asked, asked, every_query, wants_a_value, without
from dashboards_py.promql import Matcher


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that match none of the known values."""
    for panel, query in every_query(board):
        dead = {each.selector: said for each in asked(query.expr, release) if (said := wrong(each, release))}
        for said in without(query.expr, dead):
            yield panel, said


def wrong(each: Asked, release: Release) -> str:
    """What is wrong with the selector's first matcher that matches none of the known values, "" where none is."""
    for matcher in each.selector.matchers if each.metrics else ():
        if wants_a_value(matcher) and all(never(metric, matcher, release) for metric in each.metrics):
            values = ", ".join(each.metrics[0].values_on(matcher.label, release))
            return f"{each.selector.metric}: {matcher} matches none of {values}"
    return ""


def never(metric: Metric, matcher: Matcher, release: Release) -> bool:
    """Whether the label takes no value that the matcher wants: none at all, or it did on older releases."""
    values = metric.values_on(matcher.label, release)
    if not values or any(matcher.takes(value) is not False for value in values):
        return False
    gone = metric.gone_on(matcher.label, release)
    return metric.is_closed(matcher.label) or any(matcher.takes(value) for value in gone)
