"""unknown-label: the query matches, groups by or joins on a label that no series has on this release.

The matcher then selects nothing; an aggregation returns one series instead of many; a join on the label fails, or drops
it. Labels that inner aggregations drop count as missing. The rule knows the labels of the metric, those that options of
its Hubble handler can add, target labels, and labels that the query creates (`label_replace`). Labels of your own
relabelling rules are those of `--label`, and those that a variable of the dashboard reads and no metric of Cilium has.
Matchers that accept an empty value (`!="x"`, `=~".*"`) or contain a variable are not reported.
"""

from collections.abc import Iterator
from functools import partial

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import (
    ReadableSelector,
    all_queries,
    known_labels,
    label_lookup,
    problems_of_required,
)
from dashboards_py.lint._settings import Settings
from dashboards_py.queries import missing_label

WITH_SETTINGS = True


def check(board: Board, release: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Matchers that no series can satisfy, then groupings and joins on labels that no series has."""
    others = known_labels(board, settings)
    for panel, query in all_queries(board):
        for problem in problems_of_required(query.expr, release, partial(problem_with, others=others)):
            yield panel, problem
        for missing in promql.missing_labels(query.expr, label_lookup(release, others)):
            yield panel, f"{missing.what}: {missing.where} {', '.join(missing.labels)} on {release}"


def problem_with(resolved: ReadableSelector, release: Release, *, others: frozenset[str]) -> str:
    """A message with the selector's matchers on unknown labels, "" if there are none."""
    return str(missing_label(resolved, release, others) or "")
