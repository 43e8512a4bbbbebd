"""The PrometheusRule with our alerts, as the Prometheus of a cluster selects it."""

from collections.abc import Mapping
from dataclasses import replace

from dashboards_py.alert_files import FORMATS
from dashboards_py.catalog import Release
from dashboards_py.cluster import our_boards
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import prometheus_of
from dashboards_py.cluster.state import RULES, Prometheus, State
from dashboards_py.configuration import DEFAULTS, Alerts
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes.selectors import required_labels, selects
from dashboards_py.shapes import Json
from dashboards_py.targets._prometheus_rule import NO_KIND

PLURAL = "prometheusrules"  # in paths of the API


def required_rules(state: State, options: Options, release: Release) -> Json:
    """The object, with labels by which the Prometheus selects it; raises ProblemsFound if it selects none."""
    alerts, prometheus = options.configuration.alerts, prometheus_of(state, options)
    if alerts.selector == DEFAULTS.alerts.selector:
        # Those of the stack, where it is still to be installed.
        labels = required_labels(prometheus.rules) if prometheus else {"release": options.release}
        alerts = replace(alerts, selector=tuple(labels.items()))
    body = compiled_rules(release, options, alerts)
    if prometheus and (problem := selection_problem(prometheus, body["metadata"]["labels"], options.namespace, state)):
        raise problem
    return body


def compiled_rules(release: Release, options: Options, alerts: Alerts | None = None) -> Json:
    """The object for a release, with the labels of the settings."""
    rules = our_boards.compiled_rules(release, options.boards, options.cache)
    body = FORMATS.load("prometheus_rule").document(rules, alerts or options.configuration.alerts)
    assert isinstance(body, dict)
    return body


def selection_problem(
    prometheus: Prometheus, labels: Mapping[str, str], namespace: str, state: State
) -> ProblemsFound | None:
    """Why a Prometheus does not select an object with these labels in a namespace; None if it does."""
    what = f"Prometheus {prometheus.qualified_name}"
    if prometheus.rules is None:
        cause = "has no ruleSelector, which selects no alerts"
        return ProblemsFound(what, cause=cause, fix="set its ruleSelector: {} selects all")
    if not selects(prometheus.rules, labels):
        own = ", ".join(f"{key}={value}" for key, value in labels.items()) or "none"
        needed = ", ".join(f"{key}={value}" for key, value in required_labels(prometheus.rules).items())
        fix = f"set alerts.selector in the settings: {needed}" if needed else "set the labels that it selects"
        return ProblemsFound(what, cause=f"its ruleSelector does not select the labels {own}", fix=fix)
    if not state.is_selected(namespace, prometheus.rule_namespaces, prometheus):
        cause = f"its ruleNamespaceSelector does not select namespace {namespace}"
        return ProblemsFound(
            what, cause=cause, fix=f"its ruleNamespaceSelector must select {namespace}: {{}} selects all"
        )
    return None


def ensure_kind(state: State, *, is_installed: bool) -> None:
    """Raise DashboardsError where no PrometheusRule can exist; `is_installed`: the plan installs the kinds before."""
    if not is_installed and RULES not in state.crds:
        fix = "install prometheus-operator's CRDs, or load another file of rules"
        raise DashboardsError("alerts", cause=NO_KIND, fix=fix)
