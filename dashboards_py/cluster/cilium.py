"""The step that gives Cilium's Helm release the values that the boards need, and changes nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.board import Board
from dashboards_py.catalog import Release
from dashboards_py.cluster.changes import ObjectChange, changes, readers
from dashboards_py.cluster.choice import Choice
from dashboards_py.cluster.record import read_record, write_record
from dashboards_py.cluster.state import State, Tools
from dashboards_py.cluster.step import Step
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import HelmRelease, Json
from dashboards_py.needs import needs
from dashboards_py.values import Conflict, Selects, given, look_up, merged, over, plain, wanted

CHART = "cilium"
NAMESPACE = "kube-system"


@dataclass(frozen=True, slots=True)
class Merged:
    """Cilium's values now, what is to be given on top, by key, and what stands against it."""

    release: HelmRelease
    theirs: Mapping[str, Any]
    more: Mapping[str, Any]
    why: Mapping[str, str]
    conflicts: tuple[Conflict, ...]
    ours: Mapping[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """All values that the release gets."""
        return over(self.theirs, self.ours)


def merge(
    state: State,
    choice: Choice,
    boards: Sequence[Board],
    release: Release,
    labels: Mapping[str, str],
    selects: Selects,
    interval: str,
) -> Merged:
    """What Cilium's release needs on top of what it has; `labels` for ServiceMonitors that are not selected."""
    helm = state.cilium or HelmRelease(CHART, NAMESPACE, CHART, choice.install_cilium, 0, "absent")
    theirs = state.values.get(helm.place, {})
    every = [need for board in boards for need in needs(board, release)]
    if choice.embedded_envoy:
        every = [need for need in every if need.metric.component != "cilium-envoy"]
    agents = frozenset(need.metric.name for need in every if need.metric.component == "cilium-agent")
    mesh = look_up(theirs, "clustermesh.useAPIServer") is True
    more, conflicts = merged(
        theirs, wanted(every, release, labels=labels, interval=interval, mesh=mesh), agents, selects=selects
    )
    ours = plain(more)
    why = {key: item[0].who if isinstance(item, tuple) else item.who for key, item in more.items()}
    return Merged(helm, theirs, {key: given(ours, key) for key in more}, why, conflicts, ours)


def cilium_steps(use: Tools, state: State, choice: Choice, found: Merged, release: Release) -> tuple[Step, ...]:
    """The upgrade or installation, where there is anything to do; embedded Envoy on 1.17 and newer is refused."""
    helm = found.release
    after = _rendered(use, state, helm, found.values)
    _refuse_embedded(after, release, choice)
    kept = tuple(f"kept as you have it: {each.key} {each.theirs}: {each.why}" for each in found.conflicts)
    missing = missing_monitors(after, state)
    if helm.status == "deployed" and not found.more and not missing:
        return (Step(f"Cilium {helm.version}: has all values that the boards need", kept),) if kept else ()
    new = helm.status == "absent"
    verb = "install" if new else "upgrade"
    title = f"helm {verb} {helm.name} -n {helm.namespace} (chart {helm.chart} {helm.version})"
    effect = [line for key, value in found.more.items() for line in _set(key, value, found)]
    if not found.more:
        effect += [f"ServiceMonitor {place}: is not there with the labels of the release" for place in missing]
    if new:
        effect.append(f"{len(after)} objects are new: Cilium becomes the network of this cluster")
    elif helm.status != "deployed":
        effect.append(f"its last upgrade is {helm.status}: it is done again, and pods may restart")
    else:
        effect += _effects(use, state, helm, found, after)
    return (Step(title, (*effect, *kept), lambda: _upgrade(use, choice, found)),)


def missing_monitors(rendered: Sequence[Json], state: State) -> tuple[str, ...]:
    """ServiceMonitors of a rendering that the cluster has not, or not with these labels."""
    live = {_place(each): each["metadata"].get("labels") or {} for each in state.monitors}
    wanted = {_place(each): each["metadata"]["labels"] for each in rendered if each["kind"] == "ServiceMonitor"}
    return tuple(place for place, labels in wanted.items() if not labels.items() <= live.get(place, {}).items())


def _place(of: Json) -> str:
    return f"{of['metadata']['namespace']}/{of['metadata']['name']}"


def _rendered(use: Tools, state: State, helm: HelmRelease, values: Mapping[str, Any]) -> list[Json]:
    """The objects of the chart. What it would look up in the cluster is a word here, the same in every rendering."""
    if values.get("k8sServiceHost") == "auto":
        values = {**values, "k8sServiceHost": "looked-up"}
    return use.helm.rendered(helm.chart, helm.version, helm.name, helm.namespace, values, state.kubernetes)


def _refuse_embedded(rendered: Sequence[Json], release: Release, choice: Choice) -> None:
    has = any(each["kind"] == "DaemonSet" and each["metadata"]["name"] == "cilium-envoy" for each in rendered)
    if has or release < (1, 17) or choice.embedded_envoy:
        return
    raise ProblemsFound(
        "Envoy",
        cause=f"runs inside the agent, and the chart of Cilium {release} has nothing that scrapes it there",
        fix="set envoy.enabled=true (a DaemonSet of its own), or go on without its metrics: --embedded-envoy",
    )


def _effects(use: Tools, state: State, helm: HelmRelease, found: Merged, after: Sequence[Json]) -> list[str]:
    before, again = (_rendered(use, state, helm, found.theirs) for _ in range(2))
    differ = changes(before, again, after)
    lines = [str(each) for each in differ]
    if not any(each.restarts for each in differ):
        lines.append("no pod restarts")
    if waiting := unread(differ, after):
        names = ", ".join(f"{kind} {name}" for kind, name in waiting)
        lines.append(f"{names}: reads its configuration only when it starts; --restart rolls it out")
    return lines


def unread(differ: Sequence[ObjectChange], after: Sequence[Json]) -> tuple[tuple[str, str], ...]:
    """Workloads that mount a ConfigMap that changes, and do not restart by themselves."""
    restarted = {(each.kind, each.name) for each in differ if each.restarts or each.what == "new"}
    changed = [each.name for each in differ if each.kind == "ConfigMap" and each.what == "changed"]
    return tuple(sorted({reader for name in changed for reader in readers(after, name)} - restarted))


def _upgrade(use: Tools, choice: Choice, found: Merged) -> None:
    helm = found.release
    record = read_record(use.keeper)
    before = {key: given(found.theirs, key) for key in found.more}
    record = record.with_values(helm.place, before, found.more)
    if helm.status == "absent":
        record = record.with_made(f"release {helm.place}")
    write_record(use.keeper, record)
    use.helm.upgrade(
        helm.chart,
        helm.version,
        helm.name,
        helm.namespace,
        found.values,
        force=choice.take_over,
        timeout=choice.timeout,
    )


def _set(key: str, value: Any, found: Merged) -> list[str]:
    """A value that is set, and why; of a list what comes and what goes."""
    why = f"  # {found.why[key]}" if found.why[key] else ""
    old = given(found.theirs, key)
    if not isinstance(value, list):
        shown = str(value).lower() if isinstance(value, bool) else value
        return [f"set {key} = {shown}{why}"]
    had = old if isinstance(old, list) else []
    gone = [f"  - {each}" for each in had if each not in value]
    return [f"set {key}:{why}", *gone, *(f"  {' ' if each in had else '+'} {each}" for each in value)]
