"""docs/preview.md: pairs of pictures of a real Grafana and of preview."""

import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from dashboards_py.board import read
from tests.live import compared_pictures
from tests.live.compared_pictures import COMMIT, ROOT

DOCS = Path(__file__).parents[2] / "docs"
PAIR = re.compile(r"!\[.+?\]\((grafana/.+?)\) \| !\[.+?\]\((preview/.+?)\)")


def test_each_picture_of_grafana_has_one_of_preview_beside_it() -> None:
    """Of the same board and size; all pictures of docs/ together are below 6 MB."""
    pairs = PAIR.findall((DOCS / "preview.md").read_text(encoding="utf-8"))
    names = {path.name for path in (DOCS / "grafana").iterdir()}
    assert names
    assert {Path(grafana).name for grafana, _ in pairs} == names == {path.name for path in (DOCS / "preview").iterdir()}
    for grafana, drawn in pairs:
        assert Path(grafana).name == Path(drawn).name
        with Image.open(DOCS / grafana) as left, Image.open(DOCS / drawn) as right:
            assert left.size == right.size
    assert sum(path.stat().st_size for path in DOCS.rglob("*.png")) < 6_000_000


def test_both_halves_are_of_the_boards_of_one_commit() -> None:
    """The pictures of Grafana are those that the commit has, and what is drawn beside them are its boards.

    The differences that the text lists are in panels and boards of that commit.
    """
    if not compared_pictures.is_known():
        pytest.skip("git does not have the commit of docs/grafana (a shallow clone)")
    files = sorted((DOCS / "grafana").iterdir())
    assert _git("ls-tree", "--name-only", f"{COMMIT}:docs/pictures") == [path.name for path in files]
    blobs = [line.split()[2] for line in _git("ls-tree", f"{COMMIT}:docs/pictures")]
    assert blobs == _git("hash-object", *map(str, files))
    boards = compared_pictures.boards()
    assert [path.stem for path in files] == sorted(boards)
    differences = (DOCS / "preview.md").read_text(encoding="utf-8").partition("Seen in these pairs")[2]
    named = re.findall(r"`([\w-]+) / ([^`]+)`", differences.partition("In general")[0])
    assert named
    for uid, title in named:
        assert title in {panel.title for panel in read(boards[uid]).panels}, (uid, title)


def _git(*arguments: str) -> list[str]:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
