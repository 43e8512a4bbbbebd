"""A Prometheus as a source of values, over a function that asks its HTTP API."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from threading import local
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.source import Bucket, NativeHistogram, Notice, Sample, Series, Source
from dashboards_py.shapes import Ask

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?|[Ii]nf|NaN)")
_NUMBERS = re.compile(rf"(?:{_NUMBER.pattern}\n)*")
_PLAIN = b"0123456789.eE+-,"  # Python reads what consists of these as _NUMBER does, in a fifth of the time
_LONGEST = 60  # characters of what is malformed, in a message
_LATEST = 253_402_300_800  # Unix seconds: after the year 9999, and this long before 1970, there are no dates


def over(ask: Ask, concurrency: int = 1) -> Source:
    """The source whose answers `ask` gets, which takes as many requests at a time."""
    return _Prometheus(ask, concurrency)


class _Remarks(local):
    """What Prometheus remarked on the answers to one thread."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []


@dataclass(frozen=True, slots=True)
class _Prometheus:
    ask: Ask
    concurrency: int
    _remarks: _Remarks = field(default_factory=_Remarks)

    def notices(self) -> tuple[Notice, ...]:
        """What Prometheus remarked since this thread called this last: a partial response, for example."""
        result = tuple(dict.fromkeys(self._remarks.notices))
        self._remarks.notices.clear()
        return result

    def _series(self, data: Any) -> tuple[Series, ...]:
        if isinstance(data, Mapping):
            notices = self._remarks.notices
            notices.extend(Notice(text, is_warning=True) for text in json_fields.texts(data, "warnings"))
            notices.extend(Notice(text) for text in json_fields.texts(data, "infos"))
        return series(data)

    def range(self, expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
        """Ask query_range."""
        times = {"start": _number_text(start), "end": _number_text(end), "step": _number_text(step)}
        return self._series(self.ask("query_range", {"query": expr, **times}))

    def instant(self, expr: str, time: float) -> tuple[Series, ...]:
        """Ask query."""
        return self._series(self.ask("query", {"query": expr, "time": _number_text(time)}))

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
    """The series of an answer to a query; a scalar is one series without labels.

    What Prometheus does not send raises DashboardsError, as in Grafana, rather than passing for a missing value.
    """
    kind = json_fields.text(data, "resultType") if isinstance(data, Mapping) else ""
    if kind == "scalar":
        return (Series({}, (_sample(data.get("result")),)),)
    if kind == "string":
        raise DashboardsError("Prometheus", cause="its answer is a string, which no panel draws")
    if kind not in ("vector", "matrix"):
        raise DashboardsError("Prometheus", cause="its answer holds no series")
    return tuple(Series(_labels(item), tuple(_samples(item))) for item in _list(data.get("result")))


def _labels(item: Any) -> Mapping[str, str]:
    labels = item.get("metric") if isinstance(item, Mapping) else None
    if not isinstance(labels, Mapping):
        raise _malformed("series", item)
    return {str(name): str(value) for name, value in labels.items()}


def _samples(item: Mapping[str, Any]) -> list[Sample]:
    """The samples of a vector's or a matrix' series: numbers, then histograms where it has both."""
    if item.keys() <= {"metric", "values"} and (numbers := _numbers(item.get("values"))) is not None:
        return numbers
    one = [item[key] for key in ("value", "histogram") if key in item]
    pairs = (*_list(item.get("values", [])), *_list(item.get("histograms", [])), *one)
    return sorted(map(_sample, pairs), key=itemgetter(0))


def _numbers(values: Any) -> list[Sample] | None:
    """Pairs of a time and a number at once, of which a board may have half a million; None if one is anything else."""
    if not isinstance(values, list) or not values:
        return None
    try:
        times, texts = zip(*values, strict=True)
    except (TypeError, ValueError):
        return None
    if not set(map(type, times)) <= {int, float} or set(map(type, texts)) != {str}:
        return None
    if not (-_LATEST < min(times) <= max(times) < _LATEST and math.isfinite(sum(times))):
        return None
    is_plain = not ",".join(texts).encode(errors="replace").translate(None, delete=_PLAIN)
    if not is_plain and not _NUMBERS.fullmatch("\n".join((*texts, ""))):
        return None
    try:
        return sorted(zip(map(float, times), map(float, texts), strict=True), key=itemgetter(0))
    except ValueError:  # no number, or a text of several lines
        return None


def _sample(pair: Any) -> Sample:
    """A time and a value."""
    if not (isinstance(pair, list) and len(pair) == 2 and _is_time(pair[0])):
        raise _malformed("sample", pair)
    return float(pair[0]), _value(pair[1])


def _is_time(value: Any) -> bool:
    """Whether it is a number of Unix seconds that a date has; NaN and what is infinite are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LATEST < value < _LATEST


def _value(value: Any) -> float | NativeHistogram:
    if not isinstance(value, Mapping):
        return _float(value)
    buckets = _list(value.get("buckets", []))
    if not all(isinstance(bucket, list) and len(bucket) == 4 for bucket in buckets):
        raise _malformed("histogram", buckets)
    return NativeHistogram(
        count=_float(value.get("count")),
        sum=_float(value.get("sum")),
        buckets=tuple(Bucket(*(_float(number) for number in bucket[1:])) for bucket in buckets),
    )


def _float(text: Any) -> float:
    """A number as Prometheus writes it, as a text."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise _malformed("value", text)
    return float(text)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _malformed("list", value)
    return value


def _malformed(kind: str, value: Any) -> DashboardsError:
    return DashboardsError("Prometheus", cause=f"its answer has a malformed {kind}: {_shown(value)}")


def _shown(value: Any) -> str:
    try:
        return repr(value)[:_LONGEST]
    except ValueError:  # an integer with more digits than Python writes
        return "a number that is too large"
