"""The steps that remove what `up` created; networks and volumes are kept unless an option removes them."""

from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.leftovers import Leftovers, record_notice
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.plan_down.boards import board_steps
from dashboards_py.cluster.plan_down.namespaces import namespace_steps
from dashboards_py.cluster.plan_down.record import record_steps
from dashboards_py.cluster.plan_down.releases import crd_steps, release_steps, removed_releases
from dashboards_py.cluster.plan_down.rules import rule_steps
from dashboards_py.cluster.refuse import CRDS, STACK, ensure_kinds, ensure_not_pending, ensure_nothing_overwritten
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.settle_record import SettleRecord
from dashboards_py.cluster.steps.step import Step


def plan_down(state: State, options: Options, charts: Charts, left: Leftovers) -> tuple[Step, ...]:
    """The steps that undo `up`, in order. Changes nothing; Helm only renders."""
    for release in (*state.release("cilium"), *state.release(STACK), *state.release(CRDS)):
        ensure_not_pending(release)
    ensure_nothing_overwritten(state, options)
    ensure_kinds(state)
    removed = removed_releases(state, options, left)
    return (
        *(() if state.record_is_settled else (SettleRecord(accepts_overwritten=options.take_over),)),
        *record_notice(state, problem=True),
        *rule_steps(state, options),
        *board_steps(state, options),
        *release_steps(state, options, charts, left, removed),
        *crd_steps(state, options, left, removed),
        *namespace_steps(state, options, left, removed),
        *record_steps(state, left),
    )
