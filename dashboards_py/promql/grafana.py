"""Grafana's variables and macros by their looks, hidden in names and strings that a PromQL parser takes, and back."""

import re

from dashboards_py.promql.lexer import VARIABLE

_VARIABLE = re.compile(VARIABLE)
# Numbers (`$__range_s`), and durations, which Prometheus 3 takes for numbers of seconds outside of brackets.
_NUMERIC = re.compile(r"\$\{?__(?:(?:range|interval|rate_interval)(?:_s|_ms)?|from|to)\b.*")
_PREFIX, _FILTER_PREFIX = "grafanavariable", "grafanafilter"
_HIDDEN = re.compile(rf"{_PREFIX}((?:[0-9a-f]{{2}})*)z")
_HIDDEN_FILTER = re.compile(rf"{_FILTER_PREFIX}((?:[0-9a-f]{{2}})+)z")


def hide(text: str) -> str:
    """A name behind which `restore` finds the text."""
    return f"{_PREFIX}{text.encode(errors='surrogatepass').hex()}z"


def hide_variables(text: str) -> str:
    """The text with each variable hidden."""
    return _VARIABLE.sub(lambda match: hide(match[0]), text)


def hide_filter(text: str) -> str:
    """A label behind which `filter_of` finds a variable that stands for whole matchers."""
    return f"{_FILTER_PREFIX}{text.encode(errors='surrogatepass').hex()}z"


def restore(value: str) -> str:
    """A name or a string as it was before it was hidden."""
    return _HIDDEN.sub(lambda match: bytes.fromhex(match[1]).decode(errors="surrogatepass"), value)


def filter_of(label: str) -> str:
    """The variable that stands for whole matchers behind a label, "" behind any other."""
    match = _HIDDEN_FILTER.fullmatch(label)
    return bytes.fromhex(match[1]).decode(errors="surrogatepass") if match else ""


def has_variable(text: str) -> bool:
    """Whether a variable or macro stands somewhere in the text, so that nobody knows it before Grafana does."""
    return _VARIABLE.search(text) is not None


def is_variable(text: str) -> bool:
    """Whether the text is one variable and nothing else."""
    return _VARIABLE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether the text is a macro that Grafana replaces by a number or a duration."""
    return _NUMERIC.fullmatch(text) is not None
