"""Removing the namespaces that `up` created, if nothing else is in them."""

from collections.abc import Iterator, Sequence

from dashboards_py.cluster.leftovers import Leftovers, belongs_to, foreign, our_namespaces
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.plan_down.boards import board_steps
from dashboards_py.cluster.plan_down.releases import kept_notice
from dashboards_py.cluster.plan_down.rules import rule_steps
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.delete_config_maps import DeleteConfigMaps
from dashboards_py.cluster.steps.delete_namespace import DeleteNamespace
from dashboards_py.cluster.steps.delete_rules import DeleteRules
from dashboards_py.cluster.steps.step import Step
from dashboards_py.kubernetes.helm import HelmRelease


def namespace_steps(state: State, options: Options, left: Leftovers, removed: Sequence[HelmRelease]) -> Iterator[Step]:
    """The deletions; a namespace that is not empty is kept and reported, with what is in it."""
    for name in our_namespaces(state):
        secrets = _chart_secrets(name, state, left, removed)
        deleted = _deleted_before(state, options, left, name, removed)
        kept = [
            body
            for body in foreign(left.contents.get(name, ()), secrets)
            if not belongs_to(body, removed) and (body["kind"], body["metadata"]["name"]) not in deleted
        ]
        if kept:
            yield kept_notice(f"namespace {name}", kept)
        else:
            yield DeleteNamespace(
                name=name,
                uid=state.namespaces[name]["metadata"]["uid"],
                chart_secrets=secrets,
                details=("only if it holds nothing that someone else created",),
            )


def _chart_secrets(namespace: str, state: State, left: Leftovers, removed: Sequence[HelmRelease]) -> tuple[str, ...]:
    """Uids of the Secrets that hooks created, of releases that this run uninstalls or an earlier one did."""
    entries = dict(state.record.created)
    for release in removed:
        entries |= left.chart_secrets.get(release.qualified_name, {})
    return tuple(sorted(uid for entry, uid in entries.items() if entry.startswith(f"secret {namespace}/")))


def _deleted_before(
    state: State, options: Options, left: Leftovers, namespace: str, removed: Sequence[HelmRelease]
) -> set[tuple[str, str]]:
    """Kind and name of the objects that earlier steps of the plan delete in a namespace, without Helm's."""
    boards = [step for step in board_steps(state, options) if isinstance(step, DeleteConfigMaps)]
    rules = [step for step in rule_steps(state, options) if isinstance(step, DeleteRules)]
    deleted = {("PrometheusRule", item.name) for step in rules if step.namespace == namespace for item in step.rules}
    deleted |= {("ConfigMap", item.name) for step in boards if step.namespace == namespace for item in step.config_maps}
    if options.delete_volumes:
        claims = [claim for release in removed for claim in left.claims.get(release.qualified_name, ())]
        deleted |= {("PersistentVolumeClaim", str(claim["metadata"]["name"])) for claim in claims}
    return deleted
