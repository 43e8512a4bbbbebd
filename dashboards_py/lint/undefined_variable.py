"""undefined-variable: the dashboard uses a variable that it does not define, which Grafana does not replace.

The rule checks queries, intervals, legends and data sources of panels, the repetition of panels and rows, links, and
queries, regular expressions and data sources of variables and annotations. Inputs of an export count as defined. An
input of a data source (`${DS_PROMETHEUS}`) is reported once: Grafana's sidecar and files do not fill it,
`datasources` of a GrafanaDashboard does.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.board import Board, Panel, fields
from dashboards_py.catalog import Release

BOARDS_ONLY = True
# A `$` ends the search for the closing brace, so that a text of only `${` is scanned in linear time.
USED = re.compile(r"\$(?:\{(\w+)[^}$]*\}|([A-Za-z_]\w*))|\[\[(\w+)[^\]\[]*\]\]")


def check(board: Board, _: Release) -> Iterator[tuple[Panel | None, str]]:
    """Undefined variables, without Grafana's own and without the groups of `label_replace`."""
    defined = {variable.name for variable in board.variables} | set(board.inputs)
    inputs: dict[str, None] = {}
    for panel, text in texts(board):
        for match in USED.finditer(text):
            name = match[1] or match[2] or match[3]
            if name in defined or name.startswith("__") or name.isdigit():
                continue
            if name.startswith("DS_"):
                inputs[name] = None
            else:
                yield panel, f"${name} is not defined"
    for name in inputs:
        yield None, f"${name} is not defined: a data source that an import dialog or grafana-operator fills in"
    for panel, name in repeat_variables(board):
        if name.lstrip("$") not in defined:
            yield panel, f"is repeated by ${name.lstrip('$')}, which is not defined"


def texts(board: Board) -> Iterator[tuple[Panel | None, str]]:
    """The texts in which Grafana replaces variables, with their panel or None."""
    for panel in board.panels:
        yield panel, f"{panel.datasource or ''} {fields.text(panel.raw, 'interval')}"
        for query in panel.queries:
            yield panel, f"{query.expr} {query.legend} {query.datasource or ''}"
        for target in fields.mappings(panel.raw, "targets"):
            yield panel, fields.text(target, "interval")
        for link in panel.links:
            yield panel, link.url
    for link in board.links:
        yield None, link.url
    for variable in board.variables:
        yield None, f"{variable.query} {variable.regex} {variable.datasource or ''}" if variable.type == "query" else ""
    for annotation in board.annotations:
        yield None, f"{annotation.expr} {annotation.datasource or ''}"


def repeat_variables(board: Board) -> Iterator[tuple[Panel | None, str]]:
    """The variables by which panels and rows are repeated."""
    for panel in board.panels:
        if name := fields.text(panel.raw, "repeat"):
            yield panel, name
    for row in _rows(board.raw):
        if name := fields.text(row, "repeat"):
            yield None, name


def _rows(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from fields.mappings(raw, "rows")
    yield from (panel for panel in fields.mappings(raw, "panels") if fields.text(panel, "type") == "row")
