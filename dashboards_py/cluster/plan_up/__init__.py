"""The remaining steps until the boards have data: the operator's CRDs, Cilium's values, the stack, boards."""

from collections.abc import Iterator, Sequence

from dashboards_py import remedies
from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.leftovers import record_notice
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.our_boards import compiled_boards
from dashboards_py.cluster.plan_up.boards import board_steps
from dashboards_py.cluster.plan_up.cilium import cilium_steps
from dashboards_py.cluster.plan_up.rules import rule_steps
from dashboards_py.cluster.plan_up.stack import crd_steps, namespace_steps, stack_steps
from dashboards_py.cluster.plan_up.values import cilium_values
from dashboards_py.cluster.refuse import cilium_release, refuse
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.cluster.steps.restart import Restart
from dashboards_py.cluster.steps.settle_record import SettleRecord
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import Remedy


def plan_up(state: State, options: Options, charts: Charts) -> tuple[Step, ...]:
    """The steps that are left to do, in order; none if everything is in place.

    A cluster that must be left alone raises DashboardsError. Changes nothing; Helm only renders.
    """
    refuse(state, options)
    helm = state.cilium
    release = cilium_release(helm.version, helm.qualified_name) if helm else cilium_release(options.install_cilium)
    values = cilium_values(state, options, release)
    cilium, stale = cilium_steps(state, options, charts, values, release)
    return (
        *(() if state.record_is_settled else (SettleRecord(accepts_overwritten=options.take_over),)),
        *record_notice(state, problem=False),
        *namespace_steps(state, options),
        *crd_steps(state, options, charts),
        *cilium,
        *_restart_steps(state, options, values.release.namespace, stale),
        *(stack_steps(state, options, charts) if options.stack else ()),
        *board_steps(state, options, release, compiled_boards(release, options.boards, options.cache)),
        *rule_steps(state, options, release),
    )


def _restart_steps(
    state: State, options: Options, namespace: str, stale_later: Sequence[tuple[str, str]]
) -> Iterator[Step]:
    """Restart workloads that are stale now or after the upgrade, if that was chosen; else report those stale now."""
    lines = tuple(map(str, state.stale))
    workloads = tuple(sorted({*((stale.kind, stale.name) for stale in state.stale), *stale_later}))
    if options.restart and workloads:
        yield Restart(namespace=namespace, workloads=workloads, timeout=options.timeout, details=lines)
    elif lines:
        text = "not restarted, so not in effect"
        yield Notice(text=text, details=lines, remedies=(Remedy(remedies.RESTART),))
