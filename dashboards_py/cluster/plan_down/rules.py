"""Removing the alerts wherever `up` applied them."""

from collections.abc import Iterator

from dashboards_py.cluster.options import Options
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.delete_rules import DeleteRules
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.cluster.steps.objects import ObjectId
from dashboards_py.cluster.steps.step import Step
from dashboards_py.kubernetes.gitops import overwrite_remedy
from dashboards_py.kubernetes.ownership import is_ours
from dashboards_py.targets._prometheus_rule import rule_editors


def rule_steps(state: State, options: Options) -> Iterator[Step]:
    """The deletions, by namespace; edited ones are kept and reported."""
    for entry in sorted(state.record.created):
        kind, _, namespace = entry.partition(" ")
        if kind != "rules":
            continue
        rules = [body for body in state.rules if body["metadata"]["namespace"] == namespace and is_ours(body)]
        edited = {} if options.take_over else {body["metadata"]["name"]: rule_editors(body) for body in rules}
        edited = {name: managers for name, managers in edited.items() if managers}
        unedited = [body for body in rules if body["metadata"]["name"] not in edited]
        if unedited:
            yield DeleteRules(namespace=namespace, rules=tuple(sorted(map(ObjectId.of, unedited))))
        if edited:
            yield Notice(
                text=f"PrometheusRules in {namespace} that were edited are kept",
                details=tuple(f"{name}: edited by {', '.join(managers)}" for name, managers in sorted(edited.items())),
                remedies=(overwrite_remedy([name for names in edited.values() for name in names]),),
                problem=True,
            )
