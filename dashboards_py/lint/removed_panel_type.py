"""removed-panel-type: the panel uses an AngularJS type, which Grafana 12 no longer has.

Grafana migrates the types it knows (`graph` to `timeseries`) when the dashboard is opened, with losses; others stay
empty. Save the dashboard with the current type.
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
    """Panels of a removed type."""
    for panel in board.panels:
        if panel.type in REMOVED_TYPES:
            yield panel, f"type {panel.type}: {REMOVED_TYPES[panel.type]} replaces it"
