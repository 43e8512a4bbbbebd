"""Grafana's variables and macros, encoded as names and strings that a PromQL parser accepts, and decoded again."""

import re

from dashboards_py.promql.lexer import VARIABLE

_VARIABLE = re.compile(VARIABLE)
# Numbers (`$__range_s`), and durations, which Prometheus 3 accepts as numbers of seconds outside of brackets.
_NUMERIC = re.compile(r"\$\{?__(?:(?:range|interval|rate_interval)(?:_s|_ms)?|from|to)\b.*")
_PREFIX, _FILTER_PREFIX = "grafanavariable", "grafanafilter"
_HIDDEN = re.compile(rf"{_PREFIX}((?:[0-9a-f]{{2}})*)z")
_HIDDEN_FILTER = re.compile(rf"{_FILTER_PREFIX}((?:[0-9a-f]{{2}})+)z")


def hide(text: str) -> str:
    """A name that `restore` turns back into the text."""
    return f"{_PREFIX}{text.encode(errors='surrogatepass').hex()}z"


def hide_variables(text: str) -> str:
    """The text with each variable encoded."""
    return _VARIABLE.sub(lambda match: hide(match[0]), text)


def hide_filter(text: str) -> str:
    """A label that `filter_of` turns back into a variable that stands for whole matchers."""
    return f"{_FILTER_PREFIX}{text.encode(errors='surrogatepass').hex()}z"


def restore(value: str) -> str:
    """A name or a string with all variables decoded."""
    return _HIDDEN.sub(lambda match: bytes.fromhex(match[1]).decode(errors="surrogatepass"), value)


def filter_of(label: str) -> str:
    """The variable that an encoded label stands for, "" for any other label."""
    match = _HIDDEN_FILTER.fullmatch(label)
    return bytes.fromhex(match[1]).decode(errors="surrogatepass") if match else ""


def has_variable(text: str) -> bool:
    """Whether the text contains a variable or macro, so that only Grafana knows its value."""
    return _VARIABLE.search(text) is not None


def is_variable(text: str) -> bool:
    """Whether the text is exactly one variable."""
    return _VARIABLE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether the text is a macro that expands to a number or a duration."""
    return _NUMERIC.fullmatch(text) is not None
