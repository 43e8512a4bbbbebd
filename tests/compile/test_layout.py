"""Layout: panels fill the grid of 24 columns without overlap, in the order written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards_py.compile.layout import arrange, bottom
from dashboards_py.model import COLUMNS, Box

SIZES = st.lists(st.tuples(st.integers(1, COLUMNS), st.integers(1, 12)), max_size=30)


@given(SIZES, st.integers(0, 50))
def test_panels_never_overlap_and_fill_every_line(sizes: list[tuple[int, int]], top: int) -> None:
    """Every cell from `top` to the bottom belongs to exactly one panel, and reading order is the order written."""
    boxes = arrange(sizes, top)
    cells = [(x, y) for box in boxes for x in range(box.x, box.x + box.w) for y in range(box.y, box.y + box.h)]
    assert len(cells) == len(set(cells)) == COLUMNS * (bottom(boxes, top) - top)
    assert all(box.x >= 0 and box.x + box.w <= COLUMNS for box in boxes)
    assert [(box.y, box.x) for box in boxes] == sorted((box.y, box.x) for box in boxes)
    assert [box.h for box in boxes] == [height for _, height in sizes]


@pytest.mark.parametrize(
    ("widths", "lines"),
    [
        ([8] * 3, [[8, 8, 8]]),
        ([8] * 7, [[8, 8, 8], [12, 12], [12, 12]]),
        ([4] * 10, [[4, 5, 5, 5, 5], [4, 5, 5, 5, 5]]),
        ([3, 3, 6, 6, 6], [[3, 3, 6, 6, 6]]),
        ([8], [[24]]),
        ([24, 24], [[24], [24]]),
    ],
)
def test_lines_are_balanced(widths: list[int], lines: list[list[int]]) -> None:
    """A run of panels takes the fewest lines, each about as full as the next."""
    boxes = arrange([(width, 8) for width in widths], 0)
    assert [[box.w for box in boxes if box.y == y] for y in sorted({box.y for box in boxes})] == lines


def test_a_change_of_height_starts_a_line() -> None:
    """Stats and graphs do not share a line, so that there is no gap under a stat."""
    assert arrange([(4, 4), (4, 4), (8, 8)], 2) == (Box(0, 2, 12, 4), Box(12, 2, 12, 4), Box(0, 6, 24, 8))


def test_nothing_to_place() -> None:
    """An empty row takes no space."""
    assert arrange([], 7) == ()
    assert bottom((), 7) == 7
