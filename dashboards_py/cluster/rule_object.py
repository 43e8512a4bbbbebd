"""The PrometheusRule with our alerts: as it must be, and as it differs from one in the cluster."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboards_py.alert_files import FORMATS
from dashboards_py.catalog import Release
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import prometheus_of
from dashboards_py.cluster.state import RULES, State
from dashboards_py.compile.rules import compile_rules
from dashboards_py.configuration import DEFAULTS
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes.selectors import required_labels, selects
from dashboards_py.shapes import Json
from dashboards_py.targets import Change
from dashboards_py.targets.configmaps import change_of, editors

KIND, PLURAL = RULES, "prometheusrules"  # the latter in paths of the API
SPEC = (("f:spec",),)


def required_rules(state: State, options: Options, release: Release) -> Json:
    """The object, with labels by which the Prometheus selects it; raises ProblemsFound if it selects none."""
    alerts = options.configuration.alerts
    if alerts.selector == DEFAULTS.alerts.selector:
        alerts = replace(alerts, selector=tuple(_labels(state, options).items()))
    elif (prometheus := prometheus_of(state, options)) and not selects(prometheus.rules, dict(alerts.selector)):
        cause = f"its ruleSelector does not select the labels of alerts.selector in {options.configuration.source}"
        raise ProblemsFound(
            f"Prometheus {prometheus.qualified_name}", cause=cause, fix="set the labels that it selects"
        )
    body = FORMATS.load("prometheus_rule").document(compile_rules(release, options.boards), alerts)
    assert isinstance(body, dict)
    return body


def ensure_kind(state: State, *, is_installed: bool) -> None:
    """Raise DashboardsError where no PrometheusRule can exist; `is_installed`: the plan installs the kinds before."""
    if not is_installed and KIND not in state.crds:
        cause = "the cluster has no kind PrometheusRule"
        raise DashboardsError(
            "alerts", cause=cause, fix="install prometheus-operator's CRDs, or load another file of rules"
        )


def difference(required: Json, live: Json | None, *, overwrite: bool) -> Change:
    """What would happen to the object; if it is refused, `why` names the cause."""
    name = required["metadata"]["name"]
    return change_of("PrometheusRule", name, live, () if _is_same(required, live or {}) else SPEC, overwrite=overwrite)


def _is_same(required: Json, live: Json) -> bool:
    labels: Mapping[str, Any] = live.get("metadata", {}).get("labels") or {}
    same_labels = all(labels.get(key) == value for key, value in required["metadata"]["labels"].items())
    return same_labels and live.get("spec") == required["spec"]


def rule_editors(live: Json) -> list[str]:
    """Managers, other than those of our deployments, that last set a part of the rules."""
    return editors(live, SPEC)


def _labels(state: State, options: Options) -> Mapping[str, str]:
    """The labels that the Prometheus selects rules by; those of the stack where it is still to be installed."""
    prometheus = prometheus_of(state, options)
    if prometheus is None:
        return {"release": options.release}
    if prometheus.rules is None:
        cause = "has no ruleSelector, which selects no alerts"
        raise ProblemsFound(
            f"Prometheus {prometheus.qualified_name}", cause=cause, fix="set its ruleSelector: {} selects all"
        )
    return required_labels(prometheus.rules)
