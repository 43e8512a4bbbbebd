"""doctor --kube on a cluster in memory: the deepest cause is named; tests/live/test_doctor_kube.py uses a real one."""

import time
from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.cli._kube import conditions
from dashboards_py.cluster import Options, Scraping, Versions, connect, scraping
from dashboards_py.doctor import BoardToExamine, Client, Report, cause_ids, examine
from dashboards_py.findings import Severity
from dashboards_py.values.keys import merge_values
from tests.doctor.fault import boards_of
from tests.doctor.kube import KubeFault, kube_faults
from tests.fakes.cluster import FakeCluster
from tests.fakes.prometheus import nothing
from tests.values.test_values import required_values_tree

FAULTS = tuple(kube_faults())
OPTIONS = Options(Versions.read("88.5.3", "31.0.1", "1.20.0"))
NAMESPACE = "kube-system"
AGENT = {"job": "cilium-agent", "endpoint": "metrics", "k8s_app": "cilium", "pod": "cilium-x7k2p"}
HUBBLE = {"job": "hubble-metrics", "endpoint": "hubble-metrics", "pod": "cilium-x7k2p"}
RELAY = {"job": "hubble-relay-metrics", "endpoint": "metrics", "pod": "hubble-relay-1", "container": "hubble-relay"}
PROMETHEUS = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "Prometheus",
    "metadata": {"name": "k8s", "namespace": "default"},
    "spec": {
        "serviceMonitorSelector": {"matchLabels": {"release": "prometheus"}},
        "serviceMonitorNamespaceSelector": {},
    },
}


def healthy(values: Mapping[str, Any] | None = None) -> FakeCluster:
    """A cluster with Cilium, all that our boards need but for these values, and a Prometheus object that selects it."""
    cluster = FakeCluster()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    cluster.api.create(PROMETHEUS, "kubectl")
    cluster.install("cilium", NAMESPACE, "cilium", "1.20.0", merge_values(required_values_tree(NEWEST), values or {}))
    return cluster


def with_fault(fault: KubeFault) -> FakeCluster:
    """The healthy cluster with the fault put into it."""
    cluster = healthy()
    for kind, namespace, name, patch in fault.patches:
        cluster.api.patch(kind, namespace, name, patch)
    for kind, namespace, name in fault.deleted:
        cluster.api.delete(kind, namespace, name)
    for body in fault.created:
        cluster.api.create(body, "kubectl")
    if fault.is_fresh:
        cluster.run(f"kubectl -n {NAMESPACE} rollout restart daemonset/cilium")
        cluster.run(f"kubectl -n {NAMESPACE} rollout restart deployment/cilium-operator")
    cluster.log.clear()
    return cluster


def read(cluster: FakeCluster) -> Scraping:
    """What of the cluster keeps metrics away."""
    return scraping(connect(None, None, None, runner=cluster), OPTIONS)


def shown(what: str) -> Any:
    """A Prometheus that scrapes agents, and Hubble as `what` says."""
    targets = {"missing": [AGENT], "down": [AGENT, HUBBLE, RELAY], "without dns": [AGENT, HUBBLE, RELAY]}[what]
    up = [labels == AGENT or what != "down" for labels in targets]

    def ask(path: str, params: Mapping[str, str]) -> Any:
        query = params.get("query", "")
        now = time.time()
        if query == "time()":
            return {"resultType": "scalar", "result": [now, str(now)]}
        rows: list[tuple[dict[str, str], float]] = []
        if path == "query" and query.startswith("up{"):
            rows = [({"__name__": "up", **labels}, float(is_up)) for labels, is_up in zip(targets, up, strict=True)]
        elif path == "query" and query.startswith("count by (__name__"):
            rows = [({"__name__": "cilium_version", **AGENT}, 2.0)]
            rows += [({"__name__": "hubble_flows_processed_total", **HUBBLE}, 9.0)] if what == "without dns" else []
        if path != "query":
            return nothing(path)
        return {"resultType": "vector", "result": [{"metric": row, "value": [now, str(value)]} for row, value in rows]}

    return ask


def examined(state: Scraping, shows: str, board: str) -> Report:
    """What doctor says of a board of ours."""
    boards = [BoardToExamine(item) for item in boards_of(NEWEST) if item.uid == board]
    return examine(
        Client(shown(shows)),
        lambda _: boards,
        local_time=time.time(),
        conditions=conditions(state.checks),
        configuration=state.configuration,
        handlers=state.handlers,
        not_running=state.not_running,
    )


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, id=fault.name, marks=pytest.mark.fault(fault.summary)) for fault in FAULTS]
)
def test_the_deepest_cause_is_named(fault: KubeFault) -> None:
    """Each fault of a cluster is the first finding, instead of what a Prometheus shows of it. Nothing is written."""
    cluster = with_fault(fault)
    state = read(cluster)
    findings = examined(state, fault.shows, fault.board).findings
    named = next(one for one in findings if one.rule == fault.cause and fault.what in one.what)
    assert (named.severity != Severity.INFO, bool(named.fix), len(named.panels) > 3) == (True, True, True)
    assert not {"missing-target", "target-down", "handler-off"} & {one.rule for one in findings}
    assert cluster.changes() == []


@pytest.mark.fault("a handler of dynamic Hubble metrics is called off, as nothing has happened yet")
@pytest.mark.parametrize("handlers", ["hubble-metrics", "ConfigMap"])
def test_a_handler_that_has_counted_nothing(handlers: str) -> None:
    """A handler that is configured, in cilium-config or dynamically, has merely counted nothing: a remark."""
    cluster = healthy()
    cluster.releases.revisions.pop((NAMESPACE, "cilium"))  # so that the patch is no edit of what Helm rendered
    if handlers == "ConfigMap":
        data = {"hubble-metrics": None, "hubble-dynamic-metrics-config-path": "/dynamic-metrics-config/x.yaml"}
        cluster.api.patch("ConfigMap", NAMESPACE, "cilium-config", {"data": data})
        metadata = {"name": "cilium-dynamic-metrics-config", "namespace": NAMESPACE}
        content = {"dynamic-metrics.yaml": "metrics:\n- name: dns\n- name: drop\n"}
        cluster.api.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": content}, "kubectl")
        cluster.run(f"kubectl -n {NAMESPACE} rollout restart daemonset/cilium")
        cluster.run(f"kubectl -n {NAMESPACE} rollout restart deployment/cilium-operator")
    named = {finding.rule: finding for finding in examined(read(cluster), "without dns", "hubble-dns").findings}
    assert (named["handler-off"].severity, "is on" in named["handler-off"].what) == (Severity.INFO, True)


@pytest.mark.fault("doctor --kube reports something of a healthy cluster")
def test_a_healthy_cluster_has_no_conditions() -> None:
    """Nothing is wrong with the objects of a cluster that is set up, so that only Prometheus is left to explain."""
    state = read(healthy())
    assert [check for check in state.checks if check.ok is False] == []
    assert state.prometheus == "default/k8s"
    assert examined(state, "missing", "hubble-dns").findings[0].rule == "missing-target"


@pytest.mark.fault("doctor --kube misses the targets of Hubble, Relay or Envoy where they are off on purpose")
@pytest.mark.parametrize(
    ("values", "board"),
    [
        ({"hubble": {"enabled": False}}, "hubble-overview"),
        ({"hubble": {"enabled": False}}, "hubble-relay"),
        ({"hubble": {"relay": {"enabled": False}}}, "hubble-relay"),
        ({"envoy": {"enabled": False}}, "cilium-envoy"),
    ],
)
def test_what_is_off_is_not_missed(values: dict[str, Any], board: str) -> None:
    """A component without a workload, or that cilium-config turns off, is a remark that names the values."""
    findings = examined(read(healthy(values)), "missing", board).findings
    assert not {"missing-target", "missing-monitor"} & {one.rule for one in findings}, findings
    off = next(one for one in findings if "does not run here" in one.what)
    assert (off.severity, f"{next(iter(values))}." in off.fix) == (Severity.INFO, True)


@pytest.mark.fault("Helm 4 refuses the upgrade that is to restore a ServiceMonitor which somebody edited")
def test_the_fix_of_an_edited_monitor() -> None:
    """The upgrade takes the edited fields over; where nobody edited anything it needs not."""
    fixes = {
        name: examined(read(with_fault(fault)), "missing", "hubble-dns").findings[0].fix
        for fault in FAULTS
        if (name := fault.name) in ("monitor-of-another-namespace", "no-service")
    }
    assert {name: "--force-conflicts" in fix for name, fix in fixes.items()} == {
        "monitor-of-another-namespace": True,
        "no-service": False,
    }


@pytest.mark.fault("doctor --kube has nothing to say where Argo CD manages Cilium")
def test_without_a_helm_release() -> None:
    """Objects that something else than Helm applied are judged alike; the fix does not name Helm."""
    cluster = with_fault(next(fault for fault in FAULTS if fault.name == "monitor-without-label"))
    cluster.releases.revisions.pop((NAMESPACE, "cilium"))
    state = read(cluster)
    first = examined(state, "missing", "hubble-dns").findings[0]
    assert (first.rule, "Argo CD" in first.fix, "helm" in first.fix) == ("unselected-monitor", True, False)


def test_the_causes_of_checks_have_a_page() -> None:
    """Whatever `cluster verify` or `doctor --kube` names can be explained."""
    known = set(cause_ids())
    assert {fault.cause for fault in FAULTS} <= known


@pytest.mark.fault("doctor --kube calls a ServiceMonitor missing where annotations or a PodMonitor do its work")
def test_what_is_scraped_otherwise_is_not_wrong() -> None:
    """A ServiceMonitor that is not there is no finding if Prometheus has the component."""
    cluster = healthy()
    cluster.api.delete("ServiceMonitor", NAMESPACE, "hubble")
    named = {finding.rule for finding in examined(read(cluster), "without dns", "cilium-bgp").findings}
    assert "missing-monitor" not in named
    named = {finding.rule for finding in examined(read(cluster), "missing", "cilium-bgp").findings}
    assert "missing-monitor" in named


@pytest.mark.fault("doctor --kube misses a PrometheusAgent that selects the ServiceMonitors")
def test_an_agent_selects_as_well() -> None:
    """The object that selects most of Cilium's ServiceMonitors counts; an agent cannot be queried."""
    cluster = healthy()
    cluster.api.delete("Prometheus", "default", "k8s")
    cluster.api.create({**PROMETHEUS, "kind": "PrometheusAgent"}, "kubectl")
    state = read(cluster)
    assert [check for check in state.checks if check.ok is False] == []
    assert (state.prometheus, state.ask) == ("default/k8s", None)


@pytest.mark.fault("doctor --kube ends with an error for whom may only view")
def test_with_the_role_view() -> None:
    """What may be read is judged, the rest is a remark that names the right."""
    cluster = with_fault(next(fault for fault in FAULTS if fault.name == "service-without-endpoints"))
    for plural in ("secrets", "customresourcedefinitions", "prometheuses", "nodes"):
        cluster.api.denied |= {("list", plural), ("get", plural)}
    named = {finding.rule: finding for finding in examined(read(cluster), "missing", "hubble-dns").findings}
    assert named["missing-endpoints"].severity == Severity.ERROR
    assert "prometheuses" in named["missing-rights"].what + named["missing-rights"].fix
