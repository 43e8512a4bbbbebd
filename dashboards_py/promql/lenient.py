"""The selectors of a query that does not parse, as far as its tokens show them."""

from collections.abc import Iterator

from dashboards_py.promql.depth import LENGTH
from dashboards_py.promql.lexer import MATCH_OPERATORS, SelectorSpan, Token, selector_spans, tokens
from dashboards_py.promql.matcher import Matcher, Selector
from dashboards_py.promql.memory import remember
from dashboards_py.promql.strings import unquote


@remember  # of a query that does not parse each selector asks for all of them
def lenient_selectors(expr: str) -> tuple[Selector, ...]:
    """The selectors in the order written, without their enclosing functions; never raises.

    A variable in the position of a metric counts as a metric with an unknown name. Texts above the length limit have
    no selectors.
    """
    return () if len(expr) > LENGTH else tuple(map(_selector, selector_spans(tokens(expr))))


def _selector(span: SelectorSpan) -> Selector:
    matchers = tuple(_matchers(span.braces))
    metric = span.name.text if span.name else next((matcher.value for matcher in matchers if _names(matcher)), "")
    return Selector(metric, tuple(matcher for matcher in matchers if not _names(matcher)), span.window, ())


def _names(matcher: Matcher) -> bool:
    return matcher.label == "__name__" and matcher.op == "="


def _matchers(braces: tuple[Token, ...]) -> Iterator[Matcher]:
    """Three tokens `label op "value"` are a matcher; a single string is a metric name."""
    for before, token, after in zip(braces, braces[1:], braces[2:], strict=False):
        if token.text in MATCH_OPERATORS:
            yield Matcher(_text(before), token.text, _text(after))
        elif token.kind == "string" and before.text in ("{", ",") and after.text in (",", "}"):
            yield Matcher("__name__", "=", _text(token))


def _text(token: Token) -> str:
    return (unquote(token.text) or "") if token.kind == "string" else token.text
