"""A small lexer for the positions of selectors in a PromQL text, which the parser does not keep.

It accepts Grafana's variables (`$x`, `${x:format}`, `[[x]]`) as parts of names, numbers, strings and ranges, and never
rejects a text: errors are left to the parser. An unclosed quote or bracket extends to the end of the text, so that any
text is read in one pass.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

VARIABLE = r"\$\{[^{}]*\}|\$\w+|\[\[\w+(?::\w+)?\]\]"
_TOKEN = re.compile(
    rf"""
    (?:\s++|\#[^\n]*+)*+ (?:
    (?P<string>"(?:[^"\\]|\\.)*+(?:"|\Z)|'(?:[^'\\]|\\.)*+(?:'|\Z)|`[^`]*+(?:`|\Z))
  | (?P<number>0[xX][0-9a-fA-F_]+|(?:\d+(?:ms|[smhdwy]))+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?)
  | (?P<name>(?:[A-Za-z_:][\w:]*+|{VARIABLE})(?:[\w:]++|{VARIABLE})*+)
  | (?P<range>\[(?:{VARIABLE}|[^\[\]])*+(?:\]|\Z))
  | (?P<op>=~|!~|!=|==|<=|>=|</|>/|.)
  | \Z)
    """,
    re.VERBOSE | re.DOTALL,
)
GROUPING = frozenset({"by", "without"})
MATCHING = frozenset({"on", "ignoring", "group_left", "group_right"})
# Prometheus 3 can fill in samples that are missing on one side of an operator: `a + fill(0) b`.
FILLING = frozenset({"fill", "fill_left", "fill_right"})
CALLED = GROUPING | MATCHING | FILLING  # with labels or a number in brackets
NUMBERS = frozenset({"inf", "nan"})
COMPARISONS = frozenset({"==", "!=", "<=", ">=", "<", ">"})
MATCH_OPERATORS = frozenset({"=", "!=", "=~", "!~"})


class Token(NamedTuple):
    """A piece of the text from `start` to `end`; `kind` is string, number, name, range or op.

    A tuple, because a query has a hundred of them and a frozen dataclass takes three times as long to create.
    """

    kind: str
    text: str
    start: int
    end: int


_KINDS = ("", "string", "number", "name", "range", "op")  # by the number of the group in _TOKEN
_token = partial(tuple.__new__, Token)  # a third as slow as Token(...)


@dataclass(frozen=True, slots=True)
class SelectorSpan:
    """A selector in the text: the tokens of its name (or None) and braces (or empty), its window, and its end."""

    name: Token | None
    braces: tuple[Token, ...]
    window: str | None
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """The text's tokens without blanks and comments."""
    matches = _TOKEN.finditer(text)
    return tuple([_token((_KINDS[at], match[at], *match.span(at))) for match in matches if (at := match.lastindex)])


def selector_spans(all_tokens: tuple[Token, ...]) -> tuple[SelectorSpan, ...]:
    """The selectors in a text's tokens, in the order written."""
    spans: list[SelectorSpan] = []
    index = 0
    operand = False  # whether an operand has just ended, so that an operator must follow
    matching = False  # whether on(...) or ignoring(...) has just ended
    while index < len(all_tokens):
        token = all_tokens[index]
        if token.kind == "name" and not _is_metric(token, all_tokens, index, operand, matching):
            word = token.text.lower()
            if word in CALLED and index + 1 < len(all_tokens) and all_tokens[index + 1].text == "(":
                index = _closing(all_tokens, index + 1, ")")
                operand, matching = word in GROUPING, word in ("on", "ignoring")
            elif word in MATCHING:
                operand, matching = False, False
            else:
                operand, matching = word in NUMBERS or _is_time_modifier(all_tokens, index), False
            index += 1
        elif token.kind == "name" or token.text == "{":
            span, index = _selector_span(all_tokens, index)
            spans.append(span)
            operand, matching = True, False
        else:
            operand = token.kind in ("string", "number", "range") or token.text in (")", "}")
            matching = False
            index += 1
    return tuple(spans)


def _is_metric(token: Token, all_tokens: tuple[Token, ...], index: int, operand: bool, matching: bool) -> bool:
    """True if the name at `index` is a metric, and not a function, an operator, a modifier or a number."""
    after = all_tokens[index + 1].text if index + 1 < len(all_tokens) else ""
    if after == "(" or operand:
        return False
    word = token.text.lower()
    before = all_tokens[index - 1].text if index else ""
    if after.lower() in GROUPING and index + 2 < len(all_tokens) and all_tokens[index + 2].text == "(":
        return False  # an aggregation: sum by (...) (...)
    if word in ("group_left", "group_right") and matching:
        return False
    return not (word in NUMBERS or (word == "bool" and before in COMPARISONS) or _is_time_modifier(all_tokens, index))


def _is_time_modifier(all_tokens: tuple[Token, ...], index: int) -> bool:
    """True if the token at `index` is the argument of `offset` or `@`."""
    if index > 1 and all_tokens[index - 1].text in ("-", "+"):
        index -= 1
    return index > 0 and all_tokens[index - 1].text.lower() in ("offset", "@")


def _selector_span(all_tokens: tuple[Token, ...], index: int) -> tuple[SelectorSpan, int]:
    name = all_tokens[index] if all_tokens[index].kind == "name" else None
    index += 1 if name else 0
    braces: tuple[Token, ...] = ()
    if index < len(all_tokens) and all_tokens[index].text == "{":
        last = _closing(all_tokens, index, "}")
        braces, index = all_tokens[index : last + 1], last + 1
    window = all_tokens[index].text[1:-1] if index < len(all_tokens) and all_tokens[index].kind == "range" else None
    end = all_tokens[index - 1].end
    return SelectorSpan(name, braces, window, end), index + (window is not None)


def _closing(all_tokens: tuple[Token, ...], start: int, bracket: str) -> int:
    """The index of the next closing bracket, or of the last token if there is none."""
    return next(
        (index for index in range(start, len(all_tokens)) if all_tokens[index].text == bracket), len(all_tokens) - 1
    )
