"""Boards in the documents that people keep them in, and `values --board` for any board."""

import base64
import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound
from dashboards_py.targets._perses import perses_dashboard
from tests.components import path_of
from tests.field.v2_twin import resource

FAULT = pytest.mark.fault("dashboards in ConfigMaps, custom resources and mixins are not read")
FILLED = pytest.mark.fault("values that are printed for a board do not fill it, or another board's parts are refused")
EXPR = "sum by (code) (rate(hubble_drop_total[$__rate_interval]))"


def panel(title: str, *exprs: str, **more: Any) -> dict[str, Any]:
    """A panel with these queries."""
    targets = [{"refId": chr(65 + index), "expr": expr} for index, expr in enumerate(exprs)]
    return {"id": 1, "type": "timeseries", "title": title, "datasource": {"uid": "${ds}"}, "targets": targets, **more}


def board(*panels: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A classic board."""
    source = {"name": "ds", "type": "datasource", "query": "prometheus"}
    return {"uid": "plain", "title": "plain", "panels": list(panels), "templating": {"list": [source]}, **more}


BOARD = board(panel("Denied", EXPR))
TEXT = json.dumps(BOARD)
PERSES = perses_dashboard(BOARD)


def manifest(kind: str, version: str, **more: Any) -> dict[str, Any]:
    """A Kubernetes object."""
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "x", "namespace": "y"}, **more}


def grafana_dashboard(**spec: Any) -> dict[str, Any]:
    """A GrafanaDashboard of grafana-operator."""
    return manifest("GrafanaDashboard", "grafana.integreatly.org/v1beta1", spec=spec)


def config_map(**data: str) -> dict[str, Any]:
    """A ConfigMap."""
    return manifest("ConfigMap", "v1", data={f"{key}.json": value for key, value in data.items()})


PACKED = base64.b64encode(gzip.compress(TEXT.encode(), mtime=0)).decode()
SECRET = {
    "metadata": {"name": "x", "labels": {"grafana_dashboard": "1"}},
    "data": {"k": base64.b64encode(TEXT.encode()).decode()},
}
# By name: the documents, and document and path in findings.
WRAPPED: Mapping[str, tuple[list[Any], str]] = {
    "classic, as YAML": ([BOARD], ""),
    "envelope of the API": ([{"dashboard": BOARD, "meta": {}}], ""),
    "v0alpha1": (
        [
            {
                "apiVersion": "dashboard.grafana.app/v0alpha1",
                "kind": "Dashboard",
                "metadata": {"name": "plain"},
                "spec": BOARD,
            }
        ],
        "",
    ),
    "v1beta1 without uid": (
        [
            {
                "apiVersion": "dashboard.grafana.app/v1beta1",
                "metadata": {"name": "plain"},
                "spec": {**BOARD, "uid": None},
            }
        ],
        "",
    ),
    "v2": ([resource(BOARD)], ""),
    "bare v2 spec": ([resource(BOARD)["spec"]], ""),
    "PersesDashboard": (
        [manifest("PersesDashboard", "perses.dev/v1alpha2", spec={"config": PERSES})],
        "",
    ),
    "PersesDashboard v1alpha1": (
        [manifest("PersesDashboard", "perses.dev/v1alpha1", spec=PERSES)],
        "",
    ),
    "Perses' own": ([{"kind": "Dashboard", "metadata": {"name": "x"}, "spec": PERSES}], ""),
    "ConfigMap": ([config_map(a=TEXT)], "ConfigMap y/x: data[a.json]"),
    "ConfigMap among others": ([manifest("Deployment", "apps/v1"), config_map(a=TEXT)], "ConfigMap y/x: data[a.json]"),
    "ConfigMap with another JSON": ([config_map(a=TEXT, b='{"level": "debug"}')], "ConfigMap y/x: data[a.json]"),
    "ConfigMap with v2": ([config_map(a=json.dumps(resource(BOARD)["spec"]))], "ConfigMap y/x: data[a.json]"),
    "Secret": ([{**manifest("Secret", "v1"), **SECRET}], "Secret x: data[k]"),
    "List": ([{"apiVersion": "v1", "kind": "List", "items": [config_map(a=TEXT)]}], "ConfigMap y/x: data[a.json]"),
    "GrafanaDashboard, json": ([grafana_dashboard(json=TEXT)], "GrafanaDashboard y/x: spec.json"),
    "GrafanaDashboard, gzipJson": ([grafana_dashboard(gzipJson=PACKED)], "GrafanaDashboard y/x: spec.gzipJson"),
    "GrafanaDashboard, configMapRef": (
        [grafana_dashboard(configMapRef={"name": "x", "key": "a.json"}), config_map(a=TEXT)],
        "GrafanaDashboard y/x: spec.configMapRef",
    ),
    "Helm values of Grafana": (
        [{"dashboards": {"default": {"a": {"json": TEXT}, "b": {"gnetId": 16611}}}}],
        "dashboards.default.a.json",
    ),
    "HelmRelease of Grafana": (
        [
            manifest(
                "HelmRelease",
                "helm.toolkit.fluxcd.io/v2",
                spec={"values": {"dashboards": {"default": {"a": {"json": TEXT}}}}},
            )
        ],
        "HelmRelease y/x: spec.values.dashboards.default.a.json",
    ),
    "HelmChart of the stack": (
        [
            manifest(
                "HelmChart",
                "helm.cattle.io/v1",
                spec={"valuesContent": yaml.safe_dump({"grafana": {"dashboards": {"c": {"a": {"json": TEXT}}}}})},
            )
        ],
        "HelmChart y/x: spec.valuesContent.grafana.dashboards.c.a.json",
    ),
    "mixin": ([{"grafanaDashboards": {"a.json": BOARD}}], "grafanaDashboards[a.json]"),
}


def run(*args: str) -> Result:
    """A command."""
    return CliRunner().invoke(cli, list(args))


def write(directory: Path, documents: list[Any], name: str = "file") -> str:
    """A file with the documents: JSON if it can be."""
    path = directory / (f"{name}.json" if len(documents) == 1 and "YAML" not in str(directory) else f"{name}.yaml")
    path.write_text(json.dumps(documents[0]) if path.suffix == ".json" else yaml.safe_dump_all(documents))
    return str(path)


@FAULT
@pytest.mark.parametrize("as_yaml", [False, True], ids=["JSON", "YAML"])
@pytest.mark.parametrize(("documents", "where"), WRAPPED.values(), ids=WRAPPED)
def test_a_board_in_another_document(tmp_path: Path, documents: list[Any], where: str, as_yaml: bool) -> None:
    """Lint finds the same, and names file, document and path; other commands read it, too."""
    directory = tmp_path / "YAML" if as_yaml else tmp_path
    directory.mkdir(exist_ok=True)
    path = write(directory, documents)
    linted = run("lint", path)
    shown = ": ".join(filter(None, (path, where)))
    assert f"{shown} / Denied [unknown-label]\n    sum by (code): none of the series has code on 1.20" in linted.stdout
    assert linted.stdout.endswith("1 panel on Cilium 1.20: 1 found, 0 excused\n")
    assert EXPR in run("outline", path).stdout
    assert "- drop" in run("values", "--board", path).stdout
    assert "Denied" in run("lint", str(directory)).stdout
    upgraded = run("upgrade", path, "--from", "1.19", "--json")
    assert upgraded.exception is None or isinstance(upgraded.exception, ProblemsFound | SystemExit)


@FAULT
def test_several_boards(tmp_path: Path) -> None:
    """Each board of a ConfigMap and of a directory is named by its key or file; files of others are skipped."""
    several = config_map(a=json.dumps(board(panel("One", EXPR))), b=json.dumps(board(panel("Two", EXPR))))
    write(tmp_path, [several, manifest("Service", "v1")], "more")
    (tmp_path / "values.yaml").write_text("hubble: {enabled: true}")
    (tmp_path / "chart.yaml.tpl").write_text("kind: ConfigMap\ndata:\n  {{- range .Files }}\n")
    (tmp_path / "one.yaml.tpl").write_text(yaml.safe_dump(grafana_dashboard(json=TEXT)))
    lines = [
        line.removeprefix(f"{tmp_path}/") for line in run("lint", str(tmp_path)).stdout.splitlines() if "[" in line
    ]
    assert [line.partition(" [")[0] for line in lines] == [
        "more.yaml: ConfigMap y/x: data[a.json] / One",
        "more.yaml: ConfigMap y/x: data[b.json] / Two",
        "one.yaml.tpl: GrafanaDashboard y/x: spec.json / Denied",
    ]


@FAULT
def test_a_reference_to_another_file_of_the_tree(tmp_path: Path) -> None:
    """The ConfigMap's board is read once, as the GrafanaDashboard's; alone, the reference is named as unread."""
    (tmp_path / "deep").mkdir()
    reference = grafana_dashboard(configMapRef={"name": "x", "key": "a.json"})
    (tmp_path / "d.yaml").write_text(yaml.safe_dump(reference))
    (tmp_path / "deep" / "c.yaml").write_text(yaml.safe_dump(config_map(a=TEXT)))
    linted = run("lint", str(tmp_path))
    assert "GrafanaDashboard y/x: spec.configMapRef / Denied" in linted.stdout
    assert "1 panel" in linted.stdout
    alone = run("lint", str(tmp_path / "d.yaml"))
    assert isinstance(alone.exception, DashboardsError)
    assert "ConfigMap y/x, key a.json, is not in these files" in str(alone.exception)


@pytest.mark.fault("dashboards that Kustomize or a chart puts into ConfigMaps are not read, or called invalid")
def test_config_maps_that_kustomize_generates(tmp_path: Path) -> None:
    """Each board is read once: as a file, as the ConfigMap of another file, or as what a GrafanaDashboard refers to."""
    exported = board(panel("Denied", EXPR, datasource={"uid": "${DS_PROM}"}), templating={"list": []})
    for name in ("one.json", "two.txt", "three.json"):
        (tmp_path / name).write_text(json.dumps(exported if name == "three.json" else BOARD))
    labels = {"labels": {"grafana_dashboard": "1"}}
    generators = [
        {"name": "x", "files": ["one.json", "two.json=two.txt", "three.json"], "options": labels},
        {"name": "other", "files": ["settings.ini"]},
    ]
    kustomization = tmp_path / "kustomization.yaml"
    kustomization.write_text(yaml.safe_dump({"namespace": "y", "configMapGenerator": generators}))
    filled = [{"inputName": "DS_PROM", "datasourceName": "prometheus"}]
    reference = grafana_dashboard(configMapRef={"name": "x", "key": "three.json"}, datasources=filled)
    (tmp_path / "three.yaml").write_text(yaml.safe_dump(reference))
    linted = run("lint", str(tmp_path))
    lines = [line.removeprefix(f"{tmp_path}/") for line in linted.stdout.splitlines() if "[unknown-label]" in line]
    assert [line.partition(" /")[0] for line in lines] == [
        "kustomization.yaml: ConfigMap y/x: data[two.json]",
        "one.json",
        "three.yaml: GrafanaDashboard y/x: spec.configMapRef",
    ]
    assert isinstance(linted.exception, ProblemsFound)
    assert "undefined" not in linted.stdout
    alone = run("lint", str(kustomization)).stdout
    assert [key for key in ("one.json", "two.json", "three.json") if f"data[{key}] / Denied" in alone] == [
        "one.json",
        "two.json",
        "three.json",
    ]


@pytest.mark.fault("dashboards that Kustomize or a chart puts into ConfigMaps are not read, or called invalid")
def test_templates_of_a_chart_are_named(tmp_path: Path) -> None:
    """Its dashboards are files that are read; what puts them into ConfigMaps is a template."""
    for folder in ("dashboards", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "dashboards" / "one.json").write_text(TEXT)
    glob = '{{- range $path, $_ := .Files.Glob "dashboards/*.json" }}\n---\napiVersion: v1\nkind: ConfigMap\n'
    end = "metadata: {labels: {grafana_dashboard: '1'}}\n{{- end }}"
    (tmp_path / "templates" / "x.yaml").write_text(glob + end)
    (tmp_path / "dashboards" / "two.json").write_text(TEXT.replace("{", '{"x": {{ .Values.x }},', 1))
    linted = run("lint", str(tmp_path))
    assert isinstance(linted.exception, PartlyDone)
    assert "Denied" in linted.stdout
    assert str(linted.exception).count("is a template, not what it renders to") == 2


@pytest.mark.fault("inputs that grafana-operator fills with its datasources are called undefined")
@pytest.mark.parametrize(
    "inputs", [[], [{"name": "DS_PROM", "type": "datasource"}]], ids=["without inputs", "an export"]
)
def test_inputs_that_the_operator_fills(tmp_path: Path, inputs: list[Any]) -> None:
    """`datasources` fill `${DS_PROM}`; without them it is a finding."""
    exported = board(panel("Agents", "count(cilium_version)", datasource={"uid": "${DS_PROM}"}))
    exported |= {"templating": {"list": []}, "__inputs": inputs}
    filled = [{"inputName": "DS_PROM", "datasourceName": "prometheus"}]
    assert "DS_PROM" in run("lint", write(tmp_path, [exported])).stdout
    documents = [grafana_dashboard(json=json.dumps(exported), datasources=filled)]
    assert "DS_PROM" not in run("lint", write(tmp_path, documents)).stdout


UNREAD: Mapping[str, tuple[Any, str]] = {
    "Perses without layouts": (manifest("PersesDashboard", "perses.dev/v1alpha2", spec={}), "has no layouts"),
    "a URL": (grafana_dashboard(url="https://example.com/x.json"), "its dashboard is at a URL"),
    "grafana.com": (grafana_dashboard(grafanaCom={"id": 1}), "its dashboard is on grafana.com"),
    "Jsonnet": (grafana_dashboard(jsonnet="{}"), "its dashboard is Jsonnet"),
    "no dashboard": (grafana_dashboard(), "it holds no dashboard"),
    "not gzip": (grafana_dashboard(gzipJson="eA=="), "is not gzip in base64"),
    "broken JSON": (grafana_dashboard(json="{"), "is not JSON"),
    "broken JSON of a board": (
        {
            **manifest("ConfigMap", "v1", data={"a.json": "{"}),
            "metadata": {"name": "x", "labels": {"grafana_dashboard": "1"}},
        },
        "is not JSON",
    ),
    "another object": (manifest("Deployment", "apps/v1"), "holds no dashboard, but Deployment x"),
    "a ConfigMap without any": (config_map(a='{"level": "debug"}'), "holds no dashboard, but ConfigMap y/x"),
    "a library panel": (
        {"apiVersion": "dashboard.grafana.app/v0alpha1", "kind": "LibraryPanel", "spec": {}},
        "is a library panel",
    ),
}


@FAULT
@pytest.mark.parametrize(("document", "cause"), UNREAD.values(), ids=UNREAD)
def test_what_is_no_board_is_named(tmp_path: Path, document: Any, cause: str) -> None:
    """Alone it is an error, among others the command is partly done; nothing is taken for an empty board."""
    path = tmp_path / "it.yaml"
    path.write_text(yaml.safe_dump(document))
    for args in (("lint", str(path)), ("outline", str(path)), ("values", "--board", str(path))):
        result = run(*args)
        assert isinstance(result.exception, DashboardsError)
        assert (result.exception.exit_code, cause in str(result.exception)) == (2, True), str(result.exception)
    both = run("lint", str(path), write(tmp_path, [BOARD]))
    assert isinstance(both.exception, PartlyDone)
    assert cause in str(both.exception)


def round_trip(path: str, release: str = "1.20") -> tuple[Result, Result]:
    """`values --board X | values --check - --board X`."""
    printed = run("values", "--cilium", release, "--board", path)
    args = ["values", "--cilium", release, "--check", "-", "--board", path]
    return printed, CliRunner().invoke(cli, args, input=printed.stdout)


BOARDS: Mapping[str, tuple[dict[str, Any], str]] = {
    "by source": (
        board(panel("Top", "topk(9, sum by (source) (hubble_flows_processed_total))")),
        "sourceContext=workload",
    ),
    "by both sides": (
        board(panel("Top", 'sum by (source, destination) (rate(hubble_drop_total{source=~"shop/.*"}[5m]))')),
        "destinationContext=workload",
    ),
    "only in the legend": (
        board(
            {
                **panel("Top", ""),
                "targets": [{"refId": "A", "expr": "rate(hubble_drop_total[5m])", "legendFormat": "{{source_pod}}"}],
            }
        ),
        "labelsContext=source_pod",
    ),
    "in a variable": (
        board(
            panel("Drops", "hubble_drop_total"),
            templating={
                "list": [{"name": "n", "type": "query", "query": "label_values(hubble_drop_total, source_namespace)"}]
            },
        ),
        "labelsContext=source_namespace",
    ),
    "a foreign metric": (board(panel("Pods", "kube_pod_status_ready"), panel("Drops", "hubble_drop_total")), "- drop"),
    "a removed metric": (
        board(panel("Old", "cilium_endpoint_regenerations"), panel("Drops", "hubble_drop_total")),
        "- drop",
    ),
    "Loki": (
        board(panel("Logs", '{app="x"}', datasource={"type": "loki", "uid": "l"}), panel("Drops", "hubble_drop_total")),
        "- drop",
    ),
    "an empty query": (board(panel("Drops", "hubble_drop_total", "")), "- drop"),
    "dns with many labels": (
        board(
            panel(
                "DNS",
                "sum by (rcode, source, destination, source_ip, source_app) (hubble_dns_responses_total)",
            )
        ),
        "sourceContext",
    ),
}


@FILLED
@pytest.mark.parametrize(("document", "printed"), BOARDS.values(), ids=BOARDS)
def test_printed_values_fill_the_board(tmp_path: Path, document: dict[str, Any], printed: str) -> None:
    """Check of what is printed is clean; what is not Cilium's is skipped."""
    values, checked = round_trip(write(tmp_path, [document]))
    assert values.exception is None
    assert printed in values.stdout
    assert (checked.exception, checked.stdout) == (None, "")


@FILLED
def test_what_no_value_can_give(tmp_path: Path) -> None:
    """Panels of http stay empty where others need httpV2: both commands name them, and check is content."""
    both = board(
        panel(
            "Latency", "histogram_quantile(0.9, sum by (le) (rate(hubble_http_request_duration_seconds_bucket[5m])))"
        ),
        panel("Responses", "sum by (status) (rate(hubble_http_responses_total[5m]))"),
    )
    values, checked = round_trip(write(tmp_path, [both]))
    assert "Responses: Cilium does not accept http together with httpV2" in values.stderr
    assert "excluded  plain / Responses" in checked.stdout
    assert checked.exception is None


@FILLED
def test_upstream_boards_through_every_command() -> None:
    """No command refuses one of Cilium's own boards, and the values printed for each of them fill it."""
    for path in sorted(Path(path_of("upstream-boards")).rglob("*.json")):
        release = path.parent.name.removeprefix("cilium-").rpartition(".")[0]
        values, checked = round_trip(str(path), release)
        assert values.exception is None, path
        assert checked.exception is None, (path, checked.stdout)
        for args in (
            ("lint", str(path), "--cilium", release),
            ("outline", str(path)),
            ("upgrade", str(path), "--from", "1.17", "--to", "1.20"),
            ("values", "--merge-with", "-", "--board", str(path), "--cilium", release),
        ):
            result = CliRunner().invoke(cli, list(args), input="{}")
            assert result.exception is None or isinstance(result.exception, ProblemsFound), (args, result.exception)
