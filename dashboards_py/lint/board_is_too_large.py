"""board-is-too-large: its JSON is over 60 kB without white space: slow to open, and too much to review as a diff.

Take panels that answer nobody's question away, or make two boards of it. For our own boards, and for others with --all.
"""

import json
from collections.abc import Iterator

from dashboards_py.board import Board
from dashboards_py.catalog import Release

HOUSE_RULE = True
LIMIT = 60_000  # bytes


def check(board: Board, _: Release) -> Iterator[tuple[None, str]]:
    """The board itself, where it is over the limit."""
    size = len(json.dumps(board.raw, ensure_ascii=False, separators=(",", ":")).encode())
    if size > LIMIT:
        yield None, f"{size / 1000:.0f} kB with {len(board.panels)} panels, over {LIMIT / 1000:.0f} kB"
