"""The series behind a large value. Source: @grafana/ui 12.4, Sparkline/utils.ts (getYRange, prepareConfig)."""

import re
from collections.abc import Iterator, Sequence

from dashboards_py.panel_data.frame import Field, Frame
from dashboards_py.panel_data.gaps import with_gaps
from dashboards_py.panel_data.javascript import number_text, to_number
from dashboards_py.panel_data.limits import own_limits
from dashboards_py.panel_data.shown import ShownValue
from dashboards_py.preview.numbers import LARGEST, finite, is_huge
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Box, Element, polygon, polyline

AREA_OPACITY = 0.2


def sparkline(
    request: Request, value: ShownValue, box: Box, color: str, fill: str, opacity: float = AREA_OPACITY
) -> list[Element]:
    """The line and the area to zero of each run without a gap, over the panel's time or over all rows."""
    if value.field is None:
        return []
    if any(map(is_huge, value.field.values)):
        request.note(f"values of {LARGEST:g} or more are not drawn")
    low, high = _value_range(value.field)
    zero = min(max(0.0, low), high)

    def y(number: float) -> float:
        return box.bottom - box.height * (number - low) / (high - low)

    elements: list[Element] = []
    runs = list(_runs(request, value.field, value.times))
    for run in runs:
        points = [(box.x + box.width * position, y(number)) for position, number in run]
        if len(points) > 1:
            area = [(points[0][0], y(zero)), *points, (points[-1][0], y(zero))]
            elements += [polygon(area, fill, opacity), polyline(points, color)]
    leaves = any(not (0 <= position <= 1 and low <= number <= high) for run in runs for position, number in run)
    return [request.clips.clipped(box, elements, leaves=leaves)] if elements else []


def _runs(request: Request, field: Field, times: Field | None) -> Iterator[Sequence[tuple[float, float]]]:
    """The positions from 0 to 1, and the numbers, that are one after another without a gap."""
    values, positions = field.values, [index / max(len(field.values) - 1, 1) for index in range(len(field.values))]
    if times is not None:
        begin, end = request.window.begin * 1000, request.window.end * 1000
        filled = with_gaps(Frame(fields=(times, field)), begin, end)
        moments, values = (one.values for one in filled.fields)
        positions = [((finite(moment) or 0.0) - begin) / max(end - begin, 1) for moment in moments]
    run: list[tuple[float, float]] = []
    for position, value in zip(positions, values, strict=True):
        number = finite(value)
        if number is not None:
            run.append((position, number))
        elif run:
            yield run
            run = []
    yield run


def _value_range(field: Field) -> tuple[float, float]:
    """The range of the values of the panel's fields, or of this one: with the limits and the number for no value.

    Where the ends are equal in as many decimals as are written, it is from zero to twice the value.
    """
    limits, config = field.limits or own_limits(field), field.config
    no_value = to_number(config.no_value) if config.no_value else None
    known = map(finite, (limits.least, limits.most, config.minimum, config.maximum, no_value))
    ends = [end for end in known if end is not None] or [0.0]
    low, high = min(ends), max(ends)
    decimals = max(map(_decimals, (low, high))) if config.decimals is None else config.decimals
    equal = round(low, decimals)
    if equal != round(high, decimals):
        return low, high
    return (equal, 1.0) if equal == 0 else (equal * 2, equal) if equal < 0 else (equal, equal * 2)


def _decimals(number: float) -> int:
    """The characters behind the point of a number as JavaScript writes it."""
    return len(re.sub(r"^[^.]*\.?", "", number_text(number)))
