"""Reading a cluster before changing it: the state, the rendered and live objects, pending operations."""

from collections.abc import Collection
from dataclasses import replace

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.outcome import revision_of
from dashboards_py.cluster.overwritten import Overwritten, overwritten, previous_of, with_previous_values
from dashboards_py.cluster.record import Record
from dashboards_py.cluster.refuse import CRDS, STACK
from dashboards_py.cluster.restart import stale_workloads
from dashboards_py.cluster.state import KINDS, RULES, State, read_state, read_values
from dashboards_py.kubernetes import Json, LiveConfigMap
from dashboards_py.kubernetes.ownership import is_ours

PREFIX = "cilium-dashboards-"


def inspect(clients: Clients, options: Options, *, removing: bool = True) -> State:
    """Read all that a plan needs to know about the cluster; what only a removal needs is left out unless `removing`."""
    state = read_state(clients)
    record, lost = settled(state.record, state, clients)
    crds = () if state.crds >= KINDS else state.release(CRDS)  # megabytes, and of interest only if a kind is missing
    releases = [
        release
        for release in (*state.release("cilium"), *state.release(STACK), *crds)
        if not release.status.startswith("pending") and release.status != "uninstalling"
    ]
    values = read_values(clients, state.release(CRDS) if removing else crds)
    manifests = {release.qualified_name: tuple(clients.helm.manifest(release)) for release in releases}
    installed = {
        release.qualified_name: clients.helm.first_deployed(release)
        for release in state.helm
        if removing and f"release {release.qualified_name}" in record.created
    }
    cilium = next((release for release in state.release("cilium")), None)
    return replace(
        state,
        record=record,
        record_is_settled=state.record.pending is None,
        overwritten=lost,
        values={**state.values, **values},
        manifests=manifests,
        live={
            release.qualified_name: tuple(clients.at(release.namespace).read_again(manifests[release.qualified_name]))
            for release in releases
        },
        installed=installed,
        scaled=scaled_workloads(clients),
        config_maps=_boards(clients, state, record, options),
        rules=_rules(clients, state, record, options),
        stale=stale_workloads(clients.at(cilium.namespace)) if cilium else (),
    )


def settled(record: Record, state: State, clients: Clients) -> tuple[Record, Overwritten | None]:
    """The record with the operation of an interrupted run settled, and what it overwrote of someone else's revision."""
    pending = record.pending
    if pending is None:
        return record, None
    release = next((release for release in state.helm if release.qualified_name == pending.release), None)
    revision = revision_of(clients.helm, release, pending)
    if release is None or revision is None:
        return record.abandoned(), None
    lost, previous = None, previous_of(revision, release, clients.helm)
    if revision.number > pending.revision + 1 and previous:
        lost = overwritten(pending, record, revision, previous, release, clients.helm)
        record = record.with_pending(with_previous_values(pending, clients.helm.values(release, previous.number)))
    identity = clients.helm.first_deployed(release)
    return record.concluded(clients.helm.values(release), release.status, identity), lost


def scaled_workloads(clients: Clients) -> frozenset[tuple[str, str, str]]:
    """Kind, namespace and name of the workloads that autoscalers scale."""
    targets = [
        (body["spec"]["scaleTargetRef"], body["metadata"]["namespace"])
        for body in clients.kubectl.objects("horizontalpodautoscalers.autoscaling", "--all-namespaces")
    ]
    return frozenset((target["kind"], namespace, target["name"]) for target, namespace in targets)


def _boards(clients: Clients, state: State, record: Record, options: Options) -> tuple[LiveConfigMap, ...]:
    """ConfigMaps with our label or one of our names, in the namespaces that have boards or will get them."""
    recorded = {what.partition(" ")[2] for what in record.created if what.startswith("boards ")}
    return boards_in(clients, state, {options.namespace, *recorded})


def boards_in(clients: Clients, state: State, namespaces: Collection[str]) -> tuple[LiveConfigMap, ...]:
    """ConfigMaps with our label or one of our names, in those of the namespaces that exist."""
    return tuple(
        config_map
        for namespace in sorted(state.namespaces.keys() & namespaces)
        for config_map in clients.at(namespace).config_maps()
        if config_map["metadata"]["name"].startswith(PREFIX) or is_ours(config_map)
    )


def _rules(clients: Clients, state: State, record: Record, options: Options) -> tuple[Json, ...]:
    """PrometheusRules in the namespaces that have alerts of ours or will get them."""
    recorded = {what.partition(" ")[2] for what in record.created if what.startswith("rules ")}
    chosen = {options.namespace} if options.rules else set()
    return rules_in(clients, state, {*chosen, *recorded})


def rules_in(clients: Clients, state: State, namespaces: Collection[str]) -> tuple[Json, ...]:
    """The PrometheusRules in those of the namespaces that exist."""
    if RULES not in state.crds:
        return ()
    return tuple(
        body
        for namespace in sorted(state.namespaces.keys() & namespaces)
        for body in clients.at(namespace).objects(RULES, "--show-managed-fields")
    )
