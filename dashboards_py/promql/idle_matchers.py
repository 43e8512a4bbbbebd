"""Take out matchers that accept every series, so that queries which differ in nothing else are the same text."""

from collections.abc import Iterator

from dashboards_py.promql.lexer import SelectorSpan
from dashboards_py.promql.matcher import Matcher, Selector
from dashboards_py.promql.memory import remember
from dashboards_py.promql.parsing import QueryError, read
from dashboards_py.promql.query import selectors

ANYTHING = ".*"  # Grafana's All: Prometheus lets the dot match newlines as well (NewFastRegexMatcher in model/labels)


def is_idle(matcher: Matcher) -> bool:
    """True if the matcher accepts any value of its label, and series without it."""
    return matcher.op == "=~" and matcher.value == ANYTHING


@remember
def without_idle_matchers(expr: str) -> str:
    """The query without matchers that accept every series; as it is, if it cannot be read."""
    try:
        before, spans = selectors(expr), read(expr).selector_spans
    except QueryError:
        return expr
    result = expr
    for selector, span in reversed(list(zip(before, spans, strict=True))):
        if selector.metric and any(map(is_idle, selector.matchers)):
            needed = ", ".join(_needed_texts(expr, span))
            begin = span.braces[0].start
            result = f"{result[:begin]}{f'{{{needed}}}' if needed else ''}{result[span.end :]}"
    try:
        is_same = [_needed_values(selector) for selector in before] == list(map(_values, selectors(result)))
    except QueryError:
        return expr
    return result if is_same else expr


def _needed_texts(expr: str, span: SelectorSpan) -> Iterator[str]:
    """The texts between the commas of a selector's braces that are no idle matchers."""
    start = span.braces[0].end
    for token in span.braces[1:]:
        if token.text in (",", "}"):
            text = expr[start : token.start].strip()
            if text and not text.endswith(f'=~"{ANYTHING}"'):
                yield text
            start = token.end


def _needed_values(selector: Selector) -> tuple[object, ...]:
    return selector.metric, tuple(one for one in selector.matchers if not is_idle(one)), selector.window


def _values(selector: Selector) -> tuple[object, ...]:
    return selector.metric, selector.matchers, selector.window
