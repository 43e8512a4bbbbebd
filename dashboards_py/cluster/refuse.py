"""Clusters that are left alone, with the reason and the way on."""

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.cluster.choice import Choice
from dashboards_py.cluster.state import Prometheus, State
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes import HelmRelease

STACK, CRDS = "kube-prometheus-stack", "prometheus-operator-crds"


def refuse(state: State, choice: Choice) -> None:
    """Raise DashboardsError where the cluster is not what `up` can work on."""
    for each in (*state.release("cilium"), *state.release(STACK), *state.release(CRDS)):
        refuse_half_way(each)
    if not state.cilium:
        _refuse_without_cilium(state, choice)
    namespace = state.namespaces.get(choice.namespace)
    if namespace and namespace["status"].get("phase") == "Terminating":
        fix = "wait until it is gone (kubectl get namespace), then run it again"
        raise DashboardsError(f"namespace {choice.namespace}", cause="is being terminated", fix=fix)
    if choice.stack:
        _refuse_second_stack(state, choice)


def cilium_release(version: str, where: str = "") -> Release:
    """The release of a version of Cilium; one that the boards are not for raises DashboardsError."""
    try:
        return Release.parse(version)
    except DashboardsError:
        known = f"the boards are for {RELEASES[0]} to {RELEASES[-1]}"
        raise DashboardsError(
            f"Cilium {version}{where and f' in {where}'}", cause=known, fix="upgrade Cilium first"
        ) from None


def prometheus_of(state: State, choice: Choice) -> Prometheus | None:
    """The Prometheus whose selector counts; None where the stack is still to be installed."""
    if choice.prometheus:
        found = [each for each in state.prometheuses if each.place == choice.prometheus]
    elif choice.stack:
        mine = [each for each in state.prometheuses if each.namespace == choice.namespace]
        found = [each for each in mine if each.labels.get("release") == choice.release]
        if not found:
            return None
    else:
        found = list(state.prometheuses)
    if len(found) == 1:
        return found[0]
    places = ", ".join(each.place for each in state.prometheuses) or "none"
    if not found:
        cause = f"there is no Prometheus {choice.prometheus or 'of prometheus-operator'} here (found: {places})"
        fix = "install one: setup.sh up without --no-stack does" if places == "none" else "--prometheus NAMESPACE/NAME"
        raise DashboardsError("--no-stack" if not choice.prometheus else "--prometheus", cause=cause, fix=fix)
    raise DashboardsError(
        "Prometheus", cause=f"there are several: {places}", fix="say which: --prometheus NAMESPACE/NAME"
    )


def refuse_half_way(release: HelmRelease) -> None:
    """Raise ProblemsFound, with the way out, where Helm is at the release or was interrupted."""
    if not (release.status.startswith("pending") or release.status == "uninstalling"):
        return
    name, where = release.name, f"-n {release.namespace}"
    way = f"helm rollback {name} {where}"
    if release.status == "pending-install" or release.status == "uninstalling":
        way = f"helm uninstall {name} {where}"
    raise ProblemsFound(
        f"Helm release {release.place}",
        cause=f"is {release.status}: somebody is at it now, or was interrupted",
        fix=f"helm history {name} {where} says since when; where nobody is at it: {way}, then run this again",
    )


def _refuse_without_cilium(state: State, choice: Choice) -> None:
    if state.cilium_daemonset:
        raise DashboardsError(
            "Cilium",
            cause=f"DaemonSet {state.cilium_daemonset} runs, but no Helm release of the chart cilium is here",
            fix="give the values where Cilium is managed (Argo CD, Flux, your cloud): cilium-dashboards values",
        )
    if not choice.install_cilium:
        others = f"; pods are networked by {', '.join(state.other_networks)}" if state.other_networks else ""
        raise DashboardsError(
            "Cilium", cause=f"is not in this cluster{others}", fix="--install-cilium VERSION installs it, as a network"
        )


def _refuse_second_stack(state: State, choice: Choice) -> None:
    there = state.release(STACK)
    other = [each for each in there if each.place != choice.place]
    if other and len(there) == len(other):
        name = other[0]
        raise ProblemsFound(
            STACK,
            cause=f"is here already, as {name.place}",
            fix=f"use it: --namespace {name.namespace} --release {name.name}; or --no-stack leaves it as it is",
        )
    taken = [each for each in state.helm if each.place == choice.place and each.chart != STACK]
    if taken:
        cause = f"is a release of the chart {taken[0].chart}"
        raise DashboardsError(f"Helm release {choice.place}", cause=cause, fix="choose another name with --release")
    if state.prometheuses and not there:
        raise ProblemsFound(
            "prometheus-operator",
            cause=f"runs Prometheus {state.prometheuses[0].place}, and no {STACK} of Helm made it",
            fix="use it: --no-stack",
        )
