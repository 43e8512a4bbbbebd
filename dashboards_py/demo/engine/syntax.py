"""Queries as typed trees: what the parser makes of them, with durations in milliseconds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, cast

from dashboards_py import promql
from dashboards_py.demo.engine.errors import NotSupported
from dashboards_py.demo.engine.labels import NAME
from dashboards_py.demo.engine.matching import Matcher, Operator

At = int | Literal["start", "end"] | None  # milliseconds since 1970, or of the query
OPERATORS: Mapping[str, Operator] = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True, slots=True)
class Select:
    """A selector of series; `window` is None for one sample of each."""

    matchers: tuple[Matcher, ...]
    window: int | None
    offset: int
    at: At


@dataclass(frozen=True, slots=True)
class Subquery:
    """An expression evaluated many times; `step` is None where Prometheus' own interval counts."""

    expr: "Node"
    window: int
    step: int | None
    offset: int
    at: At


@dataclass(frozen=True, slots=True)
class Negation:
    """The negative of an expression."""

    expr: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    args: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Aggregation:
    """An aggregation: by `labels`, or by all others where `without`; `parameter` is the number or text it takes."""

    op: str
    expr: "Node"
    parameter: "Node | None"
    labels: tuple[str, ...]
    without: bool


@dataclass(frozen=True, slots=True)
class Matching:
    """How series of two vectors find each other: `on` these labels, or all others; `many` is the side with many.

    `include` are the labels that group_left and group_right take from the other side.
    """

    labels: tuple[str, ...] = ()
    on: bool = False
    many: Literal["", "left", "right"] = ""
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binary:
    """An operation on two expressions; `as_bool`: a comparison that gives 0 or 1."""

    op: str
    left: "Node"
    right: "Node"
    as_bool: bool
    matching: Matching


Node = Number | Text | Select | Subquery | Negation | Call | Aggregation | Binary


def read(expr: str) -> Node:
    """The tree of a query without variables; raises QueryError, or NotSupported."""
    return _node(promql.parse_as_sent(expr))


def _node(raw: Any) -> Node:
    return _READERS[type(raw).__name__](raw)


def _select(raw: Any, window: int | None = None) -> Select:
    if raw.matchers.or_matchers:
        raise NotSupported("`or` between matchers")
    matchers = [Matcher(matcher.name, _operator(matcher.op), matcher.value) for matcher in raw.matchers.matchers]
    named = [Matcher(NAME, "=", raw.name)] if raw.name else []
    return Select((*named, *matchers), window, _milliseconds(raw.offset), _at(raw.at))


def _matrix(raw: Any) -> Select:
    return _select(raw.vector_selector, _milliseconds(raw.range))


def _subquery(raw: Any) -> Subquery:
    step = None if raw.step is None else _milliseconds(raw.step)
    return Subquery(_node(raw.expr), _milliseconds(raw.range), step, _milliseconds(raw.offset), _at(raw.at))


def _call(raw: Any) -> Call:
    if raw.func.experimental:
        raise NotSupported(f"{raw.func.name}, an experimental function,")
    return Call(raw.func.name, tuple(map(_node, raw.args)))


def _aggregation(raw: Any) -> Aggregation:
    modifier = raw.modifier
    without = modifier is not None and str(modifier.type).endswith("Without")
    names = tuple(modifier.labels) if modifier is not None else ()
    parameter = None if raw.param is None else _node(raw.param)
    return Aggregation(str(raw.op), _node(raw.expr), parameter, names, without)


def _binary(raw: Any) -> Binary:
    modifier = raw.modifier
    if modifier is None:
        return Binary(str(raw.op), _node(raw.lhs), _node(raw.rhs), False, Matching())
    if modifier.fill_values is not None and (modifier.fill_values.lhs, modifier.fill_values.rhs) != (None, None):
        raise NotSupported("fill")
    on, names = False, ()
    if modifier.matching is not None:
        on, names = str(modifier.matching.type).endswith("Include"), tuple(modifier.matching.labels)
    cardinality = str(modifier.card).rpartition(".")[2]
    many = {"ManyToOne": "left", "OneToMany": "right"}.get(cardinality, "")
    matching = Matching(names, on, cast(Any, many), tuple(modifier.group_labels or ()))
    return Binary(str(raw.op), _node(raw.lhs), _node(raw.rhs), bool(modifier.return_bool), matching)


def _operator(op: Any) -> Operator:
    return OPERATORS[str(op).rpartition(".")[2]]


def _milliseconds(duration: timedelta | None) -> int:
    return 0 if duration is None else round(duration / timedelta(milliseconds=1))


def _at(modifier: Any) -> At:
    if modifier is None:
        return None
    kind = str(modifier.type).rpartition(".")[2]
    if kind == "At":
        return round(modifier.at.timestamp() * 1000)
    return "start" if kind == "Start" else "end"


_READERS: Mapping[str, Callable[[Any], Node]] = {
    "NumberLiteral": lambda raw: Number(raw.val),
    "StringLiteral": lambda raw: Text(raw.val),
    "VectorSelector": _select,
    "MatrixSelector": _matrix,
    "SubqueryExpr": _subquery,
    "UnaryExpr": lambda raw: Negation(_node(raw.expr)),
    "ParenExpr": lambda raw: _node(raw.expr),
    "Call": _call,
    "AggregateExpr": _aggregation,
    "BinaryExpr": _binary,
}
