"""removed-panel-type: the panel has an AngularJS type, which Grafana 12 no longer supports.

When the dashboard is opened, Grafana migrates known types (`graph` to `timeseries`), with losses; others are empty.
Save the dashboard with the current type. `lint --fix` does, for graphs that lose nothing by it.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release

BOARDS_ONLY = True
REMOVED_TYPES = {
    "graph": "timeseries",
    "singlestat": "stat",
    "table-old": "table",
    "grafana-singlestat-panel": "stat",
    "grafana-piechart-panel": "piechart",
    "grafana-worldmap-panel": "geomap",
}


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Panels of a removed type."""
    for panel in board.panels:
        if panel.type in REMOVED_TYPES:
            yield panel, f"type {panel.type}: {REMOVED_TYPES[panel.type]} replaces it"
