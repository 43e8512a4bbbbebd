"""unknown-label: the query matches, groups by or joins on a label that no series has on this release.

A matcher then finds nothing; an aggregation by the label gives one line where many were meant; a join on it, or one
that takes it along, loses it. What inner aggregations drop is not there either. Labels of the metric, those that
options of its Hubble handler can add, those that scraping adds and those that the query makes (`label_replace`) are
known; those that relabelling of your own adds are not. A matcher that also takes an empty value (`!="x"`, `=~".*"`) is
left alone, and so is one with a variable.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._asked import Asked, asked, every_query, labels_on, wants_a_value, without


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that no series can satisfy, then groupings and joins that see no such label."""
    for panel, query in every_query(board):
        dead = {each.selector: said for each in asked(query.expr, release) if (said := lacking(each, release))}
        for said in without(query.expr, dead):
            yield panel, said
        for found in promql.unmet(query.expr, labels_on(release)):
            yield panel, f"{found.what}: {found.where} {', '.join(found.labels)} on {release}"


def lacking(each: Asked, release: Release) -> str:
    """What is wrong with the selector's matchers, "" where nothing is."""
    there = each.labels(release)
    lost = [matcher for matcher in each.selector.matchers if wants_a_value(matcher)]
    lost = [matcher for matcher in lost if there is not None and matcher.label not in there]
    if not lost:
        return ""
    labels, matchers = (", ".join(map(str, parts)) for parts in ([each.label for each in lost], lost))
    return f"{each.selector.metric} has no label {labels} on {release}: {matchers} finds nothing"
