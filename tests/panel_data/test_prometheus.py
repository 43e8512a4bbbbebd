"""Answers of Prometheus' API as series: samples, histograms, scalars, labels; and what is sent to it."""

import math
from collections.abc import Mapping
from threading import Barrier
from typing import Any

import pytest

from dashboards_py import prometheus
from dashboards_py.board import read
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data import Bucket, NativeHistogram, Series, over
from dashboards_py.panel_data.frame import Window
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import Picture, PictureOptions

HISTOGRAM = {"count": "3", "sum": "1.5", "buckets": [[0, "0.1", "0.2", "1"], [3, "-0.001", "0.001", "2"]]}
NATIVE = NativeHistogram(3, 1.5, (Bucket(0.1, 0.2, 1), Bucket(-0.001, 0.001, 2)))


def source_of(data: Any, requests: list[tuple[str, Mapping[str, str]]] | None = None) -> Any:
    """A source whose every answer is this."""

    def ask(path: str, params: Mapping[str, str]) -> Any:
        if requests is not None:
            requests.append((path, params))
        return data

    return over(ask)


def test_a_matrix() -> None:
    """Numbers with NaN and infinite ones, and histograms, in order of time."""
    result = [
        {"metric": {"__name__": "up"}, "values": [[1, "1"], [2.5, "NaN"], [3, "+Inf"]]},
        {"metric": {}, "histograms": [[2, HISTOGRAM]], "values": [[3, "4"]]},
    ]
    first, second = source_of({"resultType": "matrix", "result": result}).range("up", 1, 3, 1)
    assert first.labels == {"__name__": "up"}
    assert [time for time, _ in first.samples] == [1, 2.5, 3]
    assert first.samples[0][1] == 1
    assert math.isnan(first.samples[1][1])
    assert first.samples[2][1] == math.inf
    assert second == Series({}, ((2, NATIVE), (3, 4)))


@pytest.mark.parametrize(
    ("data", "series"),
    [
        (
            {"resultType": "vector", "result": [{"metric": {"a": "b"}, "value": [1, "2"]}]},
            (Series({"a": "b"}, ((1, 2),)),),
        ),
        (
            {"resultType": "vector", "result": [{"metric": {}, "histogram": [1, HISTOGRAM]}]},
            (Series({}, ((1, NATIVE),)),),
        ),
        ({"resultType": "scalar", "result": [1, "2"]}, (Series({}, ((1, 2),)),)),
        ({"resultType": "vector", "result": []}, ()),
    ],
    ids=["vector", "histogram", "scalar", "nothing"],
)
def test_a_moment(data: Any, series: tuple[Series, ...]) -> None:
    """A vector, a native histogram, a scalar, nothing."""
    assert source_of(data).instant("up", 1) == series


@pytest.mark.parametrize("data", [None, [], {}, {"resultType": "streams", "result": []}])
def test_what_is_no_answer_to_a_query(data: Any) -> None:
    """It raises, and does not pass for no data."""
    with pytest.raises(DashboardsError, match="no series"):
        source_of(data).instant("up", 1)


def test_requests() -> None:
    """Paths and parameters: whole times without a fraction, a selector only where there is one."""
    requests: list[tuple[str, Mapping[str, str]]] = []
    source = source_of({"resultType": "vector", "result": []}, requests)
    source.range("up", 30, 90.0, 0.5)
    source.instant("up", 1.25)
    source_of(["a", "b", 3], requests).label_values("node", "", 0.5, 1.5)
    assert source_of(["a", "b", 3], requests).label_values("node", "up", 0.5, 1.5) == ("a", "b")
    assert requests == [
        ("query_range", {"query": "up", "start": "30", "end": "90", "step": "0.5"}),
        ("query", {"query": "up", "time": "1.25"}),
        ("label/node/values", {"start": "0", "end": "2"}),
        ("label/node/values", {"start": "0", "end": "2", "match[]": "up"}),
    ]


@pytest.mark.parametrize("label", ["", "../query", "a/b", "a?b", "a b"])
def test_a_label_is_one(label: str) -> None:
    """A board's variable cannot name another path of the API."""
    with pytest.raises(DashboardsError, match="not the name of a label"):
        source_of([]).label_values(label, "", 0, 1)


@pytest.mark.fault("a malformed sample of Prometheus' answer is drawn as a gap")
@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        ([1, "x"], "value: 'x'"),
        ([1, None], "value: None"),
        ([1, 2], "value: 2"),
        ([1, "1_000"], "value: '1_000'"),
        ([1, " 1"], "value: ' 1'"),
        ([1, "1\n2"], "value: '1"),
        (["1", "2"], "sample"),
        ([1], "sample"),
        ("1", "sample"),
        ([1, {"count": "1"}], "value: None"),
        ([1, {"count": "1", "sum": "1", "buckets": [[0, "1"]]}], "histogram"),
        ([1, {"count": "1", "sum": "1", "buckets": 3}], "list"),
    ],
)
def test_a_malformed_sample_is_an_error(pair: Any, kind: str) -> None:
    """It is shown, and does not pass for a missing value: of a vector, a matrix, a scalar."""
    for data in (
        {"resultType": "vector", "result": [{"metric": {}, "value": pair}]},
        {"resultType": "matrix", "result": [{"metric": {}, "values": [pair]}]},
        {"resultType": "scalar", "result": pair},
    ):
        with pytest.raises(DashboardsError, match=kind):
            source_of(data).instant("up", 1)


TRACEBACK = "a time in Prometheus' answer that no calendar has ends preview in a traceback"


@pytest.mark.fault(TRACEBACK)
@pytest.mark.parametrize(
    "time", [math.inf, -math.inf, math.nan, pytest.param(10**5000, id="huge"), 10**20, -1e15, 1e15, True]
)
def test_a_time_that_no_calendar_has_is_a_malformed_sample(time: float) -> None:
    """Of a vector, a matrix, a scalar; JSON's 1e400 is read as an infinite number."""
    for data in (
        {"resultType": "vector", "result": [{"metric": {}, "value": [time, "1"]}]},
        {"resultType": "matrix", "result": [{"metric": {}, "values": [[time, "1"]]}]},
        {"resultType": "scalar", "result": [time, "1"]},
    ):
        with pytest.raises(DashboardsError, match="malformed sample"):
            source_of(data).instant("up", 1)


@pytest.mark.fault(TRACEBACK)
def test_a_malformed_time_is_named_with_the_query_or_the_variable() -> None:
    """And the rest of the board is drawn."""
    queries = [{"name": "v", "type": "query", "query": "query_result(up)"}]
    panel = {"id": 1, "type": "timeseries", "title": "P", "targets": [{"refId": "A", "expr": "up"}]}
    board = read({"schemaVersion": 41, "panels": [panel], "templating": {"list": queries}})
    data = {"resultType": "matrix", "result": [{"metric": {}, "values": [[math.inf, "1"]]}]}
    drawn = draw(board, source_of(data), PictureOptions(window=Window(begin=1000, end=4600)), {})
    cause = "its answer has a malformed sample: [inf, '1']"
    assert drawn.problems == (("", f"variable v has no values: {cause}"), ("P", f"query A: {cause}"))


@pytest.mark.parametrize(
    "data",
    [
        {"resultType": "vector", "result": None},
        {"resultType": "vector", "result": [None]},
        {"resultType": "vector", "result": [{"value": [1, "1"]}]},
        {"resultType": "matrix", "result": [{"metric": {}, "values": {}}]},
    ],
)
def test_a_malformed_series_is_an_error(data: Any) -> None:
    """And does not pass for no data."""
    with pytest.raises(DashboardsError, match="malformed"):
        source_of(data).instant("up", 1)


@pytest.mark.fault("Prometheus' warnings about an answer, such as a partial response, are dropped")
def test_warnings_are_named_in_the_panel_whose_query_has_them() -> None:
    """And in no other; what was answered is drawn."""

    def ask(_path: str, params: Mapping[str, str]) -> Any:
        body: dict[str, Any] = {"status": "success", "data": {"resultType": "vector", "result": []}}
        warned = {"warnings": ["partial response"]} if params["query"] == "partial" else {}
        return prometheus.data("query", body | warned)

    panels = [
        {"id": number, "type": "stat", "title": expr, "targets": [{"refId": "A", "expr": expr, "instant": True}]}
        for number, expr in enumerate(("partial", "whole"))
    ]
    board = read({"schemaVersion": 41, "panels": panels})
    drawn = draw(board, over(ask), PictureOptions(window=Window(begin=1000, end=4600)), {})
    assert drawn.problems == (("partial", "query A: Prometheus warns: partial response"),)


@pytest.mark.fault("a warning is named in another panel, whose data are asked for at the same time")
def test_warnings_of_panels_that_are_asked_for_at_once() -> None:
    """Each is that of its panel: no answer is given before both are asked for."""
    both = Barrier(2)

    def ask(_path: str, params: Mapping[str, str]) -> Any:
        both.wait(60)
        data = {"resultType": "vector", "result": []}
        return prometheus.data("query", {"status": "success", "data": data, "warnings": [f"of {params['query']}"]})

    panels = [
        {"id": number, "type": "stat", "title": expr, "targets": [{"refId": "A", "expr": expr, "instant": True}]}
        for number, expr in enumerate(("one", "other"))
    ]
    board = read({"schemaVersion": 41, "panels": panels})
    drawn = draw(board, over(ask, 2), PictureOptions(window=Window(begin=1000, end=4600)), {})
    assert drawn.problems == tuple((name, f"query A: Prometheus warns: of {name}") for name in ("one", "other"))


@pytest.mark.fault("what Prometheus says of an answer beside warnings, such as of a rate of no counter, is dropped")
def test_infos_are_a_sign_in_the_header_and_no_problem() -> None:
    """As in Grafana; each once, for the panel whose query has it. A warning has another sign."""
    remarks = {"info": {"infos": ["no counter", "no counter"]}, "warning": {"warnings": ["partial"]}, "plain": {}}

    def ask(_path: str, params: Mapping[str, str]) -> Any:
        data = {"resultType": "vector", "result": []}
        return prometheus.data("query", {"status": "success", "data": data, **remarks[params["query"]]})

    def drawn(expr: str) -> Picture:
        panel = {"type": "stat", "title": "P", "targets": [{"refId": "A", "expr": expr, "instant": True}]}
        board = read({"schemaVersion": 41, "panels": [panel]})
        return draw(board, over(ask), PictureOptions(window=Window(begin=1000, end=4600)), {})

    assert (drawn("info").notices, drawn("info").problems) == ((("P", "no counter"),), ())
    assert (drawn("plain").notices, drawn("warning").notices) == ((), ())
    shapes = [drawn(expr).svg.count("<polyline") for expr in ("plain", "info", "warning")]
    assert shapes == [shapes[0], shapes[0] + 1, shapes[0] + 1]


@pytest.mark.parametrize("text", ["0", "-1.5", "1e+09", "1e-07", "+Inf", "-Inf", "NaN", "Inf", ".5", "5."])
def test_every_number_of_prometheus_is_read(text: str) -> None:
    """Go's strconv writes them."""
    (one,) = source_of({"resultType": "vector", "result": [{"metric": {}, "value": [1, text]}]}).instant("up", 1)
    assert str(one.samples[0][1]) == str(float(text))


def test_a_string_is_an_error() -> None:
    """A query that is a text in quotes has nothing to draw."""
    with pytest.raises(DashboardsError, match="is a string"):
        source_of({"resultType": "string", "result": [1, "text"]}).instant('"text"', 1)
