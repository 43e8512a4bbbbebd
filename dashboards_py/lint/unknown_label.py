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
from dashboards_py.lint._selectors import (
    ReadableSelector,
    all_queries,
    label_lookup,
    problems_of_required,
    requires_label,
    resolve_selectors,
)


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that no series can satisfy, then groupings and joins that see no such label."""
    for panel, query in all_queries(board):
        problems = {
            resolved.selector: problem
            for resolved in resolve_selectors(query.expr, release)
            if (problem := problem_with(resolved, release))
        }
        for problem in problems_of_required(query.expr, problems):
            yield panel, problem
        for missing in promql.missing_labels(query.expr, label_lookup(release)):
            yield panel, f"{missing.what}: {missing.where} {', '.join(missing.labels)} on {release}"


def problem_with(resolved: ReadableSelector, release: Release) -> str:
    """What is wrong with the selector's matchers, "" where nothing is."""
    possible_labels = resolved.labels(release)
    unmatched = [matcher for matcher in resolved.selector.matchers if requires_label(matcher)]
    unmatched = [
        matcher for matcher in unmatched if possible_labels is not None and matcher.label not in possible_labels
    ]
    if not unmatched:
        return ""
    labels, matchers = (", ".join(map(str, parts)) for parts in ([matcher.label for matcher in unmatched], unmatched))
    return f"{resolved.selector.metric} has no label {labels} on {release}: {matchers} finds nothing"
