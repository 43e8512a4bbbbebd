"""The values of a calculated field. Sources: calculateField.ts, binaryOperators.ts and unaryOperators.ts.

A value that is not there gives NaN, as undefined does in JavaScript: joins of series leave such gaps.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import divided, leading_number, number, text
from dashboards_py.panel_data.frame import Field, FieldType, Frame, Value
from dashboards_py.panel_data.javascript import rounded
from dashboards_py.panel_data.matchers import field_matcher
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.reduce import reducer_id, reduction
from dashboards_py.panel_data.transformations._transformation import Json, NotApplied
from dashboards_py.panel_data.transformations._window import over_window

Numbers = tuple[Value, ...]
OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": divided,
}


def _whole(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: float(function(value)) if math.isfinite(value) else value


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _ln(value: float) -> float:
    if value > 0:
        return math.log(value)
    return -math.inf if value == 0 else math.nan


FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "abs": abs,
    "exp": _exp,
    "ln": _ln,
    "round": rounded,
    "floor": _whole(math.floor),
    "ceil": _whole(math.ceil),
}


def values(frame: Frame, names: Names, mode: str, options: Json) -> Numbers | None:
    """The values of the new field; None where a field that it is made of is not in the frame."""
    if mode == "reduceRow":
        return _of_rows(frame, names, json_fields.mapping(options, "reduce"))
    if mode == "binary":
        left = _side(frame, names, options, "left")
        return None if left is None else with_right(frame, names, left, options)
    if mode == "unary":
        return _of_one(frame, names, json_fields.mapping(options, "unary"))
    if mode == "cumulativeFunctions":
        return _cumulative(frame, names, json_fields.mapping(options, "cumulative"))
    if mode == "windowFunctions":
        part = json_fields.mapping(options, "window")
        field = _field(frame, names, part)
        return None if field is None else over_window(field.values, part)
    raise NotApplied(f"its mode {mode[:100]!r} is unknown")


def _field(frame: Frame, names: Names, part: Json) -> Field | None:
    """The field of a name, or the first of numbers."""
    name = json_fields.text(part, "field")
    matches = field_matcher("byNames", {"names": [name]}) if name else field_matcher("numeric", None)
    return next((field for field in frame.fields if matches and matches(field, frame, names)), None)


def _of_rows(frame: Frame, names: Names, part: Json) -> Numbers:
    """Each row reduced to one value."""
    reducer = reducer_id(json_fields.text(part, "reducer") or "sum")
    if not reducer:
        raise NotApplied(f"its calculation {json_fields.text(part, 'reducer')[:100]!r} is unknown")
    included = json_fields.texts(part, "include")
    matches = field_matcher("byNames", {"names": list(included)}) if included else field_matcher("numeric", None)
    columns = [field.values for field in frame.fields if matches and matches(field, frame, names)]
    mode = json_fields.text(part, "nullValueMode")
    if reducer == "count" and mode != "connected":
        reducer = "countAll"
    result = []
    for row in range(frame.length):
        cells = tuple(0.0 if value is None and mode == "null as zero" else value for value in (c[row] for c in columns))
        reduced = reduction(Field(name="", type=FieldType.NUMBER, values=cells), reducer)
        result.append(", ".join(map(text, reduced)) if isinstance(reduced, tuple) else reduced)
    return tuple(result)


def type_of_all(options: Json) -> str:
    """The type of the fields that are each the left side, "" where one field or a number is."""
    matcher = json_fields.mapping(options, "binary", "left", "matcher")
    return json_fields.text(matcher, "options") if matcher.get("id") == "byType" else ""


def side_name(options: Json, side: str) -> str:
    """What one side of a calculation is called."""
    value = json_fields.mapping(options, "binary").get(side, "")
    if isinstance(value, str):
        return value
    part = value if isinstance(value, dict) else {}
    named = json_fields.mapping(part, "matcher").get("options")
    return text(named if named is not None else part.get("fixed") if part.get("fixed") is not None else "")


def _side(frame: Frame, names: Names, options: Json, side: str) -> Sequence[Value] | None:
    """The values of a side: a field's, or a number for each row."""
    value = json_fields.mapping(options, "binary").get(side)
    wanted = side_name(options, side)
    is_field = isinstance(value, str) or json_fields.mapping(options, "binary", side, "matcher").get("id") == "byName"
    for field in frame.fields if is_field else ():
        if names.of(field, frame) == wanted:
            is_switch = field.type is FieldType.BOOLEAN
            return tuple(float(bool(item)) for item in field.values) if is_switch else field.values
    constant = leading_number(wanted)
    return None if math.isnan(constant) else (constant,) * frame.length


def with_right(frame: Frame, names: Names, left: Sequence[Value], options: Json) -> Numbers | None:
    """Each value of the left with that of the right side."""
    operator = OPERATORS.get(json_fields.text(json_fields.mapping(options, "binary"), "operator") or "+")
    right = _side(frame, names, options, "right")
    if operator is None or right is None:
        return None
    return tuple(operator(_number(first), _number(second)) for first, second in zip(left, right, strict=False))


def _number(value: Value) -> float:
    return math.nan if value is None else number(value)


def _of_one(frame: Frame, names: Names, part: Json) -> Numbers | None:
    """A function of each value of a field, or its share of their sum."""
    name, function = json_fields.text(part, "fieldName"), json_fields.text(part, "operator") or "abs"
    matching = [field for field in frame.fields if field.type is FieldType.NUMBER and names.of(field, frame) == name]
    if not matching or not matching[-1].values or (function != "percent" and function not in FUNCTIONS):
        return None
    numbers = [_number(value) for value in matching[-1].values]
    if function == "percent":
        total = sum(value for value in numbers if math.isfinite(value)) or 1.0
        return tuple(value / total for value in numbers)
    return tuple(FUNCTIONS[function](value) for value in numbers)


def _cumulative(frame: Frame, names: Names, part: Json) -> Numbers | None:
    """The sum, or the mean, of the values up to each row."""
    reducer = json_fields.text(part, "reducer") or "sum"
    if reducer not in ("sum", "mean"):
        raise NotApplied(f"its calculation {reducer[:100]!r} is not one of totals")
    field = _field(frame, names, part)
    if field is None:
        return None
    total, result = 0.0, []
    for row, value in enumerate(field.values, 1):
        total += 0.0 if value is None else number(value)
        result.append(total / row if reducer == "mean" else total)
    return tuple(result)
