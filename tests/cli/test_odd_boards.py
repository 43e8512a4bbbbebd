"""Odd boards of others: every command that reads one reads what can be read, and reports what is odd."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError

PANEL = '{"id": 1, "type": "stat", "title": "P", "targets": [{"refId": "A", "expr": "cilium_version"}]}'
STEPS = '{"defaults": {"thresholds": {"steps": [{"color": "red", "value": VALUE}]}}}'
# A board, and the warning about it ("": none, since all of it is read as Grafana does).
ODD = {
    "threshold 10**400": (
        f'"panels": [{PANEL[:-1]}, "fieldConfig": {STEPS.replace("VALUE", "1" + "0" * 400)}}}]',
        "not a number in JSON (NaN, Infinity, or too large): panels[0].fieldConfig.defaults.thresholds.steps[0].value",
    ),
    "NaN": (f'"version": NaN, "panels": [{PANEL}]', "not a number in JSON (NaN, Infinity, or too large): version"),
    "lone surrogate": (rf'"description": "x\ud800", "panels": [{PANEL}]', "lone surrogate, read as U+FFFD: desc"),
    "input without a name": (f'"__inputs": [{{"type": "datasource"}}, "x", null], "panels": [{PANEL}]', ""),
    "variables that are texts": (f'"templating": {{"list": ["a", 1, null]}}, "panels": [{PANEL}]', ""),
    "templating that is a list": (f'"templating": ["a"], "panels": [{PANEL}]', "templating is a list, expected an obj"),
    "panels that are null": ('"panels": null', "panels is null, expected a list"),
    "duplicate key": (f'"title": "A", "panels": [{PANEL}]', "duplicate key, the last one is used: title"),
}
COMMANDS = {
    "lint": ("lint", "b.json"),
    "outline": ("outline", "b.json"),
    "values": ("values", "--board", "b.json"),
    "keep": ("keep", "b.json"),
    "upgrade": ("upgrade", "--from", "1.18", "b.json"),
    "diff": ("diff", "b.json", "b.json"),
}


@pytest.mark.fault("odd external JSON or YAML is a traceback")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ODD)
def test_each_command_reads_it(name: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a traceback; what is not as it should be is a warning that says where."""
    monkeypatch.chdir(tmp_path)
    content, warning = ODD[name]
    Path("b.json").write_text(f'{{"uid": "b", "title": "B", "schemaVersion": 41, {content}}}')
    result = CliRunner().invoke(cli, COMMANDS[command])
    assert isinstance(result.exception, SystemExit | DashboardsError | None), result.exc_info
    assert result.exit_code in (0, 1)
    assert f"warning: b.json: {warning}" in result.stderr if warning else "warning" not in result.stderr
