"""unknown-label: the query matches, groups by or joins on a label that no series has on this release.

The matcher then selects nothing; an aggregation returns one series instead of many; a join on the label fails, or drops
it. Labels that inner aggregations drop count as missing. The rule knows the labels of the metric, those that options of
its Hubble handler can add, target labels, and labels that the query creates (`label_replace`), but not the labels of
your own relabelling rules. Matchers that accept an empty value (`!="x"`, `=~".*"`) or contain a variable are not
reported.
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
)
from dashboards_py.queries import missing_label


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that no series can satisfy, then groupings and joins on labels that no series has."""
    for panel, query in all_queries(board):
        for problem in problems_of_required(query.expr, release, problem_with):
            yield panel, problem
        for missing in promql.missing_labels(query.expr, label_lookup(release)):
            yield panel, f"{missing.what}: {missing.where} {', '.join(missing.labels)} on {release}"


def problem_with(resolved: ReadableSelector, release: Release) -> str:
    """A message with the selector's matchers on unknown labels, "" if there are none."""
    return str(missing_label(resolved, release) or "")
