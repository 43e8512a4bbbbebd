"""no-description: the panel does not describe what it shows and what to do when it looks bad.

Applied to our own dashboards, and to others with --all.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity

SEVERITY = Severity.INFO
BOARDS_ONLY = True

HOUSE_RULE = True


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Panels with queries and no description."""
    for panel in board.panels:
        if panel.queries and not panel.description.strip():
            yield panel, "has no description"
