"""The panels of a board that differ from an earlier version, with captions for their pictures."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.preview.changes import Change
    from dashboards_py.review import Reviewed


def changed_panels(before: "Board | None", after: "Board") -> "list[Change]":
    """The panels that look different, in the order of the newer board; all of a board that was not there before."""
    from dashboards_py.preview.changes import Change
    from dashboards_py.review import board_reviewed

    parts = board_reviewed(before, after).parts
    return [
        Change(before=part.before, after=part.after, sentences=tuple(_sentences(part)))
        for part in parts
        if part.differences or part.was or part.is_added or part.is_removed
    ]


def _sentences(part: "Reviewed") -> list[str]:
    from dashboards_py.review.text import difference_lines

    if part.is_added or part.is_removed:
        return ["new panel" if part.is_added else "removed"]
    was = [f"title: {part.was} -> {part.name}"] if part.was else []
    return [*was, *(line for one in part.differences for line in map(str.strip, difference_lines(one)))]
