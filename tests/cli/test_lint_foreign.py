"""`lint` on boards from elsewhere: what cannot be read is reported, and nothing is computed that is not printed."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dashboards_py import promtool
from dashboards_py.board import read
from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.lint import lint

SYNTAX = pytest.mark.fault("Grafana's forms and Prometheus 3's syntax are reported as syntax errors")
SUGGESTIONS = pytest.mark.fault("lint spends 99 % of its time on suggestions that nobody prints")


def run(*args: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["lint", *args])


def board(path: Path, *panels: dict[str, Any]) -> str:
    """A file with a board of these panels."""
    titled = [{"title": f"P{number}", "type": "stat", **panel} for number, panel in enumerate(panels)]
    path.write_text(json.dumps({"uid": path.stem, "title": "B", "schemaVersion": 41, "panels": titled}))
    return str(path)


def panel_with(expr: str) -> dict[str, Any]:
    """A panel with one query."""
    return {"targets": [{"expr": expr}]}


@SYNTAX
def test_unread_parts_are_reported(tmp_path: Path) -> None:
    """A query that cannot be read is reported on stderr and is no finding; library panels do not count as checked."""
    file = board(
        tmp_path / "b.json", panel_with("$agg(up)"), panel_with("up"), {"libraryPanel": {"uid": "l", "name": "L"}}
    )
    result = run(file, "--json")
    assert f"not read: {file} / P0: only Grafana knows the value of $agg, which may be any part of it" in result.stderr
    assert [row["rule"] for row in json.loads(result.stdout)] == ["undefined-variable"]
    assert "2 panels on Cilium" in result.stderr
    assert "library panels, which Grafana keeps: 1" in result.stderr


@SYNTAX
def test_promtool_runs_once_for_all_boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only for queries that our parser rejects; findings are in the order of the boards."""
    calls: list[list[str]] = []

    def verdicts(queries: list[str]) -> dict[str, str]:
        calls.append(queries)
        return dict.fromkeys(queries, "unknown function")

    monkeypatch.setattr(promtool, "verdicts", verdicts)
    monkeypatch.setattr("dashboards_py.cli._promtool.which", lambda _: "/bin/promtool")
    files = [
        board(tmp_path / "a.json", panel_with("newer(up[$__range])")),
        board(tmp_path / "b.json", panel_with("rate(cilium_bpf_map_pressure[5m])")),
        board(tmp_path / "c.json", panel_with("newest(up)"), panel_with("$agg(up)")),
    ]
    rows = json.loads(run(*files, "--json").stdout)
    assert calls == [["newer(up[5m])", "newest(up)"]]
    assert [row["board"] for row in rows if row["rule"] == "invalid-promql"] == ["a", "c"]
    assert [row["board"] for row in rows] == sorted(row["board"] for row in rows)


@pytest.mark.parametrize(
    ("interval", "window", "short"),
    [("30s", "45s", True), ("15s", "45s", False), ("2m", "3m", True)],
)
def test_how_often_prometheus_scrapes(tmp_path: Path, interval: str, window: str, short: bool) -> None:
    """--interval decides which windows contain only one sample."""
    file = board(tmp_path / "b.json", panel_with(f"rate(cilium_drop_count_total[{window}])"))
    rules = {row["rule"] for row in json.loads(run(file, "--json", "--interval", interval).stdout)}
    assert ("short-window" in rules) is short


def test_an_invalid_interval() -> None:
    """It is a usage error that names the option."""
    result = run("--interval", "abc")
    assert result.exit_code == 2
    assert "'--interval': 'abc' is not a duration" in result.stderr


@SUGGESTIONS
def test_nothing_is_suggested_for_foreign_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only names in findings are compared with those of the catalogue."""
    checked: list[str] = []

    def suggest(name: str) -> tuple[str, ...]:
        checked.append(name)
        return ()

    monkeypatch.setattr(import_module("dashboards_py.catalog.status"), "suggest", suggest)
    panels = [panel_with(f"sum by (a) (rate(node_{number}_total[5m])) > 0") for number in range(50)]
    lint(read({"title": "B", "panels": [*panels, panel_with("cilium_surely_not_there")]}), NEWEST)
    assert checked == ["cilium_surely_not_there"]
