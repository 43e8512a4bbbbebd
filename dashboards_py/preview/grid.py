"""Where each row and panel of a board is. Source: Grafana's grid: 24 columns, cells of 30 px, 8 px between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from dashboards_py.board import Board, Panel, Row
from dashboards_py.plural import counted
from dashboards_py.preview.shapes import Box

COLUMNS, CELL, GAP, MARGIN = 24, 30, 8, 16
TALLEST = 500  # cells of a panel, 19,000 pixels: a board may ask for any number
HIGHEST = 200_000  # pixels of a picture, which take 2 GB of memory


@dataclass(frozen=True, slots=True, kw_only=True)
class GridItem:
    """A panel, or the heading of a row (`panel` None), and its box below the controls of the board."""

    box: Box
    row: Row
    panel: Panel | None = None
    is_open: bool = True


def grid_items(board: Board, width: float, *, all_rows: bool) -> Iterator[GridItem]:
    """The rows and panels of a board that is `width` pixels wide, in order; collapsed rows are opened if `all_rows`."""
    y = 0
    for row in board.rows:
        is_open = all_rows or not row.collapsed
        if row.title or row.collapsed:
            yield GridItem(box=_box(0, y, COLUMNS, 1, width), row=row, is_open=is_open)
            y += 1
        if is_open:
            boxes = compacted([_size(panel) for panel in _flowing(row.panels)])
            for panel, (x, top, w, h) in zip(row.panels, boxes, strict=True):
                yield GridItem(box=_box(x, y + top, w, h, width), row=row, panel=panel)
            y += max((top + h for _, top, _, h in boxes), default=0)


def within_picture(items: Sequence[GridItem]) -> tuple[list[GridItem], tuple[str, ...]]:
    """The items that a picture has room for, and a sentence if panels have none."""
    fitting = [item for item in items if item.box.bottom <= HIGHEST]
    left = sum(1 for item in items if item.panel and item.box.bottom > HIGHEST)
    return fitting, too_low(left, "panel")


def too_low(count: int, noun: str) -> tuple[str, ...]:
    """A sentence if so many are below the lowest end of a picture."""
    end = f"below {HIGHEST:,} pixels"
    return (counted(count, f"{noun} {end} is not drawn", f"{noun}s {end} are not drawn"),) if count else ()


def cuts(items: Sequence[GridItem]) -> list[float | None]:
    """After each item the height where the board can be cut: below it and all before it, above all after it."""
    bottoms = accumulate((item.box.bottom for item in items), max)
    tops = list(accumulate((item.box.y for item in reversed(items)), min))[::-1]
    return [top if bottom <= top else None for bottom, top in zip(bottoms, [*tops[1:], -1.0], strict=False)]


def _size(panel: Panel) -> tuple[int, int, int, int]:
    w = min(max(panel.w, 1), COLUMNS)
    return min(max(panel.x, 0), COLUMNS - w), panel.y, w, min(max(panel.h, 1), TALLEST)


def _flowing(panels: Sequence[Panel]) -> list[Panel]:
    """The panels; those of old boards, which have a span of 12 and no position, from left to right."""
    result, x, y = [], 0, 0
    for panel in panels:
        if panel.w and panel.h:
            result.append(panel)
            continue
        span = panel.raw.get("span")
        w = round(span * 2) if isinstance(span, int | float) and 0 < span <= 12 else COLUMNS // 2
        if x + w > COLUMNS:
            x, y = 0, y + 8
        result.append(replace(panel, x=x, y=y, w=w, h=8))
        x += w
    return result


def compacted(sizes: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """The boxes (x, y, width, height in cells) of panels, each moved up until it meets another, as Grafana does."""
    bottoms = [0] * COLUMNS
    result: dict[int, tuple[int, int, int, int]] = {}
    for index in sorted(range(len(sizes)), key=lambda index: (sizes[index][1], sizes[index][0])):
        x, _, w, h = sizes[index]
        top = max(bottoms[x : x + w])
        bottoms[x : x + w] = [top + h] * w
        result[index] = (x, top, w, h)
    return [result[index] for index in range(len(sizes))]


def _box(x: int, y: int, w: int, h: int, width: float) -> Box:
    """A box on whole pixels, as react-grid-layout rounds it."""
    column = (width - 2 * MARGIN - GAP * (COLUMNS - 1)) / COLUMNS
    left, wide = MARGIN + x * (column + GAP), w * (column + GAP) - GAP
    return Box(round(left), y * (CELL + GAP), round(wide), h * (CELL + GAP) - GAP)
