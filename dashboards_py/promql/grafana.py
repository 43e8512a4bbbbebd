"""Grafana's macros and variables, replaced by what a PromQL parser accepts and mapped back on reading."""

import re

from dashboards_py.promql.lexer import VARIABLE, Token, tokens

_VARIABLE = re.compile(VARIABLE)
_NUMERIC = re.compile(r"\$\{?__(?:range_s|range_ms|interval_ms|rate_interval_ms|from|to)\b.*")
_BEHIND = "grafanavariable"
_BACK = re.compile(rf"{_BEHIND}((?:[0-9a-f]{{2}})+)z")


def replace(text: str, number: bool = False) -> str:
    """The text with stand-ins for variables: durations in ranges and after `offset`, text in strings, else names.

    With `number`, variables that stand alone become numbers (`topk($n, ...)`). Positions are not kept.
    """
    pieces: list[str] = []
    end = 0
    before = ""
    for token in tokens(text):
        pieces.append(text[end : token.start])
        pieces.append(_stand_in(token, before, number))
        end, before = token.end, token.text
    return "".join(pieces) + text[end:]


def restore(value: str) -> str:
    """A name or a string as it was written before `replace`."""
    return _BACK.sub(lambda found: bytes.fromhex(found[1]).decode(), value)


def is_variable(text: str) -> bool:
    """Whether the text is one variable and nothing else."""
    return _VARIABLE.fullmatch(text) is not None


def _stand_in(token: Token, before: str, number: bool) -> str:
    if not _VARIABLE.search(token.text):
        return token.text
    if token.kind == "range":
        return "[" + _durations(token.text[1:-1]) + "]"
    if token.kind == "string":
        return _VARIABLE.sub(_hidden, token.text)
    if before == "offset":
        return "5m"
    if _NUMERIC.fullmatch(token.text) or (number and is_variable(token.text)):
        return "60"
    return _VARIABLE.sub(_hidden, token.text)


def _durations(inner: str) -> str:
    range_, colon, step = inner.partition(":") if "${" not in inner else _split(inner)
    return _duration(range_) + colon + (_duration(step) if step.strip() else step)


def _split(inner: str) -> tuple[str, str, str]:
    """Split at the colon that is not inside `${...}`."""
    depth = 0
    for index, char in enumerate(inner):
        depth += (char == "{") - (char == "}")
        if char == ":" and not depth:
            return inner[:index], ":", inner[index + 1 :]
    return inner, "", ""


def _duration(text: str) -> str:
    return "5m" if _VARIABLE.search(text) else text


def _hidden(found: re.Match[str]) -> str:
    return f"{_BEHIND}{found[0].encode().hex()}z"
