"""What is to do to take away what `up` made, and nothing else: networks and volumes stay unless told otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.cluster import remedies
from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.leftovers import (
    Leftovers,
    belongs_to,
    chart_secrets,
    foreign,
    listed,
    our_namespaces,
    record_notice,
)
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import CRDS, STACK, ensure_not_pending, ensure_nothing_overwritten
from dashboards_py.cluster.state import GROUP, State
from dashboards_py.cluster.steps import (
    DeleteConfigMaps,
    DeleteNamespace,
    DeleteVolumes,
    HelmUninstall,
    Notice,
    ObjectId,
    RevertValues,
    SettleRecord,
    Step,
)
from dashboards_py.cluster.upgrade import overwritten, prepare_upgrade
from dashboards_py.errors import Remedy
from dashboards_py.kubernetes import HelmRelease, Json
from dashboards_py.targets.configmaps import editors, is_ours
from dashboards_py.values import given, over, without
from dashboards_py.values.keys import steps


def plan_down(state: State, options: Options, charts: Charts, left: Leftovers) -> tuple[Step, ...]:
    """The steps that undo `up`, in order. Changes nothing, and asks Helm only to render."""
    for release in (*state.release("cilium"), *state.release(STACK), *state.release(CRDS)):
        ensure_not_pending(release)
    ensure_nothing_overwritten(state)
    removed = removed_releases(state, options, left)
    return (
        *(() if state.record_is_settled else (SettleRecord(),)),
        *record_notice(state, problem=True),
        *_boards(state, options),
        *_releases(state, options, charts, left, removed),
        *_crds(state, options, left, removed),
        *_namespaces(state, options, left, removed),
        *_gone(state),
    )


def removed_releases(state: State, options: Options, left: Leftovers) -> tuple[HelmRelease, ...]:
    """The releases that `up` installed and that go, the stack first: nobody needs the kinds and the network then."""
    stays = {"cilium": not options.uninstall_cilium, CRDS: bool(_objects_of_others(left))}
    return tuple(
        release
        for release in (*state.release(STACK), *state.release("cilium"), *state.release(CRDS))
        if is_ours_still(state, release) and not stays.get(release.chart)
    )


def _objects_of_others(left: Leftovers) -> list[Json]:
    """Objects of the operator's kinds that no Helm release has, ours least of all."""
    return [body for body in left.custom_objects if not _has_helm_owner(body)]


def is_ours_still(state: State, release: HelmRelease) -> bool:
    """Whether `up` installed the release, and nobody since under the same name."""
    identity = state.record.created.get(f"release {release.place}")  # "" in a record of version 0.1
    return identity is not None and identity in ("", state.installed.get(release.place))


def _boards(state: State, options: Options) -> Iterator[Step]:
    """The boards wherever `up` applied them; those that somebody edited since stay, and are named."""
    for what in sorted(state.record.created):
        kind, _, namespace = what.partition(" ")
        if kind != "boards":
            continue
        boards = [body for body in state.config_maps if body["metadata"]["namespace"] == namespace and is_ours(body)]
        edited = {} if options.take_over else {_name(body): editors(body) for body in boards if editors(body)}
        ids = tuple(sorted(ObjectId.of(body) for body in boards if _name(body) not in edited))
        if ids:
            yield DeleteConfigMaps(namespace=namespace, config_maps=ids)
        if edited:
            yield Notice(
                text=f"ConfigMaps in {namespace} that somebody edited stay",
                details=tuple(f"{name}: edited by {', '.join(who)}" for name, who in sorted(edited.items())),
                remedies=(Remedy(remedies.TAKE_OVER),),
                problem=True,
            )


def _releases(
    state: State, options: Options, charts: Charts, left: Leftovers, removed: Sequence[HelmRelease]
) -> Iterator[Step]:
    for release in (*state.release(STACK), *state.release("cilium")):
        if release in removed:
            yield from _uninstall(state, options, left, release)
            continue
        if is_ours_still(state, release):
            about = {"release": release.place}
            text = f"Cilium stays: it is the network of this cluster ({release.place})"
            yield Notice(text=text, remedies=(Remedy(remedies.UNINSTALL_CILIUM, about),))
        if release.place in state.record.values:
            yield from _revert(state, options, charts, release)
        elif release.status == "failed":
            fix = f"`helm history {release.name} -n {release.namespace}` says why"
            yield Notice(
                text=f"Helm release {release.place} is failed, and nothing of ours is in it: {fix}", problem=True
            )


def _uninstall(state: State, options: Options, left: Leftovers, release: HelmRelease) -> Iterator[Step]:
    claims = left.claims.get(release.place, ())
    values = state.values.get(release.place, {})
    theirs = sorted(_others(values, state.record.values.get(release.place, {})))
    keeps = release.chart == STACK and not options.delete_volumes
    yield HelmUninstall(
        release=release,
        expected_values=values,
        timeout=options.timeout,
        details=(
            *((f"values that others gave it go as well: {', '.join(theirs)}",) if theirs else ()),
            *(("its volumes stay",) if keeps else ()),
        ),
        remedies=(Remedy(remedies.DELETE_VOLUMES),) if keeps else (),
    )
    if release.chart == STACK and options.delete_volumes and claims:
        yield DeleteVolumes(namespace=release.namespace, claims=tuple(sorted(map(ObjectId.of, claims))))


def _others(values: Mapping[str, Any], ours: Mapping[str, tuple[Any, Any]], before: str = "") -> Iterator[str]:
    """Dotted keys of values that are not as we gave them."""
    for name, value in values.items():
        key = f"{before}{name.replace('.', chr(92) + '.')}"
        if isinstance(value, Mapping) and value:
            yield from _others(value, ours, f"{key}.")
        elif key not in ours or ours[key][1] != value:
            yield key


def _revert(state: State, options: Options, charts: Charts, release: HelmRelease) -> Iterator[Step]:
    """Our values out of somebody's release, theirs as they were; what they changed since is left.

    Where the last upgrade failed, our values may still be in effect though that revision has them no more: it is
    upgraded again in any case.
    """
    now = state.values.get(release.place, {})
    recorded = state.record.values[release.place]
    values, kept, taken = dict(now), [], []
    for key, (before, ours) in recorded.items():
        if given(now, key) == ours:
            values = _put(without(values, key), key, before)
            taken.append(f"{key}: {'not set' if before is None else before}")
        elif given(now, key) != before:
            kept.append(f"left as it is now: {key}")
    failed = release.status != "deployed"
    if not taken and not failed:
        return
    rendered = prepare_upgrade(state, options, charts, release, values)
    again = f"its last upgrade (revision {release.revision}) failed: it is done again"
    yield RevertValues(
        release=release,
        expected_values=now,
        values=values,
        keys=tuple(recorded),
        timeout=options.timeout,
        force=options.take_over,
        edits=rendered.edits,
        details=(*taken, *kept, *((again,) if failed else ()), *overwritten(rendered.edits)),
    )


def _put(values: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    if value is None:
        return dict(values)
    for step in reversed(steps(key)):
        value = {step: value}
    return over(values, value)


def _crds(state: State, options: Options, left: Leftovers, removed: Sequence[HelmRelease]) -> Iterator[Step]:
    for release in state.release(CRDS):
        if not is_ours_still(state, release):
            continue
        if release not in removed:
            yield _stays(f"Helm release {release.place} with the kinds of {GROUP}", _objects_of_others(left))
            continue
        yield HelmUninstall(
            release=release,
            expected_values=state.values.get(release.place, {}),
            timeout=options.timeout,
            unless_used=GROUP,
            details=(f"only where no object of {GROUP} is left: with their kinds they would all go",),
        )


def _namespaces(state: State, options: Options, left: Leftovers, removed: Sequence[HelmRelease]) -> Iterator[Step]:
    for name in our_namespaces(state):
        secrets = tuple(
            secret for release in removed for secret in chart_secrets(state.manifests.get(release.place, ()))
        )
        going = _going(state, options, left, name, removed)
        stays = [
            body
            for body in foreign(left.contents.get(name, ()), secrets)
            if not belongs_to(body, removed) and (body["kind"], _name(body)) not in going
        ]
        if stays:
            yield _stays(f"namespace {name}", stays)
        else:
            yield DeleteNamespace(
                name=name,
                uid=state.namespaces[name]["metadata"]["uid"],
                chart_secrets=secrets,
                details=("only where nothing is left in it that somebody made",),
            )


def _going(
    state: State, options: Options, left: Leftovers, namespace: str, removed: Sequence[HelmRelease]
) -> set[tuple[str, str]]:
    """What earlier steps of the plan delete in a namespace beside Helm's."""
    boards = [step for step in _boards(state, options) if isinstance(step, DeleteConfigMaps)]
    found = {("ConfigMap", item.name) for step in boards if step.namespace == namespace for item in step.config_maps}
    if options.delete_volumes:
        claims = [claim for release in removed for claim in left.claims.get(release.place, ())]
        found |= {("PersistentVolumeClaim", _name(claim)) for claim in claims}
    return found


def _stays(what: str, objects: Sequence[Json]) -> Notice:
    return Notice(text=f"{what} stays", details=(f"kept: {listed(objects)}",))


def _gone(state: State) -> Iterator[Step]:
    """Entries of the record for what others have removed or made their own."""
    releases = {release.place: release for release in state.helm}
    boards = {body["metadata"]["namespace"] for body in state.config_maps if is_ours(body)}
    gone = []
    for what in state.record.created:
        kind, _, name = what.partition(" ")
        here = {
            "boards": name in boards,
            "namespace": name in our_namespaces(state),
            "release": name in releases and is_ours_still(state, releases[name]),
        }
        gone += [] if here.get(kind) else [what]
    for name in state.record.values:
        if name not in releases or (releases[name].status == "deployed" and not _any_ours(state, name)):
            gone.append(f"values {name}")
    if gone:
        yield SettleRecord(gone=tuple(sorted(gone)))


def _any_ours(state: State, release: str) -> bool:
    now = state.values.get(release, {})
    return any(given(now, key) == ours for key, (_, ours) in state.record.values[release].items())


def _has_helm_owner(body: Json) -> bool:
    return "meta.helm.sh/release-name" in (body["metadata"].get("annotations") or {})


def _name(body: Json) -> str:
    return str(body["metadata"]["name"])
