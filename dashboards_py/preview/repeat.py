"""Cells for several values in one panel. Source: @grafana/ui, VizRepeater."""

from dataclasses import dataclass
from math import ceil

from dashboards_py.preview.shapes import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`count` cells: in a row ("vertical"), in a column ("horizontal"), or as the space is best used ("auto").

    The names are Grafana's. `spacing` is in pixels; a cell of a column is between `lowest` and `highest` pixels high.
    """

    count: int
    orientation: str = "auto"
    spacing: float = 10
    lowest: float = 0
    highest: float = 10_000


def cells(box: Box, grid: Grid) -> list[Box]:
    """The cells, in order; those beyond the box would be scrolled to and are below it."""
    if grid.orientation == "auto" and grid.count > 1:
        return _square(box, grid)
    if grid.orientation == "vertical" or (grid.orientation == "auto" and box.width > box.height):
        width = (box.width - grid.spacing * (grid.count - 1)) / grid.count
        return [Box(box.x + index * (width + grid.spacing), box.y, width, box.height) for index in range(grid.count)]
    height = (box.height - grid.spacing * (grid.count - 1)) / grid.count
    height = min(max(height, grid.lowest), grid.highest)
    return [Box(box.x, box.y + index * (height + grid.spacing), box.width, height) for index in range(grid.count)]


def _square(box: Box, grid: Grid) -> list[Box]:
    """As many columns as make the cells largest; the cells of the last row are as wide as the space allows."""
    best, columns = 0.0, 1
    for candidate in range(1, grid.count + 1):
        rows = ceil(grid.count / candidate)
        width = (box.width - grid.spacing * (candidate - 1)) / candidate
        height = (box.height - grid.spacing * (rows - 1)) / rows
        size = min(width / 1.3, height) if width > 0 and height > 0 else 0
        if size > best:
            best, columns = size, candidate
    rows = ceil(grid.count / columns)
    height = (box.height - grid.spacing * (rows - 1)) / rows
    result = []
    for row in range(rows):
        in_row = min(columns, grid.count - row * columns)
        width = (box.width - grid.spacing * (in_row - 1)) / in_row
        result += [
            Box(box.x + column * (width + grid.spacing), box.y + row * (height + grid.spacing), width, height)
            for column in range(in_row)
        ]
    return result
