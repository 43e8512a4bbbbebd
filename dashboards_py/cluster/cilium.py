"""The steps that give Cilium's Helm release the values that the boards need, and change nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.board import Board
from dashboards_py.catalog import Release
from dashboards_py.cluster import remedies
from dashboards_py.cluster.changes import ObjectChange, readers
from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.lost import Lost
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps import HelmInstall, HelmUpgrade, Notice, Step
from dashboards_py.cluster.upgrade import (
    Rendered,
    change_lines,
    edited_but_left,
    lost,
    overwritten,
    prepare_upgrade,
    rewritten_pods,
)
from dashboards_py.errors import ProblemsFound, Remedy
from dashboards_py.kubernetes import HelmRelease, Json
from dashboards_py.needs import needs
from dashboards_py.values import Conflict, Selects, given, look_up, merged, over, plain, wanted

CHART = "cilium"
NAMESPACE = "kube-system"


@dataclass(frozen=True, slots=True)
class Merged:
    """Cilium's values now, what is to be given on top (as a tree, and by key, with why), and what stands against it."""

    release: HelmRelease
    user_values: Mapping[str, Any]
    required_values: Mapping[str, Any]
    given: Mapping[str, Any]
    why: Mapping[str, str]
    conflicts: tuple[Conflict, ...]

    @property
    def values(self) -> dict[str, Any]:
        """All values that the release gets."""
        return over(self.user_values, self.required_values)


def merge(
    state: State,
    options: Options,
    boards: Sequence[Board],
    release: Release,
    labels: Mapping[str, str],
    selects: Selects,
    interval: str,
) -> Merged:
    """What Cilium's release needs on top of what it has; `labels` for ServiceMonitors that are not selected."""
    helm = state.cilium or HelmRelease(CHART, NAMESPACE, CHART, options.install_cilium, 0, "absent")
    user_values = state.values.get(helm.place, {})
    every = [need for board in boards for need in needs(board, release)]
    if options.embedded_envoy:
        every = [need for need in every if need.metric.component != "cilium-envoy"]
    agents = frozenset(need.metric.name for need in every if need.metric.component == "cilium-agent")
    mesh = look_up(user_values, "clustermesh.useAPIServer") is True
    more, conflicts = merged(
        user_values, wanted(every, release, labels=labels, interval=interval, mesh=mesh), agents, selects=selects
    )
    required = plain(more)
    why = {key: item[0].who if isinstance(item, tuple) else item.who for key, item in more.items()}
    return Merged(helm, user_values, required, {key: given(required, key) for key in more}, why, conflicts)


def cilium_steps(
    state: State, options: Options, charts: Charts, wanted: Merged, release: Release
) -> tuple[tuple[Step, ...], tuple[tuple[str, str], ...]]:
    """The installation or upgrade, where there is anything to do, and the workloads that will not have read it.

    Embedded Envoy on 1.17 and newer is refused.
    """
    helm = wanted.release
    kept = tuple(f"kept as you have it: {each.key} {each.theirs}: {each.why}" for each in wanted.conflicts)
    if helm.status == "absent":
        after = charts.render(helm, wanted.values, state.kubernetes)
        _refuse_embedded(after, release, options)
        details = (
            *_set_all(wanted),
            f"{len(after)} objects are new: Cilium becomes the network of this cluster",
            *kept,
        )
        return (_install(options, wanted, details),), ()
    gone = lost(state, helm)
    edited = edited_but_left(state, helm)
    if helm.status == "deployed" and not wanted.given and not gone and not (edited and options.take_over):
        _refuse_embedded(state.manifests[helm.place], release, options)
        notice = Notice(text=f"Cilium {helm.version}: has all values that the boards need", details=kept)
        return (*((notice,) if kept else ()), *edited), ()
    rendered = prepare_upgrade(state, options, charts, helm, wanted.values)
    _refuse_embedded(rendered.after, release, options)
    restored = {part.name for part in gone if part.kind == "ConfigMap"}
    restored |= {edit.name for edit in rendered.edits if edit.kind == "ConfigMap"}
    fresh = {(part.kind, part.name) for part in gone if not part.field}
    restarting = {*fresh, *rewritten_pods(gone, rendered.edits)}
    waiting = unread(rendered.changes, rendered.after, restored, restarting)
    return (_upgrade(options, wanted, rendered, gone, waiting, kept),), waiting


def unread(
    differ: Sequence[ObjectChange],
    after: Sequence[Json],
    restored: Iterable[str] = (),
    restarting: Iterable[tuple[str, str]] = (),
) -> tuple[tuple[str, str], ...]:
    """Workloads that mount a ConfigMap that changes, or is `restored`, and do not restart by themselves.

    `restarting` are those that do though the chart renders them as before: deleted, or edited by hand.
    """
    restarted = {(change.kind, change.name) for change in differ if change.restarts or change.what == "new"}
    restarted |= set(restarting)
    changed = {change.name for change in differ if change.kind == "ConfigMap" and change.what == "changed"}
    changed |= set(restored)
    return tuple(sorted({reader for name in changed for reader in readers(after, name)} - restarted))


def _install(options: Options, wanted: Merged, details: tuple[str, ...]) -> HelmInstall:
    helm = wanted.release
    return HelmInstall(
        name=helm.name,
        namespace=helm.namespace,
        chart=helm.chart,
        version=helm.version,
        values=wanted.values,
        given=wanted.given,
        timeout=options.timeout,
        details=details,
    )


def _upgrade(
    options: Options,
    wanted: Merged,
    rendered: Rendered,
    gone: Sequence[Lost],
    waiting: Sequence[tuple[str, str]],
    kept: Sequence[str],
) -> HelmUpgrade:
    helm = wanted.release
    details = [*_set_all(wanted), *map(str, gone), *overwritten(rendered.edits)]
    if helm.status != "deployed":
        details.append(f"its last upgrade is {helm.status}: it is done again, and pods may restart")
    else:
        details += change_lines(rendered, gone)
        restarts = rewritten_pods(gone, rendered.edits) or any(change.restarts for change in rendered.changes)
        details += [] if restarts else ["no pod restarts"]
        names = ", ".join(f"{kind} {name}" for kind, name in waiting)
        details += [f"{names}: reads its configuration only when it starts"] if waiting else []
    return HelmUpgrade(
        release=helm,
        expected_values=wanted.user_values,
        values=wanted.values,
        given=wanted.given,
        timeout=options.timeout,
        force=options.take_over,
        edits=rendered.edits,
        details=(*details, *kept),
        remedies=(Remedy(remedies.RESTART),) if waiting and not options.restart else (),
    )


def _refuse_embedded(rendered: Sequence[Json], release: Release, options: Options) -> None:
    has = any(body["kind"] == "DaemonSet" and body["metadata"]["name"] == "cilium-envoy" for body in rendered)
    if has or release < (1, 17) or options.embedded_envoy:
        return
    raise ProblemsFound(
        "Envoy",
        cause=f"runs inside the agent, and the chart of Cilium {release} has nothing that scrapes it there",
        remedy=Remedy(remedies.ACCEPT_EMBEDDED_ENVOY),
    )


def _set_all(wanted: Merged) -> Iterator[str]:
    for key, value in wanted.given.items():
        yield from _set(key, value, given(wanted.user_values, key), wanted.why[key])


def _set(key: str, value: Any, old: Any, why: str) -> Iterator[str]:
    """A value that is set, and why; of a list what comes and what goes."""
    comment = f"  # {why}" if why else ""
    if not isinstance(value, list):
        shown = str(value).lower() if isinstance(value, bool) else value
        yield f"set {key} = {shown}{comment}"
        return
    had = old if isinstance(old, list) else []
    yield f"set {key}:{comment}"
    yield from (f"  - {entry}" for entry in had if entry not in value)
    yield from (f"  {' ' if entry in had else '+'} {entry}" for entry in value)
