"""Regular expressions as Prometheus evaluates them: RE2, anchored at both ends, with a dot that matches newlines.

Prometheus 3 first parses a pattern with Go's `syntax.Perl|syntax.DotNL`, then compiles it as `^(?s:...)$`
(model/labels/regexp.go). Python's `re` knows neither `[[:upper:]]` nor `\\Q..\\E`, and backtracks endlessly on nested
repetitions.
"""

import re
from functools import cache
from typing import Any

# Go rejects a tree of more than 1000 levels (regexp/syntax: maxHeight), C++ does not; the group that Prometheus adds
# around a pattern is one level.
NESTING = 999
# Characters that expanding its repetitions adds to a pattern: C++ needs time quadratic in them (20,000: 0.4 s; 250,000:
# minutes) and cannot be interrupted by Ctrl-C. It rejects a repetition of more than 1000 immediately.
EXPANDED, REPEATED = 10_000, 1000
_PIECE = re.compile(
    r"\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\[:[a-z^]*:\]|\\.|[^\]\\])*\]|\{([0-9]{1,9})(?:,([0-9]{1,9})?)?\}|.", re.DOTALL
)


def matches(pattern: str, value: str) -> bool | None:
    """True if `=~"pattern"` matches the value; None if Prometheus rejects the pattern, or it is too large for RE2."""
    compiled = _compiled(pattern)[0]
    try:
        return None if compiled is None else compiled.fullmatch(value) is not None
    except UnicodeEncodeError:  # a lone surrogate, which is valid in JSON but not in a label value
        return False


def groups(pattern: str, value: str) -> dict[str, str] | None:
    """The parts of a value that the pattern's groups match, by number ("0" is the entire match) and by name.

    None if the pattern is rejected or does not match the entire value; a group without a match is "".
    """
    compiled = _compiled(pattern)[0]
    match = None if compiled is None else compiled.fullmatch(value)
    if match is None:
        return None
    numbered = {str(number): part or "" for number, part in enumerate((match[0], *match.groups()))}
    return numbered | {name: part or "" for name, part in match.groupdict().items()}


def problem(pattern: str) -> str:
    """The reason why Prometheus rejects the pattern, "" if it accepts it."""
    return _compiled(pattern)[1]


def linear(pattern: str, flags: str = "") -> Any | None:
    """A pattern that matches in time linear in the length of the text, used like those of Python's `re`.

    `flags` are among i (ignore case), m (multiline) and s (a dot matches newlines). None if RE2 does not support the
    pattern (it has neither lookarounds nor references), or if it is too large.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return None if _is_large(pattern) else re2.compile(f"(?{flags}){pattern}" if flags else pattern, options)
    except (UnicodeEncodeError, re2.error):
        return None


@cache
def _compiled(pattern: str) -> tuple[Any | None, str]:
    import re2

    if _is_large(pattern):
        return None, ""
    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    try:
        compiled = re2.compile(pattern, options)
    except UnicodeEncodeError:
        return None, "is not text in UTF-8"
    except re2.error as error:
        message = error.args[0] if error.args else ""
        cause = message.decode(errors="replace") if isinstance(message, bytes) else str(message)
        # Go has no such limit: a pattern that is too large for C++ may be valid.
        return None, "" if cause.startswith("pattern too large") else cause or "is not a regular expression"
    return (None, refused) if (refused := _refused_by_go(pattern)) else (compiled, "")


def _is_large(pattern: str) -> bool:
    """True if expanding repetitions makes the pattern much longer, although none of them exceeds the limit."""
    levels = [[0, 0, 1]]  # for each open group: its size, the size of its last piece, its largest repetition
    largest = 1
    for piece in _PIECE.finditer(pattern):
        text, inner = piece[0], levels[-1]
        if text == "(":
            levels.append([0, 0, 1])
        elif text == ")" and len(levels) > 1:
            size, _, repeated = levels.pop()
            outer = levels[-1]
            levels[-1] = [outer[0] + size, size, repeated]
        elif piece[1]:
            times = max(int(piece[1]), int(piece[2] or 0), 1)
            inner[0] += inner[1] * (times - 1)
            inner[2] *= times
            largest = max(largest, inner[2])
        elif text not in "*+?":
            inner[0], inner[1], inner[2] = inner[0] + 1, 1, 1
    return sum(size for size, _, _ in levels) - len(pattern) > EXPANDED and largest <= REPEATED


def _refused_by_go(pattern: str) -> str:
    r"""The error for a pattern that C++ accepts and Go does not: `\C`, and deep nesting."""
    depth, index = 0, 0
    while index < len(pattern):
        if pattern.startswith("\\Q", index):
            end = pattern.find("\\E", index)
            index = len(pattern) if end < 0 else end + 2
            continue
        if pattern.startswith("\\C", index):
            return "invalid escape sequence: \\C"
        escaped = pattern[index] == "\\"
        depth += 0 if escaped else (pattern[index] == "(") - (pattern[index] == ")")
        if depth >= NESTING:
            return "expression nests too deeply"
        index += 2 if escaped else 1
    return ""
