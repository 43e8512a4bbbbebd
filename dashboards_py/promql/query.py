"""Reading a query: its tree, its selectors, and whether it can live without some of them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import promql_parser as parser

from dashboards_py.errors import DashboardsError
from dashboards_py.promql import grafana
from dashboards_py.promql.lexer import Site, sites

OPERATORS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}


class QueryError(DashboardsError):
    """A query that is not PromQL, or that cannot be handled."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """`label op "value"`; `op` is `=`, `!=`, `=~` or `!~`; `value` is unquoted, Grafana variables as written."""

    label: str
    op: str
    value: str

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.op}"{escaped}"'


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector. `metric` is "" where it has no fixed name, `window` is as written.

    `functions` are the functions and aggregations around it, outermost first, and `and` or `unless` where it stands to
    the right of one.
    """

    metric: str
    matchers: tuple[Matcher, ...]
    window: str | None
    functions: tuple[str, ...]


@lru_cache(maxsize=4096)
def read(expr: str) -> tuple[Any, tuple[Site, ...]]:
    """The parser's tree of the query and the places of its selectors, in the same order; raises QueryError."""
    try:
        return parser.parse(grafana.replace(expr)), sites(expr)
    except ValueError as error:
        cause = str(error)
    try:
        tree = parser.parse(grafana.replace(expr, number=True))
    except ValueError:
        raise _error(expr, cause) from None
    return tree, tuple(site for site in sites(expr) if not (site.name and grafana.is_variable(site.name.text)))


def parse(expr: str) -> Any:
    """The parser's tree of the query, Grafana's macros and variables replaced; raises QueryError."""
    return read(expr)[0]


def _error(expr: str, cause: str) -> QueryError:
    short = " ".join(expr.split())
    short = short if len(short) <= 160 else short[:157] + "..."
    return QueryError(
        f"query {short!r}", cause=f"does not parse: {cause}", fix="correct it; `promtool promql format` shows the place"
    )


@lru_cache(maxsize=4096)
def selectors(expr: str) -> tuple[Selector, ...]:
    """The query's selectors in the order written; raises QueryError."""
    tree, places = read(expr)
    found = tuple(walk(tree))
    if len(found) != len(places):
        raise _error(expr, f"{len(found)} selectors by its tree, {len(places)} by its text")
    return tuple(selector(node, functions, site.window) for (node, functions), site in zip(found, places, strict=True))


def selector(node: Any, functions: tuple[str, ...] = (), window: str | None = None) -> Selector:
    """A vector selector of a tree as a value; what stands around it is not to be seen from itself."""
    given = matchers(node)
    names = [each.value for each in given if each.label == "__name__" and each.op == "="]
    metric = grafana.restore(node.name) if node.name else (names[0] if names else "")
    return Selector(
        metric, tuple(each for each in given if each.label != "__name__" or each.op != "="), window, functions
    )


def matchers(node: Any) -> tuple[Matcher, ...]:
    """A tree selector's matchers, those joined by `or` included, in the order written."""
    every = [*node.matchers.matchers, *(each for group in node.matchers.or_matchers for each in group)]
    return tuple(
        Matcher(grafana.restore(each.name), OPERATORS[str(each.op)], grafana.restore(each.value)) for each in every
    )


def walk(node: Any, functions: tuple[str, ...] = ()) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Each vector selector of a tree with its enclosing functions and aggregations, in the order written."""
    kind = type(node).__name__
    if kind == "VectorSelector":
        yield node, functions
    elif kind == "MatrixSelector":
        yield node.vector_selector, functions
    else:
        inner = functions + (
            (str(node.op),) if kind == "AggregateExpr" else (node.func.name,) if kind == "Call" else ()
        )
        for place, child in enumerate(children(node)):
            asked = place == 1 and kind == "BinaryExpr" and str(node.op) in ("and", "unless")
            yield from walk(child, (*inner, str(node.op)) if asked else inner)


@lru_cache(maxsize=4096)
def labels(expr: str) -> frozenset[str]:
    """The labels that the query matches, groups by or joins on; raises QueryError."""
    matched = {matcher.label for selector in selectors(expr) for matcher in selector.matchers}
    return frozenset(matched | set(_grouped(parse(expr))))


def _grouped(node: Any) -> Iterator[str]:
    yield from grouped_by(node)
    yield from getattr(getattr(node, "modifier", None), "group_labels", None) or ()
    for child in children(node):
        yield from _grouped(child)


def grouped_by(node: Any) -> tuple[str, ...]:
    """The labels of the `by` of an aggregation or of the `on` of a join, () where it has none."""
    modifier = getattr(node, "modifier", None)
    kept = getattr(modifier, "matching", None) or modifier
    listed = kept is not None and str(getattr(kept, "type", "")).endswith((".By", ".Include"))
    return tuple(map(grafana.restore, kept.labels)) if kept is not None and listed else ()


def children(node: Any) -> Sequence[Any]:
    """The expressions a node is made of, in the order written."""
    kind = type(node).__name__
    if kind == "BinaryExpr":
        return (node.lhs, node.rhs)
    if kind == "AggregateExpr":
        return (node.param, node.expr) if isinstance(node.param, parser.Expr) or _is_node(node.param) else (node.expr,)
    if kind == "Call":
        return tuple(node.args)
    return (node.expr,) if kind in ("ParenExpr", "UnaryExpr", "SubqueryExpr") else ()


def _is_node(value: Any) -> bool:
    return value is not None and bool(re.fullmatch(r"\w+(Expr|Selector|Literal)|Call", type(value).__name__))


def survives(expr: str, missing: Callable[[Selector], bool]) -> bool:
    """Whether the query can still return something when the selectors for which `missing` is true return nothing.

    `a or b` lives on either, but on no constant: `a or vector(0)` without a is a line that says nothing. `a unless b`
    lives on a; everything else needs all its operands.
    """
    remaining = iter(selectors(expr))

    def alive(node: Any) -> bool:
        kind = type(node).__name__
        if kind in ("VectorSelector", "MatrixSelector"):
            return not missing(next(remaining))
        lives = [alive(child) for child in children(node)]
        if kind == "BinaryExpr" and str(node.op) == "or":
            return any(lived and any(walk(child)) for lived, child in zip(lives, children(node), strict=True))
        if kind == "BinaryExpr" and str(node.op) == "unless":
            return lives[0]
        return all(lives)

    return alive(parse(expr))
