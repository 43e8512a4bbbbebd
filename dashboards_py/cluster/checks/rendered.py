"""Are the live objects as Helm rendered them, and are their pods ready?"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from dashboards_py.catalog import components
from dashboards_py.cluster.changes import WORKLOADS
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.fixes import Fixes
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.drift import Drift, drift
from dashboards_py.cluster.inspect import scaled_workloads
from dashboards_py.cluster.refuse import ensure_not_pending
from dashboards_py.cluster.state import KINDS, NAMES
from dashboards_py.errors import DashboardsError, Fix
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.gitops import source_fix
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.plural import counted, counted_of

LABELS = "metadata.labels"
INCOMPLETE = ("uninstalling", "pending-install")  # releases of which not every object should be there
MANY = 5  # missing objects: more are one check
# The fields by which metrics flow, by kind, and those that permit the scrapes.
FLOW_FIELDS = {
    "ConfigMap": (LABELS, "data", "binaryData"),
    "Service": (LABELS, "spec.selector", "spec.ports"),
    **dict.fromkeys(WORKLOADS, (LABELS, "spec.replicas", "spec.template")),
    **dict.fromkeys(("ServiceMonitor", "PodMonitor", "Prometheus"), (LABELS, "spec")),
}
RBAC_FIELDS = dict.fromkeys(("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"), (LABELS, "rules", "subjects"))


def drift_of(clients: Clients, releases: Sequence[HelmRelease]) -> tuple[tuple[Drift, ...], list[Check]]:
    """The differences from what Helm rendered for each release, and a check for each that cannot be determined."""
    drifted: list[Drift] = []
    undetermined = []
    scaled = cache(partial(scaled_workloads, clients))
    for release in releases:
        if release.status == "unknown":
            observed = f"what Helm rendered for {release.qualified_name} is in Secrets, which you may not read"
            undetermined.append(Check("live objects", None, observed, RIGHTS, cause="missing-rights"))
            continue
        if release.chart != "cilium":  # of which another check says it
            undetermined += _pending_check(release)
        if release.status in INCOMPLETE:
            continue
        try:
            for item in _read_drift(clients, release, scaled):
                drifted.append(item)  # one by one: what was read before an error counts
        except DashboardsError as error:
            observed = f"{release.qualified_name}: {error.cause}"
            undetermined.append(Check("live objects", None, observed, error.suggestion, cause="missing-rights"))
    return tuple(drifted), undetermined


def _pending_check(release: HelmRelease) -> Iterator[Check]:
    try:
        ensure_not_pending(release)
    except DashboardsError as error:
        yield Check(error.what, False, error.cause, error.suggestion, cause="pending-release")


def _read_drift(
    clients: Clients, release: HelmRelease, scaled: Callable[[], Collection[tuple[str, str, str]]]
) -> Iterator[Drift]:
    """The drift of each object, first of those by which metrics flow: what may not be read of the rest hides none."""
    manifest = clients.helm.manifest(release)
    first = [body for body in manifest if body["kind"] in FLOW_FIELDS]
    for objects in (first, [body for body in manifest if body["kind"] not in FLOW_FIELDS]):
        live = clients.at(release.namespace).read_again(objects)
        yield from (item for item in drift(objects, live, scaled()) if concerns_metrics(item))


def concerns_metrics(item: Drift) -> bool:
    """Whether it may stop metrics: drift in fields by which they flow, or an object that is missing."""
    return not item.field or item.field.startswith((FLOW_FIELDS | RBAC_FIELDS).get(item.key.kind, ()))


def drift_checks(
    drifted: Sequence[Drift], releases: Sequence[HelmRelease], fixes: Fixes, crds: Collection[str] = KINDS
) -> Iterator[Check]:
    """A check for each object that drifted, or one that says that none of the `releases` did.

    Objects of a kind of the operator that is not among `crds` are missing for that reason, and are one check.
    """
    without_kind = [item for item in drifted if not item.field and NAMES.get(item.key.kind, "") in KINDS - set(crds)]
    for kind, count in sorted(Counter(item.key.kind for item in without_kind).items()):
        observed = f"is not defined, and so {counted(count, 'object is', 'objects are')} missing"
        yield Check(f"kind {kind}", False, observed, fixes.objects, cause="missing-kinds")
    missing = [item for item in drifted if not item.field and item not in without_kind]
    together = missing if len(missing) > MANY else []  # as after an installation that failed
    if together:
        names = ", ".join(str(item.key) for item in missing[:MANY])
        observed = f"{len(missing)} are missing: {names} and {len(missing) - MANY} more"
        subjects = frozenset[str]().union(*(components_of(item.key.kind, item.key.name) for item in missing))
        yield Check("live objects", False, observed, fixes.objects, cause="edited-object", subjects=subjects)
    for item in drifted:
        if item in without_kind or item in together:
            continue
        subjects = components_of(item.key.kind, item.key.name)
        fix = drift_fix(item, fixes)
        yield Check(f"live {item.key}", False, item.difference, fix, cause="edited-object", subjects=subjects)
    if not drifted and releases:
        names = ", ".join(release.qualified_name for release in releases)
        yield Check("live objects", True, f"as Helm rendered them for {names}")


PATH = ("ServiceMonitor", "Service")


def drift_fix(item: Drift, fixes: Fixes) -> Fix:
    """How to restore the field."""
    if item.replaced:
        return f"{item.recovery}, then ", fixes.objects, ": no upgrade can replace what is there now"
    if source := source_fix(item.managers):
        return source
    if item.manager:
        return "put what you need of it into Helm values, then ", fixes.take_over_objects
    return fixes.objects


def fixes_of_edits(drifts: Sequence[Drift], fixes: Fixes) -> Fixes:
    """The fixes where somebody edited an object by hand: what overwrites that restores the others as well.

    Without it Helm 4 refuses the upgrade, and so nothing is restored.
    """
    edited = (item for item in drifts if item.manager and not item.replaced)
    if all(isinstance(drift_fix(item, fixes), str) for item in edited):  # as of what a GitOps tool applies
        return fixes
    values = fixes.take_over_objects if fixes.values == fixes.objects else fixes.values
    return replace(fixes, objects=fixes.take_over_objects, values=values)


def fixes_of_path(drifts: Sequence[Drift], fixes: Fixes) -> Fixes:
    """The fixes for what is between ServiceMonitors and pods: where somebody edited that, Helm 4 refuses an upgrade."""
    edited = [item for item in drifts if item.key.kind in PATH and (item.manager or item.replaced)]
    return replace(fixes, objects=drift_fix(edited[0], fixes)) if edited else fixes


def workload_checks(
    workloads: Sequence[Json], releases: Sequence[HelmRelease], *, by_name: bool = False
) -> Iterator[Check]:
    """A check for each of the workloads of the releases whose pods are not all ready, or one that says that all are.

    `by_name`: Helm did not apply Cilium, so that its workloads are known by their names.
    """
    ready = 0
    for release in releases:
        for item in workloads:
            if item["kind"] not in WORKLOADS or item["metadata"]["namespace"] != release.namespace:
                continue
            annotations = item["metadata"].get("annotations") or {}
            own = annotations.get("meta.helm.sh/release-name") == release.name
            if not (own or (by_name and (item["kind"], item["metadata"]["name"]) in OBJECTS)):
                continue
            wanted, now = replicas(item)
            if wanted and now >= wanted:
                ready += 1
                continue
            yield _unready(item, wanted, now)
    if ready:
        yield Check("pods", True, f"all are ready, of {counted(ready, 'workload')}")


def replicas(workload: Json) -> tuple[int, int]:
    """How many pods there should be, and how many are ready."""
    status = workload.get("status") or {}
    if workload["kind"] == "DaemonSet":
        return int(status.get("desiredNumberScheduled", 0)), int(status.get("numberReady", 0))
    wanted = workload["spec"].get("replicas")
    return (1 if wanted is None else int(wanted)), int(status.get("readyReplicas", 0))


def _unready(item: Json, wanted: int, now: int) -> Check:
    kind, metadata = item["kind"], item["metadata"]
    where = f"-n {metadata['namespace']} {kind.lower()}/{metadata['name']}"
    name = f"pods of {kind} {metadata['name']}"
    if wanted:
        observed, fix = (
            counted_of(now, wanted, "pod", "is ready", "are ready"),
            f"see why: kubectl describe {where}; kubectl get events -n {metadata['namespace']}",
        )
    elif kind == "DaemonSet":
        observed, fix = "no node is selected", f"its nodeSelector and tolerations: kubectl describe {where}"
    else:
        observed, fix = "is scaled to 0 replicas", f"kubectl scale {where} --replicas=1, or as many as you had"
    return Check(name, False, observed, fix, cause="unready-pods", subjects=components_of(kind, metadata["name"]))


# The workload whose pods expose a component's metrics, by kind and name.
WORKLOADS_OF: Mapping[str, tuple[str, str]] = {
    "cilium-agent": ("DaemonSet", "cilium"),
    "hubble": ("DaemonSet", "cilium"),
    "cilium-envoy": ("DaemonSet", "cilium-envoy"),
    "cilium-operator": ("Deployment", "cilium-operator"),
    "hubble-relay": ("Deployment", "hubble-relay"),
}
# The components that an object of Cilium's chart is of, by kind and name; ConfigMaps by their readers.
OBJECTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    **{
        workload: tuple(name for name, own in WORKLOADS_OF.items() if own == workload)
        for workload in WORKLOADS_OF.values()
    },
    ("ConfigMap", "cilium-config"): ("cilium-agent", "hubble", "cilium-operator"),
    ("ConfigMap", "cilium-envoy-config"): ("cilium-envoy",),
    ("ConfigMap", "hubble-relay-config"): ("hubble-relay",),
    ("Service", "hubble-relay-metrics"): ("hubble-relay",),
    ("Service", "hubble-metrics"): ("hubble",),
}


def components_of(kind: str, name: str) -> frozenset[str]:
    """The components whose metrics depend on an object."""
    if kind in ("ServiceMonitor", "Service") and name in components():
        return frozenset({name})
    return frozenset(OBJECTS.get((kind, name), ()))


RIGHTS = "ask for get and list on secrets in that namespace, or let someone who has them run verify"
