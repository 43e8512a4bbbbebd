"""`make pictures`: each board in the real Grafana on a synthetic cluster, as docs/pictures/<uid>.png.

Fails if a panel has an error, or has no values and is not listed in EXPECTED_EMPTY.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from PIL import Image

from dashboards_py.board import read
from dashboards_py.compile import compile_boards
from dashboards_py.provisioning import tree
from dashboards_py.targets import Payload
from dashboards_py.targets.files import prepare
from tests.components import COMPONENTS
from tests.live.browser import browser, open_board
from tests.live.cluster import full_cluster, history, metrics
from tests.live.expected_empty import EXPECTED_EMPTY
from tests.live.processes import grafana, prometheus

TALL = 7000  # px
NEEDED = ("prometheus", "promtool", "grafana-home", "chromium")
OPENED_WITH = {"hubble-http": "&var-namespace=shop"}  # boards that users open for their own namespace


def main() -> int:
    """Take the pictures and print the problems; the exit code is 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uids", nargs="*", help="boards; all by default")
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--full", action="store_true", help="open every row and show the whole board")
    options = parser.parse_args()
    missing = [f"no {name}: {COMPONENTS[name].how_to_get}" for name in NEEDED if not COMPONENTS[name].available()]
    if missing:
        print("\n".join(missing), file=sys.stderr)
        return 2
    boards = [read(board.json) for board in compile_boards()]
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        hour = history(full_cluster(), metrics(boards), directory / "data")
        provision(directory / "grafana", directory / "boards")
        with (
            prometheus(directory / "data") as source,
            grafana(directory / "grafana", source=source) as url,
            browser() as opened,
        ):
            for board in boards:
                if options.uids and board.uid not in options.uids:
                    continue
                height = TALL if options.full else 900
                result = open_board(
                    opened,
                    url,
                    board.uid,
                    hour,
                    height=height,
                    every_row=options.full,
                    query=OPENED_WITH.get(board.uid, ""),
                    picture=options.out / f"{board.uid}.png",
                )
                compress(options.out / f"{board.uid}.png")
                wrong += [f"{board.uid}: {error}" for error in result.errors]
                wrong += [f"{board.uid}: title cut: {title}" for title in result.titles_cut]
                titles = {panel.id: panel.title for panel in board.panels}
                empty = {titles[panel] for panel, count in result.values.items() if not count}
                wrong += [
                    f"{board.uid}: no values: {title}" for title in empty - EXPECTED_EMPTY.get(board.uid, {}).keys()
                ]
                print(f"{board.uid}: {len(result.values)} panels queried, {len(empty)} without values")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def compress(picture: Path) -> None:
    """Rewrite a PNG with 256 colours, a third of its size."""
    with Image.open(picture) as opened:
        small = opened.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(picture, optimize=True)


def provision(directory: Path, boards: Path) -> None:
    """Deploy the boards as files that a Grafana with its state in `directory` reads from `boards`."""
    options = {"out": str(boards), "path": str(boards / "dashboards"), "overwrite": False}
    list(prepare(Payload(tree()), options).apply())
    target = directory / "provisioning" / "dashboards"
    target.mkdir(parents=True, exist_ok=True)
    (target / "cilium.yaml").write_bytes((boards / "provisioning/dashboards/cilium-dashboards.yaml").read_bytes())


if __name__ == "__main__":
    sys.exit(main())
