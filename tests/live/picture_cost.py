"""How long pictures take with a local Prometheus, 50 nodes and an hour of history, relative to a bare Python.

`python -m tests.live.picture_cost [NODES]` prints its part of `make bench`, and exits 1 over budget:
one panel, each of our boards and of upstream's (UPSTREAM_BOARDS), all of ours, every row open. The column `server` has
the seconds that Prometheus itself takes for the same requests, one after another, with nobody reading the answers: on
two cores it runs beside the drawing. A board whose requests take it long may take SERVER_RATIO times as long.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from dashboards_py.board import Board, read
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.series import generate
from dashboards_py.panel_data import over
from dashboards_py.panel_data.frame import Window
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import PictureOptions
from dashboards_py.prometheus import over_http
from tests.bench import COMMAND, PICTURE_BUDGET, PICTURES_BUDGET, fastest
from tests.live.cluster import BEFORE, END, full_cluster, metrics
from tests.live.cost import BUDGETED
from tests.live.opened import HOUR
from tests.live.processes import prometheus
from tests.synthetic.backfill import backfill

PANEL_BUDGET = 2.0
SERVER_RATIO = 2.5
# Upstream's agent dashboard draws each series of each node: ten thousand lines through 1.3 million samples.
LARGEST, LARGEST_BUDGET = "cilium-dashboard", 30.0
PARTS = 6  # of the history, a block each


@contextmanager
def prometheus_with_an_hour(boards: list[Board], nodes: int) -> Iterator[str]:
    """A Prometheus with an hour of the series that the boards read."""
    synthetic = full_cluster(nodes=nodes, clusters=("east",))
    with tempfile.TemporaryDirectory(prefix="pictures-") as directory:
        data = Path(directory) / "data"
        data.mkdir()
        names = sorted(metrics(boards))
        for number in range(PARTS):  # promtool keeps all samples of a file in memory
            series = generate(synthetic, end=END, only=frozenset(names[number::PARTS]))
            backfill(series, data, end=END, length=HOUR + BEFORE, interval=synthetic.interval)
        with prometheus(data) as source:
            yield source


def server_seconds(source: str, board: Board) -> float:
    """How long a Prometheus takes for all that a picture of the board asks it."""
    requests: list[str] = []
    ask = over_http(source)

    def remember(path: str, params: Mapping[str, str]) -> Any:
        requests.append(f"{source}/api/v1/{path}?{urlencode(params)}")
        return ask(path, params)

    options = PictureOptions(window=Window(begin=END - HOUR, end=END), all_rows=True)
    draw(board, over(remember), options, {})
    begin = time.perf_counter()
    for url in requests:
        with urlopen(url) as answer:
            answer.read()
    return time.perf_counter() - begin


def panel_of(board: Board) -> dict[str, object]:
    """A board with the panel alone that has most queries."""
    panel = max((panel for panel in board.panels if panel.type == "timeseries"), key=lambda one: len(one.queries))
    return {**board.raw, "panels": [panel.raw]}


def main(arguments: list[str]) -> int:
    """Print the table; 1 if anything is over its budget."""
    if not shutil.which("prometheus") or not shutil.which("promtool"):
        print("Pictures with a Prometheus are not timed: prometheus and promtool are not on PATH")
        return 0
    nodes = int(arguments[0]) if arguments else BUDGETED
    own = {board.uid: read(board.json) for board in compile_boards()}
    upstream = sorted(Path(os.environ.get("UPSTREAM_BOARDS") or "/nonexistent").rglob("*.json"))
    with tempfile.TemporaryDirectory(prefix="pictures-") as directory:
        out, panel = Path(directory) / "out", Path(directory) / "panel.json"
        panel.write_text(json.dumps(panel_of(own["cilium-agent"])), encoding="utf-8")
        foreign = {f"{path.parent.name}/{path.stem}": read(path.read_bytes()) for path in upstream}
        rows = [("one panel", [str(panel)], PANEL_BUDGET), *((uid, [uid], PICTURE_BUDGET) for uid in own)]
        rows += [
            (name, [str(path)], LARGEST_BUDGET if path.stem == LARGEST else PICTURE_BUDGET)
            for name, path in zip(foreign, upstream, strict=True)
        ]
        rows.append(("all boards", [], PICTURES_BUDGET))
        boards = {**own, **foreign}
        with prometheus_with_an_hour(list(boards.values()), nodes) as source:
            print(f"{nodes} nodes")
            return _printed(rows, boards, foreign, source, out)


def _printed(
    rows: list[tuple[str, list[str], float]],
    boards: Mapping[str, Board],
    foreign: Collection[str],
    source: str,
    out: Path,
) -> int:
    width, overs = max(len(name) for name, _, _ in rows), 0
    times = ["--from", str(int(END - HOUR) * 1000), "--to", str(int(END) * 1000)]
    headings = f"{'seconds':>8} {'bare Python':>12} {'ratio':>6} {'server':>8} {'budget':>8}"
    print(f"{'pictures':{width}} {headings}")
    for name, arguments, least in rows:
        options = ["--prometheus", source, "--rows", "all", "--out", str(out), *times]
        took, bare = fastest([*COMMAND, "preview", *arguments, *options], codes=(0, 4))
        server = server_seconds(source, boards[name]) if name in boards else 0.0
        budget = max(least, SERVER_RATIO * server) if name in foreign else least
        overs += took > budget
        flag = "  OVER" if took > budget else ""
        print(
            f"{name:{width}} {took:8.3f} {bare:12.3f} {took / bare:6.1f} {server:8.3f} {budget:8.2f}{flag}", flush=True
        )
    return 1 if overs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
