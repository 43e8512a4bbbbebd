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
DEPENDENT = frozenset({"keep", "drop", "keepequal", "dropequal"})  # may drop series, by their labels
WRITING = frozenset({"replace", "hashmod", "lowercase", "uppercase"})  # give their targetLabel a value
ACTIONS = DEPENDENT | WRITING | {"labelmap", "labeldrop", "labelkeep"}


def dropped_by(values: Values, component: Component, series: str) -> str:
    """The rule that drops a series of a component, as text; "" if none does, or if that is unknown."""
    for index, rule in enumerate(_rules(values, component)):
        if renames(rule):
            return ""
        if drops(rule, series):
            return f"{_key(component)}[{index}]: {_action(rule)} {_pattern(rule)}"
    return ""


def drops(rule: Mapping[str, Any], series: str) -> bool | None:
    """True if a rule drops a series of this name; None if that depends on its other labels, or the rule is invalid.

    A series that loses its name is refused, and with it the scrape (errNameLabelMandatory in scrape/scrape.go).
    """
    action, sources = _action(rule), rule.get("sourceLabels") or []
    if action in ("labeldrop", "labelkeep"):
        subject, if_matched = NAME, action == "labeldrop"
    elif action in ("keep", "drop") and sources in ([], [NAME]):  # without labels, the text is empty
        subject, if_matched = series if sources else "", action == "drop"
    else:
        return None if action in DEPENDENT else False
    matched = regex.matches(_pattern(rule), subject)
    return None if matched is None else matched == if_matched


def renames(rule: Mapping[str, Any]) -> bool:
    """True if a rule gives series other names."""
    return rule.get("targetLabel") == NAME and _action(rule) in WRITING


def invalid_rules(values: Values, component: Component) -> Iterator[tuple[str, str]]:
    """The place of each rule that the API server or prometheus-operator refuses, and the reason."""
    parts = _key(component).split(".")
    for end in range(1, len(parts)):
        path = ".".join(parts[:end])
        if not isinstance(get_value(values, path), Mapping | None):
            yield path, "is not a map"
            return
    listed = get_value(values, _key(component))
    if not isinstance(listed, list | None):
        yield _key(component), "is not a list of rules"
        return
    for index, rule in enumerate(listed or ()):
        if why := _invalid(rule):
            yield f"{_key(component)}[{index}]", why


def is_valid(rule: Any) -> bool:
    """True if it is a rule."""
    return not _invalid(rule)


def _invalid(rule: Any) -> str:
    """Why it is no RelabelConfig (monitoring/v1/relabelings.go of prometheus-operator); "" if it is one."""
    if not isinstance(rule, Mapping):
        return "is not a map"
    if _action(rule) not in ACTIONS:
        return f"has an unknown action {_action(rule)}"
    sources = rule.get("sourceLabels")
    if not isinstance(sources, list | None) or not all(isinstance(label, str) for label in sources or ()):
        return "has sourceLabels that are not a list of names"
    if not isinstance(rule.get("regex"), str | None):
        return "has a regex that is not a text"
    return "has a regex that Prometheus refuses" if regex.matches(_pattern(rule), "") is None else ""


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
