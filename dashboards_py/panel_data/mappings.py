"""Value mappings: the text and the color that a panel gives to certain values.

Source: @grafana/data, utils/valueMappings.ts (getValueMappingResult).
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.panel_data import conversions
from dashboards_py.panel_data.javascript import as_float, parse_float, to_number
from dashboards_py.panel_data.reduce import Reduced
from dashboards_py.panel_data.regexes import slashed_regex
from dashboards_py.shapes import Json

_REFERENCE = re.compile(r"\$(?:(\$)|(&)|(`)|(')|([0-9]{1,2})|<([^>]*)>)")


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a mapping says of a value, None for what it does not say; the color is a name or #rrggbb."""

    text: str | None = None
    color: str | None = None


def mapped(mappings: Sequence[Json], value: Reduced) -> Mapped | None:
    """What the first mapping that fits says of a value, None where none fits."""
    for mapping in mappings:
        options = mapping.get("options")
        if not isinstance(options, dict):
            continue
        match mapping.get("type"):
            case "value":
                known = None if value is None else options.get(_text(value))
                if not _is_missing(known):
                    return _mapped(known)
            case "range" if _is_in_range(options, value):
                return None if _is_missing(options.get("result")) else _mapped(options["result"])
            case "regex" if isinstance(value, str):
                if result := _by_regex(options, value):
                    return result
            case "special" if _is_special(options.get("match"), value):
                return None if _is_missing(options.get("result")) else _mapped(options["result"])
    return None


def _text(value: Reduced) -> str:
    """String(value): a list's values with commas between them."""
    if not isinstance(value, tuple):
        return conversions.text(value)
    return ",".join("" if item is None else conversions.text(item) for item in value)


def _is_missing(result: object) -> bool:
    """Whether JavaScript takes it for false; an empty object says nothing, but is there."""
    return not result and not isinstance(result, dict | list)


def _mapped(result: object, text: str | None = None) -> Mapped:
    if not isinstance(result, Mapping):
        return Mapped()
    own, color = result.get("text"), result.get("color")
    if text is None and own is not None:
        text = own if isinstance(own, str) else conversions.text(own)
    return Mapped(text, color if isinstance(color, str) else None)


def _is_in_range(options: Json, value: Reduced) -> bool:
    """Whether a value, or the number that a text begins with, is between two ends, both included."""
    number = math.nan if value is None else parse_float(_text(value))
    if math.isnan(number):
        return False
    least, most = _number(options.get("from"), -math.inf), _number(options.get("to"), math.inf)
    return not (number < least or number > most)


def _number(value: object, missing: float) -> float:
    """An end of a range; one that is no number is NaN, which no number is below or above."""
    if value is None:
        return missing
    if isinstance(value, str):
        return to_number(value)
    return as_float(value) if isinstance(value, int | float) else math.nan


def _is_special(kind: object, value: Reduced) -> bool:
    is_nan = isinstance(value, float) and math.isnan(value)
    match kind:
        case "null":
            return value is None
        case "nan":
            return is_nan
        case "null+nan":
            return value is None or is_nan
        case "true":
            return value is True or value == "true"
        case "false":
            return value is False or value == "false"
        case "empty":
            return value == ""
        case _:
            return False


def _by_regex(options: Json, value: str) -> Mapped | None:
    """A text in which a pattern matches: the text of the mapping replaces the match."""
    pattern = options.get("pattern")
    regex = slashed_regex(pattern) if isinstance(pattern, str) else None
    if regex is None or regex.search(value) is None:
        return None
    result = options.get("result")
    own = result.get("text") if isinstance(result, Mapping) else None
    if own is None:
        return _mapped(result)
    template = own if isinstance(own, str) else conversions.text(own)
    everywhere = isinstance(pattern, str) and pattern.startswith("/") and "g" in pattern.rpartition("/")[2]
    text = regex.sub(lambda match: _filled_in(template, match), value, 0 if everywhere else 1)
    return _mapped(result, text)


def _filled_in(template: str, match: re.Match[str]) -> str:
    """The template with JavaScript's references: $1, $& and so on."""

    def of_reference(reference: re.Match[str]) -> str:
        dollar, whole, before, behind, number, name = reference.groups()
        if dollar:
            return "$"
        if whole:
            return match[0]
        if before:
            return match.string[: match.start()]
        if behind:
            return match.string[match.end() :]
        if number:
            text = _group(match, number)
            return reference[0] if text is None else text
        return (match.groupdict().get(name) or "") if match.re.groupindex else reference[0]

    return _REFERENCE.sub(of_reference, template)


def _group(match: re.Match[str], number: str) -> str | None:
    """The text of a group by one or two digits, with a digit behind it where only the first is a group."""
    if 0 < int(number) <= match.re.groups:
        return match[int(number)] or ""
    if len(number) == 2 and 0 < int(number[0]) <= match.re.groups:
        return (match[int(number[0])] or "") + number[1]
    return None
