"""The selectors and labels of a query, and whether it can return data if some selectors return none."""

from collections.abc import Callable, Iterator
from operator import and_
from typing import Any

from dashboards_py.plural import counted
from dashboards_py.promql.matcher import Selector
from dashboards_py.promql.memory import remember
from dashboards_py.promql.parsing import UnreadableQuery, parse, query_name, read
from dashboards_py.promql.syntax import children, grouped_by, nodes, selector, walk

ABSENT = frozenset(("absent", "absent_over_time"))


@remember
def selectors(expr: str) -> tuple[Selector, ...]:
    """The query's selectors in the order written; raises QueryError."""
    spans, vectors = read(expr).selector_spans, _vectors(expr)
    if len(vectors) != len(spans):
        cause = f"has {counted(len(vectors), 'selector')} by its tree, {len(spans)} by its text"
        raise UnreadableQuery(query_name(expr), cause=cause, fix="please report the query")
    return tuple(selector(node, functions, span.window) for (node, functions), span in zip(vectors, spans, strict=True))


def has_guesses(expr: str) -> bool:
    """True if Prometheus may reject a query that parses; raises QueryError if it does not.

    It has a part that the parser does not know, such as `[5m + 1m]`, or `or` between matchers, which is MetricsQL.
    """
    selectors(expr)
    return bool(read(expr).assumed) or any(node.matchers.or_matchers for node, _ in _vectors(expr))


@remember
def _vectors(expr: str) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    return tuple(walk(parse(expr)))


def refusals(expr: str) -> Iterator[str]:
    """Reasons why Prometheus rejects the query although it parses; raises QueryError if it does not parse.

    Regular expressions must be RE2, and a selector needs a matcher that excludes some series (promql/parser/parse.go).
    """
    for query_selector in selectors(expr):
        for matcher in query_selector.matchers:
            if problem := matcher.problem:
                yield f"{matcher}: Prometheus refuses the regular expression: {problem}"
        narrows = query_selector.metric or query_selector.filters or "info" in query_selector.functions
        if not narrows and all(matcher.accepts("") for matcher in query_selector.matchers):
            yield "a selector without a metric needs a matcher that an empty value does not match"


@remember
def labels(expr: str) -> frozenset[str]:
    """The labels that the query matches, groups by or joins on; raises QueryError."""
    matched = frozenset(matcher.label for selector in selectors(expr) for matcher in selector.matchers)
    return matched | grouping_labels(expr)


@remember
def grouping_labels(expr: str) -> frozenset[str]:
    """The labels that the query groups by or joins on, which all of its series need; raises QueryError."""
    return frozenset(label for node in nodes(parse(expr)) for label in _grouping_labels(node))


def _grouping_labels(node: Any) -> Iterator[str]:
    yield from grouped_by(node)
    yield from getattr(getattr(node, "modifier", None), "group_labels", None) or ()


def _reads_series(node: Any) -> bool:
    """True if the part has values of series: not if it is about their absence, or 1 for each (`a ^ 0 unless b`)."""
    kind, parts = type(node).__name__, children(node)
    if kind in ("VectorSelector", "MatrixSelector"):
        return True
    if kind == "Call" and str(node.func.name) in ABSENT:
        return False
    if kind == "BinaryExpr" and str(node.op) == "^" and _is_zero(parts[1]):
        return False
    if kind == "BinaryExpr" and str(node.op) == "unless":
        return _reads_series(parts[0])
    return any(map(_reads_series, parts))


def _is_zero(node: Any) -> bool:
    return type(node).__name__ == "NumberLiteral" and float(node.val) == 0


def can_return_data(expr: str, missing: Callable[[Selector], bool]) -> bool:
    """True if the query can return data when the selectors for which `missing` is true return none.

    `a or b` needs one of the two, and a constant does not count: `a or vector(0)` without `a` carries no information.
    Nor does `a or -absent(b)` or `a or c ^ 0 unless b`, a state of `b`, unless all operands are of that kind.
    `a unless b` needs only `a`; everything else needs all its operands.
    """
    remaining = iter(selectors(expr))

    def has_data(node: Any) -> bool:
        kind = type(node).__name__
        if kind in ("VectorSelector", "MatrixSelector"):
            return not missing(next(remaining))
        operands = [has_data(child) for child in children(node)]
        if kind == "BinaryExpr" and str(node.op) == "or":
            informs = [_reads_series(child) for child in children(node)]
            if not any(informs):
                informs = [any(walk(child)) for child in children(node)]
            return any(map(and_, operands, informs))
        if kind == "BinaryExpr" and str(node.op) == "unless":
            return operands[0]
        return all(operands)

    return has_data(parse(expr))
