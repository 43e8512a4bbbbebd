"""Pictures of boards without a Grafana: drawn by `preview`, from the demo's healthy scene."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from dashboards_py import demo
from dashboards_py.board import Board
from dashboards_py.panel_data.frame import Window
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import PictureOptions
from dashboards_py.preview.png import to_png

OPENED_WITH = {"hubble-http": {"namespace": ["shop"]}}  # boards that one opens for a namespace of one's own
HEIGHT = 900  # px: what a reader sees without scrolling
SENTENCE = "The pictures are drawn by `cilium-dashboards preview --demo`, without a Grafana."


def draw_pictures(boards: Sequence[Board], out: Path, *, full: bool) -> list[str]:
    """Write the pictures; returns a sentence for each thing that is not drawn."""
    problems = []
    source = demo.source("healthy")
    for board in boards:
        window = Window(begin=demo.END - 3600, end=demo.END)
        options = PictureOptions(window=window, all_rows=full)
        picture = draw(board, source, options, OPENED_WITH.get(board.uid, {}))
        problems += [f"{board.uid} / {panel}: {sentence}" for panel, sentence in picture.problems]
        with Image.open(BytesIO(to_png(picture.svg))) as drawn:
            shown = drawn if full else drawn.crop((0, 0, drawn.width, min(HEIGHT, drawn.height)))
            save(shown, out / f"{board.uid}.png")
        print(f"{board.uid}: {len(picture.problems)} problems")
    return problems


def save(image: Image.Image, path: Path) -> None:
    """Write a PNG with 256 colors, a third of its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
