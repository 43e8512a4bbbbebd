"""A Prometheus as a source of values, over a function that asks its HTTP API."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.source import Bucket, NativeHistogram, Sample, Series, Source
from dashboards_py.shapes import Ask


def over(ask: Ask) -> Source:
    """The source whose answers `ask` gets."""
    return _Prometheus(ask)


@dataclass(frozen=True, slots=True)
class _Prometheus:
    ask: Ask

    def range(self, expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
        """Ask query_range."""
        times = {"start": _number_text(start), "end": _number_text(end), "step": _number_text(step)}
        return series(self.ask("query_range", {"query": expr, **times}))

    def instant(self, expr: str, time: float) -> tuple[Series, ...]:
        """Ask query."""
        return series(self.ask("query", {"query": expr, "time": _number_text(time)}))

    def label_values(self, label: str, selector: str, start: float, end: float) -> tuple[str, ...]:
        """Ask label/<name>/values; the API takes times of seconds."""
        params = {"start": str(math.floor(start)), "end": str(math.ceil(end))}
        if selector:
            params["match[]"] = selector
        values = self.ask(f"label/{_label(label)}/values", params)
        return json_fields.texts({"values": values}, "values")


def _label(name: str) -> str:
    """A label's name as part of a path; one that would change the path raises DashboardsError."""
    if not name or not all(char == "_" or char.isalnum() for char in name):
        raise DashboardsError(f"label_values({name[:100]})", cause="is not the name of a label")
    return name


def _number_text(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


def series(data: Any) -> tuple[Series, ...]:
    """The series of an answer to a query; a scalar or a string is one series without labels."""
    kind = json_fields.text(data, "resultType") if isinstance(data, Mapping) else ""
    if kind in ("scalar", "string"):
        return (Series({}, tuple(_samples({"value": data.get("result")}))),)
    if kind not in ("vector", "matrix"):
        raise DashboardsError("Prometheus", cause="its answer holds no series")
    return tuple(Series(_labels(item), tuple(_samples(item))) for item in json_fields.mappings(data, "result"))


def _labels(item: Mapping[str, Any]) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in json_fields.mapping(item, "metric").items()}


def _samples(item: Mapping[str, Any]) -> Iterator[Sample]:
    """The samples of a vector's or a matrix' series: numbers, then histograms where it has both."""
    one = [item[key] for key in ("value", "histogram") if key in item]
    samples = []
    for pair in (*_list(item.get("values")), *_list(item.get("histograms")), *one):
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int | float):
            samples.append((float(pair[0]), _value(pair[1])))
    yield from sorted(samples, key=lambda sample: sample[0])


def _value(value: Any) -> float | NativeHistogram:
    if not isinstance(value, Mapping):
        return _float(value)
    buckets = [bucket for bucket in _list(value.get("buckets")) if isinstance(bucket, list) and len(bucket) == 4]
    return NativeHistogram(
        count=_float(value.get("count")),
        sum=_float(value.get("sum")),
        buckets=tuple(Bucket(*(_float(number) for number in bucket[1:])) for bucket in buckets),
    )


def _float(text: Any) -> float:
    try:
        return float(text)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
