"""Grafana's own code (npm's @grafana/data) in Node, asked what it makes of a panel's data, and its recorded answers.

A table of `recorded/` has a line for each question: the question and the answer. `python -m tests.panel_data.record`
writes them all; tests hold our code to the table always, and the table to Grafana where npm's registry is.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.npm import installed

DIRECTORY = Path(__file__).parent
RECORDED = DIRECTORY / "recorded"
NODE = DIRECTORY / "node"
Question = dict[str, Any]


def ask_grafana(questions: Sequence[Question]) -> list[Any]:
    """Grafana's answers; a skip where npm's registry is not to be had."""
    modules = installed(NODE, "panel-data")
    result = subprocess.run(
        ["node", str(NODE / "ask.cjs"), str(modules.parent)],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"TZ": "UTC", "LC_ALL": "en_US.UTF-8", "NODE_ENV": "production"},
    )
    assert not result.returncode, result.stderr
    return list(json.loads(result.stdout, parse_int=float))


def read_table(name: str) -> list[tuple[Question, Any]]:
    """The questions of a table with their recorded answers."""
    lines = (RECORDED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [(json.loads(line)[0], json.loads(line, parse_int=float)[1]) for line in lines]


def table_text(pairs: Sequence[tuple[Question, Any]]) -> str:
    """A table's file."""
    lines = ([question, _short(answer)] for question, answer in pairs)
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)


def _short(answer: Any) -> Any:
    """An answer whose whole numbers have no point."""
    if isinstance(answer, list):
        return [_short(item) for item in answer]
    if isinstance(answer, dict):
        return {name: _short(item) for name, item in answer.items()}
    return int(answer) if isinstance(answer, float) and answer.is_integer() and abs(answer) < 2**53 else answer
