"""Which fields an override or a transformation is for: by name, regular expression, type, query, value.

Source: packages/grafana-data/src/transformations/matchers.
"""

from collections.abc import Callable, Mapping
from functools import partial
from operator import ge, gt, le, lt
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import number, text
from dashboards_py.panel_data.frame import Field, FieldType, Frame
from dashboards_py.panel_data.names import TIME, VALUE, Names
from dashboards_py.panel_data.reduce import reduction
from dashboards_py.panel_data.regexes import slashed_regex

Matcher = Callable[[Field, Frame, Names], bool]
_DEEPEST = 20  # levels of matchers in matchers


def field_matcher(name: str, options: object, depth: int = 0) -> Matcher | None:
    """The matcher of an id with its options; None for an id that there is not, or an invalid regular expression."""
    if name in ("anyMatch", "allMatch", "invertMatch"):
        return _combined(name, options, depth)
    make = MATCHERS.get(name)
    return make(options) if make else None


def _combined(name: str, options: object, depth: int) -> Matcher | None:
    items = [item for item in (options if isinstance(options, list) else [options]) if isinstance(item, Mapping)]
    if depth > _DEEPEST:
        return None
    inner = [field_matcher(json_fields.text(item, "id"), item.get("options"), depth + 1) for item in items]
    known = [matches for matches in inner if matches is not None]
    if not known or len(known) < len(inner):
        return None
    if name == "invertMatch":
        return lambda field, frame, names: not known[0](field, frame, names)
    chosen = any if name == "anyMatch" else all
    return lambda field, frame, names: chosen(matches(field, frame, names) for matches in known)


def _texts(options: object) -> set[str]:
    return {item for item in options if isinstance(item, str)} if isinstance(options, list) else set()


def _mapping(options: object) -> Mapping[str, object]:
    return options if isinstance(options, Mapping) else {}


def _by_names(options: object) -> Matcher:
    source = _mapping(options)
    names = _texts(options if isinstance(options, list) else source.get("names"))
    excluded = json_fields.text(source, "mode") == "exclude"
    return lambda field, frame, all_names: _has_name(names, field, frame, all_names) is not excluded


def _has_name(wanted: set[str], field: Field, frame: Frame, names: Names) -> bool:
    """Whether the field is called so, by its own name or as it is shown."""
    if field.name in wanted or names.of(field, frame) in wanted:
        return True
    if VALUE in wanted:  # as the value was called before it had the metric's name
        return bool(field.labels) and field.labels.get("__name__") == field.name
    return bool(wanted & {TIME, "time"}) and field.type is FieldType.TIME


def _by_regex(options: object) -> Matcher | None:
    pattern = slashed_regex(options) if isinstance(options, str) and options else None
    if pattern is None:
        return None
    return lambda field, frame, names: pattern.search(names.of(field, frame)) is not None


def _by_regex_or_names(options: object) -> Matcher | None:
    source = _mapping(options)
    by_regex, by_names = _by_regex(source.get("pattern")), _by_names({"names": source.get("names")})
    if by_regex is None:
        return by_names
    return lambda field, frame, names: by_names(field, frame, names) or by_regex(field, frame, names)


def _by_types(options: object) -> Matcher:
    wanted = _texts(options)
    return lambda field, _frame, _names: field.type.value in wanted


def _by_query(options: object) -> Matcher:
    return lambda _field, frame, _names: frame.ref == options


def _by_value(options: object) -> Matcher:
    source = _mapping(options)
    reducer, operator = json_fields.text(source, "reducer"), json_fields.text(source, "op") or "eq"

    def matches(field: Field, _frame: Frame, _names: Names) -> bool:
        value = reduction(field, reducer) if reducer else None
        if reducer in ("allIsNull", "allIsZero"):
            return bool(value)
        return bool(reducer) and compare(value, operator, source.get("value"))

    return matches


def compare(left: object, operator: str, right: object) -> bool:
    """Grafana's compareValues: null is equal to null only; a text that is a number is compared as one."""
    if left is None or right is None:
        operator = "eq" if operator in ("gte", "lte") else operator
        left, right = "null" if left is None else left, "null" if right is None else right
    if operator in ("eq", "neq"):
        return (text(left) == text(right)) is (operator == "eq")
    if operator not in _COMPARISONS:
        return False
    if isinstance(left, str) and isinstance(right, str):
        return _COMPARISONS[operator](left, right)
    return _COMPARISONS[operator](number(left), number(right))


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}


def _of_type(kind: FieldType) -> Matcher:
    return lambda field, _frame, _names: field.type is kind


def _is_first(field: Field, frame: Frame, kind: FieldType | None = None) -> bool:
    """Whether it is the first field, or the first of a type; by name, for the field may have its options already."""
    first = next((other for other in frame.fields if kind is None or other.type is kind), None)
    return first is not None and first.values is field.values and first.name == field.name


MATCHERS: Mapping[str, Callable[[object], Matcher | None]] = {
    "byName": lambda options: partial(_named, {options} if isinstance(options, str) else set()),
    "byNames": _by_names,
    "byRegexp": _by_regex,
    "byRegexpOrNames": _by_regex_or_names,
    "byType": lambda options: _by_types([options]),
    "byTypes": _by_types,
    "byFrameRefID": _by_query,
    "byValue": _by_value,
    "numeric": lambda _options: _of_type(FieldType.NUMBER),
    "time": lambda _options: _of_type(FieldType.TIME),
    "first": lambda _options: lambda field, frame, _names: _is_first(field, frame),
    "firstTimeField": lambda _options: lambda field, frame, _names: _is_first(field, frame, FieldType.TIME),
    "alwaysMatch": lambda _options: lambda _field, _frame, _names: True,
    "neverMatch": lambda _options: lambda _field, _frame, _names: False,
}


def _named(wanted: set[str], field: Field, frame: Frame, names: Names) -> bool:
    return _has_name(wanted, field, frame, names)
