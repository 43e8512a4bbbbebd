"""A large picture is drawn in bands by other processes, and is the same as in one piece."""

import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image

from dashboards_py.board import read
from dashboards_py.preview import bands
from dashboards_py.preview.draw import draw
from dashboards_py.preview.grid import cuts, grid_items
from dashboards_py.preview.picture import PictureOptions
from dashboards_py.preview.png import to_png
from dashboards_py.preview.png_bands import PngBands
from dashboards_py.preview.png_stack import SIGNATURE, _chunk, stacked
from tests.preview.panels import WAVES, WINDOW, Source

BOXES = ((0, 0, 10), (12, 0, 6), (12, 6, 4), (0, 10, 5))  # of panels: x, y and height, 12 columns wide
BOARD = read(
    {
        "panels": [
            {
                "type": "timeseries",
                "title": f"At {x}, {y}",
                "gridPos": {"x": x, "y": y, "w": 12, "h": height},
                "targets": [{"refId": "A", "expr": "up"}],
                "fieldConfig": {"defaults": {"custom": {"fillOpacity": 20}}},
            }
            for x, y, height in BOXES
        ]
    }
)
OPTIONS = PictureOptions(window=WINDOW, width=600)


def pixels(png: bytes) -> tuple[tuple[int, int], bytes]:
    """The size and the pixels of a picture."""
    with Image.open(BytesIO(png)) as image:
        return image.size, image.convert("RGBA").tobytes()


def test_a_board_is_cut_between_panels_alone() -> None:
    """Not beside a panel that goes on."""
    items = list(grid_items(BOARD, 600, all_rows=True))
    assert cuts(items) == [None, None, items[3].box.y, None]


@pytest.mark.parametrize("python", [sys.executable, "/nonexistent/python", "/bin/false"])
def test_bands_are_the_picture(monkeypatch: pytest.MonkeyPatch, python: str) -> None:
    """Also where no other process can be started, or it fails."""
    whole = draw(BOARD, Source(WAVES), OPTIONS, {})
    monkeypatch.setattr(bands, "LEAST", 1000)
    monkeypatch.setattr(sys, "executable", python)
    parts: list[str] = []
    assert draw(BOARD, Source(WAVES), OPTIONS, {}, parts.append).svg == whole.svg
    assert len(parts) > 1
    with PngBands() as drawing:
        for part in parts:
            drawing.begin(part)
        assert pixels(drawing.picture(whole.svg)) == pixels(to_png(whole.svg))


def test_a_small_picture_is_one_piece() -> None:
    """The bytes are those of resvg."""
    with PngBands() as drawing:
        picture = draw(BOARD, Source(WAVES), OPTIONS, {}, drawing.begin)
        assert drawing.picture(picture.svg) == to_png(picture.svg)


@pytest.mark.parametrize("kind", range(5))
def test_every_filter_of_a_first_row(kind: int) -> None:
    """None, Sub, Up, Average and Paeth of the PNG specification, below another picture."""
    first, second = (one_row(filter_kind, seed) for filter_kind, seed in ((0, 7), (kind, 91)))
    size, content = pixels(stacked([first, second]))
    assert size == (3, 2)
    assert content == pixels(first)[1] + pixels(second)[1]


def one_row(kind: int, seed: int) -> bytes:
    """A picture of one row and three pixels with a filter."""
    row = bytes([kind, *(seed * number % 256 for number in range(1, 13))])
    header = b"\0\0\0\3\0\0\0\1\x08\6\0\0\0"
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(row)) + _chunk(b"IEND", b"")
