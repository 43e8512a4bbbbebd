"""The layout of panels in Grafana's grid of 24 columns: line by line, without overlaps or gaps on the right."""

from collections.abc import Sequence
from itertools import groupby

from dashboards_py.model import COLUMNS, Box

ROW_HEIGHT = 1


def arrange(sizes: Sequence[tuple[int, int]], top: int) -> tuple[Box, ...]:
    """Arrange panels with the preferred sizes `(w, h)` below `top`, in order.

    Neighbours of the same height share lines. Lines are stretched to the full width and balanced: seven graphs become
    3 + 2 + 2, not 3 + 3 + 1.
    """
    boxes: list[Box] = []
    for height, run in groupby(sizes, key=lambda size: size[1]):
        for line in _lines([width for width, _ in run]):
            x = 0
            for width in _stretch(line):
                boxes.append(Box(x, top, width, height))
                x += width
            top += height
    return tuple(boxes)


def bottom(boxes: Sequence[Box], top: int) -> int:
    """The first free line below the boxes, or `top` if there are none."""
    return max((box.y + box.h for box in boxes), default=top)


def _lines(widths: Sequence[int]) -> list[list[int]]:
    """Split into the fewest lines of at most 24 columns, minimizing the sum of squared empty columns.

    Of equally good splits, the one whose first lines are fuller is used.
    """
    best: list[tuple[int, int, list[list[int]]]] = [(0, 0, [])]  # per number of panels: line count, emptiness, lines
    for end in range(1, len(widths) + 1):
        best.append(
            min(
                (
                    (lines + 1, empty + (COLUMNS - sum(widths[start:end])) ** 2, [*split, list(widths[start:end])])
                    for start, (lines, empty, split) in enumerate(best)
                    if sum(widths[start:end]) <= COLUMNS
                ),
                key=lambda candidate: (*candidate[:2], [-sum(line) for line in candidate[2]]),
            )
        )
    return best[-1][2]


def _stretch(line: Sequence[int]) -> list[int]:
    """Widen the panels of a line proportionally to fill it; the last ones get the remainder."""
    total = sum(line)
    widths = [width * COLUMNS // total for width in line]
    for index in range(COLUMNS - sum(widths)):
        widths[-1 - index] += 1
    return widths
