"""A short report on stderr of what `values` skips in other people's boards."""

from typing import TYPE_CHECKING

import click

from dashboards_py.release import Release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards_py.board import Board

MOST = 20  # lines


def print_skipped(boards: "Sequence[Board]", release: Release) -> None:
    """One line for all foreign metrics of a board, and one for each part that is missing or could not be read."""
    from dashboards_py.needs import skipped_selectors

    for board in boards:
        skipped = skipped_selectors(board, release)
        foreign = sorted({selector.what for selector in skipped if not selector.why})
        lines = [f"not Cilium's: {', '.join(foreign)}"] if foreign else []
        for what, why in dict.fromkeys((selector.what, selector.why) for selector in skipped if selector.why):
            panels = [selector.panel for selector in skipped if (selector.what, selector.why) == (what, why)]
            more = f" and {len(panels) - 1} more" if len(panels) > 1 else ""
            lines.append(f"{panels[0]}{more}: {what}{what and ': '}{why}")
        for line in lines[:MOST]:
            click.echo(f"skipped: {_plain(board.uid or board.title)}: {_plain(line)}", err=True)
        if len(lines) > MOST:
            click.echo(f"skipped: {_plain(board.uid or board.title)}: {len(lines) - MOST} more", err=True)


def _plain(text: str) -> str:
    """The text on one line, without control characters."""
    return "".join(char if char.isprintable() else " " for char in text)
