"""A PrometheusRule, for Prometheus Operator, with the labels that the `ruleSelector` of its Prometheus wants.

A stock kube-prometheus-stack selects rules in all namespaces that have its Helm release as the label `release`
(templates/prometheus/prometheus.yaml of its chart, `ruleSelectorNilUsesHelmValues`).
"""

from dashboards_py.alert_files._groups import groups
from dashboards_py.alert_files._object import metadata
from dashboards_py.compiled import CompiledRules
from dashboards_py.configuration import Alerts

FILE = "prometheusrule.yaml"


def document(rules: CompiledRules, settings: Alerts) -> object:
    """The object, without a namespace."""
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": metadata(settings),
        "spec": {"groups": groups(rules)},
    }
