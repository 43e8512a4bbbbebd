"""Add matchers for the variables `cluster` and `node` to all queries of a board."""

from dataclasses import replace
from functools import partial

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.compile import gate
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Annotation, Dashboard, LabelVariable, Panel, Row, Variable
from dashboards_py.queries import variable_query


def scope(board: Dashboard, release: Release) -> Dashboard:
    """Add the matchers: panels are scoped by all variables, annotations and variables by `$cluster` only."""
    names = frozenset(variable.name for variable in board.variables)
    beyond_node = names - {"node"}
    return replace(
        board,
        rows=tuple(_row(row, board.uid, release, names) for row in board.rows),
        annotations=tuple(_annotation(annotation, board.uid, release, beyond_node) for annotation in board.annotations),
        variables=tuple(_variable(variable, board.uid, release, beyond_node) for variable in board.variables),
    )


def _row(row: Row, uid: str, release: Release, names: frozenset[str]) -> Row:
    return replace(row, panels=tuple(_panel(panel, uid, release, names) for panel in row.panels))


def _panel(panel: Panel, uid: str, release: Release, names: frozenset[str]) -> Panel:
    where = f"board {uid}, panel {panel.title!r}"
    scoped = tuple(replace(query, expr=_add_matchers(query.expr, release, names, where)) for query in panel.queries)
    return replace(panel, queries=scoped)


def _annotation(annotation: Annotation, uid: str, release: Release, names: frozenset[str]) -> Annotation:
    where = f"board {uid}, annotation {annotation.name!r}"
    return replace(annotation, expr=_add_matchers(annotation.expr, release, names, where))


def _variable(variable: Variable, uid: str, release: Release, names: frozenset[str]) -> Variable:
    if variable.name == "cluster" or not isinstance(variable, LabelVariable):
        return variable
    query = variable_query(variable.query)
    if not query.expr:
        return variable
    scoped = _add_matchers(query.expr, release, names, f"board {uid}, variable {variable.name!r}")
    return replace(variable, query=str(query.with_expr(scoped)))


def _add_matchers(expr: str, release: Release, names: frozenset[str], where: str) -> str:
    try:
        return promql.inject(expr, partial(gate.scope, release=release, variables=names))
    except DashboardsError as error:
        raise DashboardsError(where, cause=f"{error.what} {error.cause}", fix=error.fix) from error
