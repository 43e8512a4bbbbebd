"""What an upgrade changes on a board."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards_py import regex
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.promql import Outcome
from dashboards_py.queries import BoardQuery, board_queries
from dashboards_py.upgrade.change import Affected, Change, Effect, Kind, Step
from dashboards_py.upgrade.queries import QueryChanges, query_changes
from dashboards_py.upgrade.reading import NOTHING_ELSE, World, read_on


@dataclass(frozen=True, slots=True)
class BoardChanges:
    """What happens to a board.

    `with_data` is for each panel how many of its queries can have data, before and after; queries that cannot be read
    count. `unread` are the panels, variables and annotations with such queries.
    """

    board: Board
    source: str
    affected: tuple[Affected, ...]
    with_data: Mapping[str, tuple[int, int]]
    unread: tuple[str, ...]

    @property
    def empty_before(self) -> tuple[str, ...]:
        """The panels that cannot have data before the upgrade either."""
        return tuple(title for title, (before, _) in self.with_data.items() if not before)

    @property
    def works_on_both(self) -> bool:
        """True if nothing that has data before the upgrade loses it: the same JSON serves both releases."""
        return not any(one.change.effect.is_fatal for one in self.affected)


def board_changes(board: Board, step: Step, world: World = NOTHING_ELSE, source: str = "") -> BoardChanges:
    """The changes of the panels, variables and annotations of a board; `source` is its file."""
    world = with_variables(board, step, world)
    changes = [(query, query_changes(query.expr, step, world)) for query in board_queries(board)]
    group = board.uid or board.title
    affected = [Affected(source, group, kind, name, change) for kind, name, change in _parts(changes)]
    return BoardChanges(
        board=board,
        source=source,
        affected=tuple(dict.fromkeys(affected)),
        with_data={panel.title: _count(results) for panel, results in _by_panel(changes)},
        unread=tuple(dict.fromkeys(query.where for query, result in changes if result is None and _is_promql(query))),
    )


def with_data(board: Board, release: Release, world: World = NOTHING_ELSE) -> Mapping[str, int]:
    """How many queries of each panel can have data on a release; those that cannot be read count."""
    world = with_variables(board, Step(release, release), world)
    counts: dict[str, int] = {}
    for query in board_queries(board):
        if query.panel:
            reading = read_on(query.expr, release, world)
            counts.setdefault(query.panel.title, 0)
            counts[query.panel.title] += reading is None or reading.outcome is Outcome.DATA
    return counts


def with_variables(board: Board, step: Step, world: World = NOTHING_ELSE) -> World:
    """The world with the board's variables that have no values on one of the releases; a variable may need another."""
    optional = frozenset(
        variable.name
        for variable in board.variables
        if variable.type == "textbox"
        or (variable.include_all and variable.all_value and regex.matches(variable.all_value, ""))
    )
    world = replace(world, optional=optional)
    for variable in board.variables:
        if variable.type != "query" or (variable.include_all and variable.all_value):
            continue
        without_values: dict[Release, Mapping[str, str]] = dict(world.variables)
        for query in board_queries(replace(board, rows=(), variables=(variable,), annotations=())):
            for release in (step.before, step.after):
                reading = read_on(query.expr, release, world)
                if reading and reading.outcome is not Outcome.DATA and reading.absent:
                    reason = next(iter(reading.absent.values())).why
                    without_values[release] = {**without_values.get(release, {}), variable.name: reason}
        world = replace(world, variables=without_values)
    return world


Results = Sequence[tuple[BoardQuery, QueryChanges | None]]


def _parts(changes: Results) -> Iterator[tuple[Kind, str, Change]]:
    for panel, results in _by_panel(changes):
        for change in _panel_changes(results):
            yield Kind.PANEL, panel.title, change
    for query, result in changes:
        if query.panel is None and result:
            kind, _, name = query.where.partition(" ")
            for change in result.changes:
                yield Kind(kind), name, change


def _by_panel(changes: Results) -> list[tuple[Panel, Results]]:
    panels: dict[int, tuple[Panel, list[tuple[BoardQuery, QueryChanges | None]]]] = {}
    for query, result in changes:
        if query.panel:
            panels.setdefault(id(query.panel), (query.panel, []))[1].append((query, result))
    return list(panels.values())


def _panel_changes(results: Results) -> Iterator[Change]:
    """The changes of the queries; one that dies is fatal for the panel only if no visible query is left."""
    visible = [result for query, result in results if not query.query.hidden] or [result for _, result in results]
    dying = any(result is not None and result.dies for result in visible)
    has_data = any(result is None or result.after is Outcome.DATA for result in visible)
    constant = any(result is not None and result.after in (Outcome.CONSTANT, Outcome.NAN) for result in visible)
    for _, result in results:
        for change in result.changes if result else ():
            if not change.effect.is_fatal:
                yield change
            elif has_data or not dying:
                yield replace(change, effect=Effect.PARTLY)
            else:
                yield replace(change, effect=Effect.CONSTANT if constant else Effect.EMPTY)


def _count(results: Results) -> tuple[int, int]:
    """How many queries can have data, before and after."""
    before = sum(result is None or result.before is Outcome.DATA for _, result in results)
    return before, sum(result is None or result.after is Outcome.DATA for _, result in results)


def _is_promql(query: BoardQuery) -> bool:
    return bool(query.expr.strip())
