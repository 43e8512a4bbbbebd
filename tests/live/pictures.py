"""`make pictures`: each board as docs/pictures/<uid>.png, and in docs/pictures.txt a sentence on how they were made.

The pictures of docs/outages.md are of scenes of the demonstration, and always drawn by `preview`; so are those of
docs/preview, over the data of an earlier commit.

In a real Grafana on a synthetic cluster if Prometheus, Chromium, and GRAFANA_TEST_URL or GRAFANA_HOME are there,
otherwise drawn by `preview`. Fails if a panel has an error, or in Grafana no values without being listed in
EXPECTED_EMPTY.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from dashboards_py.board import Board, read
from dashboards_py.compile import compile_boards
from tests.live.browser import browser, open_board
from tests.live.cluster import full_cluster, history, metrics
from tests.live.compared_pictures import draw_compared
from tests.live.drawn_pictures import HEIGHT, OPENED_WITH, SENTENCE, draw_pictures, save
from tests.live.expected_empty import EXPECTED_EMPTY
from tests.live.picture_grafana import grafana_with_boards, missing_components
from tests.live.processes import prometheus
from tests.stories._page import draw_outages

TALL = 7000  # px
DEFAULT = Path("docs/pictures")
TAKEN = "The pictures are taken in a real Grafana, over a synthetic cluster in a real Prometheus."


def main() -> int:
    """Make the pictures and print the problems; the exit code is 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uids", nargs="*", help="boards; all unless given")
    parser.add_argument("--out", type=Path, default=DEFAULT)
    parser.add_argument("--full", action="store_true", help="open every row and show the whole board")
    options = parser.parse_args()
    boards = [read(board.json) for board in compile_boards()]
    boards = [board for board in boards if not options.uids or board.uid in options.uids]
    if missing := missing_components():
        print("\n".join([*missing, "so the pictures are drawn without it"]), file=sys.stderr)
        wrong, sentence = draw_pictures(boards, options.out, full=options.full), SENTENCE
    else:
        wrong, sentence = take_pictures(boards, options.out, full=options.full), TAKEN
    if options.out == DEFAULT and not options.uids:
        wrong += [*draw_outages(), *draw_compared()]
    for line in wrong:
        print(line, file=sys.stderr)
    if options.out == DEFAULT and not options.uids:
        options.out.with_suffix(".txt").write_text(sentence + "\n", encoding="utf-8")
    return 1 if wrong else 0


def take_pictures(boards: Sequence[Board], out: Path, *, full: bool) -> list[str]:
    """Write the pictures of a real Grafana; returns a sentence for each problem."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        hour = history(full_cluster(), metrics(boards), directory / "data")
        with (
            prometheus(directory / "data") as source,
            grafana_with_boards(directory, source) as server,
            browser() as opened,
        ):
            for board in boards:
                picture = out / f"{board.uid}.png"
                result = open_board(
                    opened,
                    server.url,
                    board.uid,
                    hour,
                    height=TALL if full else HEIGHT,
                    every_row=full,
                    query=opening_query(board.uid) + server.query,
                    headers=server.headers,
                    picture=picture,
                )
                with Image.open(picture) as taken:
                    save(taken, picture)
                wrong += [f"{board.uid}: {error}" for error in result.errors]
                wrong += [f"{board.uid}: title cut: {title}" for title in result.titles_cut]
                titles = {panel.id: panel.title for panel in board.panels}
                empty = {titles[panel] for panel, count in result.values.items() if not count}
                wrong += [
                    f"{board.uid}: no values: {title}" for title in empty - EXPECTED_EMPTY.get(board.uid, {}).keys()
                ]
                print(f"{board.uid}: {len(result.values)} panels queried, {len(empty)} without values")
    return wrong


def opening_query(uid: str) -> str:
    """What the address of a board needs to open it with the values that a reader would choose."""
    chosen = OPENED_WITH.get(uid, {})
    return "".join(f"&var-{name}={value}" for name, values in chosen.items() for value in values)


if __name__ == "__main__":
    sys.exit(main())
