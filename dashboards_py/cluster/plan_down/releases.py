"""Uninstalling the Helm releases that `up` installed, and removing our values from others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboards_py import remedies
from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.leftovers import Leftovers, belongs_to, is_still_ours, listed
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.plan_down.rules import rule_steps
from dashboards_py.cluster.plan_down.values import revert_steps
from dashboards_py.cluster.refuse import CRDS, STACK
from dashboards_py.cluster.state import GROUP, State
from dashboards_py.cluster.steps.delete_rules import DeleteRules
from dashboards_py.cluster.steps.delete_volumes import DeleteVolumes
from dashboards_py.cluster.steps.helm_uninstall import HelmUninstall
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.cluster.steps.objects import ObjectId
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import Remedy
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.helm import HelmRelease


def removed_releases(state: State, options: Options, left: Leftovers) -> tuple[HelmRelease, ...]:
    """The releases to uninstall, the stack first, because it uses the CRDs and the network."""
    kept = {"cilium": not options.uninstall_cilium, CRDS: bool(_objects_of_others(state, options, left))}
    return tuple(
        release
        for release in (*state.release(STACK), *state.release("cilium"), *state.release(CRDS))
        if is_still_ours(state, release) and not kept.get(release.chart)
    )


def release_steps(
    state: State, options: Options, charts: Charts, left: Leftovers, removed: Sequence[HelmRelease]
) -> Iterator[Step]:
    """The steps for the releases of the stack and of Cilium."""
    for release in (*state.release(STACK), *state.release("cilium")):
        if release in removed:
            yield from _uninstall(state, options, left, release)
            continue
        name = release.qualified_name
        if is_still_ours(state, release):
            text = f"Cilium is kept: it is the network of this cluster ({name})"
            yield Notice(text=text, remedies=(Remedy(remedies.UNINSTALL_CILIUM, {"release": name}),))
        if name in state.record.values:
            yield from revert_steps(state, options, charts, release)
        elif release.status == "failed":
            fix = f"`helm history {release.name} -n {release.namespace}` says why"
            yield Notice(text=f"Helm release {name} is failed, but has no values of ours: {fix}", problem=True)


def crd_steps(state: State, options: Options, left: Leftovers, removed: Sequence[HelmRelease]) -> Iterator[Step]:
    """Uninstall the operator's CRDs, if no object of their kinds is left."""
    for release in state.release(CRDS):
        if not is_still_ours(state, release):
            continue
        if release not in removed:
            text = f"Helm release {release.qualified_name} with the kinds of {GROUP}"
            yield kept_notice(text, _objects_of_others(state, options, left))
            continue
        yield HelmUninstall(
            release=release,
            expected_values=state.values.get(release.qualified_name, {}),
            timeout=options.timeout,
            unless_used=GROUP,
            details=(f"only if no object of {GROUP} is left: they would be deleted with their kinds",),
        )


def kept_notice(text: str, objects: Sequence[Json]) -> Notice:
    """A notice of what is kept, with the objects that are the reason."""
    return Notice(text=f"{text} is kept", details=(listed(objects),))


def _uninstall(state: State, options: Options, left: Leftovers, release: HelmRelease) -> Iterator[Step]:
    name = release.qualified_name
    claims = left.claims.get(name, ())
    values = state.values.get(name, {})
    user_keys = sorted(_user_keys(values, state.record.values.get(name, {})))
    keeps_volumes = release.chart == STACK and not options.delete_volumes
    yield HelmUninstall(
        release=release,
        expected_values=values,
        timeout=options.timeout,
        chart_secrets=left.chart_secrets.get(name, {}),
        details=(
            *((f"values that others set are lost as well: {', '.join(user_keys)}",) if user_keys else ()),
            *(("its volumes are kept",) if keeps_volumes else ()),
        ),
        remedies=(Remedy(remedies.DELETE_VOLUMES),) if keeps_volumes else (),
    )
    if release.chart == STACK and options.delete_volumes and claims:
        yield DeleteVolumes(namespace=release.namespace, claims=tuple(sorted(map(ObjectId.of, claims))))


def _user_keys(values: Mapping[str, Any], recorded: Mapping[str, tuple[Any, Any]], prefix: str = "") -> Iterator[str]:
    """Dotted keys of values other than those that `up` set."""
    for name, value in values.items():
        key = f"{prefix}{name.replace('.', chr(92) + '.')}"
        if isinstance(value, Mapping) and value:
            yield from _user_keys(value, recorded, f"{key}.")
        elif key not in recorded or recorded[key][1] != value:
            yield key


def _objects_of_others(state: State, options: Options, left: Leftovers) -> list[Json]:
    """Objects of the operator's kinds that no earlier step removes, with the stack or from Cilium."""
    steps = [step for step in rule_steps(state, options) if isinstance(step, DeleteRules)]
    removed = {item.uid for step in steps for item in step.rules}
    emptied = [release for release in state.release(STACK) if is_still_ours(state, release)]
    emptied += [release for release in state.release("cilium") if _loses_monitors(state, release)]
    return [
        body for body in left.custom_objects if not belongs_to(body, emptied) and body["metadata"]["uid"] not in removed
    ]


def _loses_monitors(state: State, release: HelmRelease) -> bool:
    """True if reverting our values, or uninstalling, may remove the ServiceMonitors of Cilium."""
    return release.qualified_name in state.record.values or is_still_ours(state, release)
