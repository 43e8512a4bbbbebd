"""The record of what `up` set, over several runs."""

import json

import pytest

from dashboards_py.cluster.record import Pending, Record, dump, load

INVALID: tuple[object, ...] = (
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
    """In a second run the current value is ours, and down still restores the one from before the first."""
    first = Record().with_values("a/b", {"x": None, "y": 1}, {"x": 2, "y": 3})
    second = first.with_values("a/b", {"x": 2, "z": 0}, {"x": 4, "z": 5})
    assert second.values == {"a/b": {"x": (None, 4), "y": (1, 3), "z": (0, 5)}}
    assert second.with_created("release a/b", "x").created == {"release a/b": "x"}


def test_a_value_changed_by_others_is_restored() -> None:
    """If another user changed the value in between, down restores theirs, so that their handler is not lost."""
    record = Record().with_values("a/b", {"x": ["dns"], "y": None}, {"x": ["dns:query"], "y": True})
    again = record.with_values("a/b", {"x": ["dns", "kafka"], "y": False}, {"x": ["dns:query", "kafka"], "y": True})
    assert again.values == {"a/b": {"x": (["dns", "kafka"], ["dns:query", "kafka"]), "y": (False, True)}}


@pytest.mark.fault("a record ConfigMap edited by hand ends in a traceback")
@pytest.mark.parametrize("text", ["", "{", "[]", "1", "null", '"x"', "{}", '{"created": 1}', "[" * 100_000])
def test_an_invalid_record(text: str) -> None:
    """Text that is not a record is refused."""
    with pytest.raises(ValueError):
        load(text)


@pytest.mark.fault("a record ConfigMap edited by hand ends in a traceback")
@pytest.mark.parametrize("key", ["created", "values", "pending"])
def test_a_key_with_another_value(key: str) -> None:
    """With a value of another type, each key is either read or refused with ValueError."""
    for value in INVALID:
        try:
            assert dump(load(json.dumps({**json.loads(dump(Record())), key: value})))
        except ValueError:
            continue


@pytest.mark.fault("a record ConfigMap edited by hand ends in a traceback")
@pytest.mark.parametrize("name", ["release", "revision", "digest", "values", "reverted"])
def test_a_pending_operation_with_another_value(name: str) -> None:
    """Each field of it is of the type that `up` and `down` rely on, or refused."""
    pending = {"release": "a/b", "revision": 1, "digest": "x", "values": {"c": [None, 1]}, "reverted": ["c"]}
    record = {"created": {}, "values": {}, "pending": pending}
    assert load(json.dumps(record)).pending == Pending("a/b", 1, "x", {"c": (None, 1)}, ("c",))
    for value in (*INVALID, "1", True, 1.5, -1, {}, ["x"]):
        try:
            read = load(json.dumps({**record, "pending": {**pending, name: value}})).pending
        except ValueError:
            continue
        assert read is not None
        assert (type(read.release), type(read.revision), type(read.digest)) == (str, int, str)
        assert all(isinstance(key, str) for key in (*read.values, *read.reverted))
        assert dump(Record(pending=read))
