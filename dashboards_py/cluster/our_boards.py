"""Our boards and alerts as a run needs them: each is read once, from the user's cache if nothing changed."""

from functools import cache
from pathlib import Path

from dashboards_py import board_cache
from dashboards_py.board import Board, read
from dashboards_py.catalog import Release
from dashboards_py.configuration import Configuration

compiled_boards = cache(board_cache.compiled_boards)
compiled_rules = cache(board_cache.compiled_rules)


@cache
def boards_read(release: Release, configuration: Configuration, directory: Path | None) -> tuple[Board, ...]:
    """The chosen boards of the release, as read from their JSON."""
    return tuple(read(board.json) for board in compiled_boards(release, configuration, directory))
