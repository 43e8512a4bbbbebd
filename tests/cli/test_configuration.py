"""The file of settings, as commands find it: in the working directory, or by `--config`; options win over it."""

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.dashboards import uids

FILE = "cilium-dashboards.toml"
SETTINGS = 'refresh = "30s"\n[boards]\nwithout = ["cilium-bgp", "cilium-clustermesh"]\n[folders]\nHubble = "Network"\n'
FAULT = pytest.mark.fault("leaving out boards or changing a folder, a tag or the refresh means editing Python")


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory with settings."""
    monkeypatch.delenv("CILIUM_DASHBOARDS_CONFIG")
    monkeypatch.chdir(tmp_path)
    Path(FILE).write_text(SETTINGS)


def invoke(line: str) -> Result:
    return CliRunner().invoke(cli, line.split())


def files(directory: str) -> list[str]:
    """The uids of the boards in a directory."""
    return sorted(path.stem for path in Path(directory, "dashboards").rglob("*.json") if path.name[0] != ".")


@FAULT
def test_the_file_of_the_working_directory_is_used() -> None:
    """It is named on stderr, and each command that reads our boards reads the same ones."""
    listed = invoke("list --json")
    assert listed.stderr == f"settings from {FILE}\n"
    chosen = [row["uid"] for row in json.loads(listed.stdout)]
    assert chosen == [uid for uid in uids() if uid not in ("cilium-bgp", "cilium-clustermesh")]
    assert {row["folder"] for row in json.loads(listed.stdout)} == {"Cilium", "Network"}
    assert json.loads(invoke("show cilium-agent").stdout)["refresh"] == "30s"
    for line in ("show cilium-bgp", "outline cilium-bgp", "lint cilium-bgp", "values --board cilium-bgp"):
        assert f"board 'cilium-bgp': {FILE} leaves it out" in str(invoke(line).exception), line
    assert "cilium-bgp" not in invoke("values").stdout


@FAULT
def test_compile_writes_what_the_file_says() -> None:
    """provisioning/ is as the file says, so that a fork commits it; what options choose is written elsewhere."""
    assert invoke("compile --quiet").exit_code == 0
    assert files("provisioning") == [uid for uid in uids() if uid not in ("cilium-bgp", "cilium-clustermesh")]
    assert invoke("compile --check --quiet").exit_code == 0
    assert invoke("compile --quiet --without hubble-dns cilium-agent hubble-dns cilium-bgp").exit_code == 0
    assert files(f"build/cilium-{NEWEST}-chosen") == ["cilium-agent", "cilium-bgp"]
    assert invoke("compile --quiet --peer-label pod").exit_code == 0
    assert files(f"build/cilium-{NEWEST}-pod") == files("provisioning")


@FAULT
def test_deploy_keeps_what_is_left_out() -> None:
    """What was deployed and is left out now stays, and its line says how to remove it. A uid needs no target."""
    Path("empty.toml").write_text("")
    assert invoke("deploy files --config empty.toml").exit_code == 0
    assert files("build/grafana") == sorted(uids())
    deployed = invoke("deploy files --without hubble-relay")
    bgp = "dashboards/Cilium/cilium-bgp.json"
    line = f"left over  {bgp}  (left out now, and still deployed: remove build/grafana/{bgp})"
    assert line in deployed.stdout.splitlines()
    assert deployed.stdout.count("left out now") == 3
    assert deployed.stdout.count("its board is in the folder Network now") == 4
    planned = invoke("deploy cilium-bgp --dry-run")
    left_out = {Path(line.split()[2]).stem for line in planned.stdout.splitlines() if "left out now" in line}
    assert left_out == {*uids()} - {"cilium-bgp"}
    assert "open /d/cilium-bgp in Grafana" in invoke("deploy cilium-bgp").stderr


@pytest.mark.fault("a misspelt setting is silently a default")
@pytest.mark.parametrize(
    "line", ["compile", "deploy files", "list", "show cilium-agent", "lint", "values", "outline hubble-dns"]
)
def test_a_wrong_file_stops_the_command(line: str, tmp_path: Path) -> None:
    """The error names file and setting; nothing is written."""
    Path(FILE).write_text('[boards]\nwithuot = ["cilium-bgp"]\n')
    before = sorted(tmp_path.rglob("*"))
    result = invoke(line)
    assert str(result.exception) == f"{FILE}: boards.withuot: is not a setting\n  did you mean without?"
    assert sorted(tmp_path.rglob("*")) == before
    assert "nosuch.toml: No such file" in str(invoke(f"{line} --config nosuch.toml").exception)


def test_the_environment_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """CILIUM_DASHBOARDS_CONFIG names another file, and --config wins over it."""
    Path("other.toml").write_text("refresh = '5m'\n")
    monkeypatch.setenv("CILIUM_DASHBOARDS_CONFIG", "other.toml")
    assert json.loads(invoke("show cilium-bgp").stdout)["refresh"] == "5m"
    assert json.loads(invoke(f"show cilium-agent --config {FILE}").stdout)["refresh"] == "30s"


def test_the_peer_label_of_an_option_wins() -> None:
    """Over that of the file."""
    Path(FILE).write_text("peer-label = 'workload'\n")
    assert "source_workload" in invoke("show hubble-http").stdout
    assert "source_pod" in invoke("show hubble-http --peer-label pod").stdout


@pytest.mark.fault("in a Prometheus whose labels are not called cluster and node the boards are empty")
def test_commands_that_read_queries_know_the_labels() -> None:
    """The boards name them; lint and values, which compare queries with Cilium's metrics, say what they say without."""
    Path(FILE).write_text("[labels]\nnode = 'kubernetes_node'\n")
    assert "kubernetes_node" in invoke("show cilium-agent").stdout
    assert "kubernetes_node" in invoke("outline cilium-agent").stdout
    for line in ("lint", "lint cilium-agent", "values", "values --board cilium-agent"):
        plain = invoke(f"{line} --config {os.devnull}")
        assert (invoke(line).stdout, invoke(line).exit_code) == (plain.stdout, plain.exit_code), line


@pytest.mark.fault("in a Prometheus whose labels are not called cluster and node the boards are empty")
def test_previews_are_those_of_the_same_cluster() -> None:
    """The synthetic cluster has the labels of the settings, so that nodes have names in pictures."""
    line = "preview cilium-capacity --demo map-full --format svg --out"
    Path(FILE).write_text("[labels]\nnode = 'kubernetes_node'\n")
    assert invoke(f"{line} renamed").exit_code == invoke(f"{line} plain --config {os.devnull}").exit_code
    renamed, plain = (Path(name, "cilium-capacity.svg").read_text() for name in ("renamed", "plain"))
    assert re.search(r"\bnode-\d", plain)
    assert renamed == plain


@pytest.mark.fault("another threshold means editing Python")
def test_thresholds_are_listed_and_set() -> None:
    """With their panels, the values in force and the defaults; boards have the values in force."""
    Path(FILE).write_text("[thresholds]\nmap-pressure.critical = 0.8125\n")
    rows = {row["threshold"]: row for row in json.loads(invoke("list --thresholds --json").stdout)}
    row = rows["map-pressure.critical"]
    assert (row["value"], row["default"], row["unit"]) == (0.8125, 0.9, "percentunit")
    assert "cilium-overview / Fullest maps and addresses" in row["panels"]
    assert rows["map-pressure.warning"]["value"] == rows["map-pressure.warning"]["default"]
    for panel in row["panels"]:
        assert "0.8125" in invoke(f"show {panel.partition(' / ')[0]}").stdout
    assert row["alerts"] == ["CiliumMapNearlyFull"]
    lines = invoke("list --thresholds").stdout.splitlines()
    assert any("map-pressure.critical" in line and "0.8125 (default 0.9) percentunit" in line for line in lines)


@pytest.mark.fault("Cilium ships no alert, and public ones are wrong")
def test_alerts_are_listed() -> None:
    """With their panels, and as the settings have them; a release has those that it can answer."""
    Path(FILE).write_text('[alerts]\nseverity = { CiliumMapNearlyFull = "info" }\n[objectives]\nagent-api = 0.99\n')
    rows = {row["alert"]: row for row in json.loads(invoke("list --alerts --json").stdout)}
    full = rows["CiliumMapNearlyFull"]
    assert (full["labels"], full["for"]) == ({"severity": "info"}, "10m")
    assert (full["uid"], full["panel"], full["thresholds"]) == (
        "cilium-capacity",
        "Nearly full",
        ["map-pressure.critical"],
    )
    assert "CiliumAgentAPIBudgetBurns" in rows
    lines = invoke("list --alerts").stdout.splitlines()
    assert len(lines) == len(rows)
    assert any(re.match(r"CiliumMapNearlyFull +info +10m  cilium-capacity / Nearly full  map-", line) for line in lines)
    older = {row["alert"] for row in json.loads(invoke("list --alerts --json --cilium 1.16").stdout)}
    assert rows.keys() - older == {"CiliumConfigDrift", "CiliumUnmanagedPods", "CiliumBGPReconcileErrors"}
    result = CliRunner().invoke(cli, ["list", "--alerts", "--thresholds"])
    assert (result.exit_code, "mutually exclusive" in result.output) == (2, True)
