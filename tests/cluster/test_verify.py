"""`verify` on a cluster in memory; tests/live/test_cluster_drift.py uses a real one."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboards_py.catalog import Release, components
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
from dashboards_py.cluster.checks.hubble import Handlers, handler_checks
from dashboards_py.cluster.checks.rendered import drift_fix
from dashboards_py.cluster.checks.scraped import scrape_checks
from dashboards_py.cluster.checks.scrapers import scrapers
from dashboards_py.cluster.clients import connect
from dashboards_py.cluster.drift import Drift, ObjectKey
from dashboards_py.cluster.record import Record
from dashboards_py.errors import DashboardsError, Remedy
from dashboards_py.kubernetes import Completed
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.peer_label import PeerLabel
from dashboards_py.values.handler_problems import ALL as EVERYTHING
from dashboards_py.values.handler_problems import HandlerProblem
from dashboards_py.values.handlers import ProblemKind
from tests.fakes.cluster import FakeCluster

NAMESPACE = "kube-system"
OPTIONS = Options(Versions.read("88.5.3", "31.0.1", "1.20.0"))
SEED: dict[str, Any] = {"prometheus": {"enabled": True}, "hubble": {"relay": {"enabled": True}}}
UNSET = ("namespace", "release", "stack")


COMPONENTS = {"cilium-agent": 9962, "cilium-operator": 9963, "cilium-envoy": 9964, "hubble": 9965, "hubble-relay": 9966}
# Each check of a healthy cluster, in order, and what it says.
CHECKS = {
    "Cilium": "1.20.0 as kube-system/cilium, deployed",
    "CRDs": "kinds of monitoring.coreos.com",
    "Prometheus": "prometheus/prometheus-kube-prometheus-prometheus selects release=prometheus",
    **{
        f"ServiceMonitor {name}": f"selected by prometheus/prometheus-kube-prometheus-prometheus, port {port}"
        for name, port in COMPONENTS.items()
    },
    "histograms": "stored as classic series",
    **{f"endpoints of {name}": " behind Service " for name in COMPONENTS},
    "network policies": "none of 0 is in the way",
    "Helm values": "panels have what they need",
    "live objects": "as Helm rendered them for kube-system/cilium, prometheus/prometheus",
    "pods": "all are ready",
    "configuration": "every pod of Cilium started after its configuration last changed",
    "targets": "Prometheus cannot be queried",
    "ConfigMaps": " unchanged in prometheus, for Cilium 1.20",
    "sidecar": "Grafana's, in prometheus, watches ALL",
}


def set_up(options: Options = OPTIONS) -> FakeCluster:
    """A cluster after `up` and a rollout of its pods."""
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
    return set_up()


def verified(
    cluster: FakeCluster, ask: Any = None, options: Options = OPTIONS, unset: tuple[str, ...] = UNSET
) -> dict[str, Check]:
    """The checks by name."""
    return {check.name: check for check in verify(connect(None, None, None, runner=cluster), options, ask, unset)}


def failed(checks: Mapping[str, Check]) -> dict[str, str]:
    """The failed checks and their fixes."""
    return {name: advice(check) for name, check in checks.items() if check.ok is False}


def advice(check: Check) -> str:
    """The fix as the command line prints it."""
    return fix_text(check.fix, "up")


def undetermined(checks: Mapping[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if check.ok is None}


def test_everything_is_in_place(cluster: FakeCluster) -> None:
    """After `up` and a rollout no check fails; without a Prometheus targets are undetermined; nothing is changed."""
    checks = verified(cluster)
    assert (failed(checks), undetermined(checks)) == ({}, {"targets"})
    assert list(checks) == list(CHECKS)
    for name, observed in CHECKS.items():
        assert observed in checks[name].observed, name
    assert cluster.changes() == []


def test_a_plain_up_is_advised_for_lost_objects(cluster: FakeCluster) -> None:
    """A lost object needs no option of `setup.sh up`, because nothing is overwritten."""
    cluster.api.delete("Service", NAMESPACE, "hubble-metrics")
    lost = {"endpoints of hubble", "live Service kube-system/hubble-metrics"}
    assert failed(verified(cluster)) == dict.fromkeys(lost, "setup.sh up")


def test_a_config_map_that_was_edited(cluster: FakeCluster) -> None:
    """For a missing board verify advises `up`; for an edited one a copy and then `up --take-over`."""
    cluster.api.delete("ConfigMap", "prometheus", "cilium-dashboards-hubble-dns")
    assert failed(verified(cluster))["ConfigMaps"] == "setup.sh up"
    edit = {"data": {"hubble-http.json": "{}"}}
    cluster.api.patch("ConfigMap", "prometheus", "cilium-dashboards-hubble-http", edit, "kubectl-edit")
    fix_command = "keep a copy of what was edited, then setup.sh up --take-over"
    assert failed(verified(cluster))["ConfigMaps"] == fix_command


@pytest.mark.fault("verify advises up --restart if hubble-metrics was edited, which rolls out the bad configuration")
def test_an_edited_configuration_is_not_rolled_out(cluster: FakeCluster) -> None:
    """An edited configuration must be fixed first, even if no pod has read it."""
    cluster.api.patch("ConfigMap", NAMESPACE, "cilium-config", {"data": {"hubble-metrics": "drop"}})
    checks = verified(cluster)
    fix_command = "put what you need of it into Helm values, then setup.sh up --take-over"
    first = "fix ConfigMap cilium-config above first"
    assert failed(checks) == {"live ConfigMap kube-system/cilium-config": fix_command, "configuration": first}
    assert "--restart" not in " ".join(failed(checks).values())


@pytest.mark.fault("verify names a command that does not work if a label was edited by hand")
def test_a_label_that_was_edited(cluster: FakeCluster) -> None:
    """Helm refuses to overwrite it, so the command has --take-over."""
    cluster.api.patch("ServiceMonitor", NAMESPACE, "hubble", {"metadata": {"labels": {"release": "mine"}}})
    fixes = failed(verified(cluster))
    assert fixes["ServiceMonitor hubble"] == fixes["live ServiceMonitor kube-system/hubble"]
    assert fixes["ServiceMonitor hubble"].endswith("setup.sh up --take-over")


@pytest.mark.fault("verify advises up for lost objects, which is refused for an edit of another object")
def test_losses_and_an_edit(cluster: FakeCluster) -> None:
    """One command restores all of them."""
    cluster.api.patch("ServiceMonitor", NAMESPACE, "hubble", {"metadata": {"labels": {"release": "mine"}}})
    cluster.api.delete("Service", NAMESPACE, "hubble-metrics")
    fixes = failed(verified(cluster))
    assert fixes["live Service kube-system/hubble-metrics"] == "setup.sh up --take-over"
    assert fixes["endpoints of hubble"].endswith("setup.sh up --take-over")


@pytest.mark.fault("a ConfigMap of dynamic metrics that may not be read is said to be written wrongly")
def test_dynamic_metrics_that_may_not_be_read() -> None:
    """It is undetermined, with the fix of the error."""
    error = DashboardsError("configmaps", cause="is forbidden", fix="ask for get on configmaps")
    (check,) = handler_checks(Handlers(is_dynamic=True, unread=error))
    assert (check.ok, check.fix, check.cause) == (None, "ask for get on configmaps", "missing-rights")


def test_an_edit_that_no_upgrade_undoes() -> None:
    """The fix is to delete the Service, or to undo the rollout of a workload."""
    service = Drift(ObjectKey("Service", NAMESPACE, "hubble-metrics"), "spec.ports[hubble-metrics]", replaced=True)
    fixes = setup_fixes(OPTIONS)
    why = "no upgrade can replace what is there now"
    way = f"kubectl delete service hubble-metrics -n kube-system, then setup.sh up: {why}"
    assert fix_text(drift_fix(service, fixes), "up") == way
    agents = Drift(
        ObjectKey("DaemonSet", NAMESPACE, "cilium"), "spec.template.spec.containers[a].env[B]", replaced=True
    )
    way = f"kubectl rollout undo daemonset cilium -n kube-system, then setup.sh up: {why}"
    assert fix_text(drift_fix(agents, fixes), "up") == way


@pytest.mark.fault("verify does not see workloads at 0 replicas and pods that are not ready")
def test_replicas_and_pods(cluster: FakeCluster) -> None:
    """Deployments scaled to 0, and pods that do not become ready, are reported."""
    cluster.api.scale("Deployment", NAMESPACE, "cilium-operator", 0)
    cluster.api.scale("Deployment", "prometheus", "prometheus-grafana", 0)
    cluster.api.unready.add("hubble-relay")
    cluster.run(f"kubectl -n {NAMESPACE} rollout restart deployment/hubble-relay")
    checks = verified(cluster)
    assert checks["pods of Deployment hubble-relay"].observed == "0 of 1 pod is ready"
    assert {
        "live Deployment kube-system/cilium-operator",
        "live Deployment prometheus/prometheus-grafana",
        "pods of Deployment cilium-operator",
        "pods of Deployment prometheus-grafana",
        "pods of Deployment hubble-relay",
    } <= failed(checks).keys()


@pytest.mark.fault("a deleted Prometheus object: verify advises `setup.sh up`, up finds nothing to do")
def test_a_prometheus_that_was_deleted(cluster: FakeCluster) -> None:
    """verify reports it, with the command that restores it."""
    cluster.api.delete("Prometheus", "prometheus", "prometheus-kube-prometheus-prometheus")
    fixes = failed(verified(cluster))
    assert fixes["live Prometheus prometheus/prometheus-kube-prometheus-prometheus"] == "setup.sh up"
    assert fixes["Prometheus"] == "setup.sh up"


@pytest.mark.fault("verify with a ServiceAccount that may only view reports nothing")
def test_with_the_role_view(cluster: FakeCluster) -> None:
    """What the ClusterRole `view` allows is checked; the rest is undetermined, which is not a failure."""
    for plural in ("secrets", "customresourcedefinitions", "servicemonitors", "prometheuses", "nodes"):
        cluster.api.denied |= {("list", plural), ("get", plural)}
    checks = verified(cluster)
    assert failed(checks) == {}
    assert undetermined(checks) == {"Cilium", "Prometheus", "ServiceMonitors", "live objects", "targets"}
    assert checks["Cilium"].observed.startswith("1.20.0 as kube-system/cilium;")
    assert {"CRDs", "Helm values", "pods", "configuration", "ConfigMaps", "sidecar"} <= checks.keys()
    cluster.api.patch("ConfigMap", NAMESPACE, "cilium-config", {"data": {"prometheus-serve-addr": None}})
    cluster.run(f"kubectl -n {NAMESPACE} rollout restart daemonset/cilium")
    cluster.run(f"kubectl -n {NAMESPACE} rollout restart deployment/cilium-operator")
    assert failed(verified(cluster)).keys() == {"Helm values"}


def test_with_the_role_view_and_another_image(cluster: FakeCluster) -> None:
    """Without Secrets the version is read from labels or the image; if neither has it, that is reported."""
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
    assert (failed(checks), checks["live objects"].ok) == ({}, None)
    cluster.api.delete("Service", NAMESPACE, "hubble-metrics")
    assert failed(verified(cluster)).keys() == {"endpoints of hubble", "live Service kube-system/hubble-metrics"}


@pytest.mark.parametrize(
    ("stack", "fix_command"),
    [(True, "setup.sh up"), (False, "kubectl create namespace prometheus, then setup.sh up --no-stack")],
)
def test_a_missing_namespace(stack: bool, fix_command: str) -> None:
    """The suggested command works as printed: only the stack's own `up` creates a namespace."""
    cluster = FakeCluster()
    cluster.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    cluster.install("cilium", NAMESPACE, "cilium", "1.20.0", SEED)
    checks = verified(cluster, options=replace(OPTIONS, stack=stack), unset=())
    assert (checks["ConfigMaps"].ok, advice(checks["ConfigMaps"])) == (False, fix_command)


@pytest.mark.fault("verify stops with an error if the namespace is deleted meanwhile")
def test_a_namespace_that_is_being_deleted(cluster: FakeCluster) -> None:
    """It is one check among others, whether the namespace is terminating or already deleted."""
    cluster.api.objects["Namespace", "", "prometheus"].body["status"]["phase"] = "Terminating"
    checks = verified(cluster)
    assert (checks["ConfigMaps"].ok, checks["ConfigMaps"].observed) == (
        False,
        "namespace prometheus is being terminated",
    )
    cluster = set_up()

    def removed() -> None:
        cluster.api.objects.pop(("Namespace", "", "prometheus"))

    cluster.before("kubectl --namespace=prometheus get namespace", removed)
    checks = verified(cluster)
    assert checks["ConfigMaps"].ok is None
    assert "namespace prometheus: does not exist" in checks["ConfigMaps"].observed


@pytest.mark.fault("verify does not use --namespace and --release of the last up")
def test_options_default_to_the_record() -> None:
    """The namespace is read from the record, the release from the cluster; printed commands have both."""
    options = Options(OPTIONS.versions, namespace="monitoring", release="kps")
    cluster = set_up(options)
    assert failed(verified(cluster)) == {}
    cluster.api.delete("Service", NAMESPACE, "hubble-metrics")
    assert set(failed(verified(cluster)).values()) == {"setup.sh up --namespace monitoring --release kps"}
    assert "ConfigMaps" in failed(verified(cluster, unset=()))


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
def test_scrapers_are_recognised(image: str, is_scraper: bool) -> None:
    """By the image of a workload."""
    assert bool(scrapers([workload(image)])) == is_scraper


def workload(image: str) -> dict[str, Any]:
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "x", "image": image}]}}
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": template}
    metadata = {"name": "agent", "namespace": "default"}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


@pytest.mark.fault("without prometheus-operator the advice is to install a second stack")
@pytest.mark.parametrize("image", ["victoriametrics/vmagent:v1", "grafana/alloy:v1", "prom/prometheus:v3"])
def test_without_an_operator(image: str) -> None:
    """If something else scrapes, verify asks for its address, and advises no second stack."""
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
def test_crds_come_before_the_upgrade() -> None:
    """Cilium's chart renders no ServiceMonitor if the CRD is missing (tests/live/test_charts.py)."""
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
    """The fix names the command that deploys boards there, with its option to overwrite."""
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
    """Without any Prometheus the fix is not to choose one; for a refusal of Helm it is that of `up`."""
    bare = FakeCluster()
    bare.install("crds", "default", "prometheus-operator-crds", "31.0.1")
    bare.install("cilium", NAMESPACE, "cilium", "1.20.0", SEED)
    checks = verified(bare, options=replace(OPTIONS, stack=False), unset=())
    assert checks["Prometheus"].fix == Remedy("no-prometheus")

    def busy(argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        if list(argv[:3]) == ["helm", "get", "manifest"]:
            return Completed(1, "", "Error: another operation (install/upgrade/rollback) is in progress\n")
        return cluster(argv, stdin=stdin, seconds=seconds)

    listed = verify(connect(None, None, None, runner=busy), OPTIONS, None, UNSET)
    check = next(check for check in listed if check.name == "live objects")
    assert (check.ok, check.fix) == (None, Remedy("recover-operation"))


def test_a_release_that_is_being_uninstalled(cluster: FakeCluster) -> None:
    """It is one check, not one for each of its objects that is gone by now."""
    (key,) = (key for key in cluster.releases.revisions if key[1] == "prometheus")
    revision = cluster.releases.revisions[key][-1]
    cluster.releases.revisions[key][-1] = replace(revision, status="uninstalling")
    checks = verified(cluster)
    check = checks[f"Helm release {'/'.join(key)}"]
    assert (check.ok, check.cause) == (False, "pending-release")
    assert "is uninstalling" in check.observed
    assert not [name for name in checks if name.startswith("live ") and "prometheus" in name]


def test_many_objects_that_are_missing(cluster: FakeCluster) -> None:
    """They are one check, which names the first of them and counts the others."""
    (key,) = (key for key in cluster.releases.revisions if key[1] == "prometheus")
    revision = cluster.releases.revisions[key][-1]
    absent = tuple(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"m{number}", "namespace": key[0]}}
        for number in range(7)
    )
    cluster.releases.revisions[key][-1] = replace(revision, manifest=(*revision.manifest, *absent[:5]))
    assert [name for name in verified(cluster) if name.startswith("live ")] == [
        f"live ConfigMap {key[0]}/m{number}" for number in range(5)
    ]
    cluster.releases.revisions[key][-1] = replace(revision, manifest=(*revision.manifest, *absent))
    check = verified(cluster)["live objects"]
    names = ", ".join(f"ConfigMap {key[0]}/m{number}" for number in range(5))
    assert (check.ok, check.observed) == (False, f"7 are missing: {names} and 2 more")


def prometheus(targets: list[dict[str, Any]], present: set[str]) -> Callable[[str, Mapping[str, str]], Any]:
    """A Prometheus with these targets, and with these metrics in the five minutes before the query."""

    def ask(path: str, params: Mapping[str, str]) -> Any:
        if path == "targets":
            return {"activeTargets": targets}
        assert path == "query", path
        assert "last_over_time(" in params["query"], "a server may be configured to look back for hours"
        assert "[5m]" in params["query"]
        names = params["query"].partition('=~"')[2].partition('"')[0].split("|")
        rows = [{"metric": {"__name__": name}, "value": [0, "1"]} for name in names if name in present]
        return {"resultType": "vector", "result": rows}

    return ask


def target(monitor: str, number: int, health: str = "up") -> dict[str, Any]:
    pool, url = f"serviceMonitor/kube-system/{monitor}/0", f"http://10.0.0.{number}:9962/metrics"
    return {"scrapePool": pool, "scrapeUrl": url, "health": health, "lastError": ""}


@pytest.mark.fault("verify prints the password or token in the address of a target that is down")
def test_secrets_of_a_target_that_is_down() -> None:
    """Neither its address nor its error shows user, password or parameters."""
    url = "http://ann:hunter2@10.0.0.2:9962/metrics?token=hunter3"
    down = {**target("cilium-agent", 2, "down"), "scrapeUrl": url, "lastError": f'Get "{url}": connection refused'}
    (check,) = _of_targets([down])
    address = "http://10.0.0.2:9962/metrics"
    assert check.observed == f'1 of 1 target is not up: {address} Get "{address}": connection refused'


@pytest.mark.fault("verify advises to look at the port whatever the error of a target that is down")
def test_the_errors_of_targets_that_are_down() -> None:
    """Each cause is a check, with the cause and the fix that doctor has for it."""
    errors = ("sample limit exceeded", "context deadline exceeded", "server returned HTTP status 401 Unauthorized")
    down = [{**target("cilium-agent", n, "down"), "lastError": error} for n, error in enumerate(errors)]
    fixes = {check.cause: advice(check) for check in _of_targets(down)}
    assert [*fixes] == ["scrape-limit", "scrape-timeout", "target-down"]
    assert "sampleLimit" in fixes["scrape-limit"]
    assert "scrapeTimeout" in fixes["scrape-timeout"]
    assert "credentials" in fixes["target-down"]


def _of_targets(targets: list[dict[str, Any]]) -> list[Check]:
    agent = components()["cilium-agent"]
    helm = HelmRelease("cilium", "kube-system", "cilium", "1.20.0", 1, "deployed")
    all_checks = scrape_checks(
        {agent: "kube-system"}, Release.parse("1.20.0"), helm, (), prometheus(targets, set()), None
    )
    return [check for check in all_checks if check.name == "targets of cilium-agent"]


@pytest.mark.fault("verify names a command that does not work if a label was edited by hand")
def test_a_selector_that_was_edited(cluster: FakeCluster) -> None:
    """Where a ServiceMonitor has no Service for that reason, each check of it names the command that overwrites it."""
    selector = {"spec": {"selector": {"matchLabels": {"k8s-app": "mine"}}}}
    cluster.api.patch("ServiceMonitor", NAMESPACE, "hubble", selector, "kubectl-edit")
    fixes = failed(verified(cluster))
    assert fixes["endpoints of hubble"] == fixes["live ServiceMonitor kube-system/hubble"]
    assert fixes["endpoints of hubble"].endswith("setup.sh up --take-over")


@pytest.mark.fault("verify reports ok, 1 of 1 up, though there are three agents")
def test_targets_are_counted_against_pods(cluster: FakeCluster) -> None:
    """There must be a target for each ready pod; a target that is down is named."""
    cases: tuple[tuple[list[dict[str, Any]], bool, str], ...] = (
        ([target("cilium-agent", 1)], False, "1 up, but 3 pods are ready"),
        ([target("cilium-agent", 1)] * 3, False, "1 up, but 3 pods are ready"),
        ([target("cilium-agent", number) for number in range(3)], True, "3 up, of 3 pods"),
        ([target("cilium-agent", number) for number in range(2)] + [target("hubble", 3)], False, "2 up, but 3"),
        ([], False, "Prometheus has none"),
        (
            [target("cilium-agent", 1), target("cilium-agent", 2, "down")],
            False,
            "1 of 2 targets is not up: http://10.0.0.2:9962/metrics",
        ),
    )
    for targets, ok, observed in cases:
        check = verified(cluster, prometheus(targets, set()))["targets of cilium-agent"]
        assert (check.ok, check.observed[: len(observed)]) == (ok, observed)


@pytest.mark.fault("verify looks for names over the whole retention: a Hubble that exports nothing is reported as ok")
def test_metrics_must_be_current(cluster: FakeCluster) -> None:
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
        result: dict[str, Any] = {"resultType": "vector", "result": []}
        result = {"activeTargets": []} if "/targets" in path else result
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
    """Its error is part of the check."""

    def ask(_path: str, _params: Mapping[str, str]) -> Any:
        raise DashboardsError("Prometheus", cause="answers 503")

    check = verified(cluster, ask)["targets"]
    assert (check.ok, check.observed) == (None, "Prometheus cannot be queried: answers 503")


def test_the_label_of_the_last_up_is_the_default(cluster: FakeCluster) -> None:
    """The label that `up` used for boards and values is recorded, and verify uses it."""
    by_workload = set_up(replace(OPTIONS, peer_label="workload"))
    assert failed(verified(by_workload, unset=(*UNSET, "peer_label"))) == {}
    assert set(failed(verified(by_workload))) == {"ConfigMaps", "Helm values"}
    state = inspect(connect(None, None, None, runner=by_workload), OPTIONS)
    assert recorded_peer_label(state) == "workload"
    state = inspect(connect(None, None, None, runner=cluster), OPTIONS)
    assert recorded_peer_label(state) == "app"
    of_others: Any = {"metadata": {"name": "theirs", "labels": {}}, "data": {"x.json": "source_workload"}}
    assert recorded_peer_label(replace(state, config_maps=(of_others, *state.config_maps))) == "app"


@pytest.mark.fault("verify does not report whether histograms are stored natively")
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
    """By the options of the Prometheus, which those of a ServiceMonitor override; the check passes in any case."""
    for kind, name, switches in (("Prometheus", "", prometheus), ("ServiceMonitor", "cilium-agent", agent)):
        for key, item in cluster.api.objects.items():
            if key[0] == kind and name in ("", key[2]):
                item.body.setdefault("spec", {}).update(switches)
    check = verified(cluster)["histograms"]
    assert check.ok
    assert observed in check.observed


@pytest.mark.fault("`cluster up` with another --peer-label is forgotten if the values have that label already")
@pytest.mark.parametrize(("first", "second"), [("app", "workload"), ("workload", "app"), ("workload", "pod")])
def test_the_last_label_is_used_again(first: PeerLabel, second: PeerLabel) -> None:
    """After `up` with one label and then with another, verify and a third `up` use the second."""
    cluster = set_up(replace(OPTIONS, peer_label=first))
    clients = connect(None, None, None, runner=cluster)
    for _ in range(2):  # in the second run the values already have it
        options = replace(OPTIONS, peer_label=second)
        state = inspect(clients, options)
        list(run_steps(plan_up(state, options, HelmCharts(clients, state.kinds)), clients))
    assert recorded_peer_label(inspect(clients, OPTIONS)) == second
    assert "ConfigMaps" not in failed(verified(cluster, unset=(*UNSET, "peer_label")))


def test_a_label_that_the_values_already_had() -> None:
    """If `up` had nothing to add to the handlers, the label is read from the boards."""
    cluster = set_up(replace(OPTIONS, peer_label="workload"))
    clients = connect(None, None, None, runner=cluster)
    state = inspect(clients, OPTIONS)
    assert recorded_peer_label(replace(state, record=Record())) == "workload"
    assert recorded_peer_label(replace(state, record=Record(), config_maps=())) == "app"


@pytest.mark.parametrize(
    ("stops", "needed", "subjects"),
    [
        (EVERYTHING, True, {"hubble", "cilium-agent"}),
        (EVERYTHING, False, {"hubble"}),
        (frozenset({"dns"}), True, {"dns"}),
    ],
    ids=["all, and the agent", "all", "one"],
)
def test_whom_a_refused_handler_concerns(stops: frozenset[str], needed: bool, subjects: set[str]) -> None:
    """The handler alone, or all of Hubble, and the agent where it does not start without them."""
    problem = HandlerProblem(ProblemKind.REFUSED, "dns does not start", stops=stops)
    (check,) = (
        check
        for check in handler_checks(Handlers("cilium-config", refused=(problem,), needed_by_agent=needed))
        if check.cause == "refused-handler"
    )
    assert (check.ok, set(check.subjects)) == (False, subjects)
