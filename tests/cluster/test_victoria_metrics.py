"""VictoriaMetrics' operator instead of prometheus-operator: `verify` and `doctor --kube` judge its VMAgents."""

from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.cli._remedies import fix_text
from dashboards_py.cluster import Check, Options, Scraping, Versions, connect, scraping, verify
from tests.fakes.cluster import FakeCluster
from tests.field.test_selection import AGENT, custom_kind
from tests.values.test_values import required_values_tree

NAMESPACE = "kube-system"
OPTIONS = Options(Versions.read("88.5.3", "31.0.1", "1.20.0"))
GROUP = "operator.victoriametrics.com"


def with_agents(**specs: Mapping[str, Any]) -> FakeCluster:
    """A cluster with Cilium, ServiceMonitors labelled release=prometheus, and VMAgents in the namespace `vm`."""
    cluster = FakeCluster()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    cluster.api.create(custom_kind("vmagents", GROUP, "VMAgent"), "helm")
    cluster.run("kubectl create namespace vm")
    for name, spec in specs.items():
        cluster.api.create({**AGENT, "metadata": {"name": name, "namespace": "vm"}, "spec": spec}, "helm")
    cluster.install("cilium", NAMESPACE, "cilium", "1.20.0", required_values_tree(NEWEST))
    cluster.log.clear()
    return cluster


def verified(cluster: FakeCluster) -> dict[str, Check]:
    """The checks of `verify` by name."""
    return {check.name: check for check in verify(connect(None, None, None, runner=cluster), OPTIONS, None, ("stack",))}


def read(cluster: FakeCluster) -> Scraping:
    """What `doctor --kube` reads."""
    return scraping(connect(None, None, None, runner=cluster), OPTIONS)


LABELS = {"matchLabels": {"release": "prometheus"}}
# The specs of agents, and the cause of what is wrong with the ServiceMonitor of Hubble or the agent, "" if nothing is.
SPECS: dict[str, tuple[dict[str, Any], str]] = {
    "all by default": ({"selectAllByDefault": True}, ""),
    "none by default": ({}, "missing-prometheus"),
    "ingests only": ({"selectAllByDefault": True, "ingestOnlyMode": True}, "missing-prometheus"),
    "labels, in its own namespace": ({"serviceScrapeSelector": LABELS}, "unselected-namespace"),
    "labels, in all namespaces": (
        {"serviceScrapeSelector": LABELS, "serviceScrapeNamespaceSelector": {}, "selectAllByDefault": False},
        "",
    ),
    "other labels": (
        {"serviceScrapeSelector": {"matchLabels": {"team": "net"}}, "serviceScrapeNamespaceSelector": {}},
        "unselected-monitor",
    ),
    "namespaces alone": (
        {"serviceScrapeNamespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": NAMESPACE}}},
        "",
    ),
    "other namespaces": ({"serviceScrapeNamespaceSelector": {"matchLabels": {"team": "net"}}}, "unselected-namespace"),
}


@pytest.mark.fault("cluster verify does not say that VictoriaMetrics' agent does not select Cilium's ServiceMonitors")
@pytest.mark.parametrize(("spec", "cause"), SPECS.values(), ids=SPECS)
def test_verify_judges_a_vm_agent(spec: dict[str, Any], cause: str) -> None:
    """Its selectors count as its operator reads them (k8stools/selectors.go); the fix names its own keys."""
    checks = verified(with_agents(vm0=spec))
    assert (checks["CRDs"].ok, "Prometheus" in checks) == (True, False)
    named = (checks["VMAgent"], checks["ServiceMonitor hubble"])
    wrong = next((check for check in named if check.ok is False), None)
    assert (wrong.cause if wrong else "") == cause
    if wrong:
        assert "vm/vm0" in wrong.observed
        assert "serviceMonitor" not in fix_text(wrong.fix, "up").replace("serviceMonitor.labels", "")


@pytest.mark.fault("doctor --kube does not name VictoriaMetrics' agent that leaves Cilium's ServiceMonitors out")
@pytest.mark.parametrize(("spec", "cause"), SPECS.values(), ids=SPECS)
def test_doctor_judges_a_vm_agent(spec: dict[str, Any], cause: str) -> None:
    """The same causes; an agent cannot be queried."""
    state = read(with_agents(vm0=spec))
    assert (state.prometheus, state.ask) == ("vm/vm0", None)
    wrong = {check.cause for check in state.checks if check.ok is False}
    also = {"unselected-monitor"} if cause == "missing-prometheus" else set()
    assert wrong == ({cause, *also} if cause else set())


def test_the_agent_that_selects_counts() -> None:
    """Of several the one that selects Cilium's, and `up` is advised without a stack of its own."""
    cluster = with_agents(a={}, b={"selectAllByDefault": True}, c={"serviceScrapeSelector": LABELS})
    checks = verified(cluster)
    assert (checks["VMAgent"].observed, checks["ServiceMonitor hubble"].ok) == (
        "vm/b selects every ServiceMonitor",
        True,
    )
    cluster.api.delete("ServiceMonitor", NAMESPACE, "hubble")
    assert "--no-stack" in fix_text(verified(cluster)["ServiceMonitor hubble"].fix, "up")


def test_a_policy_in_the_way_of_an_agent() -> None:
    """The pods of an agent are known by the labels that its operator sets; a policy of theirs may block scrapes."""
    cluster = with_agents(vm0={"selectAllByDefault": True})
    labels = {"app.kubernetes.io/name": "vmagent", "app.kubernetes.io/instance": "vm0"}
    pod = {"name": "vmagent-vm0-1", "namespace": "vm", "labels": labels}
    cluster.api.create({"apiVersion": "v1", "kind": "Pod", "metadata": pod, "spec": {}}, "kubectl")
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 53, "protocol": "UDP"}]}]}
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "dns", "namespace": "vm"},
    }
    cluster.api.create({**policy, "spec": spec}, "kubectl")
    named = [check for check in read(cluster).checks if check.cause == "blocked-scrape"]
    assert "NetworkPolicy vm/dns seems to allow Prometheus' own pods no connection" in named[0].observed


@pytest.mark.fault("doctor --kube reads cilium-config several times, which may differ")
def test_cilium_config_is_read_once() -> None:
    """Handlers, ports, policies and values are judged by one content, with and without the rights to read values."""
    for denied in ((), (("list", "secrets"), ("get", "secrets"))):
        cluster = with_agents(vm0={"selectAllByDefault": True})
        cluster.api.denied |= set(denied)
        read(cluster)
        # When it and two others were last changed is another question, with their managedFields.
        reads = [line for line in cluster.log if "get configmap cilium-config --" in line]
        assert len(reads) == 1, reads
