"""Reasons to refuse a cluster before anything is changed, each with a fix."""

from collections.abc import Collection, Sequence

from dashboards_py import remedies
from dashboards_py.catalog import RELEASES, Release
from dashboards_py.cluster.drift import Drift
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.state import GROUP, KINDS, NAMES, Prometheus, State
from dashboards_py.errors import DashboardsError, ProblemsFound, Remedy
from dashboards_py.kubernetes.conflict import by_hand
from dashboards_py.kubernetes.gitops import overwrite_remedy
from dashboards_py.kubernetes.helm import HelmRelease

STACK, CRDS = "kube-prometheus-stack", "prometheus-operator-crds"


def refuse(state: State, options: Options) -> None:
    """Raise DashboardsError if `up` cannot work on the cluster."""
    for release in (*state.release("cilium"), *state.release(STACK), *state.release(CRDS)):
        ensure_not_pending(release)
    ensure_nothing_overwritten(state, options)
    if not state.cilium:
        _refuse_without_cilium(state, options)
    namespace = state.namespaces.get(options.namespace)
    if namespace and namespace["status"].get("phase") == "Terminating":
        fix = "wait until it is gone (kubectl get namespace), then run the command again"
        raise DashboardsError(f"namespace {options.namespace}", cause="is being terminated", fix=fix)
    if options.stack:
        _refuse_second_stack(state, options)


def cilium_release(version: str, where: str = "") -> Release:
    """The release of a version of Cilium; one that the boards do not support raises DashboardsError."""
    try:
        return Release.parse(version)
    except DashboardsError as error:
        known = f"the boards are for {RELEASES[0]} to {RELEASES[-1]}"
        raise DashboardsError(
            f"Cilium {version}{where and f' in {where}'}", cause=known, fix="upgrade Cilium first"
        ) from error


def prometheus_of(state: State, options: Options) -> Prometheus | None:
    """The Prometheus that is to select Cilium's ServiceMonitors; None if there is none yet.

    It is still to be installed with the stack, or VictoriaMetrics' operator scrapes instead.
    """
    if options.prometheus:
        candidates = [
            prometheus for prometheus in state.prometheuses if prometheus.qualified_name == options.prometheus
        ]
    elif options.stack:
        in_namespace = [prometheus for prometheus in state.prometheuses if prometheus.namespace == options.namespace]
        candidates = [prometheus for prometheus in in_namespace if prometheus.labels.get("release") == options.release]
        if not candidates:
            return None
    else:
        candidates = list(state.prometheuses)
        if state.has_victoria_metrics:
            return None
    if len(candidates) == 1:
        return candidates[0]
    names = ", ".join(prometheus.qualified_name for prometheus in state.prometheuses) or "none"
    if not candidates:
        wanted = options.prometheus or "of prometheus-operator"
        kind = remedies.NO_PROMETHEUS if names == "none" else remedies.CHOOSE_PROMETHEUS
        raise DashboardsError(
            "Prometheus", cause=f"there is no Prometheus {wanted} here (found: {names})", remedy=Remedy(kind)
        )
    raise DashboardsError("Prometheus", cause=f"there are several: {names}", remedy=Remedy(remedies.CHOOSE_PROMETHEUS))


def ensure_not_pending(release: HelmRelease) -> None:
    """Raise ProblemsFound, with the command that recovers, if an operation is running or was interrupted."""
    if not (release.status.startswith("pending") or release.status == "uninstalling"):
        return
    name, where = release.name, f"-n {release.namespace}"
    recover = f"helm rollback {name} {where}"
    if release.status == "pending-install" or release.status == "uninstalling":
        recover = f"helm uninstall {name} {where}"
    raise ProblemsFound(
        f"Helm release {release.qualified_name}",
        cause=f"is {release.status}: an operation is running now, or was interrupted",
        fix=f"`helm history {name} {where}` says since when; if nothing is running: {recover}, then rerun the command",
    )


def ensure_nothing_overwritten(state: State, options: Options) -> None:
    """Raise ProblemsFound if an interrupted run overwrote a revision of someone else, unless that is accepted."""
    if state.overwritten and not options.take_over:
        raise state.overwritten.error


def undefined_kinds(state: State, releases: Collection[str]) -> list[str]:
    """The kinds of the operator that objects of these releases (`namespace/name`) have, and that are not defined."""
    objects = [body for name, manifest in state.manifests.items() if name in releases for body in manifest]
    used = {NAMES.get(body["kind"], "") for body in objects if body["apiVersion"].startswith(GROUP)}
    return sorted(used & KINDS - state.crds)


def ensure_kinds(state: State) -> None:
    """Raise ProblemsFound if a kind is missing without which Helm can neither uninstall nor revert what `up` did."""
    created = (what.removeprefix("release ") for what in state.record.created)
    if missing := undefined_kinds(state, {*created, *state.record.values}):
        cause = f"lacks {', '.join(missing)}, and Helm can remove no object of a kind that is not defined"
        raise ProblemsFound("the cluster", cause=cause, remedy=Remedy(remedies.INSTALL_KINDS))


def refuse_edits(edits: Sequence[Drift]) -> None:
    """Raise ProblemsFound that names every field that someone edited by hand, by object."""
    by_object: dict[tuple[str, str], list[str]] = {}
    for edit in edits:
        by_object.setdefault((str(edit.key), edit.manager), []).append(edit.field)
    if not by_object:
        return
    (first, cause), *others = (
        (name, f"{manager} changed {', '.join(fields)}{by_hand(manager)}")
        for (name, manager), fields in by_object.items()
    )
    more = "".join(f"; {name}: {text}" for name, text in others)
    remedy = overwrite_remedy([manager for edit in edits for manager in edit.managers])
    raise ProblemsFound(first, cause=f"{cause}{more}", remedy=remedy)


def refuse_replaced(parts: Sequence[Drift]) -> None:
    """Raise ProblemsFound for what not even a forced upgrade can repair, with the command that can."""
    for part in parts:
        if part.replaced:
            raise ProblemsFound(
                str(part.key),
                cause=f"someone replaced {part.field}, and Helm can neither keep nor overwrite that",
                fix=f"note what it is for, then `{part.recovery}`, and run the command again: Helm writes it as it was",
            )


def _refuse_without_cilium(state: State, options: Options) -> None:
    if state.cilium_daemonset:
        raise DashboardsError(
            "Cilium",
            cause=f"DaemonSet {state.cilium_daemonset} runs, but there is no Helm release of the chart cilium",
            remedy=Remedy(remedies.GIVE_VALUES),
        )
    if not options.install_cilium:
        others = f"; pods are networked by {', '.join(state.other_networks)}" if state.other_networks else ""
        raise DashboardsError("Cilium", cause=f"is not in this cluster{others}", remedy=Remedy(remedies.INSTALL_CILIUM))


def _refuse_second_stack(state: State, options: Options) -> None:
    stacks = state.release(STACK)
    others = [release for release in stacks if release.qualified_name != options.qualified_release]
    if others and len(stacks) == len(others):
        about = {"namespace": others[0].namespace, "release": others[0].name}
        raise ProblemsFound(
            STACK,
            cause=f"is already installed as {others[0].qualified_name}",
            remedy=Remedy(remedies.USE_EXISTING_STACK, about),
        )
    same_name = [release for release in state.helm if release.qualified_name == options.qualified_release]
    if taken := [release for release in same_name if release.chart != STACK]:
        raise DashboardsError(
            f"Helm release {options.qualified_release}",
            cause=f"is a release of the chart {taken[0].chart}",
            remedy=Remedy(remedies.CHOOSE_RELEASE_NAME),
        )
    if state.has_victoria_metrics and not stacks:
        raise ProblemsFound(
            "VictoriaMetrics",
            cause="its operator is installed, and scrapes what ServiceMonitors name: a second stack is not needed",
            remedy=Remedy(remedies.LEAVE_STACK_ALONE),
        )
    if state.prometheuses and not stacks:
        raise ProblemsFound(
            "prometheus-operator",
            cause=f"runs Prometheus {state.prometheuses[0].qualified_name}, and no Helm release of {STACK} created it",
            remedy=Remedy(remedies.LEAVE_STACK_ALONE),
        )
