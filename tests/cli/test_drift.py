"""`drift` and `deploy --prune` as commands: output, exit codes, JSON, and what they refuse."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards_py.cli import cli
from tests.fakes.grafana import FakeGrafana, fake_grafana

BGP, DNS = "dashboards/Cilium/cilium-bgp.json", "dashboards/Hubble/hubble-dns.json"


def run(line: str) -> Result:
    return CliRunner().invoke(cli, line.split())


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, without a Grafana."""
    monkeypatch.chdir(tmp_path)
    for name in ("GRAFANA_URL", "GRAFANA_TOKEN", "GRAFANA_USER", "GRAFANA_PASSWORD", "CILIUM_DASHBOARDS_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_files() -> None:
    """Exit 0 if all is the same; else each difference is a line, with what to do."""
    run("deploy files --out out")
    assert run("drift files --out out").exit_code == 0
    Path("out", BGP).write_text("{}")
    Path("out", DNS).unlink()
    result = run("drift files --out out")
    assert result.exit_code == 1
    assert f"edited  {BGP}  (changed on 20" in result.stdout
    assert f"missing  {DNS}  (deleted since our last deploy)" in result.stdout
    assert "`deploy --overwrite` replaces it" in result.stderr
    assert Path("out", BGP).read_text() == "{}"


def test_json() -> None:
    """Each board with its state; stdout is JSON alone."""
    run("deploy files --out out")
    Path("out", DNS).unlink()
    document = json.loads(run("drift files --out out --json").stdout)
    states = {item["name"]: item["state"] for item in document["drift"]}
    assert (states[DNS], states[BGP]) == ("missing", "same")


def test_prune_follows_the_settings(directory: Path) -> None:
    """What the settings leave out is listed, and removed with --prune only; an edited file stays, and so do others'."""
    run("deploy files --out out")
    Path("out", DNS).write_text("{}")
    own = directory / "out" / "dashboards" / "Cilium" / "own.json"
    own.write_text("{}")
    Path("cilium-dashboards.toml").write_text('[boards]\nwithout = ["cilium-bgp", "hubble-dns"]\n')
    assert (
        f"left over  {BGP}  (left out now, and still deployed: remove out/{BGP})"
        in run("deploy files --out out").stdout
    )
    planned = run("deploy files --out out --prune --dry-run").stdout
    assert f"remove  {BGP}" in planned
    assert Path("out", BGP).exists()
    pruned = run("deploy files --out out --prune")
    assert (pruned.exit_code, Path("out", BGP).exists(), Path("out", DNS).exists(), own.exists()) == (
        0,
        False,
        True,
        True,
    )
    assert f"left over  {DNS}  (left out now, and still deployed, and edited since we wrote it" in pruned.stdout
    assert "0 written" in run("deploy files --out out --prune").stdout


@pytest.mark.parametrize("choice", ["cilium-agent", "--without cilium-bgp"])
def test_prune_refuses_a_choice_of_boards(choice: str) -> None:
    """All others would be removed."""
    result = run(f"deploy files --out out --prune {choice}")
    assert result.exit_code == 2
    assert "would remove all other boards" in result.stderr
    assert not Path("out").exists()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGrafana]:
    with fake_grafana() as running:
        monkeypatch.setenv("GRAFANA_URL", running.url)
        monkeypatch.setenv("GRAFANA_TOKEN", "editor-token")
        monkeypatch.setenv("GRAFANA_TIMEOUT", "30")
        yield running


def test_grafana(server: FakeGrafana) -> None:
    """Who edited which board; alerts with --rules; what is left over goes with --prune."""
    assert run("deploy grafana").exit_code == 0
    server.save_in_page("hubble-dns", "Mine")
    result = run("drift")
    assert result.exit_code == 1
    assert "edited  hubble-dns  (saved by " in result.stdout
    Path("cilium-dashboards.toml").write_text('[boards]\nwithout = ["cilium-bgp"]\n')
    run("deploy grafana")
    assert "cilium-bgp" in server.boards
    run("deploy grafana --prune")
    assert "cilium-bgp" not in server.boards
    assert server.boards["hubble-dns"]["dashboard"]["title"] == "Mine"
