"""Values over a moving window of rows. Source: getTrailingWindowValues and getCenteredWindowValues."""

import math
from collections.abc import Sequence

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import number
from dashboards_py.panel_data.frame import Value
from dashboards_py.panel_data.transformations._transformation import Json, NotApplied


def over_window(values: Sequence[Value], options: Json) -> tuple[Value, ...]:
    """The mean, variance or standard deviation of the rows around each row, or of it and those before it."""
    reducer = json_fields.text(options, "reducer") or "mean"
    if reducer not in ("mean", "variance", "stdDev"):
        raise NotApplied(f"its calculation {reducer[:100]!r} is not one of windows")
    size = json_fields.number(options, "windowSize")
    size = 0.1 if size is None else size
    if not 0 < size < math.inf:
        raise NotApplied("its window is not larger than 0")
    share = json_fields.text(options, "windowSizeMode") or "percentage"
    width = math.ceil(size * (len(values) if share == "percentage" else 1))
    is_centered = options.get("windowAlignment") == "centered"
    after = math.ceil(width / 2) - 1 if is_centered else 0
    before = width // 2 if is_centered else width - 1
    numbers = [None if value is None else number(value) for value in values]
    if reducer == "mean":
        return tuple(_means(numbers, before, after, skips_null=not is_centered))
    windows = (numbers[max(row - before, 0) : row + after + 1] for row in range(len(numbers)))
    variances = [_variance([value for value in window if value is not None]) for window in windows]
    return tuple(math.sqrt(value) if reducer == "stdDev" else value for value in variances)


def _means(values: Sequence[float | None], before: int, after: int, *, skips_null: bool) -> list[float]:
    """Sums that go along with the window; a trailing one forgets no value while it is at null, as Grafana's does."""
    total, count, result = 0.0, 0, []
    for row in range(len(values)):
        entering = range(after + 1) if row == 0 else (row + after,)
        for value in (values[index] for index in entering if index < len(values)):
            if value is not None:
                total, count = total + value, count + 1
        leaving = row - before - 1
        if leaving >= 0 and not (skips_null and values[row] is None):
            value = values[leaving]
            if value is not None:
                total, count = total - value, count - 1
        result.append(total / count if count else 0.0)
    return result


def _variance(values: Sequence[float]) -> float:
    squares = mean = 0.0
    for count, value in enumerate(values, 1):
        last = mean
        mean += (value - last) / count
        squares += (value - last) * (value - mean)
    return squares / len(values) if values else 0.0
