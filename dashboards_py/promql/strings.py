"""Unquote PromQL's string literals, which follow Go's rules."""

import re

_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL)


def unquote(literal: str) -> str | None:
    """The value of a quoted literal; None if Prometheus would reject it."""
    quote, inner = literal[:1], literal[1:-1]
    if len(literal) < 2 or literal[-1] != quote:
        return None
    if quote == "`":
        return inner
    try:
        return None if "\n" in inner else _ESCAPE.sub(lambda match: _unescape(match, quote), inner)
    except ValueError:
        return None


def _unescape(match: re.Match[str], quote: str) -> str:
    """The character of an escape sequence; raises ValueError for an invalid one."""
    if match[5]:
        if match[5] != quote and match[5] not in _SIMPLE:
            raise ValueError(match[0])
        return quote if match[5] == quote else _SIMPLE[match[5]]
    code = int(match[4], 8) if match[4] else int(match[1] or match[2] or match[3], 16)
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF or (match[4] and code > 255):
        raise ValueError(match[0])
    return chr(code)
