"""Custom resources whose `spec` has the groups of a rule file.

PrometheusRule of prometheus-operator, VMRule of VictoriaMetrics' operator, and Rules, ClusterRules and GlobalRules of
Google's managed Prometheus.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.objects import qualified_name
from dashboards_py.documents.rule_formats._carrier import GroupSource, groups_at

KINDS = ("PrometheusRule", "VMRule", "Rules", "ClusterRules", "GlobalRules")


def groups(document: Mapping[str, Any]) -> Iterator[GroupSource]:
    """The groups of the resource; its `apiVersion` may be missing."""
    if (kind := document.get("kind")) in KINDS:
        yield from groups_at(document.get("spec"), ("spec",), f"{kind} {qualified_name(document)}".strip())
