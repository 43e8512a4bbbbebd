"""Parse the text of a Grafana query into a syntax tree."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import promql_parser as parser

from dashboards_py.errors import DashboardsError
from dashboards_py.promql import depth, grafana, placeholders
from dashboards_py.promql.functions import FUNCTIONS
from dashboards_py.promql.lexer import SelectorSpan, Token, selector_spans, tokens
from dashboards_py.promql.memory import remember


class QueryError(DashboardsError):
    """A query that is not valid PromQL, or that cannot be handled."""


class UnreadableQuery(QueryError):
    """A query that our parser cannot read although Prometheus may accept it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The syntax tree of a query with the tokens of its text.

    `assumed` are ambiguous parts of the query, `values` the positions of variables that were read as numbers or texts
    (see `placeholders.Substitution`).
    """

    tree: Any
    tokens: tuple[Token, ...]
    assumed: tuple[str, ...]
    values: frozenset[int]

    @property
    def selector_spans(self) -> tuple[SelectorSpan, ...]:
        """The positions of the selectors in the text, in the order of the tree; worked out anew each time."""
        spans = selector_spans(self.tokens)
        return tuple(span for span in spans if span.name is None or span.name.start not in self.values)


def read(expr: str) -> Reading:
    """Parse a query; raises QueryError, or UnreadableQuery if Prometheus may accept the query."""
    outcome = _read(expr)
    if isinstance(outcome, Reading):
        return outcome
    raise outcome[0](query_name(expr), cause=outcome[1], fix=outcome[2])


def parse(expr: str) -> Any:
    """The syntax tree of the query, with Grafana's macros and variables replaced; raises QueryError."""
    return read(expr).tree


def parse_as_sent(expr: str) -> Any:
    """The syntax tree of a query as Prometheus receives it, without variables; raises QueryError."""
    if len(expr) > depth.LENGTH or depth.depth(tokens(expr)) > depth.LIMIT:
        raise QueryError(query_name(expr), cause="is too long or too deeply nested to be read", fix="split it")
    try:
        return _parse_text(expr)
    except ValueError as error:
        raise QueryError(query_name(expr), cause=f"does not parse: {error}", fix=INVALID_FIX) from error


def for_prometheus(expr: str) -> str | None:
    """The query as Grafana could send it, with macros replaced; None if a variable may contain any part of it."""
    if len(expr) > depth.LENGTH:
        return None
    substitution = placeholders.substitute(expr, tokens(expr), faithful=True)
    return None if substitution.open else substitution.text


Failure = tuple[type[QueryError], str, str]
INVALID_FIX = "correct it; `promtool promql format` shows the position"


@remember
def _read(expr: str) -> Reading | Failure:
    if len(expr) > depth.LENGTH:
        return UnreadableQuery, f"is too long to be read (limit {depth.LENGTH:,} characters)", "split it"
    query_tokens = tokens(expr)
    if len(query_tokens) > depth.LIMIT and depth.depth(query_tokens) > depth.LIMIT:  # each token adds at most a level
        return (
            UnreadableQuery,
            f"is too deeply nested to be read (limit {depth.LIMIT})",
            "split it, or record parts of it",
        )
    substitution = placeholders.substitute(expr, query_tokens)
    if substitution.too_long:
        return QueryError, f"does not parse: duration {substitution.too_long[0]} is out of range", INVALID_FIX
    if substitution.not_positive:
        cause = f"does not parse: the window [{substitution.not_positive[0]}] must be greater than 0"
        return QueryError, cause, INVALID_FIX
    try:
        return _reading(query_tokens, substitution)
    except ValueError as error:
        cause = str(error)
    substitution = placeholders.substitute(expr, query_tokens, numbers=True)
    try:
        return _reading(query_tokens, substitution)
    except ValueError:
        return _failure(cause, substitution)


def _parse_text(text: str) -> Any:
    """The syntax tree of a text; errors and panics of the parser raise ValueError."""
    try:
        return parser.parse(text)
    except ArithmeticError as error:
        raise ValueError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, which is not an Exception
            raise
        raise ValueError(f"the parser panics: {error}") from error


def _reading(query_tokens: tuple[Token, ...], substitution: placeholders.Substitution) -> Reading:
    tree = _parse_text(substitution.text)
    return Reading(tree, query_tokens, tuple(substitution.assumed), frozenset(substitution.values))


def _failure(cause: str, substitution: placeholders.Substitution) -> Failure:
    """The error to raise: UnreadableQuery if the parser's error may be due to variables or unknown functions."""
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


def query_name(expr: str) -> str:
    """The query's name in errors."""
    short = " ".join(expr.split())
    return f"query {short if len(short) <= 160 else short[:157] + '...'!r}"
