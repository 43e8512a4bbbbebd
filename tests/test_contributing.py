"""The first change that CONTRIBUTING walks through, made in a copy of the package: each step gives its diff."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WALK = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Your first change")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"```\w+\n(.*?)```", WALK, re.S)
PANEL, PANEL_JSON, PANEL_TRUTH, BOARD, BOARD_ROW, RULE, FINDING = BLOCKS
TIMESERIES = """timeseries(
    "Identities",
    "Identities of each kind. When it rises: look at the labels of pods.",
    query("sum by (type) (cilium_identity)", "{{type}}"),
    unit="short",
)"""
RULE_IMPORTS = """
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release

"""


def added(diff: str) -> list[str]:
    """The lines that a diff adds."""
    return [line[1:] for line in diff.splitlines() if line.startswith("+")]


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the package and of docs/."""

    root: Path

    def python(self, code: str, *args: str, exit_code: int = 0) -> str:
        """The output of Python code, run in the copy."""
        env = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", code, *args]
        run = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=False)
        assert run.returncode == exit_code, run.stderr
        return run.stdout

    def cli(self, *args: str, exit_code: int = 0) -> str:
        """The output of our command, run in the copy."""
        return self.python("from dashboards_py.cli import main; main()", *args, exit_code=exit_code)

    def write(self, file: str, text: str) -> None:
        """Write a file that the walk names."""
        assert f"`{file}`" in WALK
        (self.root / file).write_text(text, encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """The package and docs/, without bytecode and pictures."""
    for name in ("dashboards_py", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "pictures"))
    return Copy(tmp_path)


@pytest.mark.fault("the first change that CONTRIBUTING walks through does not give the diffs that it shows")
def test_a_panel(copy: Copy) -> None:
    """The panel's lines are in the board's JSON, no other id changed, and the diff of the truth names the panel."""
    file = "dashboards_py/dashboards/hubble_relay.py"
    before = [line[1:] for line in PANEL.splitlines() if not line.startswith("+")]
    after = [line[1:] for line in PANEL.splitlines()]
    text = (ROOT / file).read_text(encoding="utf-8")
    assert text.count("\n".join(before)) == 1
    ids = set(re.findall(r'"id": \d+', copy.cli("show", "hubble-relay")))
    copy.write(file, text.replace("\n".join(before), "\n".join(after)))
    board = copy.cli("show", "hubble-relay")
    assert set(added(PANEL_JSON)) <= set(board.splitlines())
    assert set(re.findall(r'"id": \d+', board)) - ids == {
        next(line for line in PANEL_JSON.splitlines() if '"id"' in line)[7:-1]
    }
    assert added(PANEL_TRUTH)[0].strip() == '"Open files": {'


@pytest.mark.fault("the first change that CONTRIBUTING walks through does not give the diffs that it shows")
def test_a_board(copy: Copy) -> None:
    """The file compiles, and README's row for it is the one shown."""
    names = "Dashboard, cluster, dashboard, node, query, row, timeseries"
    imports = f"from dashboards_py.catalog import Release\nfrom dashboards_py.style import {names}\n\n"
    assert BOARD.count("timeseries(...)") == 1
    file = "dashboards_py/dashboards/cilium_identities.py"
    copy.write(file, imports + BOARD.replace("timeseries(...)", TIMESERIES))
    code = "from docs.generate import table; from dashboards_py.compile import find; print(table([find(UID)]))"
    assert copy.python(code.replace("UID", repr("cilium-identities"))).split("\n")[2:3] == added(BOARD_ROW)


@pytest.mark.fault("the first change that CONTRIBUTING walks through does not give the diffs that it shows")
def test_a_rule(copy: Copy) -> None:
    """lint reports the panel as the walk shows; a panel with fewer queries is not reported."""
    docstring, _, rest = RULE.partition("\n\n")
    copy.write("dashboards_py/lint/too_many_queries.py", docstring + "\n" + RULE_IMPORTS + rest)
    targets = [{"refId": str(number), "expr": "node_load1"} for number in range(14)]
    panels = [
        {"id": 1, "title": "Everything", "type": "timeseries", "targets": targets},
        {"id": 2, "title": "Less", "type": "timeseries", "targets": targets[:10]},
    ]
    board = {"title": "Foreign", "uid": "their-board", "panels": panels}
    (copy.root / "their-board.json").write_text(json.dumps(board))
    command, *_ = FINDING.splitlines()
    assert command == "$ cilium-dashboards lint their-board.json"
    printed = copy.cli(*command.split()[2:], exit_code=1)
    assert "\n".join(added(FINDING)) in printed
    assert printed.count("too-many-queries") == 1
