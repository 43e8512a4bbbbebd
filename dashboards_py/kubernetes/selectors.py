"""Label selectors as Kubernetes evaluates them."""

from collections.abc import Mapping
from typing import Any

from dashboards_py.shapes import Json


def selects(selector: Json | None, labels: Mapping[str, str]) -> bool:
    """Whether a selector matches these labels: an empty one matches all, None matches nothing."""
    if selector is None:
        return False
    wanted = selector.get("matchLabels") or {}
    rules = selector.get("matchExpressions") or []
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _holds(rule, labels) for rule in rules
    )


def required_labels(selector: Json | None) -> dict[str, str]:
    """A minimal set of labels that the selector matches."""
    labels = dict((selector or {}).get("matchLabels") or {})
    for rule in (selector or {}).get("matchExpressions") or []:
        if rule["operator"] == "In":
            labels.setdefault(rule["key"], rule["values"][0])
        elif rule["operator"] == "Exists":
            labels.setdefault(rule["key"], "true")
    return labels


def vm_agent_selector(spec: Mapping[str, Any]) -> Json | None:
    """Which VMServiceScrapes a VMAgent selects, to which its operator turns ServiceMonitors; None for none.

    Source: VictoriaMetrics/operator, isServiceScrapeUnmanaged() in api/operator/v1beta1, VisitSelected() in
    internal/controller/operator/factory/k8stools.
    """
    own, namespaces = spec.get("serviceScrapeSelector"), spec.get("serviceScrapeNamespaceSelector")
    is_selecting = spec.get("selectAllByDefault") is True or own is not None or namespaces is not None
    return (own or {}) if is_selecting and spec.get("ingestOnlyMode") is not True else None


def _holds(rule: Json, labels: Mapping[str, str]) -> bool:
    has, value = rule["key"] in labels, labels.get(rule["key"])
    match rule["operator"]:
        case "In":
            return value in rule["values"]
        case "NotIn":
            return value not in rule["values"]
        case "Exists":
            return has
    return not has
