"""What README says is so: its commands run, its targets exist, its table and pictures are those of the boards."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards_py.compile import compile_boards
from docs.generate import generated
from tests.test_gitdiff import TEXTCONV
from tests.upstream.test_answers import written

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")}
BASH = [line for block in re.findall(r"```bash\n(.*?)```", README, re.S) for line in block.splitlines()]
OURS = [line.split("#")[0].strip() for line in BASH if line.startswith(".venv/bin/cilium-dashboards")]


@pytest.mark.parametrize("line", OURS)
def test_commands_run(line: str, tmp_path: Path) -> None:
    """Each command of ours that README shows does its work; what would need the internet says how it is used."""
    written(tmp_path, "21431.json", Drops="rate(cilium_drop_count_total[1m])")
    command = [str(Path(sys.executable).parent / "cilium-dashboards"), *shlex.split(line)[1:]]
    command += ["--help"] if "fetch" in command else []
    env = {**os.environ, "UPSTREAM_BOARDS": str(tmp_path)}
    found = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert found.stdout


def test_make_targets_exist() -> None:
    """Whatever follows `make` in the texts is a target that `make help` explains."""
    explained = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for text in TEXTS.values():
        for line in re.findall(r"(?:^|`)make ([^`#\n]+)", text, re.M):
            assert {word for word in shlex.split(line) if "=" not in word} <= explained, line


def test_the_two_commands_stand_first() -> None:
    """One does the main job, one passes the tests."""
    assert [line.split("#")[0].strip() for line in BASH[:2]] == ["make dashboards deploy", "make test"]


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_generated_is_as_generated(name: str) -> None:
    """Tables, pictures and the range of releases follow from the code; `make generate` writes them."""
    assert TEXTS[name] == generated(TEXTS[name], compile_boards()), "make generate"


def test_the_table_is_that_of_the_boards() -> None:
    """Each board with its questions and the IDs that it replaces."""
    rows = re.findall(r"^\| ([a-z-]+) \| .+\? \| ([\d, ]*)\|$", README, re.M)
    said = {uid: tuple(int(number) for number in re.findall(r"\d+", numbers)) for uid, numbers in rows}
    assert said == {board.uid: board.replaces for board in compile_boards()}


def test_every_picture_is_shown_and_light() -> None:
    """README shows each picture that there is, of boards that there are; together they stay below 6 MB."""
    pictures = {f"docs/pictures/{path.name}": path.stat().st_size for path in (ROOT / "docs/pictures").iterdir()}
    assert set(re.findall(r"\]\((docs/pictures/[^)]+)\)", README)) == pictures.keys()
    assert {Path(name).stem for name in pictures} <= {board.uid for board in compile_boards()}
    assert sum(pictures.values()) < 6_000_000


def test_git_is_told_what_the_tests_use() -> None:
    """The documented setting is the one that is tested with real git."""
    (said,) = re.findall(r"git config diff\.grafana-board\.textconv '(.*)'", README)
    assert Path(said.split()[0]).name == Path(TEXTCONV.split()[0]).name
    assert said.split()[1:] == TEXTCONV.split()[1:]


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name: str) -> None:
    """Files that the texts link to or name in backticks with a known folder exist."""
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXTS[name]):
        assert (ROOT / target).exists(), target
