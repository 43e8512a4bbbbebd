"""String literals of PromQL, which are Go's: what they hold."""

import re

_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL)


def unquote(literal: str) -> str | None:
    """The text of a literal with its quotes; None where Prometheus would refuse it."""
    quote, inner = literal[:1], literal[1:-1]
    if len(literal) < 2 or literal[-1] != quote:
        return None
    if quote == "`":
        return inner
    try:
        return None if "\n" in inner else _ESCAPE.sub(lambda found: _escaped(found, quote), inner)
    except ValueError:
        return None


def _escaped(found: re.Match[str], quote: str) -> str:
    """The character behind a backslash; raises ValueError where there is none of this kind."""
    if found[5]:
        if found[5] != quote and found[5] not in _SIMPLE:
            raise ValueError(found[0])
        return quote if found[5] == quote else _SIMPLE[found[5]]
    code = int(found[4], 8) if found[4] else int(found[1] or found[2] or found[3], 16)
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF or (found[4] and code > 255):
        raise ValueError(found[0])
    return chr(code)
