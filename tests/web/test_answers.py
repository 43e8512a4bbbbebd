"""The shape of Prometheus' answers: what is odd is an error that shows it, and null is an empty list."""

from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.errors import UNKNOWN, DashboardsError
from dashboards_py.prometheus.answers import checked, moment, rows_of, whole


def vector(**parts: Any) -> Any:
    """An instant vector with one series, some of whose parts are odd."""
    return {"resultType": "vector", "result": [{"metric": {"a": "b"}, "value": [0, "1"], **parts}]}


@pytest.mark.fault("an odd answer of Prometheus, or of what is before it, ends a command with a traceback")
@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("query", None),
        ("query", []),
        ("query", {"result": []}),
        ("query", {"resultType": "vector", "result": {}}),
        ("query", {"resultType": "vector", "result": [[]]}),
        ("query", vector(value=[])),
        ("query", vector(value=[0, 1])),
        ("query", vector(value=[0, "many"])),
        ("query", vector(value=["0", "1"])),
        ("query", vector(metric={"a": {}})),
        ("query", vector(metric=["a"])),
        ("query", {"resultType": "vector", "result": [{"metric": {}}]}),
        ("query", {"resultType": "scalar", "result": []}),
        ("query_range", {"resultType": "matrix", "result": "none"}),
        ("label/node/values", {"node": 1}),
        ("label/node/values", [1]),
        ("labels", "x"),
        ("series", [["a"]]),
        ("targets", []),
        ("targets", {"activeTargets": ["x"]}),
        ("targets", {"activeTargets": [{"labels": {"job": 1}}]}),
        ("targets", {"activeTargets": [{"labels": {}, "health": 1}]}),
        ("targets/metadata", [{"metric": None}]),
        ("metadata", ["x"]),
        ("rules", {"groups": [{"rules": "x"}]}),
        ("status/buildinfo", "3.14"),
    ],
)
def test_what_prometheus_does_not_send(path: str, answer: Any) -> None:
    """It is refused, in words that name a part of it."""
    with pytest.raises(DashboardsError, match="its answer has a malformed") as error:
        checked(path, answer)
    assert error.value.reason == UNKNOWN


NO_TARGET: Mapping[str, Any] = {
    "labels": {},
    "discoveredLabels": {},
    **dict.fromkeys(("scrapePool", "scrapeUrl", "health", "lastError", "scrapeInterval", "scrapeTimeout"), ""),
}


@pytest.mark.fault("a server that sends null for an empty list, as Go does, is called no Prometheus")
@pytest.mark.parametrize(
    ("path", "answer", "expected"),
    [
        ("query", {"resultType": "vector", "result": None}, {"resultType": "vector", "result": []}),
        ("query", vector(metric=None), vector(metric={})),
        ("label/node/values", None, []),
        ("series", None, []),
        ("targets", {"activeTargets": [{"labels": None}]}, {"activeTargets": [NO_TARGET]}),
        ("rules", {"groups": [{"rules": None}]}, {"groups": [{"rules": []}]}),
        ("metadata", None, {}),
    ],
)
def test_null_is_empty(path: str, answer: Any, expected: Any) -> None:
    """Lists and maps that were never made."""
    assert checked(path, answer) == expected


def test_rows() -> None:
    """A scalar is one row without labels; a native histogram has no number."""
    assert rows_of({"resultType": "scalar", "result": [0, "7"]}) == [({}, 7.0)]
    assert rows_of(vector()) == [({"a": "b"}, 1.0)]
    (row,) = rows_of(checked("query", {"resultType": "vector", "result": [{"metric": {}, "histogram": [0, {}]}]}))
    assert row[1] != row[1]  # NaN


@pytest.mark.fault("a count that is NaN, or a time beyond all dates, ends a command with a traceback")
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_none(value: float) -> None:
    """Neither counts nor times have them."""
    for read in (whole, moment):
        with pytest.raises(DashboardsError, match="malformed"):
            read(value)
    assert (whole(3.0), moment(1e9)) == (3, 1e9)
