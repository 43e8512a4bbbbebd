"""Alerting and recording rules: rule files of Prometheus, and PrometheusRule objects, alone or in a List."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.documents.value import Document
from dashboards_py.errors import DashboardsError

FIX = "give a rule file of Prometheus (`groups:`) or a PrometheusRule"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a group: `name` is the alert's, or that of the series that it records."""

    group: str
    name: str
    is_alert: bool
    expr: str


def rules_of(documents: tuple[Document, ...], name: str) -> tuple[Rule, ...]:
    """The rules in the documents of a file; a file that holds no groups of rules raises DashboardsError."""
    groups = [group for document in documents for group in _groups(document.value)]
    if not groups:
        raise DashboardsError(name, cause="holds no groups of rules", fix=FIX)
    return tuple(rule for group in groups for rule in _rules(group))


def _groups(value: Any) -> Iterator[Mapping[str, Any]]:
    """The groups of a rule file, of a PrometheusRule, or of those in a List."""
    if not isinstance(value, Mapping):
        return
    inner = value.get("spec") if value.get("kind") == "PrometheusRule" else value
    if isinstance(inner, Mapping):
        yield from _mappings(inner.get("groups"))
    for item in _mappings(value.get("items")):
        yield from _groups(item)


def _rules(group: Mapping[str, Any]) -> Iterator[Rule]:
    for rule in _mappings(group.get("rules")):
        alert, record = rule.get("alert"), rule.get("record")
        name, expr = alert if isinstance(alert, str) else record, rule.get("expr")
        if isinstance(name, str) and isinstance(expr, str | int | float) and not isinstance(expr, bool):
            yield Rule(str(group.get("name", "")), name, isinstance(alert, str), str(expr))


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else iter(())
