"""A VMRule, for the operator of VictoriaMetrics.

MetricsQL has no `histogram_count` and `histogram_sum` (transformFuncs in transform.go of VictoriaMetrics/metricsql),
and VictoriaMetrics no native histograms of Prometheus: the queries read classic ones only.
"""

from dashboards_py.alert_files._groups import groups
from dashboards_py.alert_files._object import metadata
from dashboards_py.compiled import CompiledRules
from dashboards_py.configuration import Alerts

FILE = "vmrule.yaml"


def document(rules: CompiledRules, settings: Alerts) -> object:
    """The object, without a namespace."""
    return {
        "apiVersion": "operator.victoriametrics.com/v1beta1",
        "kind": "VMRule",
        "metadata": metadata(settings),
        "spec": {"groups": groups(rules, classic=True)},
    }
