"""Encode Grafana's variables and macros as names and strings that a PromQL parser accepts, and decode them again."""

import re

from dashboards_py.promql.lexer import VARIABLE

_VARIABLE = re.compile(VARIABLE)
_NAME = re.compile(r"(?:\$\{?|\[\[)(\w+)")
# Macros that expand to numbers (`$__range_s`) or to durations, which Prometheus 3 also accepts outside of brackets.
_NUMERIC = re.compile(r"\$\{?__(?:(?:range|interval|rate_interval)(?:_s|_ms)?|from|to)\b.*")
_PREFIX, _FILTER_PREFIX, _REGEX_PREFIX = "grafanavariable", "grafanafilter", "grafanaregex"
_HIDDEN = re.compile(rf"{_PREFIX}((?:[0-9a-f]{{2}})*)z")
_HIDDEN_REGEX = re.compile(rf"{_REGEX_PREFIX}((?:[0-9a-f]{{2}})*)z")
_HIDDEN_FILTER = re.compile(rf"{_FILTER_PREFIX}((?:[0-9a-f]{{2}})+)z")


def hide(text: str) -> str:
    """Encode the text as a name; `restore` decodes it."""
    return f"{_PREFIX}{text.encode(errors='surrogatepass').hex()}z"


def hide_variables(text: str) -> str:
    """Encode each variable in the text."""
    return _VARIABLE.sub(lambda match: hide(match[0]), text)


def hide_filter(text: str) -> str:
    """Encode a variable that expands to complete matchers as a label; `filter_of` decodes it."""
    return f"{_FILTER_PREFIX}{text.encode(errors='surrogatepass').hex()}z"


def hide_regex(text: str) -> str:
    """Encode a regular expression as a plain value; `regex_of` decodes it."""
    return f"{_REGEX_PREFIX}{text.encode(errors='surrogatepass').hex()}z"


def restore(value: str) -> str:
    """Decode all variables in a name or a string."""
    return _HIDDEN.sub(_decoded, value) if _PREFIX in value else value


def filter_of(label: str) -> str:
    """The variable that `hide_filter` encoded in a label, "" for any other label."""
    match = _HIDDEN_FILTER.fullmatch(label) if label.startswith(_FILTER_PREFIX) else None
    return _decoded(match) if match else ""


def regex_of(value: str) -> str | None:
    """The regular expression that `hide_regex` encoded in a value, None for any other value."""
    match = _HIDDEN_REGEX.fullmatch(value) if value.startswith(_REGEX_PREFIX) else None
    return _decoded(match) if match else None


def _decoded(match: re.Match[str]) -> str:
    return bytes.fromhex(match[1]).decode(errors="surrogatepass")


def has_variable(text: str) -> bool:
    """True if the text contains a variable or macro, so that only Grafana knows its value."""
    return ("$" in text or "[[" in text) and _VARIABLE.search(text) is not None


def is_variable(text: str) -> bool:
    """True if the text is exactly one variable."""
    return _VARIABLE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """True if the text is a macro that expands to a number or a duration."""
    return _NUMERIC.fullmatch(text) is not None


def variable_names(text: str) -> frozenset[str]:
    """The names of the variables in a text (`$pod`, `${pod:regex}`, `[[pod]]`), without Grafana's own macros."""
    matches = (_NAME.match(match[0]) for match in _VARIABLE.finditer(text))
    return frozenset(match[1] for match in matches if match and not match[1].startswith("__"))
