"""Series as graphs and timelines get them: with nulls where values are missing, so that no line bridges a gap.

Sources: nullInsertThreshold.ts and nullToValue.ts in packages/grafana-data/src/transformations/transformers/nulls;
prepareGraphableFields in public/app/plugins/panel/timeseries/utils.ts; prepareTimelineFields in TimelineChart/utils.ts.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value, Window, are_finite
from dashboards_py.panel_data.javascript import to_number

GRAPHS = ("timeseries", "graph", "trend")
TIMELINES = ("state-timeline", "status-history")
_MAX_ROWS = 50_000  # of a filled frame, because a board may set a step of one millisecond


def with_gaps_for_panel(frames: Sequence[Frame], panel_type: str, window: Window) -> tuple[Frame, ...]:
    """The frames as a graph or a timeline gets them; unchanged for panel types that show no values over time."""
    if panel_type not in GRAPHS + TIMELINES:
        return tuple(frames)
    begin, end = window.begin * 1000, window.end * 1000
    filled = (with_gaps(frame, begin, end) for frame in frames if _is_over_time(frame))
    return tuple(
        replace(frame, fields=tuple(_drawable(field, panel_type) for field in frame.fields)) for frame in filled
    )


def _is_over_time(frame: Frame) -> bool:
    kinds = {field.type for field in frame.fields}
    return FieldType.TIME in kinds and len(kinds) > 1


def with_gaps(frame: Frame, begin: float | None = None, end: float | None = None) -> Frame:
    """The frame with a row of nulls at each step without values, from `begin` to `end` (milliseconds)."""
    time = next((field for field in frame.fields if field.type is FieldType.TIME), None)
    if time is None or not frame.length:
        return frame
    steps = {_step(field) or time.config.interval for field in frame.fields} - {0}
    if len(steps) != 1:
        return frame
    filled = _times_between(time.values, steps.pop(), begin, end)
    if filled is None:
        return frame
    return replace(frame, fields=tuple(_with_nulls(field, time, filled) for field in frame.fields))


@lru_cache(maxsize=16)
def _times_between(
    values: tuple[Value, ...], step: float, begin: float | None, end: float | None
) -> tuple[float, ...] | None:
    """The times with those that are missing; None if none is, or they cannot be filled. Many series have the same."""
    times = [value for value in values if isinstance(value, int | float)]
    if len(times) < len(values):
        return None
    first, last = times[0] if begin is None else begin, times[-1] if end is None else end
    if (max(times[-1], last) - min(times[0], first)) / step > _MAX_ROWS:
        return None
    filled = tuple(_filled(times, step, first, last))
    return None if len(filled) == len(times) else filled


def _step(field: Field) -> float:
    """The field's option insertNulls in milliseconds; 0 if it is not set."""
    value = field.config.custom.get("insertNulls") if field.type is not FieldType.TIME else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and isinstance(value, int | float) and value > 0 else 0.0


def _filled(times: Sequence[float], step: float, begin: float, end: float) -> Iterator[float]:
    """The times with those that are missing, in order; Grafana fills in nothing where all are near enough."""
    is_dense = all(after - before <= step for before, after in pairwise(times))
    if is_dense and begin >= times[0] - step and end <= times[-1] + step:
        yield from times
        return
    if begin < times[0]:
        slot = times[0] - math.ceil((times[0] - begin) / step) * step
        while slot < times[0]:
            yield slot
            slot += step
    last = times[0]
    yield last
    for time in times[1:]:
        while time - last > step:
            last += step
            yield last
        last = time
        yield last
    while last + step < end:
        last += step
        yield last


def _with_nulls(field: Field, time: Field, filled: Sequence[float]) -> Field:
    """The field with null at the times that were filled in."""
    if field is time:
        return replace(field, values=tuple(filled))
    rows = iter(zip(time.values, field.values, strict=True))
    values: list[Value] = []
    at, value = next(rows)
    for moment in filled:
        values.append(value if at == moment else None)
        if at == moment:
            at, value = next(rows, (None, None))
    return replace(field, values=tuple(values))


def _drawable(field: Field, panel_type: str) -> Field:
    """The field with what can be drawn: noValue, if it is a number, for null; in graphs null for NaN and infinity."""
    if field.type is FieldType.TIME:
        return field
    replacement = to_number(field.config.no_value) if field.config.no_value else math.nan
    if math.isnan(replacement) and are_finite(field.values):
        return field
    values = field.values if math.isnan(replacement) else tuple(replacement if v is None else v for v in field.values)
    if panel_type in GRAPHS and field.type is FieldType.NUMBER:
        values = tuple([v if not isinstance(v, float) or math.isfinite(v) else None for v in values])
    return field if values == field.values else replace(field, values=values)
