"""Corrupted documents: a value of another type somewhere, or a few bytes changed."""

import json
import math
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**400,
    -(10**400),
    2**64,
    math.nan,
    math.inf,
    "",
    "x",
    "\ud800",
    "\x1b[2J\x9b\x7f\u202e",
    "$" + "{a" * 50,
    "row",
    [],
    {},
    [[]],
    ["x"],
    [None, 1, "x", [], {}],
    {"x": 1},
    {"": None},
    [{"name": None}],
    {"list": ["x", None, {}]},
    "label_values(" * 20,
    "(" * 600,
    "a + " * 600 + "a",
)
BYTES = (
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b",",
    b":",
    b"\\",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"1e999",
    b"\\ud800",
    b"*a ",
    b"&a ",
    b"<<: ",
    b"\n",
    b"\t",
    b"- ",
    b"!!int ",
    b"NaN",
)


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every value in a document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from paths(child, (*path, key))


def replaced(value: Any, path: Path, new: Any) -> Any:
    """The document with another value at a path."""
    if not path:
        return new
    first, *rest = path
    if isinstance(value, dict):
        return {key: replaced(child, tuple(rest), new) if key == first else child for key, child in value.items()}
    return [replaced(child, tuple(rest), new) if index == first else child for index, child in enumerate(value)]


@st.composite
def documents(draw: st.DrawFn, base: Any) -> Any:
    """The base with up to three values replaced by odd ones."""
    result = base
    for _ in range(draw(st.integers(1, 3))):
        options = list(paths(result))
        result = replaced(result, draw(st.sampled_from(options)), draw(st.sampled_from(ODD)))
    return result


@st.composite
def texts(draw: st.DrawFn, base: Any) -> bytes:
    """Such a document as JSON, with a few bytes inserted, deleted or repeated."""
    text = json.dumps(draw(documents(base))).encode()
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        new = draw(st.sampled_from(BYTES)) * draw(st.sampled_from((1, 2, 200)))
        text = text[:at] + new + text[at + draw(st.integers(0, 20)) :]
    return text
