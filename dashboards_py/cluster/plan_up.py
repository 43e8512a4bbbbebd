"""What is left to do so that the boards have their data: the operator's kinds, Cilium's values, the stack, boards."""

from collections.abc import Iterator, Sequence
from functools import partial

from dashboards_py.board import read
from dashboards_py.catalog import Release
from dashboards_py.cluster import remedies
from dashboards_py.cluster.boards import board_steps
from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.cilium import Merged, cilium_steps, merge
from dashboards_py.cluster.leftovers import record_notice
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import cilium_release, prometheus_of, refuse
from dashboards_py.cluster.selectors import asked, selects
from dashboards_py.cluster.stack import crd_steps, namespace_steps, stack_steps
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps import Notice, Restart, SettleRecord, Step
from dashboards_py.compile import Compiled, compile_boards
from dashboards_py.errors import ProblemsFound, Remedy
from dashboards_py.values import given


def plan_up(state: State, options: Options, charts: Charts) -> tuple[Step, ...]:
    """The steps that are left to do, in order; none where all is in place.

    A cluster that must be left alone raises DashboardsError. Changes nothing, and asks Helm only to render.
    """
    refuse(state, options)
    helm = state.cilium
    release = cilium_release(helm.version, helm.place) if helm else cilium_release(options.install_cilium)
    boards = compile_boards(release)
    wanted = _wanted(state, options, release, boards)
    cilium, waiting = cilium_steps(state, options, charts, wanted, release)
    return (
        *(() if state.record_is_settled else (SettleRecord(),)),
        *record_notice(state, problem=False),
        *namespace_steps(state, options),
        *crd_steps(state, options),
        *cilium,
        *_restart(state, options, wanted.release.namespace, waiting),
        *(stack_steps(state, options, charts) if options.stack else ()),
        *board_steps(state, options, release, boards),
    )


def _wanted(state: State, options: Options, release: Release, boards: Sequence[Compiled]) -> Merged:
    prometheus = prometheus_of(state, options)
    if prometheus and prometheus.selector is None:
        cause = "has no serviceMonitorSelector, which selects nothing"
        raise ProblemsFound(f"Prometheus {prometheus.place}", cause=cause, fix="give it one: {} selects all")
    labels = asked(prometheus.selector) if prometheus else {"release": options.release}
    stack_values = state.values.get(options.qualified_release, {}) if options.stack else {}
    interval = given(stack_values, "prometheus.prometheusSpec.scrapeInterval") or options.interval
    selector = prometheus.selector if prometheus else {"matchLabels": labels}
    parsed = [read(board.json) for board in boards]
    return merge(state, options, parsed, release, labels, partial(selects, selector), interval)


def _restart(state: State, options: Options, namespace: str, waiting: Sequence[tuple[str, str]]) -> Iterator[Step]:
    """Roll out what is stale, or will be once Cilium is upgraded, where that was chosen; or say what is stale now."""
    lines = tuple(map(str, state.stale))
    workloads = tuple(sorted({*((stale.kind, stale.name) for stale in state.stale), *waiting}))
    if options.restart and workloads:
        yield Restart(namespace=namespace, workloads=workloads, timeout=options.timeout, details=lines)
    elif lines:
        text = "not restarted, so not in effect"
        yield Notice(text=text, details=lines, remedies=(Remedy(remedies.RESTART),))
