"""The cells of a heatmap, from frames of buckets. Source: Grafana's heatmap panel, fields.ts."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite, log10

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import FieldType, Frame, Value
from dashboards_py.panel_data.names import field_name
from dashboards_py.panel_data.units import format_value
from dashboards_py.preview.numbers import LARGEST, decimals, finite, is_huge
from dashboards_py.preview.painter import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A count between two times (Unix seconds) and two heights of the axis, from 0 to 1."""

    begin: float
    end: float
    low: float
    high: float
    count: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """The cells, and the labels of the axis by height."""

    cells: list[Cell]
    labels: list[tuple[float, str]]


def buckets_of(request: Request) -> Buckets:
    """The cells and labels by the panel's frames; upside down if its axis is reversed."""
    buckets = _by_kind(request)
    if any(is_huge(value) for frame in request.frames for field in frame.fields for value in field.values):
        request.note(f"values of {LARGEST:g} or more are not drawn")
    if json_fields.mapping(request.options, "yAxis").get("reverse") is not True:
        return buckets
    cells = [replace(cell, low=1 - cell.high, high=1 - cell.low) for cell in buckets.cells]
    return Buckets(cells=cells, labels=[(1 - height, text) for height, text in reversed(buckets.labels)])


def _by_kind(request: Request) -> Buckets:
    rows = next((frame for frame in request.frames if frame.kind == "heatmap-rows"), None)
    cells = next((frame for frame in request.frames if frame.kind == "heatmap-cells"), None)
    if cells is not None:
        return _from_cells(request, cells)
    if rows is not None:
        return _from_rows(request, rows)
    return _from_series(request)


def _from_series(request: Request) -> Buckets:
    """A row of cells for each series that is no bucket; by its name if all are numbers."""
    series = [
        (field_name(field, frame, request.frames), dict(zip(_times(frame), field.values, strict=True)))
        for frame in request.frames
        for field in frame.fields
        if field.type == FieldType.NUMBER and any(one.type == FieldType.TIME for one in frame.fields)
    ]
    with suppress(ValueError):
        series.sort(key=lambda one: float(one[0]))
    times = sorted({time for _, values in series for time in values})
    rows = [(name, [values.get(time) for time in times]) for name, values in series]
    labels = [((row + 0.5) / len(rows), _limit_text(request, name)) for row, (name, _) in enumerate(rows)]
    return Buckets(cells=_row_cells(times, [values for _, values in rows]), labels=labels)


def _row_cells(times: list[float], rows: Sequence[Sequence[Value]]) -> list[Cell]:
    """The cells of rows of the same height, from the lowest one on."""
    step = _step(times)
    return [
        Cell(begin=time - step, end=time, low=row / len(rows), high=(row + 1) / len(rows), count=count)
        for row, values in enumerate(rows)
        for time, value in zip(times, values, strict=True)
        if (count := finite(value)) is not None
    ]


def _from_rows(request: Request, frame: Frame) -> Buckets:
    """One row of cells for each field: a bucket, named by its upper limit."""
    fields = [field for field in frame.fields if field.type == FieldType.NUMBER]
    cells = _row_cells(_times(frame), [field.values for field in fields])
    labels = [
        ((row + 1) / len(fields), _limit_text(request, field_name(field, frame, (frame,))))
        for row, field in enumerate(fields)
    ]
    return Buckets(cells=cells, labels=labels)


def _limit_text(request: Request, limit: str) -> str:
    try:
        number = float(limit)
    except ValueError:
        return limit
    return _text(request, number) if isfinite(number) else limit


def _text(request: Request, number: float) -> str:
    """A value of the axis in its unit."""
    axis = json_fields.mapping(request.options, "yAxis")
    return str(format_value(str(axis.get("unit") or request.panel.unit), number, decimals(axis)))


def _from_cells(request: Request, frame: Frame) -> Buckets:
    """Cells with limits of their own, as native histograms have them, on a logarithmic axis."""
    columns = {field.name: field.values for field in frame.fields}
    lows, highs = columns.get("yMin", ()), columns.get("yMax", ())
    positive = [number for low in lows if (number := finite(low) or 0.0) > 0]
    if not positive:
        return Buckets(cells=[], labels=[])
    axis = json_fields.mapping(request.options, "yAxis")
    lowest, highest = finite(axis.get("min")) or 0.0, finite(axis.get("max")) or 0.0
    bottom = log10(lowest if lowest > 0 else min(positive))
    top = log10(highest if highest > 0 else max((finite(high) or 0.0 for high in highs), default=0.0) or 1.0)
    span = max(top - bottom, 0) or 1

    def height(value: object) -> float:
        return min((log10(max(finite(value) or 0.0, 10**bottom)) - bottom) / span, 1.0)

    times = [(finite(time) or 0.0) / 1000 for time in columns.get("xMax", ())]
    step = _step(sorted(set(times)))
    cells = [
        Cell(begin=time - step, end=time, low=height(low), high=height(high), count=count)
        for time, low, high, value in zip(times, lows, highs, columns.get("count", ()), strict=True)
        if (count := finite(value)) is not None
    ]
    powers = range(int(bottom // 1), int(top // 1) + 2)
    labels = [(height(10.0**power), _text(request, 10.0**power)) for power in powers]
    return Buckets(cells=cells, labels=[entry for entry in labels if 0 < entry[0] <= 1])


def _times(frame: Frame) -> list[float]:
    """The times of the rows, in Unix seconds."""
    times = next((field.values for field in frame.fields if field.type == FieldType.TIME), ())
    return [(finite(value) or 0.0) / 1000 for value in times]


def _step(times: list[float]) -> float:
    """The seconds from one time to the next."""
    return min((later - earlier for earlier, later in pairwise(times)), default=30.0) or 30.0
