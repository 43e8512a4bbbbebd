"""Rows kept or left out by the values of some columns."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import leading_number, number, text
from dashboards_py.panel_data.frame import Frame, Value
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.regexes import js_regex
from dashboards_py.panel_data.transformations._columns import picked
from dashboards_py.panel_data.transformations._transformation import Frames, Json, NotApplied

Test = Callable[[Value], bool]


def transform(frames: Frames, options: Json) -> Frames:
    """The frames with the rows that all or any of the conditions hold for, or without them."""
    filters = [
        (json_fields.text(item, "fieldName"), _test(json_fields.mapping(item, "config")))
        for item in json_fields.mappings(options, "filters")
    ]
    if not filters:
        return frames
    chosen = all if options.get("match") == "all" else any
    is_kept = options.get("type", "include") == "include"
    names = Names(frames)

    def kept(frame: Frame) -> Frame:
        columns = {names.of(field, frame): field.values for field in frame.fields}
        tests = [(columns.get(name), test) for name, test in filters]
        rows = [
            row
            for row in range(frame.length)
            if chosen(values is not None and test(values[row]) for values, test in tests) is is_kept
        ]
        return picked(frame, rows)

    return tuple(kept(frame) for frame in frames)


def _test(config: Json) -> Test:
    name, options = json_fields.text(config, "id"), json_fields.mapping(config, "options")
    if name not in _TESTS:
        raise NotApplied(f"its condition {name[:100]!r} is unknown")
    return _TESTS[name](options)


def _compared(holds: Callable[[float, float], bool]) -> Callable[[Json], Test]:
    """A comparison of numbers: a text that is one counts, null is 0."""

    def make(options: Json) -> Test:
        limit = number(options.get("value"))
        return lambda value: not math.isnan(number(value)) and holds(number(value), limit)

    return make


def _equal(options: Json) -> Test:
    """As `==` of JavaScript: null is equal to null only, a text to the number that it is."""
    wanted = options.get("value")

    def test(value: Value) -> bool:
        if value is None or wanted is None:
            return value is None and wanted is None
        return (
            value == wanted if isinstance(value, str) and isinstance(wanted, str) else number(value) == number(wanted)
        )

    return test


def _contains(options: Json) -> Test:
    wanted = options.get("value")
    if not isinstance(wanted, str):
        return lambda _value: False
    return lambda value: not wanted or (isinstance(value, str) and wanted.lower() in value.lower())


def _contains_not(options: Json) -> Test:
    wanted = options.get("value")
    if not isinstance(wanted, str) or not wanted:
        return lambda _value: False
    return lambda value: isinstance(value, str) and bool(value) and wanted.lower() not in value.lower()


def _between(options: Json) -> Test:
    first, last = (_whole(options.get(key)) for key in ("from", "to"))
    return lambda value: first < number(value) < last


def _whole(value: Any) -> float:
    """A number, or the whole number that a text begins with."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    match = re.match(r"\s*[+-]?[0-9]+", text(value))
    return leading_number(match[0]) if match else math.nan


def _matches(options: Json) -> Test:
    pattern = text(options.get("value"))
    regex = js_regex(pattern)
    if regex is None:
        raise NotApplied(f"{pattern[:200]!r} is not a valid regular expression")
    return lambda value: regex.search(text(value)) is not None


def _negated(make: Callable[[Json], Test]) -> Callable[[Json], Test]:
    def negated(options: Json) -> Test:
        test = make(options)
        return lambda value: not test(value)

    return negated


_TESTS: Mapping[str, Callable[[Json], Test]] = {
    "regex": _matches,
    "isNull": lambda _options: lambda value: value is None,
    "isNotNull": lambda _options: lambda value: value is not None,
    "greater": _compared(lambda value, limit: value > limit),
    "greaterOrEqual": _compared(lambda value, limit: value >= limit),
    "lower": _compared(lambda value, limit: value < limit),
    "lowerOrEqual": _compared(lambda value, limit: value <= limit),
    "equal": _equal,
    "notEqual": _negated(_equal),
    "substring": _contains,
    "notSubstring": _contains_not,
    "between": _between,
}
