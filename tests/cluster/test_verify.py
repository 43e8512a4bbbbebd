"""`verify` on a cluster in memory; tests/live/test_cluster_drift.py uses a real one."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboards_py.catalog.hubble import PeerLabel
from dashboards_py.cli._remedies import fix_text
from dashboards_py.cluster import (
    Check,
    HelmCharts,
    Options,
    Versions,
    inspect,
    plan_up,
    recorded_peer_label,
    run_steps,
    verify,
)
from dashboards_py.cluster.checks.fixes import setup_fixes
from dashboards_py.cluster.checks.rendered import drift_fix
from dashboards_py.cluster.checks.scrapers import scrapers
from dashboards_py.cluster.clients import connect
from dashboards_py.cluster.drift import Drift, ObjectKey
from dashboards_py.cluster.record import Record
from dashboards_py.errors import DashboardsError, Remedy
from dashboards_py.kubernetes import Completed
from tests.fakes.cluster import FakeCluster

NAMESPACE = "kube-system"
CHOICE = Options(Versions.read("88.5.3", "31.0.1", "1.20.0"))
SEED: dict[str, Any] = {"prometheus": {"enabled": True}, "hubble": {"relay": {"enabled": True}}}
UNSET = ("namespace", "release", "stack")


def all_up(options: Options = CHOICE) -> FakeCluster:
    """A cluster on which `up` was run, with its pods rolled out."""
    cluster = FakeCluster()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    cluster.install("cilium", NAMESPACE, "cilium", "1.20.0", SEED)
    clients = connect(None, None, None, runner=cluster)
    state = inspect(clients, options)
    list(run_steps(plan_up(state, options, HelmCharts(clients, state.kinds)), clients))
    for name in ("daemonset/cilium", "deployment/cilium-operator", "deployment/hubble-relay"):
        cluster.run(f"kubectl -n {NAMESPACE} rollout restart {name}")
    cluster.log.clear()
    return cluster


@pytest.fixture
def cluster() -> FakeCluster:
    return all_up()


def verified(
    cluster: FakeCluster, ask: Any = None, options: Options = CHOICE, unset: tuple[str, ...] = UNSET
) -> dict[str, Check]:
    """The checks by name; each name once, but for that of the configuration."""
    return {check.name: check for check in verify(connect(None, None, None, runner=cluster), options, ask, unset)}


def wrong(checks: Mapping[str, Check]) -> dict[str, str]:
    """What is not in place, and its fix."""
    return {name: advice(check) for name, check in checks.items() if check.ok is False}


def advice(check: Check) -> str:
    """The fix as the command line words it."""
    return fix_text(check.fix, "up")


def undetermined(checks: Mapping[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if check.ok is None}


def test_all_is_in_place(cluster: FakeCluster) -> None:
    """After `up` and a rollout nothing is wrong; what no Prometheus answers is undetermined; nothing is changed."""
    checks = verified(cluster)
    assert (wrong(checks), undetermined(checks)) == ({}, {"targets"})
    assert cluster.changes() == []


def test_up_fixes_what_verify_suggests_it_for(cluster: FakeCluster) -> None:
    """Where verify suggests plain `setup.sh up`, nothing needs consent to be overwritten."""
    cluster.api.delete("Service", NAMESPACE, "hubble-metrics")
    assert wrong(verified(cluster)) == {"live Service kube-system/hubble-metrics": "setup.sh up"}


def test_a_config_map_that_was_edited(cluster: FakeCluster) -> None:
    """One of ours that is missing comes with `up`; one that somebody edited needs consent, and a copy before it."""
    cluster.api.delete("ConfigMap", "prometheus", "cilium-dashboards-hubble-dns")
    assert wrong(verified(cluster))["ConfigMaps"] == "setup.sh up"
    edit = {"data": {"hubble-http.json": "{}"}}
    cluster.api.patch("ConfigMap", "prometheus", "cilium-dashboards-hubble-http", edit, "kubectl-edit")
    way = "keep a copy of what was edited, then setup.sh up --take-over"
    assert wrong(verified(cluster))["ConfigMaps"] == way


@pytest.mark.fault("verify advises up --restart where hubble-metrics was edited, which rolls the bad configuration out")
def test_an_edited_configuration_is_not_rolled_out(cluster: FakeCluster) -> None:
    """A configuration that is not as Helm rendered it is to be put right first, though no pod has read it."""
    cluster.api.patch("ConfigMap", NAMESPACE, "cilium-config", {"data": {"hubble-metrics": "drop"}})
    checks = verified(cluster)
    way = "put what is needed of it into Helm values, then setup.sh up --take-over"
    first = "fix ConfigMap cilium-config above first"
    assert wrong(checks) == {"live ConfigMap kube-system/cilium-config": way, "configuration": first}
    assert "--restart" not in " ".join(wrong(checks).values())


@pytest.mark.fault("verify names a command that does not work where a label was edited by hand")
def test_a_label_that_was_edited(cluster: FakeCluster) -> None:
    """Helm refuses to overwrite it, so the command says that it may."""
    cluster.api.patch("ServiceMonitor", NAMESPACE, "hubble", {"metadata": {"labels": {"release": "mine"}}})
    fixes = wrong(verified(cluster))
    assert fixes["ServiceMonitor hubble"] == fixes["live ServiceMonitor kube-system/hubble"]
    assert fixes["ServiceMonitor hubble"].endswith("setup.sh up --take-over")


def test_a_port_that_no_upgrade_brings_back() -> None:
    """Helm can only create the Service anew, and only undo the rollout of a workload."""
    service = Drift(ObjectKey("Service", NAMESPACE, "hubble-metrics"), "spec.ports[hubble-metrics]", replaced=True)
    fixes = setup_fixes(CHOICE)
    why = "no upgrade can change what was put in its place"
    way = f"kubectl delete service hubble-metrics -n kube-system, then setup.sh up: {why}"
    assert fix_text(drift_fix(service, fixes), "up") == way
    agents = Drift(
        ObjectKey("DaemonSet", NAMESPACE, "cilium"), "spec.template.spec.containers[a].env[B]", replaced=True
    )
    way = f"kubectl rollout undo daemonset cilium -n kube-system, then setup.sh up: {why}"
    assert fix_text(drift_fix(agents, fixes), "up") == way


@pytest.mark.fault("verify is blind to workloads at 0 replicas and pods that are not ready")
def test_replicas_and_pods(cluster: FakeCluster) -> None:
    """Scaled to nothing, and pods that do not become ready."""
    cluster.api.scale("Deployment", NAMESPACE, "cilium-operator", 0)
    cluster.api.scale("Deployment", "prometheus", "prometheus-grafana", 0)
    cluster.api.unready.add("hubble-relay")
    cluster.run(f"kubectl -n {NAMESPACE} rollout restart deployment/hubble-relay")
    checks = verified(cluster)
    assert checks["pods of Deployment hubble-relay"].observed == "0 of 1 are ready"
    assert {
        "live Deployment kube-system/cilium-operator",
        "live Deployment prometheus/prometheus-grafana",
        "pods of Deployment cilium-operator",
        "pods of Deployment prometheus-grafana",
        "pods of Deployment hubble-relay",
    } <= wrong(checks).keys()


@pytest.mark.fault("a deleted Prometheus object: verify says `setup.sh up`, up says nothing to do")
def test_a_prometheus_that_was_deleted(cluster: FakeCluster) -> None:
    """It is missing from what Helm rendered for the stack."""
    cluster.api.delete("Prometheus", "prometheus", "prometheus-kube-prometheus-prometheus")
    fixes = wrong(verified(cluster))
    assert fixes["live Prometheus prometheus/prometheus-kube-prometheus-prometheus"] == "setup.sh up"


@pytest.mark.fault("verify with a ServiceAccount that may only view says nothing")
def test_with_the_role_view(cluster: FakeCluster) -> None:
    """What the ClusterRole `view` allows is checked, the rest is undetermined, and that is no failure."""
    for plural in ("secrets", "customresourcedefinitions", "servicemonitors", "prometheuses", "nodes"):
        cluster.api.denied |= {("list", plural), ("get", plural)}
    checks = verified(cluster)
    assert wrong(checks) == {}
    assert undetermined(checks) == {"Cilium", "Prometheus", "ServiceMonitors", "live objects", "targets"}
    assert checks["Cilium"].observed.startswith("1.20.0 as kube-system/cilium;")
    assert {"CRDs", "Helm values", "pods", "configuration", "ConfigMaps", "sidecar"} <= checks.keys()
    cluster.api.patch("ConfigMap", NAMESPACE, "cilium-config", {"data": {"prometheus-serve-addr": None}})
    cluster.run(f"kubectl -n {NAMESPACE} rollout restart daemonset/cilium")
    cluster.run(f"kubectl -n {NAMESPACE} rollout restart deployment/cilium-operator")
    assert wrong(verified(cluster)).keys() == {"Helm values"}


def test_with_the_role_view_and_another_image(cluster: FakeCluster) -> None:
    """Without Secrets the version is that of labels or the image: where neither has it, that is reported."""
    for plural in ("secrets", "customresourcedefinitions", "servicemonitors", "prometheuses", "nodes"):
        cluster.api.denied |= {("list", plural), ("get", plural)}
    cilium = cluster.api.objects["DaemonSet", NAMESPACE, "cilium"].body
    cilium["metadata"]["labels"].pop("helm.sh/chart", None)
    for container in cilium["spec"]["template"]["spec"]["containers"]:
        container["image"] = "registry.example.org/net/agent:stable"
    checks = verified(cluster)
    assert (list(checks), checks["Cilium"].ok) == (["Cilium"], None)
    assert "DaemonSet cilium in kube-system exists; its version and Helm release are in" in checks["Cilium"].observed
    assert advice(checks["Cilium"]).startswith("ask for get and list on secrets")


def test_a_kind_that_may_not_be_read_hides_no_other(cluster: FakeCluster) -> None:
    """Differences are still reported; what could not be read is not reported as matching."""
    cluster.api.denied.add(("get", "clusterroles"))
    checks = verified(cluster)
    assert (wrong(checks), checks["live objects"].ok) == ({}, None)
    cluster.api.delete("Service", NAMESPACE, "hubble-metrics")
    assert wrong(verified(cluster)).keys() == {"live Service kube-system/hubble-metrics"}


@pytest.mark.parametrize(
    ("stack", "way"),
    [(True, "setup.sh up"), (False, "kubectl create namespace prometheus, then setup.sh up --no-stack")],
)
def test_a_missing_namespace(stack: bool, way: str) -> None:
    """The suggested command works as printed: only the stack's own `up` creates a namespace."""
    cluster = FakeCluster()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    cluster.install("cilium", NAMESPACE, "cilium", "1.20.0", SEED)
    checks = verified(cluster, options=replace(CHOICE, stack=stack), unset=())
    assert (checks["ConfigMaps"].ok, advice(checks["ConfigMaps"])) == (False, way)


@pytest.mark.fault("verify ends with an error in the middle where the namespace goes away")
def test_a_namespace_that_is_being_deleted(cluster: FakeCluster) -> None:
    """It is one line among the others, whether verify saw it go or it went in between."""
    cluster.api.objects["Namespace", "", "prometheus"].body["status"]["phase"] = "Terminating"
    checks = verified(cluster)
    assert (checks["ConfigMaps"].ok, checks["ConfigMaps"].observed) == (
        False,
        "namespace prometheus is being terminated",
    )
    cluster = all_up()

    def removed() -> None:
        cluster.api.objects.pop(("Namespace", "", "prometheus"))

    cluster.before("kubectl --namespace=prometheus get namespace", removed)
    checks = verified(cluster)
    assert checks["ConfigMaps"].ok is None
    assert "namespace prometheus: does not exist" in checks["ConfigMaps"].observed


@pytest.mark.fault("verify has forgotten --namespace and --release of the last up")
def test_options_default_to_the_record() -> None:
    """The record knows the namespace, the cluster the release there; commands that are printed name both."""
    options = Options(CHOICE.versions, namespace="monitoring", release="kps")
    cluster = all_up(options)
    assert wrong(verified(cluster)) == {}
    cluster.api.delete("Service", NAMESPACE, "hubble-metrics")
    assert list(wrong(verified(cluster)).values()) == ["setup.sh up --namespace monitoring --release kps"]
    assert "ConfigMaps" in wrong(verified(cluster, unset=()))


@pytest.mark.parametrize(
    ("image", "is_scraper"),
    [
        ("quay.io/prometheus/prometheus:v3.1.0", True),
        ("prom/prometheus", True),
        ("docker.io/prom/prometheus@sha256:1", True),
        ("victoriametrics/vmagent:v1.100.0", True),
        ("registry.example.org/mirror/victoriametrics/victoria-metrics:v1", True),
        ("docker.io/grafana/alloy:v1.5.0", True),
        ("grafana/grafana:12.2.0", False),
        ("quay.io/prometheus/node-exporter:v1", False),
        ("quay.io/prometheus-operator/prometheus-operator:v0.80", False),
        ("prom/prometheus-other:v1", False),
    ],
)
def test_what_scrapes(image: str, is_scraper: bool) -> None:
    """By its image."""
    assert bool(scrapers([workload(image)])) == is_scraper


def workload(image: str) -> dict[str, Any]:
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "x", "image": image}]}}
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": template}
    metadata = {"name": "agent", "namespace": "default"}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


@pytest.mark.fault("without prometheus-operator the advice is to install a second stack")
@pytest.mark.parametrize("image", ["victoriametrics/vmagent:v1", "grafana/alloy:v1", "prom/prometheus:v3"])
def test_without_an_operator(image: str) -> None:
    """Where something else scrapes, verify asks for its address, and no line of it leads to a second stack."""
    cluster = FakeCluster()
    cluster.install("cilium", NAMESPACE, "cilium", "1.20.0", SEED)
    cluster.api.create(workload(image), "kubectl-create")
    checks = verified(cluster)
    assert checks["Prometheus"].ok is None
    assert "Deployment default/agent may scrape" in checks["Prometheus"].observed
    assert "--prometheus-url" in advice(checks["Prometheus"])
    assert "CRDs" not in checks
    assert not any(name.startswith("ServiceMonitor") for name in checks)
    assert all("setup.sh up" not in advice(check) for check in checks.values())
    assert "cilium-dashboards values cilium --cilium 1.20" in advice(checks["Helm values"])
    assert "cilium-dashboards deploy configmaps" in advice(checks["ConfigMaps"])


@pytest.mark.fault("without the kind ServiceMonitor verify advises an upgrade that the chart refuses")
def test_the_kinds_come_before_the_upgrade() -> None:
    """Cilium's chart renders no ServiceMonitor where their kind is missing (tests/live/test_charts.py)."""
    cluster = FakeCluster()
    cluster.install("cilium", NAMESPACE, "cilium", "1.20.0", SEED)
    cluster.api.create(workload("victoriametrics/vmagent:v1"), "kubectl-create")
    kinds, _, upgrade = advice(verified(cluster)["Helm values"]).partition("; ")
    install, _, why = kinds.partition(" (")
    assert "the kind ServiceMonitor, which is missing" in why
    cluster.run(install)
    assert advice(verified(cluster)["Helm values"]) == upgrade
    assert upgrade.startswith("cilium-dashboards values cilium --cilium 1.20")


@pytest.mark.fault("verify advises `deploy configmaps --take-over`, an option that deploy does not have")
def test_boards_that_others_have_where_something_else_scrapes() -> None:
    """They are taken over by the option of the command that deploys them there."""
    cluster = FakeCluster()
    cluster.install("cilium", NAMESPACE, "cilium", "1.20.0", SEED)
    cluster.api.create(workload("victoriametrics/vmagent:v1"), "kubectl-create")
    cluster.run("kubectl create namespace prometheus")
    name = {"name": "cilium-dashboards-hubble-http", "namespace": "prometheus"}
    cluster.api.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": name, "data": {}}, "kubectl-create")
    way = "cilium-dashboards deploy configmaps --namespace prometheus --cilium 1.20 --overwrite"
    assert advice(verified(cluster)["ConfigMaps"]) == f"keep a copy of what was edited, then {way}"


@pytest.mark.fault("verify loses the fix of an error that it reports as a check")
def test_the_remedy_of_an_error_is_that_of_its_check(cluster: FakeCluster) -> None:
    """Where there is no Prometheus at all, none is to be chosen; what Helm refuses has the fix that `up` would name."""
    bare = FakeCluster()
    bare.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    bare.install("cilium", NAMESPACE, "cilium", "1.20.0", SEED)
    checks = verified(bare, options=replace(CHOICE, stack=False), unset=())
    assert checks["Prometheus"].fix == Remedy("no-prometheus")

    def busy(argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        if list(argv[:3]) == ["helm", "get", "manifest"]:
            return Completed(1, "", "Error: another operation (install/upgrade/rollback) is in progress\n")
        return cluster(argv, stdin=stdin, seconds=seconds)

    listed = verify(connect(None, None, None, runner=busy), CHOICE, None, UNSET)
    check = next(check for check in listed if check.name == "live objects")
    assert (check.ok, check.fix) == (None, Remedy("recover-operation"))


def prometheus(targets: list[dict[str, Any]], present: set[str]) -> Callable[[str, Mapping[str, str]], Any]:
    """A Prometheus with these targets and metrics now; of what was once there it knows nothing to the query."""

    def ask(path: str, params: Mapping[str, str]) -> Any:
        if path == "targets":
            return {"activeTargets": targets}
        assert path == "query", path
        names = params["query"].partition('=~"')[2].partition('"')[0].split("|")
        return {"result": [{"metric": {"__name__": name}} for name in names if name in present]}

    return ask


def target(monitor: str, number: int, health: str = "up") -> dict[str, Any]:
    pool, url = f"serviceMonitor/kube-system/{monitor}/0", f"http://10.0.0.{number}:9962/metrics"
    return {"scrapePool": pool, "scrapeUrl": url, "health": health, "lastError": ""}


@pytest.mark.fault("verify says ok, 1 of 1 up, where there are three agents")
def test_targets_are_counted_against_pods(cluster: FakeCluster) -> None:
    """Each ready pod is a target: fewer are not all, and one that is down is named."""
    cases: tuple[tuple[list[dict[str, Any]], bool, str], ...] = (
        ([target("cilium-agent", 1)], False, "1 up, but 3 pods are ready"),
        ([target("cilium-agent", 1)] * 3, False, "1 up, but 3 pods are ready"),
        ([target("cilium-agent", number) for number in range(3)], True, "3 up, of 3 pods"),
        ([target("cilium-agent", number) for number in range(2)] + [target("hubble", 3)], False, "2 up, but 3"),
        ([], False, "Prometheus has none"),
        (
            [target("cilium-agent", 1), target("cilium-agent", 2, "down")],
            False,
            "1 of 2 are not up: http://10.0.0.2:9962/metrics",
        ),
    )
    for targets, ok, observed in cases:
        check = verified(cluster, prometheus(targets, set()))["targets of cilium-agent"]
        assert (check.ok, check.observed[: len(observed)]) == (ok, observed)


@pytest.mark.fault("verify looks for names over the whole retention: a Hubble that exports nothing reads ok")
def test_metrics_of_now(cluster: FakeCluster) -> None:
    """Series that are no longer scraped do not count."""
    checks = verified(cluster, prometheus([], {"cilium_endpoint_state", "hubble_flows_processed_total"}))
    assert (checks["metrics of cilium-agent"].ok, checks["metrics of hubble"].ok) == (True, True)
    assert "in the last 5 minutes" in checks["metrics of hubble"].observed
    checks = verified(cluster, prometheus([], {"cilium_endpoint_state"}))
    assert (checks["metrics of cilium-agent"].ok, checks["metrics of hubble"].ok) == (True, False)


def test_the_clusters_own_prometheus(cluster: FakeCluster) -> None:
    """It is queried through the API server; an unusable answer makes the check undetermined, with the reason."""
    queries: list[str] = []

    def raw(path: str) -> Completed:
        queries.append(path)
        result: dict[str, Any] = {"activeTargets": []} if "/targets" in path else {"result": []}
        return Completed(0, json.dumps({"status": "success", "data": result}), "")

    cluster.kubectl.raw = raw
    assert verified(cluster)["targets of hubble"].ok is False
    base = "/api/v1/namespaces/prometheus/pods/prometheus-prometheus-kube-prometheus-prometheus-0:9090/proxy/api/v1/"
    assert all(path.startswith(base) for path in queries)
    assert max(len(path) for path in queries) < 4000
    assert {urlsplit(path).path.rpartition("/")[2] for path in queries} == {"targets", "query"}
    assert parse_qs(urlsplit(queries[0]).query) == {"state": ["active"]}
    cluster.kubectl.raw = lambda _: Completed(0, "<html>", "")
    assert "is an HTML page" in verified(cluster)["targets"].observed


def test_a_prometheus_that_fails(cluster: FakeCluster) -> None:
    """What it says is passed on."""

    def ask(_path: str, _params: Mapping[str, str]) -> Any:
        raise DashboardsError("Prometheus", cause="answers 503")

    check = verified(cluster, ask)["targets"]
    assert (check.ok, check.observed) == (None, "Prometheus cannot be queried: answers 503")


def test_the_label_of_the_last_up_is_the_default(cluster: FakeCluster) -> None:
    """Boards and values by another label of pods are remembered: verify and another `up` say that all is in place."""
    by_workload = all_up(replace(CHOICE, peer_label="workload"))
    assert wrong(verified(by_workload, unset=(*UNSET, "peer_label"))) == {}
    assert set(wrong(verified(by_workload))) == {"ConfigMaps", "Helm values"}
    state = inspect(connect(None, None, None, runner=by_workload), CHOICE)
    assert recorded_peer_label(state) == "workload"
    state = inspect(connect(None, None, None, runner=cluster), CHOICE)
    assert recorded_peer_label(state) == "app"


@pytest.mark.fault("verify does not say whether histograms are stored natively")
@pytest.mark.parametrize(
    ("prometheus", "agent", "observed"),
    [
        ({}, {}, "stored as classic series, which all boards read"),
        ({"scrapeNativeHistograms": True}, {}, "cilium-agent, cilium-operator by scrapeNativeHistograms. Our boards"),
        ({"scrapeNativeHistograms": True, "scrapeClassicHistograms": True}, {}, "stored as classic series"),
        ({"scrapeNativeHistograms": True}, {"scrapeNativeHistograms": False}, ": cilium-operator by scrapeNative"),
        ({}, {"scrapeNativeHistograms": True}, ": cilium-agent by scrapeNativeHistograms. "),
        ({"convertClassicHistogramsToNHCB": True}, {}, "hubble"),
    ],
)
def test_how_histograms_are_stored(
    cluster: FakeCluster, prometheus: dict[str, bool], agent: dict[str, bool], observed: str
) -> None:
    """By the switches of the Prometheus, which those of a ServiceMonitor override; it is right in any case."""
    for kind, name, switches in (("Prometheus", "", prometheus), ("ServiceMonitor", "cilium-agent", agent)):
        for key, item in cluster.api.objects.items():
            if key[0] == kind and name in ("", key[2]):
                item.body.setdefault("spec", {}).update(switches)
    check = verified(cluster)["histograms"]
    assert check.ok
    assert observed in check.observed


@pytest.mark.fault("`cluster up` with another --peer-label is forgotten where the values have that label already")
@pytest.mark.parametrize(("first", "second"), [("app", "workload"), ("workload", "app"), ("workload", "pod")])
def test_the_label_that_up_took_last_is_taken_again(first: PeerLabel, second: PeerLabel) -> None:
    """Once `up` ran with one label and then with another, verify and a third `up` keep to the second."""
    cluster = all_up(replace(CHOICE, peer_label=first))
    clients = connect(None, None, None, runner=cluster)
    for _ in range(2):  # the second time the values have it
        options = replace(CHOICE, peer_label=second)
        state = inspect(clients, options)
        list(run_steps(plan_up(state, options, HelmCharts(clients, state.kinds)), clients))
    assert recorded_peer_label(inspect(clients, CHOICE)) == second
    assert "ConfigMaps" not in wrong(verified(cluster, unset=(*UNSET, "peer_label")))


def test_a_label_that_the_values_had_before_is_remembered() -> None:
    """Where `up` had nothing to add to the handlers, the boards say which label it took."""
    cluster = all_up(replace(CHOICE, peer_label="workload"))
    clients = connect(None, None, None, runner=cluster)
    state = inspect(clients, CHOICE)
    assert recorded_peer_label(replace(state, record=Record())) == "workload"
    assert recorded_peer_label(replace(state, record=Record(), config_maps=())) == "app"
