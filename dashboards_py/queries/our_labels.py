"""A board whose labels have a house's own names, with the names of the catalogue: what compares queries with it reads.

Queries of others that have both names, or are no PromQL, are unchanged.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from dashboards_py import promql
from dashboards_py.board import Annotation, Board, Panel, Query, Row, Variable
from dashboards_py.documents.rule import Rule
from dashboards_py.queries.relabel import rename_in_legend
from dashboards_py.queries.variable import variable_query

Names = Mapping[str, str]
TEMPLATE = re.compile(r"([$.][lL]abels\.)(\w+)")  # `$labels.x` and `.Labels.x`


def with_our_labels(board: Board, renamed: Names) -> Board:
    """The board with our names for labels; `renamed` are the house's by ours."""
    if not renamed:
        return board
    names = {house: our for our, house in renamed.items()}
    return replace(
        board,
        rows=tuple(_row(row, names) for row in board.rows),
        variables=tuple(_variable(variable, names) for variable in board.variables),
        annotations=tuple(_annotation(annotation, names) for annotation in board.annotations),
    )


def rule_with_our_labels(rule: Rule, renamed: Names) -> Rule:
    """An alerting or recording rule with our names for labels, in its query and in its templates."""
    if not renamed:
        return rule
    names = {house: our for our, house in renamed.items()}

    def templates(source: Names) -> Names:
        return {
            key: TEMPLATE.sub(lambda match: match[1] + names.get(match[2], match[2]), text)
            for key, text in source.items()
        }

    return replace(
        rule, expr=_expr(rule.expr, names), labels=templates(rule.labels), annotations=templates(rule.annotations)
    )


def _row(row: Row, names: Names) -> Row:
    return replace(row, panels=tuple(_panel(panel, names) for panel in row.panels))


def _panel(panel: Panel, names: Names) -> Panel:
    return replace(panel, queries=tuple(_query(query, names) for query in panel.queries))


def _query(query: Query, names: Names) -> Query:
    return replace(query, expr=_expr(query.expr, names), legend=rename_in_legend(query.legend, names))


def _annotation(annotation: Annotation, names: Names) -> Annotation:
    return replace(annotation, expr=_expr(annotation.expr, names))


def _variable(variable: Variable, names: Names) -> Variable:
    if variable.type != "query":
        return variable
    parsed = variable_query(variable.query)
    expr, label = _expr(parsed.expr, names), names.get(parsed.label, parsed.label)
    if (expr, label) == (parsed.expr, parsed.label):
        return variable
    return replace(variable, query=str(parsed.with_expr(expr).with_label(label)))


def _expr(expr: str, names: Names) -> str:
    try:
        return promql.rename_labels(expr, names) if expr.strip() else expr
    except promql.QueryError:
        return expr
