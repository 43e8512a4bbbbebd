"""Our values in the real charts of every release: their schemas accept them, the keys exist, and Helm renders them."""

import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import NEWEST, RELEASES, Release, components
from dashboards_py.values.histograms import HISTOGRAM_SWITCHES
from dashboards_py.values.keys import COMPONENTS, DEFAULTS, HANDLERS, METRICS, effective_value, merge_values
from dashboards_py.values.prometheus_spec import spec_of_values, specs_of_objects
from dashboards_py.values.render import to_yaml
from dashboards_py.values.stack import stack
from tests.components import path_of, require
from tests.values.test_values import required_values_tree

LOADER = yaml.CSafeLoader  # ten times as fast as safe_load


def chart(release: Release) -> Path:
    """The chart of a release."""
    directory = path_of("charts")
    return next(directory.glob(f"cilium-{release}.*.tgz"))


def chart_values(release: Release) -> dict[str, Any]:
    """The values.yaml in the chart."""
    with tarfile.open(chart(release)) as archive:
        member = archive.extractfile("cilium/values.yaml")
        assert member is not None
        return dict(yaml.load(io.TextIOWrapper(member, "utf-8"), LOADER))


def rendered_objects(
    chart: Path, name: str, values: dict[str, Any], directory: Path, namespace: str = "some"
) -> list[dict[str, Any]]:
    """The objects that Helm renders for a chart and values as the release `name`, with its schema check."""
    path = directory / "values.yaml"
    path.write_text(yaml.safe_dump(values))
    command = ["helm", "template", name, str(chart), "-n", namespace, "-f", str(path)]
    completed = subprocess.run(
        [*command, "--api-versions", "monitoring.coreos.com/v1"], capture_output=True, text=True, check=False
    )
    assert completed.returncode == 0, completed.stderr
    return [document for document in yaml.load_all(completed.stdout, LOADER) if document]


def dotted(values: dict[str, Any], before: str = "") -> list[str]:
    """The dotted keys of values; below `.labels` any key is valid."""
    keys = []
    for key, value in values.items():
        name = f"{before}{key}"
        keys += dotted(value, f"{name}.") if isinstance(value, dict) and not name.endswith(".labels") else [name]
    return keys


def exists(values: dict[str, Any], key: str) -> bool:
    """Whether values.yaml has the key: Helm ignores unknown ones."""
    *path, last = key.split(".")
    node: Any = values
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    return isinstance(node, dict) and last in node


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_helm_renders_the_monitors_that_boards_need(
    release: Release, tmp_path: Path, report: Callable[[str], None]
) -> None:
    """Five ServiceMonitors with our label on five ports, Hubble's handlers and the agent's metrics as requested."""
    require("helm")
    values = required_values_tree(release)
    assert [key for key in dotted(values) if not exists(chart_values(release), key)] == []
    objects = rendered_objects(chart(release), "cilium", values, tmp_path)
    monitors = {obj["metadata"]["name"]: obj for obj in objects if obj["kind"] == "ServiceMonitor"}
    assert monitors.keys() == {components()[name].service_monitor for name in COMPONENTS}
    services = [obj for obj in objects if obj["kind"] == "Service"]
    for name in COMPONENTS:
        component = components()[name]
        monitor = monitors[str(component.service_monitor)]
        assert monitor["metadata"]["labels"]["release"] == "prometheus"
        (endpoint,) = (
            candidate for candidate in monitor["spec"]["endpoints"] if candidate["port"] == component.port_name
        )
        assert endpoint["interval"] == "30s"
        selected = monitor["spec"]["selector"]["matchLabels"].items()
        ports = {
            port["port"]
            for service in services
            if selected <= service["metadata"]["labels"].items()
            for port in service["spec"]["ports"]
            if port.get("name") == endpoint["port"]
        }
        assert ports == {component.port}
        to_node = any(relabeling.get("targetLabel") == "node" for relabeling in endpoint.get("relabelings") or ())
        assert to_node == component.has_node
        report(f"cilium {release}  {component.service_monitor:<16} {component.port}  release=prometheus")
    (config,) = (obj["data"] for obj in objects if obj["metadata"]["name"] == "cilium-config")
    assert config["hubble-metrics"].split() == values["hubble"]["metrics"]["enabled"]
    assert config["metrics"].split() == values["prometheus"]["metrics"]


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_the_defaults_are_the_charts(release: Release) -> None:
    """The defaults that `values --check` assumes are those of values.yaml."""
    values = chart_values(release)
    for key, value in DEFAULTS.items():
        assert effective_value(values, key) == value
        assert exists(values, key), key
    for name in COMPONENTS:
        for setting in components()[name].enabled_by:
            default = effective_value(values, setting.key)
            assert (default or None) == (DEFAULTS.get(setting.key) or None), setting.key
    assert (effective_value(values, HANDLERS), effective_value(values, METRICS)) == (None, None)


def nested(key: str, value: object) -> dict[str, Any]:
    """Values with one dotted key, and all ServiceMonitors enabled."""
    for part in reversed(key.split(".")):
        value = {part: value}
    monitor = {"prometheus": {"enabled": True, "serviceMonitor": {"enabled": True}}}
    on = {**monitor, "envoy": monitor, "operator": monitor}
    mesh = {"useAPIServer": True, "apiserver": {"metrics": {"serviceMonitor": {"enabled": True}}}}
    return merge_values({**on, "clustermesh": mesh}, value)  # type: ignore[arg-type]  # a dotted key has become a map


def names_of(values: dict[str, Any], directory: Path) -> set[tuple[str, str, str]]:
    """The objects that Helm renders, the names of their ports, and the enabled keys of the configuration."""
    objects = rendered_objects(chart(NEWEST), "cilium", values, directory)
    names = {(obj["kind"], obj["metadata"]["name"], "") for obj in objects}
    for obj in objects:
        if obj["kind"] == "ConfigMap":
            keys = {name for name, text in obj["data"].items() if text not in (None, "", "false")}
            names |= {("ConfigMap", obj["metadata"]["name"], name) for name in keys}
        containers = obj.get("spec", {}).get("template", {}).get("spec", {}).get("containers", ())
        ports = {port["name"] for container in containers for port in container.get("ports", ())}
        names |= {(obj["kind"], obj["metadata"]["name"], name) for name in ports}
    return names


@pytest.fixture(scope="module")
def enabled_names(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str]]:
    """The same with all keys of DEFAULTS on."""
    require("helm")
    values: dict[str, Any] = {}
    for key in DEFAULTS:
        values = merge_values(values, nested(key, True))
    return names_of(values, tmp_path_factory.mktemp("enabled"))


@pytest.mark.fault("a value that is null is read as the chart's default, which Helm deletes")
@pytest.mark.parametrize("key", DEFAULTS)
def test_helm_turns_off_what_is_null(key: str, tmp_path: Path, enabled_names: set[tuple[str, str, str]]) -> None:
    """Null for a key that is on by default renders the same objects as false, and not those of true."""
    require("helm")

    assert effective_value(nested(key, None), key) is False
    without = names_of(nested(key, None), tmp_path)
    assert without == names_of(nested(key, False), tmp_path)
    assert without != enabled_names


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_the_chart_needs_the_crds(release: Release, tmp_path: Path) -> None:
    """The chart refuses our values on a cluster without the kind ServiceMonitor: `verify` advises to install it.

    With the kind it renders them, as the first test proves.
    """
    require("helm")
    (tmp_path / "values.yaml").write_text(yaml.safe_dump(required_values_tree(release)))
    command = ["helm", "template", "cilium", str(chart(release)), "-f", str(tmp_path / "values.yaml")]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "Service Monitor requires monitoring.coreos.com/v1 CRDs" in refused.stderr


@pytest.mark.parametrize("name", ["prometheus", "kps"])
def test_the_stack_selects_ciliums_monitors_and_boards(tmp_path: Path, name: str) -> None:
    """The stack selects our label, sets our interval in Prometheus and Grafana, and maps annotations to folders."""
    require("helm")
    (path,) = path_of("charts").glob("kube-prometheus-stack-*.tgz")
    values = yaml.safe_load(to_yaml(stack(selected_by=name, interval="15s"), ""))
    with tarfile.open(path) as archive:
        for key in dotted(values):
            inner = (
                "kube-prometheus-stack/charts/grafana/values.yaml"
                if key.startswith("grafana.")
                else "kube-prometheus-stack/values.yaml"
            )
            member = archive.extractfile(inner)
            assert member is not None
            selector_key = key.removeprefix("grafana.").removesuffix(".matchLabels.release")
            assert exists(yaml.load(member, LOADER), selector_key), key
    objects = rendered_objects(path, name, values, tmp_path)
    (prometheus,) = (obj["spec"] for obj in objects if obj["kind"] == "Prometheus")
    assert prometheus["serviceMonitorSelector"] == {"matchLabels": {"release": name}}
    assert prometheus["scrapeInterval"] == "15s"
    (grafana,) = (obj for obj in objects if obj["kind"] == "Deployment" and "grafana" in obj["metadata"]["name"])
    sidecars = {container["name"]: container for container in grafana["spec"]["template"]["spec"]["containers"]}
    env = {variable["name"]: variable.get("value") for variable in sidecars["grafana-sc-dashboard"]["env"]}
    assert env["FOLDER_ANNOTATION"] == "grafana_folder"
    text = "".join(value for obj in objects if obj["kind"] == "ConfigMap" for value in obj["data"].values())
    assert "timeInterval: 15s" in text
    assert "foldersFromFilesStructure: true" in text


@pytest.mark.fault("`values` does not look at how the Prometheus stores histograms")
@pytest.mark.parametrize(
    "spec",
    [
        {},
        dict.fromkeys(HISTOGRAM_SWITCHES, True),
        dict.fromkeys(HISTOGRAM_SWITCHES, False),
        dict.fromkeys(HISTOGRAM_SWITCHES),
        {"scrapeNativeHistograms": "true", "scrapeClassicHistograms": "false", "convertClassicHistogramsToNHCB": ""},
        {"serviceMonitorSelectorNilUsesHelmValues": False},
        {"serviceMonitorSelectorNilUsesHelmValues": None},
        {"serviceMonitorSelector": {"matchExpressions": [{"key": "team", "operator": "Exists"}]}},
        {"serviceMonitorSelector": None},
    ],
    ids=str,
)
def test_the_stack_as_values_check_reads_it(tmp_path: Path, spec: dict[str, Any]) -> None:
    """The values give the same selector and switches as the Prometheus that Helm renders from them."""
    require("helm")
    (path,) = path_of("charts").glob("kube-prometheus-stack-*.tgz")
    values = {"prometheus": {"prometheusSpec": spec}}
    (rendered,) = (obj for obj in rendered_objects(path, "kps", values, tmp_path) if obj["kind"] == "Prometheus")
    (by_object,) = specs_of_objects(rendered, "rendered")
    by_values = spec_of_values(values, "kps")
    assert by_values
    assert by_values.selector == by_object.selector
    switched_on = [switch for switch in HISTOGRAM_SWITCHES if by_object.storage.prometheus.get(switch)]
    assert [switch for switch in HISTOGRAM_SWITCHES if by_values.storage.prometheus[switch]] == switched_on


@pytest.mark.parametrize("enabled", [False, None], ids=str)
def test_a_stack_without_a_prometheus(tmp_path: Path, enabled: bool | None) -> None:
    """If `values stack --check` reports that the stack has no Prometheus, Helm renders none."""
    require("helm")
    (path,) = path_of("charts").glob("kube-prometheus-stack-*.tgz")
    values = {"prometheus": {"enabled": enabled}}
    assert spec_of_values(values, "kps") is None
    assert [obj for obj in rendered_objects(path, "kps", values, tmp_path) if obj["kind"] == "Prometheus"] == []


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_ciliums_chart_has_no_switches_for_histograms(release: Release) -> None:
    """No template has one: only an edited ServiceMonitor overrides the Prometheus."""
    with tarfile.open(chart(release)) as archive:
        members = [member for member in archive.getmembers() if member.name.endswith("servicemonitor.yaml")]
        texts = [file.read().decode() for member in members if (file := archive.extractfile(member))]
    assert any("kind: ServiceMonitor" in text for text in texts)
    assert [switch for switch in HISTOGRAM_SWITCHES if any(switch in text for text in texts)] == []
