"""Nodes of a syntax tree: children, groupings, and selectors with their functions.

A node is hashed by its identity. Trees of queries are kept, so that what a node says is worked out once for all rules.
"""

from collections.abc import Sequence
from typing import Any

from dashboards_py.promql import grafana
from dashboards_py.promql.matcher import Matcher, Selector
from dashboards_py.promql.memory import remember

OPERATORS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}
OF_REGEX = {"=": "=~", "!=": "!~"}  # what `placeholders` wrote for them


@remember
def selector(node: Any, functions: tuple[str, ...] = (), window: str | None = None) -> Selector:
    """A vector selector of a syntax tree as a value; the caller supplies its context (`functions`, `window`)."""
    metric, matched, filters = _content(node)
    return Selector(metric, matched, window, functions, filters)


@remember
def _content(node: Any) -> tuple[str, tuple[Matcher, ...], tuple[str, ...]]:
    """The metric, the other matchers and the filters of a vector selector, whatever is around it."""
    node_matchers = matchers(node)
    names = [matcher.value for matcher in node_matchers if matcher.label == "__name__" and matcher.op == "="]
    metric = grafana.restore(node.name) if node.name else (names[0] if names else "")
    filters = tuple(variable for matcher in node.matchers.matchers if (variable := grafana.filter_of(matcher.name)))
    matched = tuple(matcher for matcher in node_matchers if matcher.label != "__name__" or matcher.op != "=")
    return metric, matched, filters


@remember
def matchers(node: Any) -> tuple[Matcher, ...]:
    """The matchers of a vector selector, including those joined by `or`, in the order written."""
    all_matchers = [*node.matchers.matchers, *(matcher for group in node.matchers.or_matchers for matcher in group)]
    return tuple([_matcher(matcher) for matcher in all_matchers if not grafana.filter_of(matcher.name)])


def _matcher(matcher: Any) -> Matcher:
    label, op, value = grafana.restore(matcher.name), OPERATORS[str(matcher.op)], matcher.value
    pattern = grafana.regex_of(value)
    return Matcher(label, op, grafana.restore(value)) if pattern is None else Matcher(label, OF_REGEX[op], pattern)


def walk(node: Any, functions: tuple[str, ...] = ()) -> list[tuple[Any, tuple[str, ...]]]:
    """The vector selectors of a tree with their enclosing functions and aggregations, in the order written."""
    vectors: list[tuple[Any, tuple[str, ...]]] = []
    _add_vectors(node, functions, vectors)
    return vectors


def _add_vectors(node: Any, functions: tuple[str, ...], vectors: list[tuple[Any, tuple[str, ...]]]) -> None:
    kind = type(node).__name__
    if kind == "VectorSelector":
        vectors.append((node, functions))
    elif kind == "MatrixSelector":
        vectors.append((node.vector_selector, functions))
    else:
        inner = functions + (
            (str(node.op),) if kind == "AggregateExpr" else (node.func.name,) if kind == "Call" else ()
        )
        for index, child in enumerate(children(node)):
            right_of_set_operator = index == 1 and kind == "BinaryExpr" and str(node.op) in ("and", "unless")
            _add_vectors(child, (*inner, str(node.op)) if right_of_set_operator else inner, vectors)


@remember
def selectors_of(node: Any) -> tuple[Selector, ...]:
    """The selectors of a tree with their enclosing functions, without their windows, in the order written."""
    return tuple(selector(below, functions) for below, functions in walk(node))


@remember
def grouped_by(node: Any) -> tuple[str, ...]:
    """The labels of the `by` of an aggregation or of the `on` of a join, () if it has none."""
    modifier = getattr(node, "modifier", None)
    grouping = getattr(modifier, "matching", None) or modifier
    listed = grouping is not None and str(getattr(grouping, "type", "")).endswith((".By", ".Include"))
    return tuple(map(grafana.restore, grouping.labels)) if grouping is not None and listed else ()


def dropped_by(aggregation: Any) -> tuple[str, ...] | None:
    """The labels of the `without` of an aggregation; None if it has no `without`."""
    modifier = aggregation.modifier
    listed = modifier is not None and str(modifier.type).endswith(".Without")
    return tuple(map(grafana.restore, modifier.labels)) if listed else None


@remember
def nodes(node: Any, kind: str = "") -> tuple[Any, ...]:
    """A node and all below it, in the order written; only those of a kind, such as `Call`, if that is named."""
    if kind:
        return tuple([inner for inner in nodes(node) if type(inner).__name__ == kind])
    collected: list[Any] = []
    _collect(node, collected)
    return tuple(collected)


def _collect(node: Any, collected: list[Any]) -> None:
    collected.append(node)
    for child in children(node):
        _collect(child, collected)


@remember  # the rules of lint walk all trees, and the parser makes the list anew each time
def children(node: Any) -> Sequence[Any]:
    """The child expressions of a node, in the order written."""
    match type(node).__name__:
        case "BinaryExpr":
            return (node.lhs, node.rhs)
        case "AggregateExpr":
            return (node.expr,) if node.param is None else (node.param, node.expr)
        case "Call":
            return tuple(node.args)
        case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
            return (node.expr,)
    return ()
