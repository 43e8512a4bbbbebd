"""The selectors of a query that no parser takes, as far as the text shows them: enough to know what it is about."""

from collections.abc import Iterator

from dashboards_py.promql.depth import LENGTH
from dashboards_py.promql.lexer import SelectorSpan, Token, selector_spans
from dashboards_py.promql.query import Matcher, Selector
from dashboards_py.promql.strings import unquote


def lenient_selectors(expr: str) -> tuple[Selector, ...]:
    """The selectors in the order written, without what stands around them; never raises.

    A variable where a metric could stand is one with a name that nobody knows. Of a text that is too long to be read
    nothing is seen.
    """
    return () if len(expr) > LENGTH else tuple(map(_selector, selector_spans(expr)))


def _selector(span: SelectorSpan) -> Selector:
    matchers = tuple(_matchers(span.braces))
    metric = span.name.text if span.name else next((matcher.value for matcher in matchers if _names(matcher)), "")
    return Selector(metric, tuple(matcher for matcher in matchers if not _names(matcher)), span.window, ())


def _names(matcher: Matcher) -> bool:
    return matcher.label == "__name__" and matcher.op == "="


def _matchers(braces: tuple[Token, ...]) -> Iterator[Matcher]:
    """`label op "value"` by three tokens; a string that stands alone is a metric's name."""
    for before, token, after in zip(braces, braces[1:], braces[2:], strict=False):
        if token.text in ("=", "!=", "=~", "!~"):
            yield Matcher(_text(before), token.text, _text(after))
        elif token.kind == "string" and before.text in ("{", ",") and after.text in (",", "}"):
            yield Matcher("__name__", "=", _text(token))


def _text(token: Token) -> str:
    return (unquote(token.text) or "") if token.kind == "string" else token.text
