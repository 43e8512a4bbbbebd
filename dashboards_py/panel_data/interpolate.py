"""Texts with Grafana's variables: `$name`, `${name}`, `${name:format}` and `[[name]]` are replaced by their values.

Sources: formatRegistry.ts in @grafana/scenes; interpolateQueryExpr and the escapes in Grafana's Prometheus data source.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.steps import Resolution, go_duration, interval_text

_VARIABLE = re.compile(r"\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}")
_MATCHER = re.compile(r'\w+(=|!=|=~|!~)".*"')  # a variable may stand for a whole matcher
_LATEST = 253402300799  # seconds: the end of the year 9999, after which Python knows no dates


@dataclass(frozen=True, slots=True)
class VariableValue:
    """What a variable holds: one value or several.

    `text` is what Grafana shows for it. Where a choice of several is possible (`is_multi`) PromQL gets values as
    regular expressions. `as_is` is a custom value for All, or a macro: written without any format.
    """

    values: tuple[str, ...]
    text: str = ""
    is_multi: bool = False
    as_is: bool = False


Variables = Mapping[str, VariableValue]


def interpolate(text: str, variables: Variables, default: str = "glob") -> str:
    """The text with variables replaced; `default` is the format of references that name none ("promql" in queries).

    A reference to an unknown variable is left as written, as in Grafana.
    """

    def value(match: re.Match[str]) -> str:
        variable = variables.get(f"{match[4]}.{match[5]}") or variables.get(match[1] or match[2] or match[4])
        return match[0] if variable is None else formatted(match, variable, match[3] or match[6] or default)

    return _VARIABLE.sub(value, text) if "$" in text or "[[" in text else text


def formatted(match: re.Match[str], variable: VariableValue, format_and_arguments: str) -> str:
    """The value of a variable in a format."""
    name, _, argument = format_and_arguments.partition(":")
    if name == "text":
        return variable.text or " + ".join(variable.values)
    if variable.as_is and name != "date":
        return ",".join(variable.values)
    if name == "queryparam":
        key = match[1] or match[2] or match[4]
        return "&".join(f"var-{key}={_percent_encoded(value)}" for value in variable.values)
    if name == "promql":
        return _promql(variable)
    if name == "date":
        return _date(variable.values, argument)
    if name == "join":
        return (argument or ",").join(variable.values)
    return _FORMATS.get(name, _glob)(variable.values)


def written_as_is(**values: str) -> dict[str, VariableValue]:
    """Variables whose values are written without any format."""
    return {name: VariableValue((value,), value, as_is=True) for name, value in values.items()}


def range_macros(window: Window) -> dict[str, VariableValue]:
    """The macros of a window: `$__range`, `$__from` (milliseconds) and their like."""
    seconds = round(window.end - window.begin)
    return written_as_is(
        __range=f"{seconds}s",
        __range_s=str(seconds),
        __range_ms=str(round((window.end - window.begin) * 1000)),
        __from=str(round(window.begin * 1000)),
        __to=str(round(window.end * 1000)),
    )


def step_macros(resolution: Resolution) -> dict[str, VariableValue]:
    """The macros of a query: `$__interval` and `$__rate_interval`."""
    return written_as_is(
        __interval=interval_text(resolution.step),
        __interval_ms=str(resolution.step),
        __rate_interval=go_duration(resolution.rate_interval),
        __rate_interval_ms=str(resolution.rate_interval),
    )


def _promql(variable: VariableValue) -> str:
    """Inside a PromQL string: a backslash is doubled once for the string, once for the regular expression."""
    if not variable.is_multi:
        return ",".join(value if _MATCHER.fullmatch(value) else _in_quotes(value) for value in variable.values)
    values = [
        re.sub(r"[$^*{}\[\]'+?.()|]", r"\\\\\g<0>", value.replace("\\", "\\\\\\\\")).replace('"', '\\"')
        for value in variable.values
    ]
    return values[0] if len(values) == 1 else f"({'|'.join(values)})"


def _in_quotes(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _date(values: tuple[str, ...], argument: str) -> str:
    try:
        seconds = int(values[0]) / 1000
        moment = datetime.fromtimestamp(min(max(seconds, 0), _LATEST), UTC)
    except (IndexError, ValueError, OverflowError):
        return "NaN"
    if argument == "seconds":
        return str(round(seconds))
    if argument == "ms":
        return values[0]
    if argument in ("", "iso"):
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    parts = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
    return re.sub("|".join(parts), lambda match: moment.strftime(parts[match[0]]), argument)


def _percent_encoded(value: str) -> str:
    return quote(value.encode(errors="replace"), safe="-_.~")


def _glob(values: tuple[str, ...]) -> str:
    return f"{{{','.join(values)}}}" if len(values) > 1 else "".join(values)


def _regex(values: tuple[str, ...]) -> str:
    escaped = [re.sub(r"[\\^$*+?.()|[\]{}/]", r"\\\g<0>", value) for value in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def _quoted(mark: str) -> Callable[[tuple[str, ...]], str]:
    return lambda values: ",".join(mark + value.replace(mark, f"\\{mark}") + mark for value in values)


_FORMATS: Mapping[str, Callable[[tuple[str, ...]], str]] = {
    "glob": _glob,
    "regex": _regex,
    "raw": ",".join,
    "csv": ",".join,
    "pipe": "|".join,
    "json": lambda values: values[0] if len(values) == 1 else json.dumps(values, ensure_ascii=False),
    "html": lambda values: escape(", ".join(values)),
    "singlequote": _quoted("'"),
    "doublequote": _quoted('"'),
    "sqlstring": lambda values: ",".join(f"'{value.replace(chr(39), chr(39) * 2)}'" for value in values),
    "percentencode": lambda values: _percent_encoded(_glob(values)),
    "uriencode": lambda values: quote(_glob(values).encode(errors="replace"), safe="-_.~;,/?:@&=+$#"),
}
