"""board-is-too-large: the dashboard's JSON exceeds 80 kB without white space; it is slow to open and hard to review.

Remove panels that are not used, or split the dashboard in two. Applied to our own dashboards, and to others with --all.
"""

import json
from collections.abc import Iterator

from dashboards_py.board import Board
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.plural import counted

SEVERITY = Severity.INFO
BOARDS_ONLY = True

HOUSE_RULE = True
LIMIT = 80_000  # bytes


def check(board: Board, _: Release) -> Iterator[tuple[None, str]]:
    """Dashboards that exceed the limit."""
    size = len(json.dumps(board.raw, ensure_ascii=False, separators=(",", ":")).encode())
    if size > LIMIT:
        yield None, f"{size / 1000:.0f} kB with {counted(len(board.panels), 'panel')}, over {LIMIT / 1000:.0f} kB"
