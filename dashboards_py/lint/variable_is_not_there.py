"""variable-is-not-there: a query uses a variable that the board does not define, and Prometheus gets its name."""

import re
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release

USED = re.compile(r"\$(?:\{(\w+)[^}]*\}|([A-Za-z_]\w*))|\[\[(\w+)[^\]]*\]\]")


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Variables in queries, Grafana's own left out."""
    defined = {variable.name for variable in board.variables} | set(board.inputs)
    for panel, query in board.queries():
        for found in USED.finditer(query.expr):
            name = found[1] or found[2] or found[3]
            if name not in defined and not name.startswith("__"):
                yield panel, f"${name} is not defined"
