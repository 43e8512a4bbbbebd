"""Cells for several values in one panel. Source: @grafana/ui, VizRepeater."""

from dataclasses import dataclass
from math import ceil, floor, sqrt

from dashboards_py.preview.shapes import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`count` cells: in a row ("vertical"), in a column ("horizontal"), or as the space is best used ("auto").

    The names are Grafana's. `spacing` is in pixels; a cell of a column is between `lowest` and `highest` pixels high,
    one of a row at least `narrowest` pixels wide.
    """

    count: int
    orientation: str = "auto"
    spacing: float = 10
    lowest: float = 0
    highest: float = 10_000
    narrowest: float = 0


def cells(box: Box, grid: Grid) -> list[Box]:
    """The cells, in order; those beyond the box would be scrolled to and are below it."""
    if grid.orientation == "auto" and grid.count > 1:
        return _square(box, grid)
    if grid.orientation == "vertical" or (grid.orientation == "auto" and box.width > box.height):
        width = max((box.width - grid.spacing * (grid.count - 1)) / grid.count, grid.narrowest)
        return [Box(box.x + index * (width + grid.spacing), box.y, width, box.height) for index in range(grid.count)]
    height = (box.height - grid.spacing * (grid.count - 1)) / grid.count
    height = min(max(height, grid.lowest), grid.highest)
    return [Box(box.x, box.y + index * (height + grid.spacing), box.width, height) for index in range(grid.count)]


def _square(box: Box, grid: Grid) -> list[Box]:
    """Cells that are nearly squares; those of the last row are as wide as the space allows. Source: squares.ts."""
    width, height = max(box.width, 1), max(box.height, 1)
    side = max(_side(width, height, grid.count), _side(height, width, grid.count))
    columns = max(floor(width / side), 1)
    rows = ceil(grid.count / columns)
    columns = ceil(grid.count / rows)
    cell_height = (height - grid.spacing * (rows - 1)) / rows
    result = []
    for row in range(rows):
        in_row = min(columns, grid.count - row * columns)
        cell_width = (width - grid.spacing * (in_row - 1)) / in_row
        result += [
            Box(
                box.x + column * (cell_width + grid.spacing),
                box.y + row * (cell_height + grid.spacing),
                cell_width,
                cell_height,
            )
            for column in range(in_row)
        ]
    return result


def _side(width: float, height: float, count: int) -> float:
    """The side of the largest squares of which so many fit, if they fill the width."""
    parts = ceil(sqrt(count * width / height))
    if floor(parts * height / width) * parts < count:
        return height / ceil(parts * height / width)
    return width / parts
