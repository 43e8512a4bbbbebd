"""removed-panel-type: the panel was drawn by AngularJS, which Grafana 12 no longer has.

Grafana replaces the types it knows (`graph` by `timeseries`) on opening, with losses; the others stay empty. Save the
board with today's type.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release

REMOVED_TYPES = {
    "graph": "timeseries",
    "singlestat": "stat",
    "table-old": "table",
    "grafana-singlestat-panel": "stat",
    "grafana-piechart-panel": "piechart",
    "grafana-worldmap-panel": "geomap",
}


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Panels of a type that is no more."""
    for panel in board.panels:
        if panel.type in REMOVED_TYPES:
            yield panel, f"type {panel.type}: {REMOVED_TYPES[panel.type]} has taken its place"
