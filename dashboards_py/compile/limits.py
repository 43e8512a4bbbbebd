"""Thresholds of a house's own, in the colors of panels and in the numbers that queries compare with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards_py import promql
from dashboards_py.model import Dashboard, Panel, Query, Row, Threshold

Values = Mapping[str, float]  # by the name of a limit's level, such as "map-pressure.critical"


@dataclass(frozen=True, slots=True)
class Use:
    """A level of a limit that a panel uses."""

    level: str
    uid: str
    panel: str


def uses(boards: Sequence[Dashboard]) -> Iterator[Use]:
    """The levels that panels use, in the order of the boards."""
    for board in boards:
        for row in board.rows:
            for panel in row.panels:
                for level in dict.fromkeys(_levels(panel)):
                    yield Use(level, board.uid, panel.title)


def set_limits(board: Dashboard, values: Values) -> Dashboard:
    """The board with other values for levels of limits; descriptions of the panels that use them report it."""
    return replace(board, rows=tuple(_row(row, values) for row in board.rows)) if values else board


def _levels(panel: Panel) -> Iterator[str]:
    for threshold in (*panel.thresholds, *(step for query in panel.queries for step in query.thresholds)):
        if threshold.level:
            yield threshold.level
    for query in panel.queries:
        yield from (level.qualified_name for level in query.levels)


def _row(row: Row, values: Values) -> Row:
    return replace(row, panels=tuple(_panel(panel, values) for panel in row.panels))


def _panel(panel: Panel, values: Values) -> Panel:
    changed = {level: values[level] for level in _levels(panel) if level in values}
    if not changed:
        return panel
    numbers = ", ".join(f"{level} {promql.number_text(value)}" for level, value in changed.items())
    return replace(
        panel,
        description=f"{panel.description} Limits that were set for this board: {numbers}.",
        thresholds=_steps(panel.thresholds, values),
        queries=tuple(_query(query, values) for query in panel.queries),
    )


def _query(query: Query, values: Values) -> Query:
    numbers = [(level.value, values.get(level.qualified_name, level.value)) for level in query.levels]
    expr = promql.replace_compared(query.expr, numbers) if any(old != new for old, new in numbers) else query.expr
    return replace(query, expr=expr, thresholds=_steps(query.thresholds, values))


def _steps(steps: tuple[Threshold, ...], values: Values) -> tuple[Threshold, ...]:
    return tuple(replace(step, value=values.get(step.level, step.value)) for step in steps)
