"""Where the selectors of a PromQL text stand: a small lexer, because the parser keeps no positions.

It reads Grafana's variables (`$x`, `${x:format}`, `[[x]]`) as parts of names, numbers, strings and ranges. It never
judges: what is not PromQL is left for the parser to name. An open quote or bracket reaches to the end of the text, so
that any text is read in one pass.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

VARIABLE = r"\$\{[^{}]*\}|\$\w+|\[\[\w+(?::\w+)?\]\]"
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+|\#[^\n]*)
  | (?P<string>"(?:[^"\\]|\\.)*+(?:"|\Z)|'(?:[^'\\]|\\.)*+(?:'|\Z)|`[^`]*+(?:`|\Z))
  | (?P<number>0[xX][0-9a-fA-F_]+|(?:\d+(?:ms|[smhdwy]))+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?)
  | (?P<name>(?:[A-Za-z_:]|{VARIABLE})(?:[\w:]|{VARIABLE})*)
  | (?P<range>\[(?:{VARIABLE}|[^\[\]])*+(?:\]|\Z))
  | (?P<op>=~|!~|!=|==|<=|>=|</|>/|.)
    """,
    re.VERBOSE | re.DOTALL,
)
GROUPING = frozenset({"by", "without"})
MATCHING = frozenset({"on", "ignoring", "group_left", "group_right"})
# Prometheus 3 fills in for samples that one side of an operator lacks: `a + fill(0) b`.
FILLING = frozenset({"fill", "fill_left", "fill_right"})
NUMBERS = frozenset({"inf", "nan"})
COMPARISONS = frozenset({"==", "!=", "<=", ">=", "<", ">"})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text from `start` to `end`; `kind` is string, number, name, range or op."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Site:
    """A selector in the text: its name's token (None without), its braces' tokens (empty without) and its window."""

    name: Token | None
    braces: tuple[Token, ...]
    window: str | None
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The text's tokens without blanks and comments."""
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "space":
            yield Token(str(found.lastgroup), found.group(), found.start(), found.end())


def sites(text: str) -> tuple[Site, ...]:
    """The selectors in the order written."""
    found = tuple(tokens(text))
    sites: list[Site] = []
    place = 0
    operand = False  # whether an operand has just ended, so that an operator must follow
    matching = False  # whether on(...) or ignoring(...) has just ended
    while place < len(found):
        token, after = found[place], found[place + 1 : place + 2]
        call = bool(after) and after[0].text == "("
        word = token.text.lower()
        if token.kind == "name" and not _is_metric(token, found, place, operand, matching):
            if word in GROUPING | MATCHING | FILLING and call:
                place = _closing(found, place + 1, ")")
                operand, matching = word in GROUPING, word in ("on", "ignoring")
            elif word in MATCHING:
                operand, matching = False, False
            else:
                operand, matching = word in NUMBERS or _is_moment(found, place), False
            place += 1
        elif token.kind == "name" or token.text == "{":
            site, place = _site(found, place)
            sites.append(site)
            operand, matching = True, False
        else:
            operand = token.kind in ("string", "number", "range") or token.text in (")", "}")
            matching = False
            place += 1
    return tuple(sites)


def _is_metric(token: Token, found: tuple[Token, ...], place: int, operand: bool, matching: bool) -> bool:
    """Whether a name at this place names a metric, and not a function, an operator, a modifier or a number."""
    word = token.text.lower()
    after = found[place + 1].text if place + 1 < len(found) else ""
    before = found[place - 1].text if place else ""
    if after == "(" or operand:
        return False
    if after.lower() in GROUPING and place + 2 < len(found) and found[place + 2].text == "(":
        return False  # an aggregation: sum by (...) (...)
    if word in ("group_left", "group_right") and matching:
        return False
    return not (word in NUMBERS or (word == "bool" and before in COMPARISONS) or _is_moment(found, place))


def _is_moment(found: tuple[Token, ...], place: int) -> bool:
    """Whether what stands here says how far back or when: a variable behind `offset` or `@`."""
    before = [token.text.lower() for token in found[max(0, place - 2) : place]]
    return before[-1:] in (["offset"], ["@"]) or (before[:1] in (["offset"], ["@"]) and before[-1] in ("-", "+"))


def _site(found: tuple[Token, ...], place: int) -> tuple[Site, int]:
    name = found[place] if found[place].kind == "name" else None
    place += 1 if name else 0
    braces: tuple[Token, ...] = ()
    if place < len(found) and found[place].text == "{":
        last = _closing(found, place, "}")
        braces, place = found[place : last + 1], last + 1
    window = found[place].text[1:-1] if place < len(found) and found[place].kind == "range" else None
    end = found[place - 1].end
    return Site(name, braces, window, end), place + (window is not None)


def _closing(found: tuple[Token, ...], place: int, bracket: str) -> int:
    """The index of the next closing bracket, or of the last token where there is none."""
    return next((index for index in range(place, len(found)) if found[index].text == bracket), len(found) - 1)
