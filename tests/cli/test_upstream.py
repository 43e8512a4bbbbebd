"""`upstream` as a command, and `deploy --with-upstream`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError
from tests.upstream.test_answers import write_board


def run(*args: str) -> Result:
    """Run the command; our errors are raised."""
    return CliRunner().invoke(cli, args, catch_exceptions=False)


@pytest.fixture
def boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A directory with two upstream boards, in a working directory without fetched ones."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UPSTREAM_BOARDS", raising=False)
    drops = "sum(rate(cilium_drop_count_total[1m]))"
    write_board(
        tmp_path / "theirs",
        "21431.json",
        Drops=drops,
        CPU="node_namespace_pod_container:container_cpu_usage_seconds_total:sum_irate",
    )
    write_board(tmp_path / "theirs", "hubble-dashboard.json", Flows="rate(hubble_flows_processed_total[1m])")
    return str(tmp_path / "theirs")


def test_the_table(boards: str) -> None:
    """A line for each ID: how many panels ours answer and where, or how to get the board."""
    lines = run("upstream", "--boards", boards).output.splitlines()
    assert len(lines) == 9
    assert lines[-2].startswith("21431")
    assert lines[-2].endswith("cilium-agent     1 of 2: cilium-agent 1")
    assert lines[-1].startswith("       not answered: CPU: a recording rule of kubernetes-mixin")
    assert lines[2].endswith("hubble-overview  1 of 1: hubble-overview 1")
    assert lines[1].endswith("not available: cilium-dashboards upstream fetch 16612")
    rows = {row["id"]: row for row in json.loads(run("upstream", "--boards", boards, "--json").output)}
    assert list(rows[21431]["not_answered"]) == ["CPU"]
    assert rows[16612]["panels"] is None


def test_panel_by_panel(boards: str) -> None:
    """Each panel with its answers, or why there are none."""
    output = run("upstream", "--boards", boards, "--panels", "21431").output
    assert output.startswith("Drops\n    cilium-agent / ")
    assert "\nCPU\n    not answered\n    (a recording rule of kubernetes-mixin" in output
    (drops, cpu) = json.loads(run("upstream", "--boards", boards, "--panels", "21431", "--json").output)
    assert drops["answered"][0].startswith("cilium-agent / ")
    assert cpu["answered"] == []


@pytest.mark.parametrize(
    ("number", "why"),
    [("16612", r"is not available\n.*upstream fetch 16612"), ("1860", r"not one that ours replace\n.*16612")],
)
def test_missing_boards(boards: str, number: str, why: str) -> None:
    """The error names the next command."""
    with pytest.raises(DashboardsError, match=why):
        run("upstream", "--boards", boards, "--panels", number)


def test_the_originals_next_to_ours(boards: str, tmp_path: Path) -> None:
    """They get a separate folder and uids; missing ones are reported; without any the command is refused."""
    result = run("deploy", "files", "--with-upstream", "--boards", boards)
    assert result.exit_code == 0
    assert "not available, so not deployed: 16612 19423" in result.output
    deployed = sorted((tmp_path / "build/grafana/dashboards/Cilium upstream").iterdir())
    assert [path.name for path in deployed] == ["grafana-com-16613.json", "grafana-com-21431.json"]
    assert [json.loads(path.read_text())["uid"] for path in deployed] == ["grafana-com-16613", "grafana-com-21431"]
    assert "0 written" in run("deploy", "files", "--with-upstream", "--boards", boards).output
    with pytest.raises(DashboardsError, match=r"none is available\n  cilium-dashboards upstream fetch"):
        run("deploy", "files", "--with-upstream")
