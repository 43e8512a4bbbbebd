"""A rule file: for `rule_files` of Prometheus, and of Thanos' ruler."""

from dashboards_py.alert_files._groups import groups
from dashboards_py.compiled import CompiledRules
from dashboards_py.configuration import Alerts

FILE = "prometheus.yaml"


def document(rules: CompiledRules, _: Alerts) -> object:
    """The file."""
    return {"groups": groups(rules)}
