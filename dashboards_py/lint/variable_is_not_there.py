"""variable-is-not-there: something uses a variable that the board does not define, and gets its name for a value.

Looked at are queries and data sources of panels, variables and annotations. Inputs of an export count as defined.
"""

import re
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release

USED = re.compile(r"\$(?:\{(\w+)[^}]*\}|([A-Za-z_]\w*))|\[\[(\w+)[^\]]*\]\]")


def check(board: Board, release: Release) -> Iterator[tuple[Panel | None, str]]:
    """Variables in texts, Grafana's own and the groups of `label_replace` left out."""
    defined = {variable.name for variable in board.variables} | set(board.inputs)
    for panel, text in texts(board):
        for found in USED.finditer(text):
            name = found[1] or found[2] or found[3]
            if name not in defined and not name.startswith("__") and not name.isdigit():
                yield panel, f"${name} is not defined"


def texts(board: Board) -> Iterator[tuple[Panel | None, str]]:
    """What Grafana fills variables into, with the panel where it is of one."""
    for panel in board.panels:
        yield panel, panel.datasource or ""
        for query in panel.queries:
            yield panel, f"{query.expr} {query.datasource or ''}"
    for each in board.variables:
        yield None, f"{each.query} {each.datasource or ''}" if each.type == "query" else ""
    for mark in board.annotations:
        yield None, f"{mark.expr} {mark.datasource or ''}"
