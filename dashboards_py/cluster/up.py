"""What is to do so that the boards have their data: the operator's CRDs, Cilium's values, the stack, the boards."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from dashboards_py.board import read
from dashboards_py.catalog import Release
from dashboards_py.cluster.choice import Choice
from dashboards_py.cluster.cilium import Merged, cilium_steps, merge
from dashboards_py.cluster.record import read_record, write_record
from dashboards_py.cluster.refuse import CRDS, STACK, cilium_release, prometheus_of, refuse
from dashboards_py.cluster.restart import restart_steps
from dashboards_py.cluster.selectors import asked, selects
from dashboards_py.cluster.state import GROUP, KINDS, State, Tools, present
from dashboards_py.cluster.step import Step
from dashboards_py.compile import Compiled, compile_boards
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes import HelmRelease
from dashboards_py.provisioning import tree
from dashboards_py.targets import configmaps
from dashboards_py.targets.plan import REFUSES, WRITES, Payload, summary
from dashboards_py.values import SELECTOR, given, over, plain, stack


def up(use: Tools, state: State, choice: Choice) -> tuple[Step, ...]:
    """The steps that are left to do, in order; none where all is in place.

    A cluster that must be left alone raises DashboardsError. Reads the cluster, changes nothing.
    """
    refuse(state, choice)
    helm = state.cilium
    release = cilium_release(helm.version, helm.place) if helm else cilium_release(choice.install_cilium)
    boards = compile_boards(release)
    merged = _merged(state, choice, release, boards)
    steps = [*_namespace(use, state, choice), *_crds(use, state, choice)]
    cilium = cilium_steps(use, state, choice, merged, release)
    steps += cilium
    steps += restart_steps(use, choice, merged.release.namespace, any(each.run for each in cilium))
    if choice.stack:
        steps += _stack(use, state, choice)
    steps += _boards(use, state, choice, release, boards)
    return tuple(steps)


def _merged(state: State, choice: Choice, release: Release, boards: Sequence[Compiled]) -> Merged:
    prometheus = prometheus_of(state, choice)
    if prometheus and prometheus.selector is None:
        cause = "has no serviceMonitorSelector, which selects nothing"
        raise ProblemsFound(f"Prometheus {prometheus.place}", cause=cause, fix="give it one: {} selects all")
    labels = asked(prometheus.selector) if prometheus else {"release": choice.release}
    theirs = state.values.get(choice.place, {}) if choice.stack else {}
    interval = given(theirs, "prometheus.prometheusSpec.scrapeInterval") or choice.interval
    chosen = prometheus.selector if prometheus else {"matchLabels": labels}
    mine = partial(selects, chosen)
    return merge(state, choice, [read(board.json) for board in boards], release, labels, mine, interval)


def _namespace(use: Tools, state: State, choice: Choice) -> Iterator[Step]:
    name = choice.namespace
    if name in state.namespaces:
        return
    if not choice.stack:
        fix = f"kubectl create namespace {name}, or say where Grafana's sidecar looks: --namespace"
        raise DashboardsError(f"namespace {name}", cause="does not exist", fix=fix)

    def make() -> None:
        write_record(use.keeper, read_record(use.keeper).with_made(f"namespace {name}"))
        use.kubectl.run("create", "namespace", name)

    yield Step(f"kubectl create namespace {name}", (), make)


def _crds(use: Tools, state: State, choice: Choice) -> Iterator[Step]:
    if f"servicemonitors.{GROUP}" in state.crds:
        return
    helm = HelmRelease(CRDS, choice.namespace, CRDS, choice.versions.crds, 0, "absent")
    effect = "the kinds of prometheus-operator, ServiceMonitor among them: Cilium's chart fails without"
    yield _install(use, choice, helm, {}, {}, (effect,))


def _stack(use: Tools, state: State, choice: Choice) -> Iterator[Step]:
    """The stack, or what lacks in one that is there. Its selector stays: what else it selects is not ours to narrow."""
    there = next((each for each in state.release(STACK) if each.place == choice.place), None)
    helm = there or HelmRelease(choice.release, choice.namespace, STACK, choice.versions.stack, 0, "absent")
    theirs = state.values.get(helm.place, {})
    ours = stack(selected_by=choice.release, interval=choice.interval)
    if there:
        ours = {key: item for key, item in ours.items() if key != SELECTOR and given(theirs, key) is None}
        if not ours and there.status == "deployed":
            return
    more = plain(ours)
    effect = [f"set {key} = {given(more, key)}" for key in ours]
    if not there:
        effect.append("Prometheus, Grafana, Alertmanager and their operator are new; Grafana's password is random")
    yield _install(use, choice, helm, theirs, {key: given(more, key) for key in ours}, tuple(effect), more)


def _install(
    use: Tools,
    choice: Choice,
    helm: HelmRelease,
    theirs: Mapping[str, Any],
    keys: Mapping[str, Any],
    effect: tuple[str, ...],
    more: Mapping[str, Any] | None = None,
) -> Step:
    def install() -> None:
        record = read_record(use.keeper)
        if helm.status == "absent":
            record = record.with_made(f"release {helm.place}")
        if keys:
            record = record.with_values(helm.place, {key: given(theirs, key) for key in keys}, keys)
        write_record(use.keeper, record)
        values = over(theirs, more or {})
        where = (helm.chart, helm.version, helm.name, helm.namespace)
        skip = helm.chart == STACK and present(use.kubectl) >= KINDS
        use.helm.upgrade(*where, values, force=choice.take_over, timeout=choice.timeout, skip_crds=skip)

    verb = "install" if helm.status == "absent" else "upgrade"
    return Step(f"helm {verb} {helm.name} -n {helm.namespace} (chart {helm.chart} {helm.version})", effect, install)


def _boards(use: Tools, state: State, choice: Choice, release: Release, boards: Sequence[Compiled]) -> Iterator[Step]:
    payload = Payload(tree(release, boards))
    title = f"apply ConfigMaps of the boards for Cilium {release} in {choice.namespace}"
    where = f"namespace {choice.namespace} of context {use.context}"
    prepare = partial(configmaps.compare, payload, use.at(choice.namespace), where, overwrite=choice.take_over)

    def apply() -> None:
        write_record(use.keeper, read_record(use.keeper).with_made(f"boards {choice.namespace}"))
        found = prepare()
        refused = [change.why for change in found.changes if change.action in REFUSES]
        refused += [change.why for change in found.apply() if change.action in REFUSES]
        if refused:
            cause = f"{len(refused)} not deployed: {'; '.join(refused)}".replace("--overwrite", "up --take-over")
            raise ProblemsFound("ConfigMaps", cause=cause)

    if choice.namespace not in state.namespaces:
        yield Step(title, (f"{len(boards)} create",), apply)
        return
    plan = prepare()
    writes = [change for change in plan.changes if change.action in (*WRITES, *REFUSES)]
    if writes:
        facts = ", ".join(f"{count} {action}" for action, count in summary(plan.changes).items())
        yield Step(title, (facts,), apply)
