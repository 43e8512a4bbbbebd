"""Alerts of Grafana's provisioning: queries, then expressions of Grafana, one of which is the condition.

Read as PromQL: the query with the condition as its comparison. Source: pkg/services/ngalert/api/tooling/definitions/
provisioning_alert_rules.go for the rule, pkg/expr/models.go, threshold.go and classic/classic.go for expressions.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards_py.documents.objects import mapping, mappings, text
from dashboards_py.documents.rule import Rule, plain_text, setting_texts, texts

EXPRESSIONS = ("__expr__", "-100")  # the data source of Grafana's own expressions
OPERATORS = {"gt": ">", "lt": "<", "eq": "==", "ne": "!=", "gte": ">=", "lte": "<="}
# Bounds of a range, with the operators for values inside and outside of it.
RANGES = {
    "within_range": (">", "and", "<"),
    "outside_range": ("<", "or", ">"),
    "within_range_included": (">=", "and", "<="),
    "outside_range_included": ("<=", "or", ">="),
}
REFERENCE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
# Functions of math expressions that return 1 or 0 for each series (pkg/expr/mathexp/funcs.go). One of them, or several
# joined by `||`, with `is_number` is true for each series that the query returns.
EXISTS = re.compile(r"is_(?:number|nan|inf|null)\(\$\{?(\w+)\}?\)")
SETTINGS = ("isPaused", "noDataState", "execErrState", "notification_settings", "missing_series_evals_to_resolve")
DEFAULTS = {"noDataState": "NoData", "execErrState": "Alerting"}  # pkg/services/provisioning/alerting/rules_types.go
DEEPEST = 20  # expressions that refer to each other


def alert_of(raw: Mapping[str, Any], group: str, interval: str, line: int, folder: str = "") -> Rule | str:
    """The alert, or why it is not read."""
    nodes = {text(node, "refId"): node for _, node in mappings(raw, "data")}
    try:
        expr = _expr(text(raw, "condition"), nodes, DEEPEST)
    except _Unread as error:
        return str(error)
    return Rule(
        group,
        text(raw, "title"),
        is_alert=True,
        expr=expr,
        wait=plain_text(raw.get("for")),
        keep_firing_for=plain_text(raw.get("keepFiringFor")),
        labels=texts(raw.get("labels")),
        annotations=texts(raw.get("annotations")),
        interval=interval,
        is_grafana=True,
        settings=setting_texts(
            {"folder": folder, **{key: raw.get(key) for key in SETTINGS if raw.get(key) != DEFAULTS.get(key)}}
        ),
        line=line,
    )


class _Unread(Exception):
    """A rule that is not PromQL."""


def _expr(ref: str, nodes: Mapping[str, Any], levels: int) -> str:
    """The PromQL of a query or expression."""
    node = nodes.get(_tested(ref, nodes) or ref)
    if node is None or not levels:
        raise _Unread(f"its condition {ref!r} is none of its queries")
    model = mapping(node, "model")
    source = text(node, "datasourceUid") or text(model, "datasource", "uid")
    if source in EXPRESSIONS or text(model, "datasource", "type") == "__expr__":
        return _expression(model, nodes, levels - 1)
    if text(model, "datasource", "type") not in ("", "prometheus") or not text(model, "expr"):
        raise _Unread("its query is not PromQL")
    return text(model, "expr")


def _expression(model: Mapping[str, Any], nodes: Mapping[str, Any], levels: int) -> str:
    kind, expression = text(model, "type"), text(model, "expression")
    conditions = [item for _, item in mappings(model, "conditions")]
    if kind in ("reduce", "resample"):
        return _expr(expression.strip(" $"), nodes, levels)
    if kind == "threshold" and conditions:
        if (exists := _tested(expression.strip(" $"), nodes)) and _is_above_zero(mapping(conditions[0], "evaluator")):
            return _expr(exists, nodes, levels)
        return _compared(_expr(expression.strip(" $"), nodes, levels), mapping(conditions[0], "evaluator"))
    if kind == "math" and EXISTS.search(expression):
        raise _Unread("its expression tests what kind of number a value is")
    if kind == "math":
        written = REFERENCE.sub(lambda match: f"({_expr(match[1] or match[2], nodes, levels)})", expression)
        return written.replace("||", "or").replace("&&", "and")
    if kind == "classic_conditions" and conditions:
        return _classic(conditions, nodes, levels)
    raise _Unread(f"an expression of type {kind or 'unknown'} is not read")


def _tested(ref: str, nodes: Mapping[str, Any]) -> str:
    """The query or expression of which a math expression is 1 for each series, "" if it is anything else."""
    model = mapping(nodes.get(ref), "model")
    expression = text(model, "expression") if text(model, "type") == "math" else ""
    names = {call[1] for call in EXISTS.finditer(expression)}
    others = EXISTS.sub("", expression).replace("||", "").strip(" ()")
    return names.pop() if len(names) == 1 and not others and "is_number" in expression else ""


def _is_above_zero(evaluator: Mapping[str, Any]) -> bool:
    params = evaluator.get("params")
    return text(evaluator, "type") == "gt" and isinstance(params, list) and params[:1] == [0]


def _classic(conditions: Sequence[Mapping[str, Any]], nodes: Mapping[str, Any], levels: int) -> str:
    """Conditions joined by `and` or `or`; Grafana ignores the labels of their series."""
    result = ""
    for condition in conditions:
        params = mapping(condition, "query").get("params")
        ref = params[0] if isinstance(params, list) and params and isinstance(params[0], str) else ""
        compared = _compared(_expr(ref, nodes, levels), mapping(condition, "evaluator"))
        operator = "or" if text(condition, "operator", "type") == "or" else "and on ()"
        result = f"{result} {operator} {compared}" if result else compared
    return result


def _compared(expr: str, evaluator: Mapping[str, Any]) -> str:
    kind, params = text(evaluator, "type"), evaluator.get("params")
    numbers = [str(value) for value in params if plain_text(value)] if isinstance(params, list) else []
    if kind in OPERATORS and numbers:
        return f"({expr}) {OPERATORS[kind]} {numbers[0]}"
    if kind in RANGES and len(numbers) > 1:
        low, join, high = RANGES[kind]
        return f"(({expr}) {low} {numbers[0]} {join} ({expr}) {high} {numbers[1]})"
    if kind == "no_value":
        return f"absent({expr})"
    raise _Unread(f"its condition {kind or 'without a type'} is not read")
