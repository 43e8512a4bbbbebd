"""The user's own `metricRelabelings`: which series and labels of a component they drop before Prometheus stores them.

Rules are applied in order, as Prometheus does (model/relabel): `action` is `replace` by default, `regex` is anchored
and `(.*)` by default. Rules that depend on the values of other labels than the name, or rename series, are unknown.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py import regex
from dashboards_py.catalog import Component
from dashboards_py.values.keys import Values, get_value, monitor

NAME = "__name__"


def dropped_by(values: Values, component: Component, series: str) -> str:
    """The rule that drops a series of a component, as text; "" if none does, or if that is unknown."""
    for index, rule in enumerate(_rules(values, component)):
        action, pattern = _action(rule), _pattern(rule)
        sources = rule.get("sourceLabels")
        if action not in ("keep", "drop") or sources != [NAME]:
            if action == "replace" and rule.get("targetLabel") == NAME:
                return ""
            continue
        matches = regex.matches(pattern, series)
        if matches is not None and matches == (action == "drop"):
            return f"{_key(component)}[{index}]: {action} {pattern}"
    return ""


def label_dropped_by(values: Values, component: Component, label: str) -> str:
    """The rule that drops a label from all series of a component, as text; "" if none does."""
    for index, rule in enumerate(_rules(values, component)):
        action, pattern = _action(rule), _pattern(rule)
        if action in ("labeldrop", "labelkeep") and regex.matches(pattern, label) == (action == "labeldrop"):
            return f"{_key(component)}[{index}]: {action} {pattern}"
    return ""


def _key(component: Component) -> str:
    return f"{monitor(component)}.metricRelabelings"


def _rules(values: Values, component: Component) -> Iterator[Mapping[str, Any]]:
    if not component.service_monitor:
        return
    listed = get_value(values, _key(component))
    yield from (rule for rule in (listed if isinstance(listed, list) else ()) if isinstance(rule, Mapping))


def _action(rule: Mapping[str, Any]) -> str:
    return str(rule.get("action") or "replace").lower()


def _pattern(rule: Mapping[str, Any]) -> str:
    return str(rule.get("regex") or "(.*)")
