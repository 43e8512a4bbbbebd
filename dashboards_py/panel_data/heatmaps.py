"""Histograms as a heatmap gets them: classic buckets as rows, one field a bucket; native ones as cells.

Sources: transformToHistogramOverTime, sortSeriesByLabel and mergeHeatmapFrames in Grafana's Prometheus data source;
readHistogram in pkg/promlib/converter.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from dashboards_py.panel_data.conversions import leading_number
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame, Value
from dashboards_py.panel_data.source import NativeHistogram, Series

CELLS, ROWS = "heatmap-cells", "heatmap-rows"
_LEAST = 1e-9  # observations; less is what is left of rounding


def cells(series: Series, ref: str, name: str, interval: FieldConfig) -> Frame:
    """A native histogram over time: a row for each bucket with observations at each moment."""
    rows = [
        (float(round(time * 1000)), bucket)
        for time, histogram in series.samples
        if isinstance(histogram, NativeHistogram)
        for bucket in histogram.buckets
    ]
    numbers = {
        "yMin": tuple(bucket.lower for _, bucket in rows),
        "yMax": tuple(bucket.upper for _, bucket in rows),
        "count": tuple(bucket.count for _, bucket in rows),
    }
    fields = [Field(name="xMax", type=FieldType.TIME, values=tuple(time for time, _ in rows), config=interval)]
    fields += [Field(name=column, type=FieldType.NUMBER, values=values) for column, values in numbers.items()]
    fields[1] = replace(fields[1], labels=series.labels, config=FieldConfig(name_from_source=name))
    return Frame(fields=tuple(fields), ref=ref, kind=CELLS)


def rows(frames: Sequence[Frame]) -> Iterable[Frame]:
    """Cumulative buckets, one frame each, as a frame for each query and set of labels: each bucket alone."""
    groups: dict[tuple[str, str], list[Frame]] = {}
    for frame in frames:
        if frame.fields:
            rest = ",".join(value for label, value in _value(frame).labels.items() if label != "le")
            groups.setdefault((frame.ref, rest), []).append(_by_bound(frame))
    return tuple(_merged(sorted(group, key=_bound)) for group in groups.values() if len(group) > 1 or group[0].length)


def _value(frame: Frame) -> Field:
    return frame.fields[1]


def _by_bound(frame: Frame) -> Frame:
    """The frame, named by its bucket's upper bound."""
    value = _value(frame)
    bound = value.labels.get("le", "")
    if not bound:
        return frame
    named = replace(value, config=replace(value.config, name_from_source=bound))
    return replace(frame, fields=(frame.fields[0], named), name=bound)


def _bound(frame: Frame) -> float:
    """The upper bound; one that is no number comes last."""
    text = frame.name or _value(frame).name
    bound = math.inf if text.lower().lstrip("+") in ("inf", "infinity") else leading_number(text)
    return math.inf if math.isnan(bound) else bound


def _merged(frames: Sequence[Frame]) -> Frame:
    """Buckets side by side over the times of all of them, each less the one below it; one without a sample has null."""
    moments = sorted({_number(moment) for frame in frames for moment in frame.fields[0].values})
    columns = [_at(frame, moments) for frame in frames]
    alone = [columns[0]] + [
        [_less(top, bottom) for bottom, top in zip(lower, upper, strict=True)] for lower, upper in pairwise(columns)
    ]
    fields = [
        replace(value, name=value.config.name_from_source or value.name, values=tuple(column))
        for value, column in zip(map(_value, frames), alone, strict=True)
    ]
    times = replace(frames[0].fields[0], values=tuple(moments))
    return Frame(fields=(times, *fields), ref=frames[0].ref, name=frames[0].name, kind=ROWS)


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else math.nan


def _at(frame: Frame, moments: Sequence[float]) -> list[Value]:
    values = dict(zip(frame.fields[0].values, _value(frame).values, strict=True))
    return [values.get(moment) for moment in moments]


def _less(top: Value, bottom: Value) -> Value:
    if not isinstance(top, int | float):
        return None
    alone = top - (bottom if isinstance(bottom, int | float) else 0)
    return 0.0 if alone < _LEAST else alone
