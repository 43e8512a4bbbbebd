"""The values that a variable offers: listed in the board, or answered by the source.

Sources: CustomVariable in @grafana/scenes; metric_find_query.ts in Grafana's Prometheus data source; sortVariableValues
and metricNamesToVariableValues in public/app/features/variables/query/reducer.ts.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dashboards_py.board import Variable
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.regexes import js_regex, slashed_regex
from dashboards_py.panel_data.source import Series, Source
from dashboards_py.queries import variable_query

ALL = "$__all"
WITH_OPTIONS = ("custom", "query", "interval")  # types of variables whose values are chosen from a list
_LONGEST = 10_000  # characters of a value that a variable's regex is tried on


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a variable and the text that Grafana shows for it."""

    value: str
    text: str


def custom(query: str) -> tuple[Option, ...]:
    """The options of a custom variable, `1, two : 2`; a comma with a backslash before it belongs to the value."""
    options = []
    for item in re.findall(r"(?:\\,|[^,])+", query):
        text, separator, value = item.replace("\\,", ",").rpartition(" : ")
        options.append(Option(value.strip(), (text if separator else value).strip()))
    return tuple(options)


def queried(query: str, variable: Variable, source: Source, window: Window) -> tuple[Option, ...]:
    """The options of a query variable, as the source answers; a query of another kind raises DashboardsError."""
    form = variable_query(query)
    if form.kind == "label_values":
        texts = source.label_values(form.label.strip('"'), form.expr, window.begin, window.end)
    elif form.kind == "metrics":
        pattern = query.strip().removeprefix("metrics").strip()[1:-1].strip()
        texts = tuple(
            name
            for name in source.label_values("__name__", "", window.begin, window.end)
            if (regex := js_regex(pattern)) is None or regex.search(name)
        )
    elif form.kind == "query_result":
        texts = tuple(_with_value(series) for series in source.instant(form.expr, window.end))
    elif form.kind == "series":
        texts = tuple(series_text(series) for series in source.instant(form.expr, window.end))
    else:
        raise DashboardsError(variable.name, cause=f"its query cannot be asked here: {query[:200] or 'it is empty'}")
    return tuple(Option(text, text) for text in dict.fromkeys(texts))


def series_text(series: Series) -> str:
    """A series as Prometheus writes it, `metric{label="value"}`."""
    labels = ",".join(f'{name}="{value}"' for name, value in series.labels.items() if name != "__name__")
    return f"{series.labels.get('__name__', '')}{{{labels}}}"


def _with_value(series: Series) -> str:
    time, value = series.samples[-1] if series.samples else (0.0, 0.0)
    return f"{series_text(series)} {value if isinstance(value, float | int) else 0:g} {round(time * 1000)}"


def filtered(options: Iterable[Option], regex: str) -> tuple[Option, ...]:
    """The options that a variable's regex matches, each as what its groups capture: `value` and `text`, or the first.

    Without a group the regex only chooses; with the flag g one option may give several.
    """
    pattern = slashed_regex(regex) if regex else None
    if pattern is None:
        return tuple(options)
    is_global = "g" in regex.rpartition("/")[2]
    result: dict[str, Option] = {}
    for option in options:
        for match in islice(pattern.finditer(option.value[:_LONGEST]), None if is_global else 1):
            groups = match.groupdict()
            first = match[1] if pattern.groups else option.value
            value = groups.get("value") or groups.get("text") or first or ""
            result.setdefault(value, Option(value, groups.get("text") or value))
    return tuple(result.values())


def in_order(options: tuple[Option, ...], sort: int) -> tuple[Option, ...]:
    """Grafana's orders: 1 and 2 by letters, 3 and 4 by the first number, 5 to 8 without case; even ones descend."""
    keys: tuple[Callable[[Option], Any], ...] = (_by_text, _by_number, _by_letters, _naturally)
    if not 1 <= sort <= 2 * len(keys):
        return options
    return tuple(sorted(options, key=keys[(sort - 1) // 2], reverse=sort % 2 == 0))


def _by_text(option: Option) -> str:
    return option.text


def _by_number(option: Option) -> float:
    match = re.search(r"[0-9]+", option.text)
    return float(match[0][:300]) if match else -1.0


def _by_letters(option: Option) -> str:
    return option.text.lower()


def _naturally(option: Option) -> list[tuple[float, str]]:
    """Numbers inside of the text as numbers."""
    parts = re.findall(r"([0-9]{1,300})|([^0-9]+)", option.text.casefold())
    return [(float(number), "") if number else (math.inf, text) for number, text in parts]
