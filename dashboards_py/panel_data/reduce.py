"""Reductions of a field to one value ("calcs"), by Grafana's ids: last, lastNotNull, min, mean, p95 and so on.

Source: packages/grafana-data/src/transformations/fieldReducer.ts. Nulls are left out, as Grafana does unless told
otherwise; tests/panel_data holds each to @grafana/data.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import pairwise
from typing import TypeGuard

from dashboards_py.panel_data import conversions
from dashboards_py.panel_data.conversions import divided
from dashboards_py.panel_data.frame import Field, FieldType, Value, are_finite

Reduced = Value | tuple[Value, ...]

# Older boards' ids.
ALIASES = {"current": "lastNotNull", "avg": "mean", "total": "sum"}
# What a field without any value gives; every other reduction gives null.
_OF_NOTHING: Mapping[str, Reduced] = {
    "sum": 0.0, "count": 0.0, "countAll": 0.0, "allIsZero": False, "allIsNull": True,
}  # fmt: skip
_QUANTILE = re.compile(r"p([1-9]|[1-9][0-9])")
_LARGEST = math.nextafter(math.inf, 0)
NUMBERS = (FieldType.NUMBER, FieldType.TIME)


@dataclass(frozen=True, slots=True)
class _Values:
    """A field's values, as reductions look at them."""

    all: tuple[Value, ...]
    known: tuple[Value, ...]  # without null
    is_number: bool

    @property
    def numbers(self) -> list[float]:
        """The numbers among them: neither null nor NaN, and none in a field of text."""
        if not self.is_number:
            return []
        if are_finite(self.known):
            return [value for value in self.known if value is not None]
        return [v for v in self.known if v == v and (type(v) is float or isinstance(v, int | float))]

    @property
    def real(self) -> list[Value]:
        """Values that are neither null nor NaN."""
        return [value for value in self.known if value == value]


def reduction(field: Field, reducer: str) -> Reduced:
    """The field's values as one, by the id of a reduction; null for an id that there is not."""
    name = ALIASES.get(reducer, reducer)
    if not field.values:
        return _OF_NOTHING.get(name)
    known = tuple([v for v in field.values if v is not None]) if None in field.values else field.values
    values = _Values(field.values, known, field.type in NUMBERS)
    if quantile := _QUANTILE.fullmatch(name):
        return _quantile(values, int(quantile[1]) / 100)
    return REDUCTIONS[name](values) if name in REDUCTIONS else None


def reductions(field: Field, reducers: Sequence[str]) -> dict[str, Reduced]:
    """The field's values reduced in several ways, by id."""
    return {reducer: reduction(field, reducer) for reducer in reducers}


def reducer_id(name: str) -> str:
    """The id of a reduction by its id or an older one; "" for none."""
    known = ALIASES.get(name, name)
    return known if known in REDUCTIONS or _QUANTILE.fullmatch(known) else ""


def reducer_name(name: str) -> str:
    """What Grafana calls a reduction, by its id: "Last *", "95th %"."""
    quantile = _QUANTILE.fullmatch(name)
    if not quantile:
        return NAMES.get(ALIASES.get(name, name), name)
    number = int(quantile[1])
    ending = "th" if 3 < number < 21 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending} %"


def _min(values: _Values) -> float | None:
    least = min(values.numbers, default=_LARGEST)
    return None if least >= _LARGEST else least


def _max(values: _Values) -> float | None:
    most = max(values.numbers, default=-_LARGEST)
    return None if most <= -_LARGEST else most


def _logmin(values: _Values) -> float:
    return min((number for number in values.numbers if 0 < number < _LARGEST), default=_LARGEST)


def _mean(values: _Values) -> float | None:
    numbers = values.numbers
    return _sum(values) / len(numbers) if numbers else None


def _sum(values: _Values) -> float:
    total = 0.0
    for number in values.numbers:  # one by one, as JavaScript adds: the built-in sum is more exact
        total += number
    return total


def _range(values: _Values) -> float | None:
    least, most = _min(values), _max(values)
    return None if least is None or most is None else most - least


def _diff(values: _Values) -> float | None:
    first, last = _first(values), _last(values)
    return last - first if _is_number(first) and _is_number(last) else None


def _diffperc(values: _Values) -> float:
    first, diff = _first(values), _diff(values)
    return divided(diff, first) * 100 if diff is not None and _is_number(first) else 0.0


def _is_number(value: Value) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _first(values: _Values) -> Value:
    real = values.real
    return real[0] if real else None


def _last(values: _Values) -> Value:
    real = values.real
    return real[-1] if real else None


def _delta(values: _Values) -> float:
    """How much a counter rose; after it fell, the next rise is left out, for it began anew."""
    total, rose = 0.0, True
    for before, after in pairwise(values.numbers):
        if before > after:
            rose = False
        else:
            total += after - before if rose else 0.0
            rose = True
    return total


def _step(values: _Values) -> float | None:
    steps = (after - before for before, after in pairwise(values.numbers))
    least = min((step for step in steps if not math.isnan(step)), default=_LARGEST)
    return None if least >= _LARGEST else least


def _variance(values: _Values) -> float:
    if not values.is_number:
        return 0.0
    squares = mean = 0.0
    count = 0
    for value in values.known:
        number = float(value or 0)
        count += 1
        before = mean
        mean += (number - before) / count
        squares += (number - before) * (number - mean)
    return squares / count if count else 0.0


def _all_is_null(values: _Values) -> bool:
    return not values.numbers


def _all_is_zero(values: _Values) -> bool:
    return not _all_is_null(values) and not any(values.real)


def _changes(values: _Values) -> float:
    return float(sum(before != after for before, after in pairwise(values.known)))


def _distinct(values: _Values) -> tuple[Value, ...]:
    """Each value once, NaN too."""
    seen: dict[object, Value] = {}
    for value in values.all:
        is_nan = isinstance(value, float) and math.isnan(value)
        seen.setdefault((isinstance(value, bool), "NaN" if is_nan else value), value)
    return tuple(seen.values())


def _median(values: _Values) -> Value:
    ordered = _ordered(values.known)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (conversions.number(ordered[middle - 1]) + conversions.number(ordered[middle])) / 2 if ordered else math.nan


def _quantile(values: _Values, share: float) -> Value:
    ordered = _ordered(values.known)
    return ordered[math.floor((len(ordered) - 1) * share + 0.5)] if ordered else None


def _ordered(known: Sequence[Value]) -> list[Value]:
    """Values in order of their numbers; a text may be one."""
    if any(math.isnan(conversions.number(value)) for value in known):
        return sorted(known, key=cmp_to_key(_compare))
    return sorted(known, key=conversions.number)


def _compare(left: Value, right: Value) -> int:
    """As JavaScript's sort does with a difference: one that is NaN counts as equal."""
    first, second = conversions.number(left), conversions.number(right)
    return (first > second) - (first < second)


NAMES = {
    "last": "Last", "first": "First", "lastNotNull": "Last *", "firstNotNull": "First *", "min": "Min", "max": "Max",
    "mean": "Mean", "median": "Median", "sum": "Total", "count": "Count", "countAll": "Count all", "range": "Range",
    "diff": "Difference", "diffperc": "Difference percent", "delta": "Delta", "step": "Step",
    "logmin": "Min (above zero)", "variance": "Variance", "stdDev": "StdDev", "allIsNull": "All Nulls",
    "allIsZero": "All Zeros", "changeCount": "Change Count", "distinctCount": "Distinct Count",
    "allValues": "All values", "uniqueValues": "All unique values",
}  # fmt: skip
REDUCTIONS: Mapping[str, Callable[[_Values], Reduced]] = {
    "last": lambda values: values.all[-1],
    "first": lambda values: values.all[0],
    "lastNotNull": _last,
    "firstNotNull": _first,
    "min": _min,
    "max": _max,
    "mean": _mean,
    "median": _median,
    "sum": _sum,
    "count": lambda values: float(len(values.known)),
    "countAll": lambda values: float(len(values.all)),
    "range": _range,
    "diff": _diff,
    "diffperc": _diffperc,
    "delta": _delta,
    "step": _step,
    "logmin": _logmin,
    "variance": _variance,
    "stdDev": lambda values: math.sqrt(_variance(values)),
    "allIsNull": _all_is_null,
    "allIsZero": _all_is_zero,
    "changeCount": _changes,
    "distinctCount": lambda values: float(len(_distinct(_Values(values.known, values.known, values.is_number)))),
    "allValues": lambda values: values.all,
    "uniqueValues": _distinct,
}
