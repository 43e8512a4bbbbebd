"""doctor --kube on a real API server, over a real Prometheus that scrapes: the deepest cause is the first line."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.cli._kube import conditions
from dashboards_py.cluster import Options, Versions, connect, scraping
from dashboards_py.doctor import Report
from tests.components import require
from tests.doctor.fault import Fault
from tests.doctor.kube import KubeFault, kube_faults
from tests.doctor.lab import Lab, examined, lab
from tests.live.disposable import CILIUM, Cluster
from tests.live.test_doctor import lines
from tests.values.test_values import required_values_tree

FAULTS = tuple(fault for fault in kube_faults() if fault.is_live)
OPTIONS = Options(Versions("88.5.3", "31.0.1", CILIUM))
# What the Prometheus shows, by the name that faults have for it.
NO_HUBBLE = {name: {"remove": ["all"]} for name in ("hubble", "hubble-relay")}
SHOWN = {
    "missing": Fault("missing", "", "", "", {"changes": NO_HUBBLE}),
    "without dns": Fault("without-dns", "", "", "", {"cluster": {"handlers_without": ["dns"]}}),
}


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server for each thing that a Prometheus shows."""
    require("prometheus")
    with lab(tmp_path_factory.mktemp("worlds"), tuple(SHOWN.values())) as started:
        yield started


@pytest.fixture(scope="module")
def kubernetes(_clean_cluster: Cluster) -> Iterator[Cluster]:
    """A cluster with all that our boards need."""
    _clean_cluster.operator()
    _clean_cluster.cilium(NEWEST, required_values_tree(NEWEST))
    yield _clean_cluster
    _clean_cluster.clean()


@contextmanager
def put_in(cluster: Cluster, fault: KubeFault) -> Iterator[None]:
    """The fault in the cluster; what it changed is put back afterwards."""
    with ExitStack() as undo:
        for kind, namespace, name, patch in fault.patches:
            undo.callback(replace, cluster, body_of(cluster, kind, namespace, name))
            cluster.run("kubectl", "patch", kind, name, "-n", namespace, "--type=merge", "-p", json.dumps(patch))
        for kind, namespace, name in fault.deleted:
            for body in dependents(cluster, kind, name):
                undo.callback(create, cluster, body)
            undo.callback(create, cluster, body_of(cluster, kind, namespace, name))
            cluster.run("kubectl", "delete", kind, name, *(["-n", namespace] if namespace else []))
        for body in fault.created:
            create(cluster, body)
            undo.callback(remove, cluster, body)
        if fault.is_fresh:
            cluster.run("kubectl", "rollout", "restart", "-n", "kube-system", "daemonset/cilium")
            cluster.run("kubectl", "rollout", "status", "-n", "kube-system", "daemonset/cilium", "--timeout=60s")
        yield


def body_of(cluster: Cluster, kind: str, namespace: str, name: str) -> dict[str, Any]:
    """An object as it is, without what the API server sets."""
    where = ["-n", namespace] if namespace else []
    body = json.loads(cluster.run("kubectl", "get", kind, name, *where, "-o", "json"))
    for key in ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"):
        body["metadata"].pop(key, None)
    body.pop("status", None)
    return dict(body)


def dependents(cluster: Cluster, kind: str, name: str) -> list[dict[str, Any]]:
    """The objects that go with a kind that is deleted."""
    if kind != "CustomResourceDefinition":
        return []
    listed = cluster.objects(name, "--all-namespaces")
    return [body_of(cluster, name, item["metadata"]["namespace"], item["metadata"]["name"]) for item in listed]


def create(cluster: Cluster, body: dict[str, Any]) -> None:
    """Create an object; a kind can be used when it returns."""
    cluster.run("kubectl", "create", "-f", "-", stdin=json.dumps(body))
    if body["kind"] == "CustomResourceDefinition":
        cluster.run("kubectl", "wait", "--for=condition=Established", f"crd/{body['metadata']['name']}")


def replace(cluster: Cluster, body: dict[str, Any]) -> None:
    """Make an object that is there the same as this one: what was added to it goes as well."""
    cluster.run("kubectl", "replace", "-f", "-", stdin=json.dumps(body))


def remove(cluster: Cluster, body: dict[str, Any]) -> None:
    """Delete an object."""
    cluster.run("kubectl", "delete", "-f", "-", stdin=json.dumps(body))


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, id=fault.name, marks=pytest.mark.fault(fault.summary)) for fault in FAULTS]
)
def test_the_deepest_cause_is_the_first_line(
    kubernetes: Cluster, laboratory: Lab, fault: KubeFault, report: Callable[[str], None]
) -> None:
    """Each fault, put into a cluster that is set up, is the first finding."""
    with put_in(kubernetes, fault):
        state = scraping(connect(None, kubernetes.kubeconfig, None), OPTIONS)
    shown = SHOWN[fault.shows]
    world = Fault(shown.name, "", "", "", {**shown.data, "boards": [fault.board]})
    result: Report = examined(
        laboratory.url(world.world), world, conditions=conditions(state.checks), configuration=state.configuration
    )
    assert result.findings, "doctor finds nothing"
    first = result.findings[0]
    report(f"doctor --kube, {fault.summary}: {len(first.panels)} panels: {first.what} [{first.rule}]")
    assert (first.rule, fault.what in first.what) == (fault.cause, True), lines(result)


@pytest.mark.fault("doctor --kube reports something of a healthy cluster")
def test_a_healthy_cluster_has_no_conditions(kubernetes: Cluster) -> None:
    """A cluster that Helm set up, and in which each fault has been undone, has no check that fails."""
    for workload in ("daemonset/cilium", "deployment/cilium-operator"):  # which have read what was changed
        kubernetes.run("kubectl", "rollout", "restart", "-n", "kube-system", workload)
        kubernetes.run("kubectl", "rollout", "status", "-n", "kube-system", workload, "--timeout=60s")
    state = scraping(connect(None, kubernetes.kubeconfig, None), OPTIONS)
    assert [check for check in state.checks if check.ok is False] == []


def vm_agent_kind() -> dict[str, object]:
    """The CustomResourceDefinition of VMAgents, which takes any spec."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1beta1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    spec = {
        "group": "operator.victoriametrics.com",
        "scope": "Namespaced",
        "names": {"kind": "VMAgent", "plural": "vmagents"},
        "versions": [version],
    }
    metadata = {"name": "vmagents.operator.victoriametrics.com"}
    body = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    return {**body, "metadata": metadata, "spec": spec}


@pytest.mark.fault("doctor --kube does not name VictoriaMetrics' agent that leaves Cilium's ServiceMonitors out")
def test_a_vm_agent_instead_of_a_prometheus(kubernetes: Cluster) -> None:
    """Its selectors are read from the API server: one that selects all is fine, one of other labels is a cause."""
    kind = vm_agent_kind()
    agent = {"apiVersion": "operator.victoriametrics.com/v1beta1", "kind": "VMAgent"}
    metadata = {"name": "vm0", "namespace": "default"}
    other = {"serviceScrapeSelector": {"matchLabels": {"team": "net"}}, "serviceScrapeNamespaceSelector": {}}
    with ExitStack() as undo:
        for item in kubernetes.objects("prometheuses", "--all-namespaces"):
            namespace, name = item["metadata"]["namespace"], item["metadata"]["name"]
            undo.callback(create, kubernetes, body_of(kubernetes, "prometheuses", namespace, name))
            kubernetes.run("kubectl", "delete", "prometheuses", name, "-n", namespace)
        undo.callback(remove, kubernetes, kind)
        create(kubernetes, kind)
        for put, spec, causes in (
            (create, {"selectAllByDefault": True}, set()),
            (replace, other, {"unselected-monitor"}),
        ):
            put(kubernetes, {**agent, "metadata": metadata, "spec": spec})
            state = scraping(connect(None, kubernetes.kubeconfig, None), OPTIONS)
            assert (state.prometheus, state.ask) == ("default/vm0", None)
            assert {check.cause for check in state.checks if check.ok is False} == causes
