"""Label selectors as Kubernetes reads them."""

from collections.abc import Mapping

from dashboards_py.shapes import Json


def selects(selector: Json | None, labels: Mapping[str, str]) -> bool:
    """Whether a selector takes an object with these labels: an empty one takes all, none takes nothing."""
    if selector is None:
        return False
    wanted = selector.get("matchLabels") or {}
    rules = selector.get("matchExpressions") or []
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _holds(rule, labels) for rule in rules
    )


def required_labels(selector: Json | None) -> dict[str, str]:
    """The labels that an object needs to be selected, as few as possible."""
    labels = dict((selector or {}).get("matchLabels") or {})
    for rule in (selector or {}).get("matchExpressions") or []:
        if rule["operator"] == "In":
            labels.setdefault(rule["key"], rule["values"][0])
        elif rule["operator"] == "Exists":
            labels.setdefault(rule["key"], "true")
    return labels


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
