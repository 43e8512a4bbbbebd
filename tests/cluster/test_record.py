"""The record of what `up` set, over several runs."""

import json

import pytest

from dashboards_py.cluster.record import Record, dump, load

ODD: tuple[object, ...] = (
    None,
    1,
    "x",
    [],
    [1],
    [[1]],
    {"a": 1},
    {"a": []},
    {"a": {"b": 1}},
    {"a": {"b": [1]}},
    {"a": {1: 2}},
)


def test_the_original_value_is_remembered() -> None:
    """The second time, the value in place is ours, and down still restores the one from before the first."""
    first = Record().with_values("a/b", {"x": None, "y": 1}, {"x": 2, "y": 3})
    second = first.with_values("a/b", {"x": 2, "z": 0}, {"x": 4, "z": 5})
    assert second.values == {"a/b": {"x": (None, 4), "y": (1, 3), "z": (0, 5)}}
    assert second.with_created("release a/b", "x").created == {"release a/b": "x"}


def test_a_value_overwritten_by_others_is_theirs() -> None:
    """Where somebody gave another value in between, down brings back that one: a handler of theirs is not lost."""
    record = Record().with_values("a/b", {"x": ["dns"], "y": None}, {"x": ["dns:query"], "y": True})
    again = record.with_values("a/b", {"x": ["dns", "kafka"], "y": False}, {"x": ["dns:query", "kafka"], "y": True})
    assert again.values == {"a/b": {"x": (["dns", "kafka"], ["dns:query", "kafka"]), "y": (False, True)}}


@pytest.mark.fault("a record ConfigMap edited by hand ends in a traceback")
@pytest.mark.parametrize("text", ["", "{", "[]", "1", "null", '"x"', "{}", '{"created": 1}', "[" * 100_000])
def test_an_invalid_record(text: str) -> None:
    """Whatever somebody wrote there is refused as no record."""
    with pytest.raises(ValueError):
        load(text)


@pytest.mark.fault("a record ConfigMap edited by hand ends in a traceback")
@pytest.mark.parametrize("key", ["created", "values", "pending"])
def test_a_key_with_another_value(key: str) -> None:
    """Each key with values of other types is a record, or refused as none."""
    for value in ODD:
        try:
            assert dump(load(json.dumps({**json.loads(dump(Record())), key: value})))
        except ValueError:
            continue
