"""no-unit: the panel's numbers have no unit, so that 0.02 may be a share, seconds or packets.

A count is `short` or `none`: say so. For our own boards, and for others with --all.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release

HOUSE_RULE = True
NON_NUMERIC_PANELS = {"text", "row", "heatmap", "logs", "dashlist", "news"}


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Panels with queries and no unit."""
    for panel in board.panels:
        if panel.queries and panel.type not in NON_NUMERIC_PANELS and not panel.unit:
            yield panel, "has no unit"
