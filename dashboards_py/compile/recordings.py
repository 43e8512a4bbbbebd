"""Boards that read recorded series, and the rules that record these, derived from the boards' own queries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.compiled import CompiledRecording, RecordingGroup
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Annotation, Dashboard, LabelVariable, Panel, Row
from dashboards_py.queries import catalogued_series, statuses

PREFIX = "cilium-recorded"  # of groups' names
NODE = "node"
SCRAPED = "up"  # a series for each target


@dataclass(frozen=True, slots=True)
class Recorded:
    """A board that reads recorded series, and the rules that record them."""

    board: Dashboard
    recordings: frozenset[promql.Recording]


def record(board: Dashboard, release: Release) -> Recorded:
    """Make the board's panels and annotations read recorded series where these save reading each node's.

    A query that cannot be recorded is unchanged, and so are variables. Raises DashboardsError, naming the panel.
    """
    recordings: set[promql.Recording] = set()

    def write(where: str, expr: str) -> str:
        try:
            result = promql.recorded(expr, partial(grows, release=release))
        except DashboardsError as error:
            raise DashboardsError(where, cause=f"{error.what} {error.cause}", fix=error.fix) from error
        recordings.update(result.recordings if result else ())
        return result.expr if result else expr

    written = replace(
        board,
        rows=tuple(_row(row, board.uid, write) for row in board.rows),
        annotations=tuple(_annotation(annotation, board.uid, write) for annotation in board.annotations),
    )
    return Recorded(written, frozenset(recordings))


def grows(selector: promql.Selector, release: Release) -> bool:
    """True if the number of series that the selector reads grows with that of nodes."""
    if selector.metric == SCRAPED:
        return True
    return any(
        status.metric is not None and status.metric.exposed_by.has_node for status in statuses(selector, release)
    )


def _row(row: Row, uid: str, write: Callable[[str, str], str]) -> Row:
    return replace(row, panels=tuple(_panel(panel, uid, write) for panel in row.panels))


def _panel(panel: Panel, uid: str, write: Callable[[str, str], str]) -> Panel:
    where = f"board {uid}, panel {panel.title!r}"
    return replace(panel, queries=tuple(replace(query, expr=write(where, query.expr)) for query in panel.queries))


def _annotation(annotation: Annotation, uid: str, write: Callable[[str, str], str]) -> Annotation:
    where = f"board {uid}, annotation {annotation.name!r}"
    return replace(annotation, expr=write(where, annotation.expr))


def recording_groups(
    boards: Sequence[Recorded], release: Release, renamed: Mapping[str, str]
) -> tuple[RecordingGroup, ...]:
    """The rules of all boards, each once, in a group of the first board that needs them.

    Rules that read each other share a group, where they are evaluated one after the other. `renamed` are the names of
    labels in a house.
    """
    rules = promql.chained({rule for board in boards for rule in board.recordings})
    owner = _owners(rules, boards)
    labels = {promql.ALL_NODES: _all_nodes(boards)}
    grouped: dict[str, list[CompiledRecording]] = {}
    for rule in rules:
        expr = promql.rename_labels(rule.expr, renamed) if renamed else rule.expr
        classic_expr = promql.classic_side(expr, _native_names(expr, release))
        recording = CompiledRecording(record=rule.record, expr=expr, classic_expr=classic_expr, labels=labels)
        grouped.setdefault(owner[rule.record], []).append(recording)
    return tuple(
        RecordingGroup(name=f"{PREFIX}-{uid}", interval=promql.INTERVAL, recordings=tuple(grouped[uid]))
        for uid in sorted(grouped)
    )


def _owners(rules: Iterable[promql.Recording], boards: Sequence[Recorded]) -> dict[str, str]:
    """The uid of the board in whose group each rule is: the first that needs it, or a rule that reads it."""
    owner: dict[str, str] = {}
    for board in boards:
        for rule in board.recordings:
            owner.setdefault(rule.record, board.board.uid)
    read = {rule.record: promql.dependencies(rule) for rule in rules}
    changed = True
    while changed:  # until all that read each other are together
        changed = False
        for record, others in read.items():
            for other in others:
                first = min(owner[record], owner[other])
                changed = changed or owner[record] != owner[other]
                owner[record] = owner[other] = first
    return owner


def _all_nodes(boards: Iterable[Recorded]) -> str:
    """The value that Grafana sends for All nodes, which is the same on all boards."""
    values = {
        variable.all_value
        for board in boards
        for variable in board.board.variables
        if isinstance(variable, LabelVariable) and variable.name == NODE
    }
    if len(values) > 1:
        raise DashboardsError("the variable node", cause=f"has several values for All: {', '.join(sorted(values))}")
    return values.pop() if values else ".*"


def _native_names(expr: str, release: Release) -> frozenset[str]:
    """The native histograms that a query reads."""
    lookup = catalogued_series(release)
    metrics = {selector.metric for selector in promql.selectors(expr)}
    buckets = {metric: lookup(promql.Selector(f"{metric}_bucket", (), None, ())) for metric in metrics}
    return frozenset(metric for metric, series in buckets.items() if series and series.is_histogram)
