"""Add matchers to the selectors of a query; the rest of the text is unchanged, and the parser verifies the result."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dashboards_py.promql.lexer import MATCH_OPERATORS, SelectorSpan
from dashboards_py.promql.matcher import Matcher, Selector
from dashboards_py.promql.parsing import QueryError, parse, read
from dashboards_py.promql.query import refusals, selectors
from dashboards_py.promql.syntax import children, matchers

Scope = Callable[[Selector], Sequence[Matcher]]


def inject(expr: str, scope: Scope) -> str:
    """Add the matchers that `scope` returns for each selector, except for labels that it already has a matcher for.

    Raises QueryError if the query does not parse or is ambiguous, if Prometheus would reject one of its regular
    expressions, if a selector joins matchers with `or`, or if the result differs from the query in anything but these
    matchers.
    """
    query_selectors = selectors(expr)
    _reject_guesses(expr)
    added = [_missing(selector, scope(selector)) for selector in query_selectors]
    if not any(added):
        return expr
    result = expr
    for span, new in reversed(list(zip(read(expr).selector_spans, added, strict=True))):
        if new:
            result = _insert(result, span, ", ".join(map(str, new)))
    _verify(expr, result, added)
    return result


def _reject_guesses(expr: str) -> None:
    if assumed := read(expr).assumed:
        raise QueryError(
            f"query {expr!r}",
            cause=f"contains {', '.join(assumed)}, which is ambiguous",
            fix="write it out in plain PromQL",
        )
    for refusal in refusals(expr):
        raise QueryError(f"query {expr!r}", cause=refusal)


def _missing(selector: Selector, scope_matchers: Sequence[Matcher]) -> tuple[Matcher, ...]:
    labels = {matcher.label for matcher in selector.matchers}
    return tuple(matcher for matcher in scope_matchers if matcher.label not in labels)


def _insert(text: str, span: SelectorSpan, new: str) -> str:
    if not span.braces:
        return f"{text[: span.end]}{{{new}}}{text[span.end :]}"
    if any(
        token.kind == "name" and token.text.lower() == "or" and not _is_label(span, index)
        for index, token in enumerate(span.braces)
    ):
        raise QueryError(
            f"query {text!r}",
            cause="has a selector with `or` inside its braces",
            fix="write two selectors joined by `or`",
        )
    last = span.braces[-2]
    comma = "" if last.text == "{" else " " if last.text == "," else ", "
    return f"{text[: last.end]}{comma}{new}{text[last.end :]}"


def _is_label(span: SelectorSpan, index: int) -> bool:
    return span.braces[index + 1].text in MATCH_OPERATORS


def _verify(before: str, after: str, added: Sequence[Sequence[Matcher]]) -> None:
    if _content(before, added) != _content(after, [()] * len(added)):
        raise QueryError(f"query {before!r}", cause=f"became {after!r}, which differs in more than the matchers added")


def _content(expr: str, added: Sequence[Sequence[Matcher]]) -> list[Any]:
    """A query as plain values, in the order of its tree; to the matchers of each selector its item of `added` comes."""
    content: list[Any] = []
    remaining = iter(added)
    _add_content(parse(expr), remaining, content)
    return content


def _add_content(node: Any, added: Iterator[Sequence[Matcher]], content: list[Any]) -> None:
    kind = type(node).__name__
    content.append(kind)
    if kind == "MatrixSelector":
        content.append(str(node.range))
        _add_content(node.vector_selector, added, content)
    elif kind == "VectorSelector":
        texts = sorted(map(str, (*matchers(node), *next(added))))
        content.append((node.name, texts, str(node.offset), str(node.at)))
    else:
        inner = children(node)
        content.append((len(inner), *_node_details(node, kind)))
        for child in inner:
            _add_content(child, added, content)


def _node_details(node: Any, kind: str) -> tuple[Any, ...]:
    if kind == "BinaryExpr":
        modifier = node.modifier
        matching = modifier and modifier.matching
        labels = (str(matching.type), tuple(matching.labels)) if matching else ()
        group = tuple(modifier.group_labels or ()) if modifier else ()
        return (
            str(node.op),
            labels,
            group,
            str(modifier.card) if modifier else "",
            (modifier.fill_values.lhs, modifier.fill_values.rhs) if modifier else (),
            bool(modifier and modifier.return_bool),
        )
    if kind == "AggregateExpr":
        return (str(node.op), (str(node.modifier.type), tuple(node.modifier.labels)) if node.modifier else ())
    if kind == "SubqueryExpr":
        return (str(node.range), str(node.step), str(node.offset), str(node.at))
    if kind == "Call":
        return (node.func.name,)
    return (str(node.val),) if kind in ("NumberLiteral", "StringLiteral") else ()
