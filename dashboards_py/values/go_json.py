"""Parse JSON as Go does, for `--set-json`: one value at a position in a text, with 64-bit numbers, strictly JSON."""

import json
import re
from typing import Any


def read(text: str, start: int) -> tuple[Any, int]:
    """Parse the JSON value at `start`; returns it with its end. Raises ValueError with the reason if it is invalid."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError as error:
        raise ValueError("its JSON is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"is not JSON: {error}") from error
    if re.fullmatch(r"-?[0-9]+[.eE]|-?[0-9]+\.[0-9]+[eE]", text[start : end + 1]):
        raise ValueError("is not JSON: a number that does not end")
    return _without_surrogates(value), end


def _number(text: str) -> float | int:
    """A number as Go parses it: always as a 64-bit float."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:20]} is too large")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_no_constant)


def _without_surrogates(value: Any) -> Any:
    """Replace lone surrogates with U+FFFD, as Go does."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_without_surrogates(entry) for entry in value]
        case dict():
            return {_without_surrogates(key): _without_surrogates(entry) for key, entry in value.items()}
        case _:
            return value
