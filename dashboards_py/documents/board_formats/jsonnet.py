"""The output of a Jsonnet mixin: `grafanaDashboards`, by file name."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.board_formats._carrier import BoardSource


def boards(document: Mapping[str, Any]) -> Iterator[BoardSource]:
    """Each dashboard of the map."""
    dashboards = document.get("grafanaDashboards")
    for name, board in dashboards.items() if isinstance(dashboards, Mapping) else ():
        if isinstance(board, Mapping):
            yield BoardSource("", f"grafanaDashboards[{name}]", value=board)
        else:
            yield BoardSource("", f"grafanaDashboards[{name}]", why="is not a dashboard")
