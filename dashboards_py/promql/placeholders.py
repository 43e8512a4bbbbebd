"""Replace Grafana's variables, and syntax newer than the parser, with text that the parser accepts."""

import re
from dataclasses import dataclass, field

from dashboards_py.promql import grafana
from dashboards_py.promql.functions import NUMBERS, STRINGS
from dashboards_py.promql.lexer import GROUPING, MATCH_OPERATORS, MATCHING, Token
from dashboards_py.promql.strings import unquote

_DURATION = re.compile(r"\s*(?:[\d.]+(?:ms|[smhdwy])?|(?:\d+(?:ms|[smhdwy]))+)\s*")
_ARITHMETIC = re.compile(r"[\s\w.()+\-*/%^,]+")
# Newer than the parser: `1_000`, and the operators that trim native histograms (promql/parser/lex.go).
_GROUPED = re.compile(r"(?<=[0-9a-fA-FxX])_(?=[0-9a-fA-F])")
_TRIM = frozenset({"</", ">/"})
BRACKETS = frozenset("({}),")  # and the comma between arguments
_COMPARED = {"=~": "=", "!~": "!="}  # what is written for a regular expression, which is then no more than a value
_WRITTEN = BRACKETS | _COMPARED.keys() | _TRIM  # the operators that matter here
LONGEST_DURATION = 2**63 / 1e9  # seconds: the range of Go's time.Duration
_DURATION_FUNCTIONS = frozenset({"step", "range", "min", "max"})
_SUFFIXES = frozenset({"smoothed", "anchored"})  # of selectors
_RENAMED = {"holt_winters": "double_exponential_smoothing"}  # in Prometheus 3
_REPLACED = _SUFFIXES | _RENAMED.keys()


@dataclass(slots=True)
class Substitution:
    """The text for the parser. `values` are the positions of variables that were replaced by numbers or strings.

    `assumed` are variables that may expand to more than a name, a number or a duration, and syntax that the parser
    does not know: their replacement is a guess. `open` are the variables outside of strings and durations, which may
    contain any part of a query. `too_long` are durations that Prometheus rejects as out of range and that crash the
    parser; `not_positive` are windows that Prometheus rejects and the parser reads.
    """

    text: str = ""
    values: set[int] = field(default_factory=set)
    assumed: list[str] = field(default_factory=list)
    too_long: list[str] = field(default_factory=list)
    not_positive: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Frame:
    """An open bracket: its token, the aggregation whose labels ended before it, and the current argument's index."""

    token: int
    is_braces: bool = False
    aggregation: str = ""
    argument: int = 0


def substitute(text: str, tokens: tuple[Token, ...], *, numbers: bool = False, faithful: bool = False) -> Substitution:
    """Replace variables with placeholders. With `numbers`, variables that could be metrics become numbers instead.

    With `faithful`, only Grafana's syntax is replaced, for a parser that knows all of PromQL.
    """
    return _Writer(text, tokens, numbers, faithful).write()


# A window that is one number, zero or with a minus; that of `[5m - 5m]` is known only when the query runs.
_NOT_POSITIVE = re.compile(r"[\s(+]*(?:-[\s(]*[\d.][\w.]*|0+(?:\.0*)?)[\s)]*")
_BARE_FRACTION = re.compile(r"^\s*\.(?=\d)")  # of a window, `[.5]`: Prometheus reads it, promql-parser only 0.5


class _Writer:
    def __init__(self, text: str, tokens: tuple[Token, ...], numbers: bool, faithful: bool) -> None:
        self.text, self.tokens, self.numbers, self.faithful = text, tokens, numbers, faithful
        # In lower case, and padded, so that the words before the first and after the last token are "".
        self.words = [*[token.text.lower() for token in tokens], "", ""]
        self.has_offset = "offset" in self.words or "@" in self.words
        self.result = Substitution()
        self.frames = [_Frame(-1)]
        self.pending_aggregation = ""  # the aggregation whose arguments follow `by (...)`

    def write(self) -> Substitution:
        pieces: list[str] = []
        end = following = 0
        for index, token in enumerate(self.tokens):
            if index < following:
                continue
            if not self.has_offset:
                if token.text in BRACKETS:
                    self._bracket(token.text, index)
                    continue
                if self._is_plain(token, index):
                    continue
            piece, following = self._piece(token, index)
            if piece is not token.text:
                pieces += [self.text[end : token.start], piece]
                end = self.tokens[following - 1].end
        self.result.text = "".join(pieces) + self.text[end:]
        return self.result

    def _is_plain(self, token: Token, index: int) -> bool:
        """True for an operator or a name, most of a query, that is written as it is and changes nothing after it."""
        if token.kind == "op":
            return token.text not in _WRITTEN
        return token.kind == "name" and self.words[index] not in _REPLACED and not grafana.has_variable(token.text)

    def _piece(self, token: Token, index: int) -> tuple[str, int]:
        """The text for a token, and the index of the next token."""
        if self.has_offset and self._is_offset(index) and (following := self._duration(index)) > index:
            return "5m", following
        if token.kind == "op":
            return self._operator(token, index)
        if token.kind == "range":
            return self._range(token.text), index + 1
        if token.kind == "string":
            return self._string(token.text), index + 1
        if token.kind == "number":
            return token.text if self.faithful else _GROUPED.sub("", token.text), index + 1
        in_braces = self.frames[-1].is_braces
        return (self._in_braces(token, index), index + 1) if in_braces else self._name(token, index)

    def _operator(self, token: Token, index: int) -> tuple[str, int]:
        if token.text in BRACKETS:
            self._bracket(token.text, index)
        elif token.text in _COMPARED and not self.faithful and self.frames[-1].is_braces:
            return self._regex(token, index)
        elif token.text in _TRIM and not self.faithful:
            self.result.assumed.append(token.text)
            return token.text[0], index + 1
        return token.text, index + 1

    def _bracket(self, word: str, index: int) -> None:
        if word in ("(", "{"):
            self.frames.append(_Frame(index, word == "{", self.pending_aggregation))
        elif word == "," and self.frames:
            self.frames[-1].argument += 1
        elif word in (")", "}") and len(self.frames) > 1:
            closed = self.frames.pop()
            is_grouping = not closed.is_braces and self.words[closed.token - 1] in GROUPING
            self.pending_aggregation = self.words[closed.token - 2] if is_grouping else ""

    def _function(self, frame: _Frame) -> str:
        """The function that a bracket belongs to; "" for none, `{` for matchers, `by sum` for labels of `sum by ()`."""
        index = frame.token
        if index < 0 or frame.is_braces:
            return "{" if frame.is_braces else ""
        before = self.words[index - 1]
        if before in GROUPING:
            return f"by {self.words[index - 2]}"
        if before == ")" and frame.aggregation:
            return frame.aggregation
        return before if self.tokens[index - 1 : index] and self.tokens[index - 1].kind == "name" else ""

    def _range(self, text: str) -> str:
        inner = text[1:-1] if text.endswith("]") else text[1:]
        window, colon, step = _split(inner)
        parts = [self._window(window), *([self._window(step) if step.strip() else step] if colon else [])]
        return "[" + colon.join(parts) + text[1 + len(inner) :]

    def _window(self, text: str) -> str:
        if grafana.has_variable(text):
            return "5m"
        self._check_duration(text)
        if _NOT_POSITIVE.fullmatch(text):
            self.result.not_positive.append(text.strip())
        computed = _ARITHMETIC.fullmatch(text) and re.search(r"[-+*/%^(]", text) and not _DURATION.fullmatch(text)
        if computed and not self.faithful:
            self.result.assumed.append(f"[{text.strip()}]")
            return "5m"
        return text if self.faithful else _BARE_FRACTION.sub("0.", _GROUPED.sub("", text))

    def _check_duration(self, text: str) -> None:
        try:
            seconds = abs(float(text))
        except ValueError:
            return
        if not seconds <= LONGEST_DURATION:
            self.result.too_long.append(text.strip())

    def _regex(self, token: Token, index: int) -> tuple[str, int]:
        """A regular expression as a value: the parser would compile it, by Rust's rules and for most of its time."""
        string = self.tokens[index + 1] if index + 1 < len(self.tokens) else token
        value = unquote(string.text) if string.kind == "string" else None
        if value is None:
            return token.text, index + 1
        blank = self.text[token.end : string.start]
        return f'{_COMPARED[token.text]}{blank}"{grafana.hide_regex(value)}"', index + 2

    def _string(self, text: str) -> str:
        """Encode strings that the parser misreads: it escapes inside backticks."""
        if not grafana.has_variable(text) and (self.faithful or "\\" not in text):
            return text
        value = unquote(text)
        return text if value is None else f'"{grafana.hide(value)}"'

    def _is_offset(self, index: int) -> bool:
        before = self.words[index - 1]
        signed = before in ("-", "+") and self.words[index - 2] == "offset"
        return before in ("offset", "@") or signed

    def _duration(self, index: int) -> int:
        """The index after an argument of `offset` or `@` that only Grafana or Prometheus 3 knows; else `index`."""
        token = self.tokens[index]
        if grafana.has_variable(token.text):
            return index + 1
        if self.words[index - 1] != "@":
            self._check_duration(token.text)
        function = index + (self.words[index] in _DURATION_FUNCTIONS)
        if not self.faithful and self.words[index - 1] != "@" and self.words[function] == "(":
            closing = _closing(self.tokens, function)
            self.result.assumed.append(self.text[token.start : self.tokens[closing].end])
            return closing + 1
        return index

    def _name(self, token: Token, index: int) -> tuple[str, int]:
        word, following, frame = self.words[index], self.words[index + 1], self.frames[-1]
        if not self.faithful and word in _SUFFIXES and self._ends_operand(index - 1):
            self.result.assumed.append(word)
            return "", index + 1
        if not self.faithful and word in _RENAMED and following == "(":
            self.result.assumed.append(word)
            return _RENAMED[word], index + 1
        if not grafana.has_variable(token.text):
            return token.text, index + 1
        if grafana.is_number(token.text):
            return self._number(token), index + 1
        self.result.open.append(token.text)
        if grafana.is_variable(token.text) and following != "(" and following not in GROUPING | MATCHING:
            function = self._function(frame)
            if frame.argument in STRINGS.get(function, ()):
                self.result.values.add(token.start)
                return f'"{grafana.hide(token.text)}"', index + 1
            in_labels = function.startswith("by ") or function in MATCHING
            if not in_labels and (self.numbers or frame.argument in NUMBERS.get(function, ())):
                return self._number(token), index + 1
        return grafana.hide_variables(token.text), index + 1

    def _ends_operand(self, index: int) -> bool:
        """True if a selector or its offset ends at `index`: a word that follows cannot be a metric."""
        return index >= 0 and (self.tokens[index].kind in ("range", "number") or self.tokens[index].text == ")")

    def _number(self, token: Token) -> str:
        self.result.values.add(token.start)
        return "60"

    def _in_braces(self, token: Token, index: int) -> str:
        """Replace variables used as labels, as unquoted values and as complete matchers."""
        if not grafana.has_variable(token.text):
            return token.text
        before, following = self.words[index - 1], self.words[index + 1]
        if following not in MATCH_OPERATORS:
            self.result.assumed.append(token.text)
            self.result.open.append(token.text)
            if before in MATCH_OPERATORS:
                return f'"{grafana.hide(token.text)}"'
            comma = "" if before in ("{", ",") or _is_filter(self.tokens[index - 1]) else ", "
            return f'{comma}{grafana.hide_filter(token.text)}="x"' + ("" if following in (",", "}", "") else ", ")
        self.result.open.append(token.text)
        return grafana.hide_variables(token.text)


def _is_filter(token: Token) -> bool:
    """True if the token is a variable for complete matchers, after which a comma was already written."""
    return token.kind == "name" and grafana.is_variable(token.text)


def _closing(tokens: tuple[Token, ...], index: int) -> int:
    """The index of the matching closing bracket, or of the last token."""
    level = 0
    for position in range(index, len(tokens)):
        level += (tokens[position].text == "(") - (tokens[position].text == ")")
        if not level:
            return position
    return len(tokens) - 1


def _split(inner: str) -> tuple[str, str, str]:
    """Split at the colon that is not inside `${...}` or `[[...]]`."""
    level = 0
    for index, char in enumerate(inner):
        level += (char in "{[") - (char in "}]")
        if char == ":" and not level:
            return inner[:index], ":", inner[index + 1 :]
    return inner, "", ""
