"""What a board needs to show data: the metrics of its queries, with their components, Helm values and labels."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.catalog import Metric, Release, entries
from dashboards_py.queries import ResolvedSelector, board_queries, resolve
from dashboards_py.queries.resolve import GO_RUNTIME


@dataclass(frozen=True, slots=True)
class Need:
    """One metric that a query of a board reads on a release.

    `board` is its uid, or its title if it has none; `panel` is the panel's title, or names the variable or annotation.
    `labels` are those that the query uses and that only options of the metric's Hubble handler add.
    """

    board: str
    panel: str
    metric: Metric
    labels: frozenset[str]

    @property
    def where(self) -> str:
        """The board and the panel."""
        return f"{self.board} / {self.panel}"


@dataclass(frozen=True, slots=True)
class SkippedSelector:
    """Something that a board reads and that is not a Need. `why` is "" where it is simply not a metric of Cilium.

    `what` is the metric's name, "" for a whole query; `panel` as in Need.
    """

    board: str
    panel: str
    what: str
    why: str


def needs(board: Board, release: Release) -> tuple[Need, ...]:
    """The needs of the board's panels, variables and annotations on the release, in reading order.

    A name that several components share needs all of them unless the query selects one by pod. Metrics that the release
    lacks or that are not Cilium's (`up`), and unreadable queries, are in `skipped_selectors` instead.
    """
    return tuple(dict.fromkeys(_needs(board, release)))


def skipped_selectors(board: Board, release: Release) -> tuple[SkippedSelector, ...]:
    """Everything that the board reads and `needs` leaves out, in reading order."""
    return tuple(dict.fromkeys(_skipped_selectors(board, release)))


def needed(resolved: ResolvedSelector) -> tuple[Metric, ...]:
    """The metrics that Cilium must expose for a selector.

    Metrics of the Go runtime are included only for components that the selector names by their pods.
    """
    told_apart = len(resolved.statuses) < len(entries(resolved.name))
    return resolved.metrics if told_apart or not resolved.name.startswith(GO_RUNTIME) else ()


def added(metric: Metric, used: frozenset[str], release: Release) -> frozenset[str]:
    """The labels among those used that only options of the metric's Hubble handler give it."""
    if not metric.handler:
        return frozenset()
    own_labels = {*metric.labels_on(release), *metric.exposed_by.scrape_labels}
    return (used & frozenset(metric.possible_labels_on(release))) - own_labels


def _needs(board: Board, release: Release) -> Iterator[Need]:
    for query in board_queries(board):
        used = query.labels
        for resolved in resolve(query.expr, release):
            for metric in needed(resolved):
                yield Need(board.uid or board.title, query.where, metric, added(metric, used, release))


def _skipped_selectors(board: Board, release: Release) -> Iterator[SkippedSelector]:
    for query in board_queries(board):
        for resolved in resolve(query.expr, release):
            if (reason := _why_not(resolved)) is not None:
                yield SkippedSelector(board.uid or board.title, query.where, resolved.name, reason)
    yield from _without_queries(board)


def _why_not(resolved: ResolvedSelector) -> str | None:
    """Why a selector is not a need; None where it is one, or names no metric."""
    if needed(resolved):
        return None
    if resolved.reason:
        return resolved.reason
    if not resolved.name:
        return None
    if promql.has_variable(resolved.name):
        return "its name is known only to Grafana"
    if resolved.metrics:
        return "every program in Go has it: a matcher for `pod` says which"
    return " ".join(filter(None, (resolved.statuses[0].reason, resolved.statuses[0].fix))) if resolved.statuses else ""


def _without_queries(board: Board) -> Iterator[SkippedSelector]:
    """Panels without PromQL: with another query language, or library panels."""
    for panel in board.panels:
        if panel.library:
            yield SkippedSelector(
                board.uid or board.title, panel.title, "", f"is the library panel {panel.library}, which Grafana keeps"
            )
        elif panel.type != "text" and panel.queries and not any(query.expr.strip() for query in panel.queries):
            yield SkippedSelector(board.uid or board.title, panel.title, "", "has no PromQL")
