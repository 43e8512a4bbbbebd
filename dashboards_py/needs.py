"""The metrics that a board needs to show data, with their components, Helm values and labels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.catalog import Metric, Release, entries
from dashboards_py.need import Need
from dashboards_py.queries import ResolvedSelector, board_queries, resolve
from dashboards_py.queries.resolve import GO_RUNTIME


@dataclass(frozen=True, slots=True)
class SkippedSelector:
    """A metric or query of a board that is not a Need. `why` is "" if the metric is simply not Cilium's.

    `what` is the metric's name, "" for an entire query; `panel` as in Need.
    """

    board: str
    panel: str
    what: str
    why: str


def needs(board: Board, release: Release) -> tuple[Need, ...]:
    """The metrics that the board's panels, variables and annotations need on the release, in reading order.

    A metric that several components have needs all of them unless the query selects one by pod. Metrics that the
    release lacks or that are not Cilium's (`up`), and unreadable queries, are in `skipped_selectors` instead.
    """
    return tuple(dict.fromkeys(_needs(board, release)))


def needs_of(boards: Iterable[Board], release: Release) -> tuple[Need, ...]:
    """The needs of several boards, one board after the other."""
    return tuple(need for board in boards for need in needs(board, release))


def skipped_selectors(board: Board, release: Release) -> tuple[SkippedSelector, ...]:
    """The metrics and queries of the board that `needs` does not return, in reading order."""
    return tuple(dict.fromkeys(_skipped_selectors(board, release)))


def required_metrics(resolved: ResolvedSelector) -> tuple[Metric, ...]:
    """The metrics that Cilium must expose for a selector to return data.

    Metrics of the Go runtime are included only if the selector chooses components by their pods.
    """
    selects_components = len(resolved.statuses) < len(entries(resolved.name))
    return resolved.metrics if selects_components or not resolved.name.startswith(GO_RUNTIME) else ()


def labels_from_options(metric: Metric, used: frozenset[str], release: Release) -> frozenset[str]:
    """The labels among those used that only options of the metric's Hubble handler add."""
    if not metric.handler:
        return frozenset()
    own_labels = {*metric.labels_on(release), *metric.exposed_by.scrape_labels}
    return (used & frozenset(metric.possible_labels_on(release))) - own_labels


def _needs(board: Board, release: Release) -> Iterator[Need]:
    for query in board_queries(board):
        for resolved in resolve(query.expr, release):
            used = query.labels_of(resolved.selector)
            for metric in required_metrics(resolved):
                yield Need(board.uid or board.title, query.where, metric, labels_from_options(metric, used, release))


def _skipped_selectors(board: Board, release: Release) -> Iterator[SkippedSelector]:
    for query in board_queries(board):
        for resolved in resolve(query.expr, release):
            if (reason := _why_not(resolved)) is not None:
                yield SkippedSelector(board.uid or board.title, query.where, resolved.name, reason)
    yield from _without_queries(board)


def _why_not(resolved: ResolvedSelector) -> str | None:
    """The reason why a selector needs no metric; None if it needs one."""
    if required_metrics(resolved):
        return None
    if resolved.reason:
        return resolved.reason
    if not resolved.name:
        return _why_no_name(resolved)
    if promql.has_variable(resolved.name):
        return "its name is known only to Grafana"
    if resolved.metrics:
        return "every Go program has it: add a matcher on `pod` to choose one"
    return " ".join(filter(None, (resolved.statuses[0].reason, resolved.statuses[0].fix))) if resolved.statuses else ""


def _why_no_name(resolved: ResolvedSelector) -> str:
    """The reason for a selector that may read series of several names, such as `{__name__=~"cilium_.*"}`."""
    chosen = ", ".join(map(str, resolved.selector.matchers if resolved.selector else ()))
    return f"{{{chosen}}} chooses series without naming their metric: enable those that it is meant to read"


def _without_queries(board: Board) -> Iterator[SkippedSelector]:
    """Panels without PromQL: library panels, and panels with another query language."""
    for panel in board.panels:
        if panel.library:
            reason = f"is the library panel {panel.library}, which is stored in Grafana"
            yield SkippedSelector(board.uid or board.title, panel.title, "", reason)
        elif panel.type != "text" and panel.queries and not any(query.expr.strip() for query in panel.queries):
            yield SkippedSelector(board.uid or board.title, panel.title, "", "has no PromQL")
