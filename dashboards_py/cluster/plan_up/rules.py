"""Applying the alerts as a PrometheusRule, if that was chosen."""

from collections.abc import Iterator

from dashboards_py.catalog import Release
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.rule_object import ensure_kind, required_rules
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.apply_rules import ApplyRules
from dashboards_py.cluster.steps.step import Step
from dashboards_py.kubernetes.ownership import version_of
from dashboards_py.plural import counted
from dashboards_py.targets import REFUSES, WRITES
from dashboards_py.targets._prometheus_rule import difference


def rule_steps(state: State, options: Options, release: Release) -> Iterator[Step]:
    """Apply the alerts if they are missing or differ."""
    if not options.rules:
        return
    ensure_kind(state, is_installed=options.stack)
    required = required_rules(state, options, release)
    name = required["metadata"]["name"]
    in_namespace = [body for body in state.rules if body["metadata"]["namespace"] == options.namespace]
    live = next((body for body in in_namespace if body["metadata"]["name"] == name), None)
    change = difference(required, live, options.namespace, overwrite=options.take_over)
    if change.action in (*WRITES, *REFUSES):
        count = sum(len(group["rules"]) for group in required["spec"]["groups"])
        yield ApplyRules(
            namespace=options.namespace,
            cilium=release,
            body=required,
            expected=version_of(live),
            overwrite=options.take_over,
            details=(
                f"{counted(count, 'alert')}: {change.action}",
                *((change.why,) if change.action in REFUSES else ()),
            ),
        )
