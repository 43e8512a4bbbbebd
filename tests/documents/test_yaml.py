"""External YAML: read like Helm does, read with a note, or refused."""

from itertools import pairwise
from typing import Any

import pytest

from dashboards_py.documents.limits import VALUES, Limits
from dashboards_py.documents.yaml import load_yaml, load_yaml_documents
from dashboards_py.errors import DashboardsError

SMALL = Limits(size=1000, depth=4, values=20)
LETTERS = "abcdefghi"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise(LETTERS)
)
CHAIN = "b0: &b0 [x]\n" + "".join(f"b{level}: &b{level} [*b{level - 1}]\n" for level in range(1, 2000))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a: [1, 2.5, true, null, x]", {"a": [1, 2.5, True, None, "x"]}),
        ("", None),
        ("# nothing\n---\n", None),
        pytest.param(
            b"\xef\xbb\xbfa: 1",
            {"a": 1},
            marks=pytest.mark.fault("a file that begins with a byte order mark is called invalid"),
        ),
        ("1: a\ntrue: b\nnull: c", {"1": "a", "true": "b", "null": "c"}),
        (
            "a: 2026-01-01\nb: =\nc: 1:30\nd: 1:30.5\ne: 0x_",
            {"a": "2026-01-01", "b": "=", "c": "1:30", "d": "1:30.5", "e": "0x_"},
        ),
        (f"a: {'9' * 5000}", {"a": "9" * 5000}),
        ("a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: *a", {"a": {"x": 1}, "b": {"x": 1, "y": 2}, "c": {"x": 1}}),
    ],
    ids=["types", "empty", "empty document", "BOM", "keys", "text", "digits", "aliases"],
)
def test_documents_are_read_with_the_types_of_json(source: str | bytes, value: Any) -> None:
    """Keys are text, and so is what JSON has no type for."""
    assert load_yaml(source, "x").value == value


def test_a_duplicate_key_is_noted() -> None:
    """With its line; the last one is used. Merge keys may occur twice."""
    document = load_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "x")
    assert document.value == {"a": 3, "b": {"c": 2}}
    assert document.notes == ("duplicate key, the last one is used: c (line 4), a (line 5)",)
    assert load_yaml("a: {b: 1}\nc: {b: 1}", "x").notes == ()


@pytest.mark.fault("269 bytes of YAML aliases took 18 s and 204 MB")
@pytest.mark.parametrize(
    ("source", "limits", "why"),
    [
        (BOMB, VALUES, "line 6: its aliases expand to more than 131072 values"),
        (CHAIN, VALUES, "line 100: is nested more than 100 levels deep"),
        ("[" * 3000, VALUES, "line 1: is nested more than 100 levels deep"),
        ("- " * 3000, VALUES, "line 1: is nested more than 100 levels deep"),
        ("{a: " * 3000, VALUES, "line 1: is nested more than 100 levels deep"),
        ("[[[[[]]]]]", SMALL, "line 1: is nested more than 4 levels deep"),
        ("a:\n" + "- 0\n" * 20, SMALL, "line 19: it contains more than 20 values"),
        ("a" * 1001, SMALL, "is larger than 1000 bytes"),
        ("a: &a [*a]", VALUES, "line 1: the alias *a refers to a node that contains it"),
    ],
    ids=["bomb", "chain", "lists", "blocks", "maps", "depth", "values", "size", "endless"],
)
def test_what_is_over_a_limit_is_refused(source: str, limits: Limits, why: str) -> None:
    """Aliases count with their expanded size and depth; the error names the limit and the line."""
    with pytest.raises(DashboardsError) as error:
        load_yaml(source, "x", limits)
    assert str(error.value).startswith(f"x: {why}")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("a: *b", "line 1: found undefined alias"),
        ("a\n\tb: c", "line 2: "),
        ("a: \x1b", "unacceptable character #x001b"),
        ("a: !!bool 7", "KeyError '7'"),
        ("a: !!float x", "ValueError"),
        ("[a]: 1", "line 1: a key must be text"),
        ("a: !!map b", "line 1: expected a map"),
    ],
)
def test_the_error_says_what_is_not_yaml(source: str, why: str) -> None:
    """The error has the line if it is known."""
    with pytest.raises(DashboardsError) as error:
        load_yaml(source, "x")
    assert str(error.value).startswith(f"x: is not YAML: {why}")


@pytest.mark.fault("files with tags of Ansible or Home Assistant, or with an anchor that is defined twice, are refused")
@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a: !vault |\n  x\nb: !Ref {c: 1}\nd: !GetAtt [e]", {"a": "x\n", "b": {"c": 1}, "d": ["e"]}),
        ("a: !!python/object:os.system x", {"a": "x"}),
        ("a: &x 1\nb: *x\nc: &x [2]\nd: *x", {"a": 1, "b": 1, "c": [2], "d": [2]}),
        ("a: &x 1\nb: &x [&x 2, *x]\nc: 0x1f", {"a": 1, "b": [2, 2], "c": 31}),
    ],
)
def test_tags_and_anchors_as_go_reads_them(source: str, value: object) -> None:
    """An unknown tag changes nothing, and an anchor may be defined again: gopkg.in/yaml, resolve() and anchor()."""
    assert load_yaml(source, "x").value == value


def test_an_empty_text_that_is_called_a_number() -> None:
    """`!!int ""` is the text; a quoted one after `!!float` is invalid YAML, as is any other non-number."""
    assert load_yaml('a: !!int ""', "x").value == {"a": ""}
    with pytest.raises(DashboardsError, match="x: is not YAML"):
        load_yaml('a: !!float ""', "x")


def test_one_document_or_several() -> None:
    """A file of values is one document; a rendered chart is many, and empty ones do not count."""
    assert [document.value for document in load_yaml_documents("a: 1\n---\n---\nb: 2\n", "x")] == [{"a": 1}, {"b": 2}]
    with pytest.raises(DashboardsError, match="contains 2 YAML documents"):
        load_yaml("a: 1\n---\nb: 2\n", "x")
