"""The stand-in for Grafana as a separate program."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    """It prints the variables to export, a deploy from another process uses it, and a signal stops it."""
    command = [sys.executable, "-m", "tests.fakes.grafana", "--version", "13.2.0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        words = process.stdout.readline().removeprefix("export ").split()
        env = {"PATH": os.environ["PATH"], **dict(word.split("=", 1) for word in words)}
        deploy = [sys.executable, "-c", "from dashboards_py.cli import main; main()", "deploy", "grafana", "--json"]
        result = subprocess.run(deploy, cwd=tmp_path, env=env, capture_output=True, text=True, check=True, timeout=60)
        plan = json.loads(result.stdout)
        assert len(plan["written"]) == len(plan["changes"]) > 0
    finally:
        process.terminate()
    assert process.wait(10) == 0
