"""Selection of ServiceMonitors by labels: a finding only if the user says what is selected."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError, ProblemsFound
from tests.cluster.plans import planned_up, with_cilium
from tests.values.test_values import required_values_tree

FAULT = pytest.mark.fault("panels are called empty for a label `release` that nobody said is selected")


def checked(directory: Path, values: dict[str, Any], *args: str) -> str:
    """The findings of `values --check`."""
    path = directory / "mine.yaml"
    path.write_text(yaml.safe_dump(values))
    return CliRunner().invoke(cli, ["values", "--check", str(path), *args]).stdout


@FAULT
def test_labels_are_a_finding_only_if_the_selector_is_stated(tmp_path: Path) -> None:
    """Values without labels are fine, unless --release names a label."""
    values = required_values_tree(labels={})
    assert "does not select" not in checked(tmp_path, values)
    assert "does not select" in checked(tmp_path, values, "--release", "kps")


@FAULT
def test_common_labels_count(tmp_path: Path) -> None:
    """The chart puts commonLabels on ServiceMonitors from 1.17 on, and not in 1.16."""
    values = {**required_values_tree(labels={}), "commonLabels": {"release": "kps"}}
    assert "does not select" not in checked(tmp_path, values, "--release", "kps", "--cilium", "1.17")
    assert "does not select" in checked(tmp_path, values, "--release", "kps", "--cilium", "1.16")


@FAULT
def test_a_selector_is_stated_by_its_labels(tmp_path: Path) -> None:
    """--selector, several times or with commas: labels that are missing are named, and the printed values have them."""
    values = required_values_tree(labels={"team": "net"})
    assert "does not select" not in checked(tmp_path, values, "--selector", "team=net")
    findings = checked(tmp_path, values, "--selector", "team=net,tier=infra")
    assert "labels.tier is not infra" in findings
    assert "labels.team is not" not in findings
    printed = CliRunner().invoke(cli, ["values", "--selector", "team=net", "--selector", "tier=infra"]).stdout
    assert yaml.safe_load(printed)["prometheus"]["serviceMonitor"]["labels"] == {"team": "net", "tier": "infra"}
    merged = CliRunner().invoke(
        cli, ["values", "--merge-with", str(tmp_path / "mine.yaml"), "--selector", "tier=infra"]
    )
    assert yaml.safe_load(merged.stdout)["prometheus"]["serviceMonitor"]["labels"] == {"tier": "infra"}


@FAULT
@pytest.mark.parametrize("selector", ["", "a", "=b", "a==b", "a!=b", "a=b,a=c"])
def test_what_is_no_selector(selector: str) -> None:
    """A usage error quotes it."""
    result = CliRunner().invoke(cli, ["values", "--selector", selector])
    assert (result.exit_code, "--selector" in result.stderr) == (2, True)


PROMETHEUS = {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "metadata": {"name": "k8s"}}


@FAULT
@pytest.mark.parametrize(
    ("stack", "missing"),
    [
        ({"prometheus": {"prometheusSpec": {"serviceMonitorSelectorNilUsesHelmValues": False}}}, ""),
        ({}, "labels.release is not prometheus"),
        ({"prometheus": {"prometheusSpec": {"serviceMonitorSelector": {"matchLabels": {"team": "net"}}}}}, ""),
        ({**PROMETHEUS, "spec": {"serviceMonitorSelector": {}}}, ""),
        (
            {
                **PROMETHEUS,
                "spec": {
                    "serviceMonitorSelector": {
                        "matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["net"]}]
                    }
                },
            },
            "does not select a ServiceMonitor with the labels of cilium-agent",
        ),
    ],
    ids=["all", "the release", "a label", "an object", "a rule"],
)
def test_the_stack_says_what_is_selected(tmp_path: Path, stack: dict[str, Any], missing: str) -> None:
    """--stack-values reads the chart's values, with its default, or a Prometheus object."""
    path = tmp_path / "stack.yaml"
    path.write_text(yaml.safe_dump(stack))
    findings = checked(tmp_path, required_values_tree(labels={"team": "net"}), "--stack-values", str(path))
    assert (missing in findings) if missing else ("select" not in findings)


SELECTOR = {"serviceMonitorSelector": {"matchLabels": {"team": "net"}}}
IN_STACK = {"prometheus": {"prometheusSpec": SELECTOR}}
STACK_CHART = {"chart": {"spec": {"chart": "kube-prometheus-stack"}}}
AGENT = {"apiVersion": "operator.victoriametrics.com/v1beta1", "kind": "VMAgent", "metadata": {"name": "vm"}}


def helm_release(**spec: Any) -> dict[str, Any]:
    """A HelmRelease of the stack."""
    version = "helm.toolkit.fluxcd.io/v2"
    return {"apiVersion": version, "kind": "HelmRelease", "metadata": {"name": "kps"}, "spec": {**STACK_CHART, **spec}}


# By name: the documents, and the labels that ServiceMonitors need.
STACKS: dict[str, tuple[list[Any], dict[str, str]]] = {
    "HelmRelease": ([helm_release(values=IN_STACK)], {"team": "net"}),
    "HelmRelease, whose release is selected": ([helm_release(values={"grafana": {}})], {"release": "kps"}),
    "HelmRelease into a namespace": ([helm_release(targetNamespace="mon")], {"release": "mon-kps"}),
    "HelmRelease and its ConfigMap": (
        [
            helm_release(valuesFrom=[{"kind": "ConfigMap", "name": "v"}]),
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "v"},
                "data": {"values.yaml": str(IN_STACK)},
            },
        ],
        {"team": "net"},
    ),
    "HelmRelease among others": (
        [helm_release(values=IN_STACK), helm_release(chart={"spec": {"chart": "loki"}})],
        {"team": "net"},
    ),
    "Application": (
        [
            {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "Application",
                "metadata": {"name": "a"},
                "spec": {"source": {"chart": "kube-prometheus-stack", "helm": {"valuesObject": IN_STACK}}},
            }
        ],
        {"team": "net"},
    ),
    "HelmChart": (
        [
            {
                "apiVersion": "helm.cattle.io/v1",
                "kind": "HelmChart",
                "metadata": {"name": "a"},
                "spec": {"chart": "kube-prometheus-stack", "valuesContent": str(IN_STACK)},
            }
        ],
        {"team": "net"},
    ),
    "Kustomization": ([{"helmCharts": [{"name": "kube-prometheus-stack", "valuesInline": IN_STACK}]}], {"team": "net"}),
    "subchart": ([{"kube-prometheus-stack": IN_STACK}], {"team": "net"}),
    "no values": ([{}], {"release": "prometheus"}),
    "VMAgent, by labels": (
        [{**AGENT, "spec": {"serviceScrapeSelector": {"matchLabels": {"team": "net"}}}}],
        {"team": "net"},
    ),
    "VMAgent of all": ([{**AGENT, "spec": {"selectAllByDefault": True}}], {}),
    "VMAgent of all in some namespaces": ([{**AGENT, "spec": {"serviceScrapeNamespaceSelector": {}}}], {}),
    "Prometheus": ([{**PROMETHEUS, "spec": SELECTOR}], {"team": "net"}),
}


@FAULT
@pytest.mark.parametrize(("documents", "labels"), STACKS.values(), ids=STACKS)
def test_the_stack_in_what_people_have(tmp_path: Path, documents: list[Any], labels: dict[str, str]) -> None:
    """--stack-values reads the wrappings that values of Cilium have, and VictoriaMetrics' agents."""
    path = tmp_path / "stack.yaml"
    path.write_text(yaml.safe_dump_all(documents))
    result = CliRunner().invoke(cli, ["values", "--stack-values", str(path)])
    assert result.exception is None, result.exception
    assert yaml.safe_load(result.stdout)["prometheus"]["serviceMonitor"].get("labels", {}) == labels


@pytest.mark.fault("--stack-values counts a file that an Application refers to as a second stack")
def test_a_stack_with_its_values_in_a_file(tmp_path: Path) -> None:
    """A directory with an Application and the values that it refers to holds one stack."""
    source = {"chart": "kube-prometheus-stack", "helm": {"valueFiles": ["values.yaml"]}}
    application = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "stack"},
        "spec": {"source": source},
    }
    (tmp_path / "application.yaml").write_text(yaml.safe_dump(application))
    (tmp_path / "values.yaml").write_text(yaml.safe_dump(IN_STACK))
    result = CliRunner().invoke(cli, ["values", "--stack-values", str(tmp_path)])
    assert result.exception is None, result.stderr
    assert yaml.safe_load(result.stdout)["prometheus"]["serviceMonitor"]["labels"] == {"team": "net"}


@FAULT
@pytest.mark.parametrize(
    ("stack", "cause"),
    [
        ({"prometheus": {"enabled": False}}, "runs no Prometheus"),
        ({**PROMETHEUS, "spec": {}}, "selects nothing"),
        ({**AGENT, "spec": {}}, "has no serviceScrapeSelector"),
        ({**AGENT, "spec": {"selectAllByDefault": True, "ingestOnlyMode": True}}, "selects nothing"),
        (helm_release(valuesFrom=[{"kind": "Secret", "name": "s"}]), "Secret s, key values.yaml is not in these files"),
        (helm_release(chart={"spec": {"chart": "loki"}}), "contains no Prometheus, but HelmRelease"),
        (
            {
                "prometheus": {
                    "prometheusSpec": {"serviceMonitorSelector": {"matchLabels": {"a": "{{ .Release.Name }}"}}}
                }
            },
            "is a template",
        ),
    ],
)
def test_a_stack_that_selects_nothing_known(tmp_path: Path, stack: dict[str, Any], cause: str) -> None:
    """The error names the file and the cause; nothing is guessed."""
    path = tmp_path / "stack.yaml"
    path.write_text(yaml.safe_dump(stack))
    result = CliRunner().invoke(cli, ["values", "--stack-values", str(path)])
    assert isinstance(result.exception, DashboardsError)
    assert cause in str(result.exception)


@pytest.mark.fault("metrics that the user's own scrape configuration collects are called empty")
def test_who_scrapes_by_himself(tmp_path: Path) -> None:
    """Components in --scraped need no ServiceMonitor, and none is printed for them."""
    values = required_values_tree()
    for monitored in (values["prometheus"], values["hubble"]["metrics"]):
        del monitored["serviceMonitor"]
    assert "serviceMonitor.enabled is not true" in checked(tmp_path, values)
    assert "serviceMonitor" not in checked(tmp_path, values, "--scraped", "hubble,agent")
    merged = CliRunner().invoke(
        cli, ["values", "--merge-with", str(tmp_path / "mine.yaml"), "--scraped", "hubble,agent"]
    )
    assert "serviceMonitor" not in merged.stdout
    unknown = CliRunner().invoke(cli, ["values", "--scraped", "hubble,agents"])
    assert (unknown.exit_code, "'agents'" in unknown.stderr, "relay" in unknown.stderr) == (2, True, True)


def custom_kind(name: str, group: str, kind: str) -> dict[str, Any]:
    """A CustomResourceDefinition."""
    spec = {"group": group, "names": {"kind": kind, "plural": name}, "versions": [{"name": "v1beta1"}]}
    metadata = {"name": f"{name}.{group}"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": spec,
    }


@pytest.mark.fault("ServiceMonitors lack the labels by which VictoriaMetrics' agent selects")
@pytest.mark.parametrize(
    ("specs", "label"),
    [
        ([{"serviceScrapeSelector": {"matchLabels": {"team": "net"}}}], "team"),
        ([{"serviceScrapeSelector": {"matchLabels": {"team": "net"}}}, {"selectAllByDefault": True}], ""),
        ([{"serviceScrapeSelector": {}}], ""),
        ([{}], ""),
    ],
    ids=["labels", "one of all", "all", "none"],
)
def test_labels_for_victoria_metrics(specs: list[dict[str, Any]], label: str) -> None:
    """The plan sets those that its agent asks for; none if one takes all, or none is known to take any."""
    cluster = with_cilium({})
    cluster.api.create(custom_kind("vmagents", "operator.victoriametrics.com", "VMAgent"), "helm")
    for number, spec in enumerate(specs):
        metadata = {"name": f"vm{number}", "namespace": "kube-system"}
        cluster.api.create({**AGENT, "metadata": metadata, "spec": spec}, "helm")
    steps = planned_up(cluster, stack=False, namespace="kube-system")
    details = "\n".join(line for step in steps for line in step.details)
    assert f"serviceMonitor.labels.{label} = net" in details if label else "serviceMonitor.labels" not in details


@pytest.mark.fault("a second stack is proposed where VictoriaMetrics scrapes already")
def test_no_second_stack_beside_victoria_metrics() -> None:
    """With --no-stack Cilium's metrics are set without labels; without it the plan refuses and names the option."""
    cluster = with_cilium({})
    cluster.api.create(custom_kind("vmagents", "operator.victoriametrics.com", "VMAgent"), "helm")
    details = [line for step in planned_up(cluster, stack=False, namespace="kube-system") for line in step.details]
    assert "set prometheus.serviceMonitor.enabled = true" in "\n".join(details)
    assert "serviceMonitor.labels" not in "\n".join(details)
    with pytest.raises(ProblemsFound, match="second stack is not needed"):
        planned_up(cluster)
