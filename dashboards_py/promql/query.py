"""Parsing a query: its syntax tree, its selectors, and whether it returns data without some of them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import promql_parser as parser

from dashboards_py import regex
from dashboards_py.errors import DashboardsError
from dashboards_py.promql import depth, grafana, placeholders
from dashboards_py.promql.functions import FUNCTIONS
from dashboards_py.promql.lexer import SelectorSpan, selector_spans, tokens

OPERATORS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}


# Size of the cache of parsed queries, which all rules share: more than the largest dashboard has.
CACHED_QUERIES = 32_768


class QueryError(DashboardsError):
    """A query that is not valid PromQL, or that cannot be handled."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """`label op "value"`; `op` is `=`, `!=`, `=~` or `!~`; `value` is unquoted, Grafana variables as written."""

    label: str
    op: str
    value: str

    @property
    def is_open(self) -> bool:
        """Whether it depends on a variable of Grafana."""
        return grafana.has_variable(self.value) or grafana.has_variable(self.label)

    @property
    def problem(self) -> str:
        """Why Prometheus rejects its regular expression, "" where it does not, or a variable decides."""
        return "" if self.op in ("=", "!=") or self.is_open else regex.problem(self.value)

    def accepts(self, value: str) -> bool | None:
        """Whether the matcher accepts a value of its label; None where a variable decides, or Prometheus rejects it.

        A series without the label has the value "".
        """
        if self.is_open:
            return None
        if self.op in ("=", "!="):
            return (self.value == value) == (self.op == "=")
        matches = regex.matches(self.value, value)
        return None if matches is None else matches == (self.op == "=~")

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.op}"{escaped}"'


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector. `metric` is "" where it has no fixed name, `window` is as written.

    `functions` are the enclosing functions and aggregations, outermost first, and `and` or `unless` where it is to the
    right of one. `filters` are variables that stand for whole matchers (`x{$filters}`).
    """

    metric: str
    matchers: tuple[Matcher, ...]
    window: str | None
    functions: tuple[str, ...]
    filters: tuple[str, ...] = ()


class UnreadableQuery(QueryError):
    """A query that our parser cannot read, though Prometheus may accept it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The syntax tree of a query and the positions of its selectors in the text, in the same order.

    `assumed` are ambiguous parts of the query (see `placeholders.Substitution`).
    """

    tree: Any
    selector_spans: tuple[SelectorSpan, ...]
    assumed: tuple[str, ...]


def read(expr: str) -> Reading:
    """The query as tree and text; raises QueryError, or UnreadableQuery where Prometheus may accept it."""
    outcome = _read(expr)
    if isinstance(outcome, Reading):
        return outcome
    raise outcome[0](_query_name(expr), cause=outcome[1], fix=outcome[2])


def parse(expr: str) -> Any:
    """The syntax tree of the query, with Grafana's macros and variables replaced; raises QueryError."""
    return read(expr).tree


def for_prometheus(expr: str) -> str | None:
    """The query as Grafana could send it, with macros replaced; None where a variable may hold any part of it."""
    if len(expr) > depth.LENGTH:
        return None
    substitution = placeholders.substitute(expr, tuple(tokens(expr)), faithful=True)
    return None if substitution.open else substitution.text


Failure = tuple[type[QueryError], str, str]
INVALID_FIX = "correct it; `promtool promql format` shows the place"


@lru_cache(maxsize=CACHED_QUERIES)
def _read(expr: str) -> Reading | Failure:
    if len(expr) > depth.LENGTH:
        return UnreadableQuery, f"is too long to be read (limit {depth.LENGTH:,} characters)", "split it"
    query_tokens = tuple(tokens(expr))
    if depth.depth(query_tokens) > depth.LIMIT:
        return (
            UnreadableQuery,
            f"is too deeply nested to be read (limit {depth.LIMIT})",
            "split it, or record parts of it",
        )
    substitution = placeholders.substitute(expr, query_tokens)
    if substitution.too_long:
        return QueryError, f"does not parse: duration {substitution.too_long[0]} is out of range", INVALID_FIX
    try:
        return Reading(_parsed(substitution.text), _selector_spans(expr, substitution), tuple(substitution.assumed))
    except ValueError as error:
        cause = str(error)
    substitution = placeholders.substitute(expr, query_tokens, numbers=True)
    try:
        return Reading(_parsed(substitution.text), _selector_spans(expr, substitution), tuple(substitution.assumed))
    except ValueError:
        return _failure(cause, substitution)


def _parsed(text: str) -> Any:
    """The syntax tree; errors and panics of the parser raise ValueError."""
    try:
        return parser.parse(text)
    except ArithmeticError as error:
        raise ValueError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, which is no Exception
            raise
        raise ValueError(f"the parser panics: {error}") from error


def _selector_spans(expr: str, substitution: placeholders.Substitution) -> tuple[SelectorSpan, ...]:
    return tuple(
        span for span in selector_spans(expr) if span.name is None or span.name.start not in substitution.values
    )


def _failure(cause: str, substitution: placeholders.Substitution) -> Failure:
    """The error to raise: UnreadableQuery where the parser's error may be due to variables or unknown functions."""
    if cause.startswith("the parser panics"):
        return UnreadableQuery, cause, "please report the query"
    message = f"does not parse: {grafana.restore(cause)}"
    if substitution.open:
        variables = ", ".join(dict.fromkeys(substitution.open))
        cause = f"only Grafana knows the value of {variables}, which may be any part of it"
        return UnreadableQuery, cause, "look at the query that Grafana sends: Inspect > Query in the panel's menu"
    unknown = re.fullmatch(r"unknown function with name '(\w+)'", cause)
    if unknown is None:
        return QueryError, message, INVALID_FIX
    close = get_close_matches(unknown[1], FUNCTIONS, n=1, cutoff=0.75)
    if close:
        return QueryError, message, f"did you mean {close[0]}?"
    cause = f"calls {unknown[1]}, an unknown function"
    return UnreadableQuery, cause, "a newer Prometheus, or another database, may have it"


def _query_name(expr: str) -> str:
    short = " ".join(expr.split())
    return f"query {short if len(short) <= 160 else short[:157] + '...'!r}"


@lru_cache(maxsize=CACHED_QUERIES)
def selectors(expr: str) -> tuple[Selector, ...]:
    """The query's selectors in the order written; raises QueryError."""
    reading = read(expr)
    nodes = tuple(walk(reading.tree))
    if len(nodes) != len(reading.selector_spans):
        cause = f"has {len(nodes)} selectors by its tree, {len(reading.selector_spans)} by its text"
        raise UnreadableQuery(_query_name(expr), cause=cause, fix="please report the query")
    return tuple(
        selector(node, functions, span.window)
        for (node, functions), span in zip(nodes, reading.selector_spans, strict=True)
    )


def refusals(expr: str) -> Iterator[str]:
    """Why Prometheus rejects the query although it parses; raises QueryError where it does not parse.

    Regular expressions are RE2's, and a selector needs a matcher that not all series satisfy (promql/parser/parse.go).
    """
    for query_selector in selectors(expr):
        for matcher in query_selector.matchers:
            if problem := matcher.problem:
                yield f"{matcher}: Prometheus refuses the regular expression: {problem}"
        narrows = query_selector.metric or query_selector.filters or "info" in query_selector.functions
        if not narrows and all(matcher.accepts("") for matcher in query_selector.matchers):
            yield "a selector without a metric needs a matcher that an empty value does not match"


def selector(node: Any, functions: tuple[str, ...] = (), window: str | None = None) -> Selector:
    """A vector selector of a syntax tree as a value; its context (`functions`, `window`) is given by the caller."""
    node_matchers = matchers(node)
    names = [matcher.value for matcher in node_matchers if matcher.label == "__name__" and matcher.op == "="]
    metric = grafana.restore(node.name) if node.name else (names[0] if names else "")
    filters = tuple(variable for matcher in node.matchers.matchers if (variable := grafana.filter_of(matcher.name)))
    matched = tuple(matcher for matcher in node_matchers if matcher.label != "__name__" or matcher.op != "=")
    return Selector(metric, matched, window, functions, filters)


def matchers(node: Any) -> tuple[Matcher, ...]:
    """The matchers of a vector selector, including those joined by `or`, in the order written."""
    all_matchers = [*node.matchers.matchers, *(matcher for group in node.matchers.or_matchers for matcher in group)]
    return tuple(
        Matcher(grafana.restore(matcher.name), OPERATORS[str(matcher.op)], grafana.restore(matcher.value))
        for matcher in all_matchers
        if not grafana.filter_of(matcher.name)
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
        for index, child in enumerate(children(node)):
            right_of_set_operator = index == 1 and kind == "BinaryExpr" and str(node.op) in ("and", "unless")
            yield from walk(child, (*inner, str(node.op)) if right_of_set_operator else inner)


@lru_cache(maxsize=CACHED_QUERIES)
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
    grouping = getattr(modifier, "matching", None) or modifier
    listed = grouping is not None and str(getattr(grouping, "type", "")).endswith((".By", ".Include"))
    return tuple(map(grafana.restore, grouping.labels)) if grouping is not None and listed else ()


def children(node: Any) -> Sequence[Any]:
    """The child expressions of a node, in the order written."""
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

    `a or b` needs one of the two, and a constant does not count: `a or vector(0)` without `a` carries no information.
    `a unless b` needs only `a`; everything else needs all its operands.
    """
    remaining = iter(selectors(expr))

    def has_data(node: Any) -> bool:
        kind = type(node).__name__
        if kind in ("VectorSelector", "MatrixSelector"):
            return not missing(next(remaining))
        operands = [has_data(child) for child in children(node)]
        if kind == "BinaryExpr" and str(node.op) == "or":
            return any(present and any(walk(child)) for present, child in zip(operands, children(node), strict=True))
        if kind == "BinaryExpr" and str(node.op) == "unless":
            return operands[0]
        return all(operands)

    return has_data(parse(expr))
