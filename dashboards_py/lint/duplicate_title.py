"""duplicate-title: two panels of a dashboard have the same title, so that references to them are ambiguous."""

from collections import Counter
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity

SEVERITY = Severity.INFO
BOARDS_ONLY = True


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Titles shared by several panels with queries."""
    count = Counter(panel.title for panel in board.panels if any(query.expr for query in panel.queries))
    seen = set()
    for panel in board.panels:
        if panel.title and count[panel.title] > 1 and panel.title not in seen:
            seen.add(panel.title)
            yield panel, f"{count[panel.title]} panels have this title"
