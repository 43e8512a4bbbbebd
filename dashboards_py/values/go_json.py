"""JSON as Go reads it, for `--set-json`: one value from the middle of a text, numbers of 64 bits, nothing but JSON."""

import json
import re
from typing import Any


def read(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that starts there, and where it ends; ValueError with the reason where there is none."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError as error:
        raise ValueError("its JSON is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"is not JSON: {error}") from error
    if re.fullmatch(r"-?[0-9]+[.eE]|-?[0-9]+\.[0-9]+[eE]", text[start : end + 1]):
        raise ValueError("is not JSON: a number that does not end")
    return _repaired(value), end


def _number(text: str) -> float | int:
    """A number as Go has it: 64 bits with a point, also where none is written."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:20]} is too large")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_no_constant)


def _repaired(value: Any) -> Any:
    """The value with U+FFFD for halves of surrogate pairs, as Go decodes them."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_repaired(entry) for entry in value]
        case dict():
            return {_repaired(key): _repaired(entry) for key, entry in value.items()}
        case _:
            return value
