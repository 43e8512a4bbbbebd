"""External JSON: read, read with a note, or refused."""

import math
from typing import Any

import pytest

from dashboards_py.documents.json import accept, load_json
from dashboards_py.documents.limits import BOARDS, MIB, Limits
from dashboards_py.documents.value import is_shallow
from dashboards_py.errors import DashboardsError

BOM = pytest.mark.fault("a file that begins with a byte order mark is called invalid")
SMALL = Limits(size=100, depth=3, values=10, fix="--max-size MIB raises the limit")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('{"a": [1, 2.5, true, null, "x"]}', {"a": [1, 2.5, True, None, "x"]}),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', {"a": 1}, marks=BOM),
        pytest.param('\ufeff{"a": 1}', {"a": 1}, marks=BOM),
        (r'"\ud83d\ude00"', "\N{GRINNING FACE}"),
    ],
    ids=["types", "BOM of bytes", "BOM of text", "whole surrogate pair"],
)
def test_plain_documents_are_read_as_they_are(source: str | bytes, value: Any) -> None:
    """JSON as any parser reads it, a byte order mark left out, and nothing to note."""
    document = load_json(source, "x")
    assert (document.name, document.value, document.notes) == ("x", value, ())


@pytest.mark.fault("odd values in a dashboard's JSON (NaN, duplicate keys, 10**400) went unsaid or were a traceback")
@pytest.mark.parametrize(
    ("source", "value", "note"),
    [
        ('{"a": {"b": 1, "b": 2}}', {"a": {"b": 2}}, "duplicate key, the last one is used: a.b"),
        (f'[{{"a": 1{"0" * 400}}}]', [{"a": math.inf}], "(NaN, Infinity, or too large): [0].a"),
        (f"[1{'0' * 5000}]", [math.inf], "(NaN, Infinity, or too large): [0]"),
        ("[-1e999]", [-math.inf], "(NaN, Infinity, or too large): [0]"),
        ('{"a": Infinity, "b": -Infinity}', {"a": math.inf, "b": -math.inf}, "too large): a, b"),
        (r'{"a": "x\ud800y"}', {"a": "x\ufffdy"}, "lone surrogate, read as U+FFFD: a"),
        (r'{"\udfff": 1}', {"\ufffd": 1}, "lone surrogate, read as U+FFFD: the document"),
        ("[NaN, NaN, NaN, NaN, NaN]", None, "too large): [0], [1], [2] and 2 more"),
        (f'{{"{"k" * 99}": NaN}}', None, f"too large): {'k' * 60}..."),
    ],
)
def test_what_is_odd_is_read_and_noted(source: str, value: Any, note: str) -> None:
    """The note names the first three positions."""
    document = load_json(source, "x")
    assert value is None or document.value == value
    assert len(document.notes) == 1
    assert document.notes[0].endswith(note)


@pytest.mark.fault("files that were too large or nested too deeply filled the memory or were a traceback")
@pytest.mark.parametrize(
    ("source", "limits", "why"),
    [
        (" " * 101, SMALL, "is larger than 100 bytes\n  --max-size MIB raises the limit"),
        (b" " * (16 * MIB + 1), BOARDS, "is larger than 16 MiB"),
        ("[[[[]]]]", SMALL, "is nested more than 3 levels deep"),
        ('{"a":' * 101 + "1" + "}" * 101, BOARDS, "is nested more than 100 levels deep"),
        ("[" * 3000 + "]" * 3000, BOARDS, "is nested more than 100 levels deep"),
        ("[" * 1_000_000, BOARDS, "is nested more than 100 levels deep"),
        ("[0,0,0,0,0,0,0,0,0,0,0]", SMALL, "contains more than 10 values"),
        ("[[],[],[],[],[],[]]", SMALL, "contains more than 10 values"),
    ],
    ids=["size", "size of bytes", "lists", "objects", "3000 deep", "a million open", "values", "empty lists"],
)
def test_what_is_over_a_limit_is_refused(source: str | bytes, limits: Limits, why: str) -> None:
    """The error names the document and the limit."""
    with pytest.raises(DashboardsError) as error:
        load_json(source, "x", limits)
    assert str(error.value).startswith(f"x: {why}")


def test_what_is_at_a_limit_is_read() -> None:
    """100 levels, and 100 bytes with ten values, are not over the limits."""
    assert load_json("[" * 100 + "]" * 100, "x").value
    assert load_json("[0,0,0,0,0,0,0,0,0,0]".ljust(100), "x", SMALL).value == [0] * 10


def test_a_raised_size_holds_more_values() -> None:
    """Twice the size, twice the values."""
    assert SMALL.with_size(200, "no") == Limits(size=200, depth=3, values=20, fix="no")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "is empty"),
        (" \n ", "is empty"),
        ("<!DOCTYPE html>", "is an HTML page"),
        ("{'a': 1}", "is not JSON: Expecting property name enclosed in double quotes: line 1 column 2"),
        ('{"a":1}'.encode("utf-16"), "is UTF-16, or not text at all"),
        ('{"a":1}'.encode("utf-16-le"), "is UTF-16, or not text at all"),
        ('{"a":1}'.encode("utf-32"), "is UTF-32, or not text at all"),
        ('{"a":1}'.encode("utf-32-be"), "is UTF-32, or not text at all"),
        (b'{\n"a": "\xff"}', "is not text in UTF-8: byte 0xff in line 2"),
    ],
)
def test_the_error_says_what_is_not_json(source: str | bytes, why: str) -> None:
    """The error has the position, or the actual type."""
    with pytest.raises(DashboardsError) as error:
        load_json(source, "x", fix="export it again")
    assert str(error.value).startswith(f"x: {why}")


@pytest.mark.fault("an answer of half a million values is looked at value by value for how deep it is")
@pytest.mark.parametrize(
    ("source", "shallow"),
    [
        (b'{"data": [[1, "2"], ["]", {}]]}', False),
        (b'{"data": [[1, "2"], [3, "", "a", {}]]}', False),
        (b'{"data": [[1, "2"], [3, "", "a", 4], {}]}', True),
        (b'[{"a": [{}]}]', False),
        (b'{"a": [{"b": []}]}', False),
        (b"[" * 3 + b"]" * 3, True),
        (b"[" * 4 + b"]" * 4, False),
        (b'["]", ["]", ["]", ["]", 1, "["], "["], "["], "["]', False),
        (rb'["\"]\"", ["\"]\"", ["\"]\"", [1, "\"[\""], "\"[\""], "\"[\""], 1]', False),
    ],
)
def test_what_is_seen_to_be_shallow(source: bytes, *, shallow: bool) -> None:
    """Not where brackets are in texts: these are looked at one by one."""
    assert load_json(source, "x").value
    assert is_shallow(source, 3) is shallow


def test_a_value_that_is_parsed_already_has_a_depth_too() -> None:
    """As from an API that somebody else has read: as deep as a text may be, and no deeper."""
    limits = Limits(size=100, depth=3, values=10)
    assert accept([[["x"]]], "x", limits).value == [[["x"]]]
    with pytest.raises(DashboardsError, match="nested more than 3 levels deep"):
        accept([[[["x"]]]], "x", limits)
