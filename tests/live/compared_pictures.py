"""`make pictures`: docs/preview/*.png, what `preview` draws of the boards that docs/grafana shows in a real Grafana.

The pictures of docs/grafana are those of one commit, over an hour of the synthetic cluster of that commit. So both the
boards and the data are taken from it, out of the history of git; only the drawing is that of today. Needs a Prometheus.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from dashboards_py.board import read
from dashboards_py.panel_data import over
from dashboards_py.panel_data.frame import Window
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import PictureOptions
from dashboards_py.preview.png import to_png
from dashboards_py.preview.theme import DARK
from dashboards_py.prometheus import over_http
from tests.components import missing_of
from tests.live.drawn_pictures import HEIGHT, OPENED_WITH, save
from tests.live.processes import prometheus

ROOT = Path(__file__).parents[2]
GRAFANA, DRAWN = ROOT / "docs" / "grafana", ROOT / "docs" / "preview"
COMMIT = "9810c2fd2b74f4a1a609a1345ade673dfbb25fa1"  # of the pictures in docs/grafana
END = 1_795_543_740.0  # of the hour that they show: 2026-11-24 18:09 UTC
BACKFILL = f"""
import sys
from pathlib import Path
from dashboards_py.board import read
from dashboards_py.compile import compile_boards
from tests.live.cluster import history, metrics, world
history(world(), metrics([read(board.json) for board in compile_boards()]), Path(sys.argv[1]), end={END})
"""


def is_known() -> bool:
    """Whether the history of git goes back to the commit."""
    command = ["git", "cat-file", "-e", f"{COMMIT}^{{commit}}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def boards() -> dict[str, str]:
    """The boards of that commit by uid, as JSON."""
    listed = _git("ls-tree", "-r", "--name-only", COMMIT, "provisioning/dashboards").decode().split()
    return {Path(path).stem: _git("show", f"{COMMIT}:{path}").decode() for path in listed}


def draw_compared() -> list[str]:
    """Write the pictures; returns a sentence for each thing that is not drawn, or for why none is."""
    if wrong := missing_of("prometheus", "promtool"):
        return [f"docs/preview is as it was: {wrong[0]}"]
    if not is_known():
        return ["docs/preview is as it was: git does not have the commit of docs/grafana (a shallow clone)"]
    problems = []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        _backfill(directory / "then", directory / "data")
        with prometheus(directory / "data") as url:
            source = over(over_http(url))
            for uid, text in boards().items():
                options = PictureOptions(window=Window(begin=END - 3600, end=END))
                picture = draw(read(text), source, options, OPENED_WITH.get(uid, {}))
                problems += [f"docs/preview: {uid} / {panel}: {sentence}" for panel, sentence in picture.problems]
                with Image.open(BytesIO(to_png(picture.svg))) as drawn:
                    page = Image.new("RGB", (drawn.width, HEIGHT), DARK.canvas)
                    page.paste(drawn.convert("RGB"))
                    save(page, DRAWN / f"{uid}.png")
    return problems


def _backfill(checkout: Path, data: Path) -> None:
    """The hour of data, by the code of that commit."""
    with tarfile.open(fileobj=BytesIO(_git("archive", COMMIT, "dashboards_py", "tests"))) as archive:
        archive.extractall(checkout, filter="data")
    env = {**os.environ, "PYTHONPATH": str(checkout)}
    subprocess.run([sys.executable, "-c", BACKFILL, str(data)], cwd=checkout, env=env, check=True)


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout
