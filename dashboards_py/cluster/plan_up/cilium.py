"""The steps that give Cilium's Helm release the values that the boards need, and change nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py import remedies
from dashboards_py.catalog import Release
from dashboards_py.cluster.changes import ObjectChange, readers
from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.drift import Drift
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.plan_up.values import CiliumValues
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.helm_install import HelmInstall
from dashboards_py.cluster.steps.helm_upgrade import HelmUpgrade
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.cluster.steps.step import Step
from dashboards_py.cluster.upgrade import (
    Rendered,
    change_lines,
    edited_but_left,
    lost_parts,
    overwritten,
    prepare_upgrade,
    rewritten_pods,
)
from dashboards_py.documents.write_yaml import write_flow
from dashboards_py.errors import ProblemsFound, Remedy
from dashboards_py.kubernetes import Json
from dashboards_py.plural import counted
from dashboards_py.values.keys import get_value

Workload = tuple[str, str]  # kind and name
LONGEST = 120  # characters of a text in a list


def cilium_steps(
    state: State, options: Options, charts: Charts, cilium: CiliumValues, release: Release
) -> tuple[tuple[Step, ...], tuple[Workload, ...]]:
    """The installation or upgrade, if there is anything to do, and the workloads that will not have read it.

    Embedded Envoy on 1.17 and newer is refused.
    """
    helm = cilium.release
    kept = tuple(f"your value is kept: {item.key} {item.user_value}: {item.why}" for item in cilium.conflicts)
    if helm.status == "absent":
        objects = charts.render(helm, cilium.values, state.kubernetes)
        _refuse_embedded(objects, release, options)
        new = f"{counted(len(objects), 'object is', 'objects are')} new: Cilium becomes the network of this cluster"
        return (_install(options, cilium, (*_set_lines(cilium), new, *kept)),), ()
    lost = lost_parts(state, helm)
    edited = edited_but_left(state, helm)
    if helm.status == "deployed" and not cilium.required and not lost and not (edited and options.take_over):
        _refuse_embedded(state.manifests[helm.qualified_name], release, options)
        notice = Notice(text=f"Cilium {helm.version}: has all values that the boards need", details=kept)
        return (*((notice,) if kept else ()), *edited), ()
    rendered = prepare_upgrade(state, options, charts, helm, cilium.values)
    _refuse_embedded(rendered.after, release, options)
    restored = {part.key.name for part in (*lost, *rendered.edits) if part.key.kind == "ConfigMap"}
    recreated = {(part.key.kind, part.key.name) for part in lost if not part.field}
    restarting = {*recreated, *rewritten_pods(lost, rendered.edits)}
    stale = stale_after(rendered.changes, rendered.after, restored, restarting)
    return (_upgrade(options, cilium, rendered, lost, stale, kept),), stale


def stale_after(
    changes: Sequence[ObjectChange],
    after: Sequence[Json],
    restored: Iterable[str] = (),
    restarting: Iterable[Workload] = (),
) -> tuple[Workload, ...]:
    """Workloads that mount a ConfigMap that changes, or is `restored`, and do not restart by themselves.

    `restarting` are those that do although the chart renders them as before: they were deleted or edited.
    """
    restarted = {(change.kind, change.name) for change in changes if change.restarts or change.what == "new"}
    restarted |= set(restarting)
    changed = {change.name for change in changes if change.kind == "ConfigMap" and change.what == "changed"}
    changed |= set(restored)
    return tuple(sorted({reader for name in changed for reader in readers(after, name)} - restarted))


def _install(options: Options, cilium: CiliumValues, details: tuple[str, ...]) -> HelmInstall:
    helm = cilium.release
    return HelmInstall(
        name=helm.name,
        namespace=helm.namespace,
        chart=helm.chart,
        version=helm.version,
        values=cilium.values,
        required_values=cilium.required,
        timeout=options.timeout,
        details=details,
    )


def _upgrade(
    options: Options,
    cilium: CiliumValues,
    rendered: Rendered,
    lost: Sequence[Drift],
    stale: Sequence[Workload],
    kept: Sequence[str],
) -> HelmUpgrade:
    helm = cilium.release
    details = [*_set_lines(cilium), *map(str, lost), *overwritten(rendered.edits)]
    if helm.status != "deployed":
        details.append(f"its last upgrade is {helm.status}: it is repeated, and pods may restart")
    else:
        details += change_lines(rendered, lost)
        restarts = rewritten_pods(lost, rendered.edits) or any(change.restarts for change in rendered.changes)
        details += [] if restarts else ["no pod restarts"]
        names = ", ".join(f"{kind} {name}" for kind, name in stale)
        details += [f"{names}: reads its configuration only when it starts"] if stale else []
    return HelmUpgrade(
        release=helm,
        expected_values=cilium.user_values,
        values=cilium.values,
        required_values=cilium.required,
        timeout=options.timeout,
        force=options.take_over,
        edits=rendered.seen,
        rendered=rendered.after,
        details=(*details, *kept),
        remedies=(Remedy(remedies.RESTART),) if stale and not options.restart else (),
    )


def _refuse_embedded(objects: Sequence[Json], release: Release, options: Options) -> None:
    has_envoy = any(body["kind"] == "DaemonSet" and body["metadata"]["name"] == "cilium-envoy" for body in objects)
    if has_envoy or release < (1, 17) or options.embedded_envoy:
        return
    raise ProblemsFound(
        "Envoy",
        cause=f"runs inside the agent, and the chart of Cilium {release} has nothing that scrapes it there",
        remedy=Remedy(remedies.ACCEPT_EMBEDDED_ENVOY),
    )


def _set_lines(cilium: CiliumValues) -> Iterator[str]:
    for key, value in cilium.required.items():
        yield from _set_line(key, value, get_value(cilium.user_values, key), cilium.reasons[key])


def _set_line(key: str, value: Any, old: Any, reason: str) -> Iterator[str]:
    """A value that is set, and why; for a list, the entries that are added and removed."""
    comment = f"  # {reason}" if reason else ""
    if not isinstance(value, list):
        shown = str(value).lower() if isinstance(value, bool) else value
        yield f"set {key} = {shown}{comment}"
        return
    entries = old if isinstance(old, list) else []
    yield f"set {key}:{comment}"
    yield from (f"  - {_shown(entry)}" for entry in entries if entry not in value)
    yield from (f"  {' ' if entry in entries else '+'} {_shown(entry)}" for entry in value)


def _shown(entry: Any) -> str:
    """An entry of a list on one line; those of Hubble's dynamic metrics are maps."""
    if not isinstance(entry, Mapping):
        return str(entry)
    shown = {key: _shortened(value) for key, value in entry.items()}
    return write_flow(shown)


def _shortened(value: Any) -> Any:
    """A value whose text is not longer than a line: regular expressions of names are."""
    return f"{value[:LONGEST]}..." if isinstance(value, str) and len(value) > LONGEST else value
