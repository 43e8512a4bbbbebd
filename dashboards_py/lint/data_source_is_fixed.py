"""data-source-is-fixed: a panel names the data source of one Grafana, and is empty in every other.

Use a variable of type datasource: `${datasource}`.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Data sources that are neither a variable nor Grafana's own."""
    for panel in board.panels:
        named = {panel.datasource, *(query.datasource for query in panel.queries)}
        for source in sorted(each for each in named if each and not each.startswith(("$", "-- "))):
            yield panel, f"data source {source} is written out"
