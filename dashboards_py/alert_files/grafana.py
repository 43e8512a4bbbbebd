"""Alerts that Grafana itself evaluates, as a file for its provisioning/alerting (AlertRuleV1 in rules_types.go of
pkg/services/provisioning/alerting).

A query of Prometheus returns what is wrong, or nothing. Three steps make a condition of it, as Grafana's own import of
Prometheus' rules does (pkg/services/ngalert/prom/convert.go): the query, whether it has a number, and whether that is
above 0.

Grafana replaces `$NAME` in annotations by variables of its environment (pkg/services/provisioning/values), and newer
releases escape it in another way, so that the templates have no `$`: `.Labels` and `.Values` mean the same.
"""

import re
from typing import Any

from dashboards_py.compiled import CompiledAlert, CompiledRules
from dashboards_py.configuration import Alerts

FILE = "grafana.yaml"
FOLDER = "Cilium alerts"
INTERVAL = "1m"  # a multiple of Grafana's own, ten seconds
SECONDS = 600  # the time range of instant queries in Grafana's import
LABELS, VALUE = re.compile(r"\$labels\."), re.compile(r"\$value\b")
EXPRESSION = "__expr__"


def document(rules: CompiledRules, settings: Alerts) -> object:
    """The file."""
    return {
        "apiVersion": 1,
        "groups": [
            {
                "orgId": 1,
                "name": group.name,
                "folder": FOLDER,
                "interval": group.interval or INTERVAL,
                "rules": [_rule(alert, settings.datasource) for alert in group.alerts],
            }
            for group in rules.groups
        ],
    }


def _rule(alert: CompiledAlert, datasource: str) -> dict[str, Any]:
    panel = {"dashboardUid": alert.uid, "panelId": alert.panel_id} if alert.panel_id else {}
    return {
        "uid": alert.alert,
        "title": alert.alert,
        "condition": "C",
        "data": [
            _step("A", datasource, {"expr": alert.expr, "instant": True, "range": False}),
            _step("B", EXPRESSION, {"type": "math", "expression": "is_number($A) || is_nan($A) || is_inf($A)"}),
            _step("C", EXPRESSION, {"type": "threshold", "expression": "B", "conditions": [_above_zero()]}),
        ],
        **panel,
        "noDataState": "OK",
        "execErrState": "Error",
        "for": alert.hold,
        **({"keepFiringFor": alert.keep_firing_for} if alert.keep_firing_for else {}),
        "missing_series_evals_to_resolve": 1,  # as in Prometheus, where a series that ends is an alert that ends
        "labels": dict(alert.labels),
        "annotations": {key: _template(text) for key, text in alert.annotations.items()},
        "isPaused": False,
    }


def _step(ref_id: str, datasource: str, model: dict[str, Any]) -> dict[str, Any]:
    return {
        "refId": ref_id,
        "datasourceUid": datasource,
        "relativeTimeRange": {"from": SECONDS if datasource != EXPRESSION else 0, "to": 0},
        "model": {"refId": ref_id, **model},
    }


def _above_zero() -> dict[str, Any]:
    return {"evaluator": {"type": "gt", "params": [0]}}


def _template(text: str) -> str:
    return VALUE.sub(".Values.A.Value", LABELS.sub(".Labels.", text))
