"""What must be on for a board to have data: of each query its metrics, their components, Helm values and labels."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.catalog import Metric, Release
from dashboards_py.compile.gate import statuses


@dataclass(frozen=True, slots=True)
class Need:
    """One metric that a query of a board reads on a release.

    `panel` is the panel's title, or says which variable or annotation it is. `labels` are those that the query uses
    and only options of the metric's Hubble handler add.
    """

    board: str
    panel: str
    metric: Metric
    labels: frozenset[str]

    @property
    def where(self) -> str:
        """The board and the panel."""
        return f"{self.board} / {self.panel}"


def needs(board: Board, release: Release) -> tuple[Need, ...]:
    """What the board's panels, variables and annotations need on the release, in reading order.

    A name that several components share needs each of them unless the query tells them apart by pod. What the release
    does not have, and what Cilium does not expose (`up`), is not needed.
    """
    return tuple(dict.fromkeys(_needs(board, release)))


def of_query(expr: str, release: Release) -> tuple[tuple[promql.Selector, tuple[Metric, ...]], ...]:
    """Each selector of a query with the metrics that it means and the release has."""
    return tuple(
        (
            selector,
            tuple(each.metric for each in statuses(selector, release) if each.metric and each.present),
        )
        for selector in promql.selectors(expr)
    )


def added(metric: Metric, used: frozenset[str], release: Release) -> frozenset[str]:
    """The labels among those used that only options of the metric's Hubble handler give it."""
    if not metric.handler:
        return frozenset()
    own = {*metric.labels_on(release), *metric.exposed_by.scrape_labels}
    return (used & frozenset(metric.possible_labels_on(release))) - own


def _needs(board: Board, release: Release) -> Iterator[Need]:
    for panel, query in board.queries():
        yield from _of(board, panel.title, query.expr, promql.labels(query.expr), release)
    for variable in board.variables:
        head, comma, label = variable.query.removeprefix("label_values(").rpartition(",")
        if comma and variable.query.startswith("label_values("):
            used = promql.labels(head) | {label.strip(" )")}
            yield from _of(board, f"variable {variable.name}", head, used, release)
    for mark in board.annotations:
        if mark.expr:
            yield from _of(board, f"annotation {mark.name}", mark.expr, promql.labels(mark.expr), release)


def _of(board: Board, panel: str, expr: str, used: frozenset[str], release: Release) -> Iterator[Need]:
    for _, metrics in of_query(expr, release):
        for metric in metrics:
            yield Need(board.uid, panel, metric, added(metric, used, release))
