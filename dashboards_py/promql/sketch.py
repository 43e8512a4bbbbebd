"""The selectors of a query that no parser takes, as far as the text shows them: enough to know what it is about."""

from collections.abc import Iterator

from dashboards_py.promql.depth import LENGTH
from dashboards_py.promql.lexer import Site, Token, sites
from dashboards_py.promql.query import Matcher, Selector
from dashboards_py.promql.strings import unquote


def sketch(expr: str) -> tuple[Selector, ...]:
    """The selectors in the order written, without what stands around them; never raises.

    A variable where a metric could stand is one with a name that nobody knows. Of a text that is too long to be read
    nothing is seen.
    """
    return () if len(expr) > LENGTH else tuple(map(_selector, sites(expr)))


def _selector(site: Site) -> Selector:
    found = tuple(_matchers(site.braces))
    named = site.name.text if site.name else next((each.value for each in found if _names(each)), "")
    return Selector(named, tuple(each for each in found if not _names(each)), site.window, ())


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
