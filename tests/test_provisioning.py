"""provisioning/: ConfigMaps for the sidecar, a provider for files, and the boards that replace upstream's IDs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from dashboards_py.catalog import NEWEST
from dashboards_py.catalog.upstream import published
from dashboards_py.cli import cli
from dashboards_py.compile import compile_boards, compile_recordings
from dashboards_py.compiled import Compiled
from dashboards_py.configuration import Configuration
from dashboards_py.configuration.values import Labels
from dashboards_py.errors import DashboardsError
from dashboards_py.promql import labels
from dashboards_py.provisioning import provisioning_files, rule_files, upstream

IDS = {
    21431: "cilium-agent",
    21329: "cilium-envoy",
    19424: "hubble-network",
    19423: "hubble-http",
    19425: "hubble-dns",
    16613: "hubble-overview",
    16612: "cilium-operator",
}


def loaded(name: str) -> Any:
    """A YAML file of the tree."""
    return yaml.safe_load(provisioning_files()[name])


def test_every_board_is_a_config_map_of_its_own() -> None:
    """One ConfigMap for each board: labelled, with its folder, no hash, no namespace, unique data keys."""
    kustomization: Mapping[str, Any] = loaded("kustomization.yaml")
    assert "namespace" not in kustomization
    assert kustomization["generatorOptions"]["disableNameSuffixHash"] is True
    assert kustomization["generatorOptions"]["labels"]["grafana_dashboard"] == "1"
    generators = {generator["name"]: generator for generator in kustomization["configMapGenerator"]}
    boards = compile_boards()
    assert generators.keys() == {f"cilium-dashboards-{board.uid}" for board in boards}
    for board in boards:
        generator = generators[f"cilium-dashboards-{board.uid}"]
        assert generator["options"]["annotations"] == {"grafana_folder": board.folder}
        assert generator["files"] == [f"{board.uid}.json=dashboards/{board.folder}/{board.uid}.json"]
        assert f"dashboards/{board.folder}/{board.uid}.json" in provisioning_files()
    keys = [generator["files"][0].split("=")[0] for generator in generators.values()]
    assert len(keys) == len(set(keys))
    assert {board.folder for board in boards} == {"Cilium", "Hubble"}


def test_the_provider_maps_directories_to_folders() -> None:
    """Grafana reads the boards from one directory, and its subdirectories become folders."""
    (provider,) = loaded("dashboards.yaml")["providers"]
    assert provider["type"] == "file"
    assert provider["options"]["foldersFromFilesStructure"] is True
    assert provider["allowUiUpdates"] is False


def test_each_upstream_id_has_its_replacement() -> None:
    """The seven IDs, each with the board that replaces it; the two old ones are pinned to revision 1."""
    rows = {row["id"]: row for row in loaded("upstream.yaml")["dashboards"]}
    assert {number: row["replaced_by"] for number, row in rows.items()} == IDS
    assert {number: row["revision"] for number, row in rows.items() if row["revision"]} == {16612: 1, 16613: 1}
    assert rows[21431]["chart_file"] == "files/cilium-agent/dashboards/cilium-dashboard.json"


def test_the_originals_can_be_imported_next_to_ours() -> None:
    """The snippet names each ID in list form under a provider of the same name, which the chart needs to load them."""
    grafana = loaded("upstream-values.yaml")["grafana"]
    (provider,) = grafana["dashboardProviders"]["cilium-upstream.yaml"]["providers"]
    boards = grafana["dashboards"][provider["name"]]
    assert provider["options"]["path"].endswith(f"/{provider['name']}")
    assert {board["gnetId"] for board in boards.values()} == IDS.keys()
    assert all(board["datasource"] == [{"name": "DS_PROMETHEUS", "value": "Prometheus"}] for board in boards.values())
    assert all("revision" not in board or board["revision"] == 1 for board in boards.values())


def compiled(uid: str, *replaces: int) -> Compiled:
    """A board that replaces these IDs."""
    return Compiled(uid, uid, "Cilium", "{}\n", replaces, ())


def test_two_boards_for_one_id_are_refused() -> None:
    """The error names both boards."""
    with pytest.raises(DashboardsError, match="21431: both a and b claim to replace it"):
        upstream([compiled("a", 21431), compiled("b", 21431)])


def test_an_unlisted_id_is_refused() -> None:
    """The error names the file to edit."""
    with pytest.raises(DashboardsError, match=r"4711: a replaces it, but .*upstream.json does not list it"):
        upstream([compiled("a", 4711)])


def test_an_id_without_replacement() -> None:
    """An ID that no board replaces is listed without one."""
    assert {row["replaced_by"] for row in upstream([])} == {None}
    assert len(published()) == 7


RECORDED = Configuration(recorded=True)


def groups_in(files: Mapping[str, bytes], name: str) -> list[Any]:
    """The groups of a file of rules."""
    document = yaml.safe_load(files[f"rules/{name}.yaml"])
    groups: list[Any] = document["spec"]["groups"] if "spec" in document else document["groups"]
    return groups


@pytest.mark.parametrize("name", ["prometheus", "prometheusrule", "mimir", "vmrule", "grafana"])
def test_recording_rules_come_with_the_alerts(name: str) -> None:
    """In each format whose servers can record, behind the same alerts, and only where boards read recorded series."""
    without, files = rule_files(), rule_files(NEWEST, RECORDED)
    before, after = groups_in(without, name), groups_in(files, name)
    assert after[: len(before)] == before
    added = [rule for group in after[len(before) :] for rule in group["rules"]]
    rules = [rule for group in compile_recordings(NEWEST, RECORDED) for rule in group.recordings]
    if name == "grafana":
        assert added == []
    elif name == "vmrule":
        assert not any("histogram_count" in rule["expr"] or "histogram_sum" in rule["expr"] for rule in added)
        assert {rule["record"] for rule in added} == {rule.record for rule in rules if rule.classic_expr}
    else:
        assert added == [{"record": rule.record, "expr": rule.expr, "labels": {"all_nodes": ".*"}} for rule in rules]


def test_recording_rules_have_the_labels_of_a_house() -> None:
    """Rules aggregate by its label of clusters, which boards match."""
    house = Configuration(recorded=True, labels=Labels(cluster="k8s_cluster", node="host"))
    rules = [rule for group in compile_recordings(NEWEST, house) for rule in group.recordings]
    assert not any(labels(rule.expr) & {"cluster", "node"} for rule in rules)
    assert "count by (k8s_cluster, version) (cilium_version)" in {rule.expr for rule in rules}
    text = "".join(board.json for board in compile_boards(NEWEST, house))
    assert "cluster:cilium_version:count{k8s_cluster=~" in text


def test_the_command_line_chooses_recorded_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`compile --recorded` writes next to provisioning/, and `deploy` warns where the rules are left behind."""
    monkeypatch.chdir(tmp_path)
    compiled = CliRunner().invoke(cli, ["compile", "--recorded"])
    assert compiled.exit_code == 0, compiled.output
    assert f"build/cilium-{NEWEST}-recorded:" in compiled.output
    for options, warns in ((("--recorded",), True), (("--recorded", "--rules"), False), ((), False)):
        deployed = CliRunner().invoke(cli, ["deploy", "files", "--dry-run", *options])
        assert deployed.exit_code == 0, deployed.output
        assert ("these boards read recorded series" in deployed.output) is warns
