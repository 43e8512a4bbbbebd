"""Boards in files whose labels have a house's own names: the commands that read them know these from the settings."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dashboards_py.cli import cli
from dashboards_py.dashboards import uids
from tests.fakes.http import answering

FAULT = pytest.mark.fault("lint, values, upgrade and preview do not know the house's labels in compiled files")
SETTINGS = '[labels]\ncluster = "k8s_cluster"\nnode = "machine"\n'
BOARDS = ("cilium-agent", "cilium-overview", "hubble-http")


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory with settings, and boards that were compiled with them."""
    monkeypatch.delenv("CILIUM_DASHBOARDS_CONFIG")
    monkeypatch.chdir(tmp_path)
    Path("cilium-dashboards.toml").write_text(SETTINGS)
    Path("boards").mkdir()
    for uid in BOARDS:
        Path("boards", f"{uid}.json").write_text(invoke(f"show {uid}").stdout)


def invoke(line: str) -> Result:
    """Run a command; errors are in the result."""
    return CliRunner().invoke(cli, line.split())


def test_labels_are_unknown_without_settings() -> None:
    """Without the settings the labels are unknown, and findings name them."""
    Path("cilium-dashboards.toml").unlink()
    result = invoke("lint boards")
    assert result.exit_code == 1
    assert "none of the series has machine" in result.stdout


@FAULT
def test_lint_knows_the_labels() -> None:
    """The compiled files have no findings but those that are excused on our boards, and --config names them as well."""
    findings = json.loads(invoke("lint --json boards").stdout)
    Path("settings.toml").write_text(SETTINGS)
    Path("cilium-dashboards.toml").unlink()
    assert json.loads(invoke("lint --json --config settings.toml boards").stdout) == findings
    of_uids = json.loads(invoke(f"lint --json {' '.join(BOARDS)}").stdout)
    assert [finding["rule"] for finding in findings] == [finding["rule"] for finding in of_uids]


@FAULT
def test_values_are_those_of_the_boards() -> None:
    """A compiled file needs what its board needs, but for the lines that name the file."""
    of_files = invoke(f"values {' '.join(f'--board boards/{uid}.json' for uid in BOARDS)}")
    of_uids = invoke(f"values {' '.join(f'--board {uid}' for uid in BOARDS)}")
    assert of_files.exit_code == of_uids.exit_code == 0
    assert _keys(of_files.stdout) == _keys(of_uids.stdout)


def _keys(text: str) -> list[str]:
    return [line.partition("#")[0].rstrip() for line in text.splitlines() if line.partition("#")[0].strip()]


@FAULT
def test_upgrade_knows_the_labels() -> None:
    """An upgrade changes nothing else on a compiled file than on its board."""
    of_file = json.loads(invoke("upgrade --from 1.19 --json boards/hubble-http.json").stdout)
    Path("cilium-dashboards.toml").write_text("")
    Path("plain.json").write_text(invoke("show hubble-http").stdout)
    plain = json.loads(invoke("upgrade --from 1.19 --json plain.json").stdout)
    assert json.dumps(of_file).replace("boards/hubble-http.json", "plain.json") == json.dumps(plain)


@FAULT
def test_the_demo_has_the_labels() -> None:
    """A compiled file is drawn over the synthetic cluster, whose series have the labels of the house."""
    result = invoke("preview --demo node-down --format svg --out pictures boards/cilium-agent.json")
    assert result.exit_code == 0, result.output
    assert "node-4" in Path("pictures/cilium-agent.svg").read_text()


HOUSE = {"k8s_cluster": "east", "pod": "cilium-1", "job": "cilium-agent", "k8s_app": "cilium", "endpoint": "metrics"}


def prometheus(path: str, params: Mapping[str, str], _: Mapping[str, str]) -> tuple[int, Any]:
    """A Prometheus with two agents in two clusters, by the house's labels; series of the first have no `machine`."""
    expr, now = params.get("query", ""), time.time()
    agents = [HOUSE, {**HOUSE, "k8s_cluster": "west", "pod": "cilium-2", "machine": "m1"}]
    agents = [
        agent for agent in agents if f'k8s_cluster="{agent["k8s_cluster"]}"' in expr or "k8s_cluster=" not in expr
    ]
    rows: list[tuple[dict[str, str], float]] = []
    if expr == "time()":
        return 200, {"status": "success", "data": {"resultType": "scalar", "result": [now, str(now)]}}
    if not path.endswith("/query"):
        return 404, "404 page not found"
    if "machine!=" in expr:
        agents = [agent for agent in agents if "machine" in agent]
    if "group by (k8s_cluster)" in expr:
        rows = [({"k8s_cluster": agent["k8s_cluster"]}, 1.0) for agent in agents]
    elif expr.startswith("up{"):
        rows = [({"__name__": "up", **agent}, 1.0) for agent in agents]
    elif expr.startswith(("count by (__name__", "topk by (__name__)")):
        rows = [
            ({"__name__": name, **agent}, 1.0)
            for agent in agents
            for name in ("cilium_version", "cilium_endpoint_state")
        ]
    elif "cilium_endpoint_state" in expr and agents:
        rows = [({}, float(len(agents)))]
    result = [{"metric": labels, "value": [now, str(value)]} for labels, value in rows]
    return 200, {"status": "success", "data": {"resultType": "vector", "result": result}}


@pytest.mark.fault("doctor does not know the house's labels in files: it is silent on a label that is missing")
def test_doctor_knows_the_labels() -> None:
    """A label of the house that series lack is named as the house calls it; clusters are distinguished by its label."""
    query = "sum by (k8s_cluster, machine) (cilium_endpoint_state)"
    Path("own.json").write_text(json.dumps({"uid": "own", "title": "Own", "panels": [panel(query)]}))
    with answering(prometheus) as url:
        line = f"doctor --prometheus {url} --board own.json --json"
        clusters = json.loads(invoke(line).stdout)["clusters"]
        Path("settings.toml").write_text(SETTINGS)
        Path("cilium-dashboards.toml").unlink()
        named = json.loads(invoke(f"{line} --config settings.toml").stdout)["clusters"]
        without = json.loads(invoke(line).stdout)
    assert named == clusters
    (lacking,) = (item for item in clusters["east"]["findings"] if item["rule"] == "missing-label")
    assert lacking["what"] == "series of cilium-agent have no label machine"
    assert "targetLabel: machine" in lacking["fix"]
    assert "missing-label" not in {item["rule"] for item in clusters["west"]["findings"]}
    assert "missing-label" not in {item["rule"] for item in without["findings"]}


def panel(query: str) -> dict[str, Any]:
    """A panel with a query."""
    where = {"x": 0, "y": 0, "w": 12, "h": 8}
    return {
        "id": 1,
        "type": "timeseries",
        "title": "Panel",
        "gridPos": where,
        "targets": [{"refId": "A", "expr": query}],
    }


@pytest.mark.fault("a fork that leaves out boards keeps their committed files, also in their former folder")
def test_boards_of_the_defaults_are_removed() -> None:
    """A clone has the boards of the defaults and no manifest: compile removes those that the settings leave out."""
    Path("none.toml").write_text("")
    assert invoke("compile --quiet --config none.toml").exit_code == 0
    Path("provisioning/.cilium-dashboards/manifest").unlink()
    edited = Path("provisioning/dashboards/Cilium/cilium-bgp.json")
    edited.write_text(edited.read_text().replace("BGP", "bgp"))
    own = Path("provisioning/dashboards/Cilium/own.json")
    own.write_text("{}")
    Path("cilium-dashboards.toml").write_text(
        '[boards]\nwithout = ["cilium-bgp", "cilium-envoy"]\n[folders]\nHubble = "Flows"\n'
    )
    assert "was written for a deleted board" in str(invoke("compile --quiet --check").exception)
    result = invoke("compile --quiet")
    assert result.exit_code == 0
    boards = [path.stem for path in Path("provisioning/dashboards").rglob("*.json")]
    assert sorted(boards) == sorted([*set(uids()) - {"cilium-envoy"}, "own"])
    assert not Path("provisioning/dashboards/Hubble").exists()
    assert f"kept {edited}: its board was deleted or left out, but the file was edited" in result.stderr
    assert str(own) in result.stderr
    assert invoke("compile --quiet --check").exit_code == 0
