"""What is to do to take away what `up` made, and nothing else: networks and volumes stay unless told otherwise."""

import shlex
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from dashboards_py.cluster.choice import Choice
from dashboards_py.cluster.record import remove_record
from dashboards_py.cluster.refuse import CRDS, STACK, refuse_half_way
from dashboards_py.cluster.state import GROUP, State, Tools
from dashboards_py.cluster.step import Note, Step
from dashboards_py.kubernetes import HelmRelease
from dashboards_py.targets.configmaps import OURS
from dashboards_py.values import given, over, without
from dashboards_py.values.keys import steps


def down(use: Tools, state: State, choice: Choice) -> tuple[Step, ...]:
    """The steps that undo `up`, in order. Reads the cluster, changes nothing."""
    for each in (*state.release("cilium"), *state.release(STACK), *state.release(CRDS)):
        refuse_half_way(each)
    found = [*_boards(use, state, choice), *_releases(use, state, choice), *_crds(use, state, choice)]
    found += _namespaces(use, state)
    if state.record.made or state.record.given:
        found.append(Step("forget what up made", (), partial(remove_record, use.keeper)))
    return tuple(found)


def _boards(use: Tools, state: State, choice: Choice) -> Iterator[Step]:
    """The boards, in the namespace that was named and wherever `up` applied them."""
    places = {what.partition(" ")[2] for what in state.record.made if what.startswith("boards ")}
    for namespace in sorted({choice.namespace, *places} & state.namespaces.keys()):
        kubectl = use.at(namespace)
        names = [each["metadata"]["name"] for each in kubectl.config_maps("--selector", "=".join(OURS))]
        if names:
            title = f"remove {len(names)} ConfigMaps of the boards from {namespace}"
            delete = partial(kubectl.run, "delete", "configmap", *names, "--ignore-not-found")
            yield Step(title, (), delete)


def _releases(use: Tools, state: State, choice: Choice) -> Iterator[Step]:
    """The stack first: Cilium's ServiceMonitors need nobody then."""
    for helm in (*state.release(STACK), *state.release("cilium")):
        made = f"release {helm.place}" in state.record.made
        if made and (helm.chart == STACK or choice.uninstall_cilium):
            yield _uninstall(use, choice, helm)
            if helm.chart == STACK and choice.delete_volumes:
                yield from _volumes(use, helm)
            continue
        if made:
            yield Step(f"Cilium stays: it is the network of this cluster (--uninstall-cilium removes {helm.place})")
        if helm.place in state.record.given:
            yield from _take_back(use, state, choice, helm)


def _uninstall(use: Tools, choice: Choice, helm: HelmRelease) -> Step:
    return Step(
        f"helm uninstall {helm.name} -n {helm.namespace}",
        ("its volumes stay: --delete-volumes removes them",)
        if helm.chart == STACK and not choice.delete_volumes
        else (),
        lambda: use.helm.uninstall(helm, timeout=choice.timeout),
    )


def _volumes(use: Tools, helm: HelmRelease) -> Iterator[Step]:
    """The volumes that the operator claimed for the release, and not those of another Prometheus beside it."""
    kubectl = use.at(helm.namespace)
    kinds = f"prometheuses.{GROUP},alertmanagers.{GROUP}"
    names = [each["metadata"]["name"] for each in kubectl.objects(kinds, f"--selector=release={helm.name}")]
    if names:
        selector = f"app.kubernetes.io/managed-by=prometheus-operator,app.kubernetes.io/instance in ({','.join(names)})"
        delete = ("delete", "persistentvolumeclaim", f"--selector={selector}")
        yield Step(f"kubectl {shlex.join(delete)} -n {helm.namespace}", (), partial(kubectl.run, *delete))


def _take_back(use: Tools, state: State, choice: Choice, helm: HelmRelease) -> Iterator[Step]:
    """Our values out of somebody's release, theirs as they were; what they changed since is left."""
    now = state.values.get(helm.place, {})
    values, kept, taken = dict(now), [], []
    for key, (before, ours) in state.record.given[helm.place].items():
        if given(now, key) != ours:
            kept.append(f"left as it is now: {key}")
            continue
        values = _put(without(values, key), key, before)
        taken.append(f"{key}: {'not set' if before is None else before}")
    if not taken:
        return
    where = (helm.chart, helm.version, helm.name, helm.namespace)
    yield Step(
        f"helm upgrade {helm.name} -n {helm.namespace} without what up gave it",
        (*taken, *kept),
        lambda: use.helm.upgrade(*where, values, force=choice.take_over, timeout=choice.timeout),
    )


def _put(values: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    if value is None:
        return dict(values)
    for step in reversed(steps(key)):
        value = {step: value}
    return over(values, value)


def _crds(use: Tools, state: State, choice: Choice) -> Iterator[Step]:
    for helm in state.release(CRDS):
        if f"release {helm.place}" not in state.record.made:
            continue

        def uninstall(helm: HelmRelease = helm) -> object:
            if left := _objects(use):
                return Note(f"kept: {len(left)} objects of these kinds are still there, such as {left[0]}")
            use.helm.uninstall(helm, timeout=choice.timeout)
            return None

        effect = f"only where no object of {GROUP} is left: with their kinds they would all go"
        yield Step(f"helm uninstall {helm.name} -n {helm.namespace}", (effect,), uninstall)


def _objects(use: Tools) -> list[str]:
    """Objects of the operator's kinds that are still there."""
    kinds = use.kubectl.run("api-resources", f"--api-group={GROUP}", "--output=name").split()
    return use.kubectl.run("get", ",".join(kinds), "--all-namespaces", "--output=name").split() if kinds else []


def _namespaces(use: Tools, state: State) -> Iterator[Step]:
    for what in sorted(state.record.made):
        kind, _, name = what.partition(" ")
        if kind != "namespace" or name not in state.namespaces:
            continue

        def remove(name: str = name) -> object:
            left = [each.place for each in use.helm.releases() if each.namespace == name]
            left += use.at(name).run("get", "persistentvolumeclaims,pods", "--output=name").split()
            if left:
                return Note(f"kept: {', '.join(left[:3])} {'are' if len(left) > 1 else 'is'} still there")
            return use.kubectl.run("delete", "namespace", name, "--wait=false")

        yield Step(f"kubectl delete namespace {name}", ("only where no volume, pod or Helm release is left",), remove)
