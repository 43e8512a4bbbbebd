"""no-unit: the panel has no unit, so that 0.02 may be a ratio, seconds or packets.

Use `short` or `none` for a count. Applied to our own dashboards, and to others with --all.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity

SEVERITY = Severity.INFO
BOARDS_ONLY = True

HOUSE_RULE = True
NON_NUMERIC_PANELS = {"text", "row", "heatmap", "logs", "dashlist", "news"}


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Panels with queries and no unit."""
    for panel in board.panels:
        if panel.queries and panel.type not in NON_NUMERIC_PANELS and not panel.unit:
            yield panel, "has no unit"
