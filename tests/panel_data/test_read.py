"""From a panel and a source to frames: series, tables, heatmaps, names, and a sentence for what cannot be done."""

from dataclasses import replace
from typing import Any

import pytest

from dashboards_py.panel_data import Bucket, NativeHistogram, Series, panel_data
from dashboards_py.panel_data.frame import Field, FieldType, Frame
from tests.panel_data.known_series import HOUR, Known, constant, panel

BRIEF = replace(HOUR, begin=HOUR.end - 60)  # three points, 30 seconds apart
TIMES = tuple((HOUR.end - seconds) * 1000 for seconds in (60, 30, 0))


def shown(*targets: dict[str, Any], source: Known, **options: Any) -> tuple[Frame, ...]:
    """The frames of a panel with these queries."""
    data = panel_data(panel(*targets, **options), BRIEF, {}, source)
    assert data.problems == ()
    return data.frames


def columns(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """A frame's values by the name of its fields."""
    return {field.name: field.values for field in frame.fields}


def value(frame: Frame) -> Field:
    """The number of a frame with one series."""
    (field,) = (field for field in frame.fields if field.type is FieldType.NUMBER)
    return field


def test_a_series_is_a_frame_of_times_and_values() -> None:
    """Times in milliseconds, the labels with the value, the legend with the labels' values, the step with the time."""
    source = Known(constant(({"node": "a"}, 1.5), ({"node": "b"}, 2.5)))
    first, second = shown({"expr": "up", "legendFormat": "on {{ node }}{{none}}"}, source=source)
    assert columns(first) == {"Time": TIMES, "Value": (1.5,) * 3}
    assert (value(first).labels, value(second).labels) == ({"node": "a"}, {"node": "b"})
    assert [value(frame).config.name_from_source for frame in (first, second)] == ["on a", "on b"]
    assert [frame.fields[0].config.interval for frame in (first, second)] == [30_000] * 2
    assert {frame.ref for frame in (first, second)} == {"A"}


@pytest.mark.parametrize(
    ("legend", "labels", "name", "field"),
    [
        (None, {"__name__": "up", "b": 'x"y', "a": "1"}, 'up{a="1", b="x\\"y"}', "up"),
        (None, {"__name__": "up"}, "up", "up"),
        (None, {"a": "1"}, '{a="1"}', "Value"),
        (None, {}, "up == 1", "Value"),
        ("{{__name__}}!", {"__name__": "up", "a": "1"}, "up!", "up"),
        ("", {"a": "1"}, '{a="1"}', "Value"),
        ("__auto", {"a": "1"}, "", "Value"),
        ("__auto", {}, "up == 1", "Value"),
        ("__auto", {"__name__": "up", "a": "1"}, '{__name__="up", a="1"}', "up"),
    ],
)
def test_names_by_legend(legend: str | None, labels: dict[str, str], name: str, field: str) -> None:
    """No legend: the series as Prometheus writes it, or the query; the metric's name is the field's.

    getName and addMetadataToMultiFrame in pkg/promlib/querydata/response.go.
    """
    target = {"expr": "up == 1"} | ({} if legend is None else {"legendFormat": legend})
    (frame,) = shown(target, source=Known(constant((labels, 1))))
    assert (value(frame).config.name_from_source, value(frame).name) == (name, field)


def test_tables() -> None:
    """One table a query, with a column a label; values are numbered by the query's letter where there are several."""
    source = Known(constant(({"node": "a"}, 1), ({"node": "b", "map": "x"}, 2)))
    table = {"expr": "up", "format": "table", "instant": True, "legendFormat": "not used"}
    (alone,) = shown(table, source=source, type="table")
    assert columns(alone) == {
        "Time": (HOUR.end * 1000,) * 2, "node": ("a", "b"), "map": ("", "x"), "Value": (1, 2),
    }  # fmt: skip
    first, second = shown(table, table, source=source, type="table")
    assert [frame.fields[-1].name for frame in (first, second)] == ["Value #A", "Value #B"]
    assert (first.ref, second.ref) == ("A", "B")


def test_a_table_over_a_range_is_in_order_of_time() -> None:
    """Rows of several series are sorted by time, series of one time in the order of the answer."""
    source = Known(constant(({"node": "a"}, 1), ({"node": "b"}, 2)))
    (frame,) = shown({"expr": "up", "format": "table"}, source=source, type="table")
    assert columns(frame)["Time"] == tuple(time for time in TIMES for _ in range(2))
    assert columns(frame)["node"] == ("a", "b") * 3


def test_an_empty_answer() -> None:
    """No data is a frame without fields, for a graph none; among several tables it is a table without rows."""
    assert shown({"expr": "up"}, source=Known()) == ()
    assert shown({"expr": "up"}, source=Known(), type="stat") == (Frame(fields=(), ref="A"),)
    table = {"expr": "up", "format": "table"}
    assert shown(table, source=Known(), type="table") == (Frame(fields=(), ref="A"),)
    assert [list(columns(frame)) for frame in shown(table, table, source=Known(), type="table")] == [
        ["Time", "Value #A"],
        ["Time", "Value #B"],
    ]


def test_classic_buckets_are_rows_of_a_heatmap() -> None:
    """Sorted by bound, each less the bucket below it, named by its bound; one without a sample has none."""

    def answer(_expr: str, times: tuple[float, ...]) -> tuple[Series, ...]:
        counts = {"+Inf": 10.0, "0.5": 4.0, "10": 7.0, "2": 7.0}
        full = [Series({"le": le}, tuple((time, count) for time in times)) for le, count in counts.items()]
        return (*full, Series({"le": "0.1"}, ((times[-1], 4.0),)))

    (frame,) = shown({"expr": "x", "format": "heatmap"}, source=Known(answer))
    assert columns(frame) == {
        "Time": TIMES,
        "0.1": (None, None, 4.0),
        "0.5": (4.0, 4.0, 0.0),
        "2": (3.0,) * 3,
        "10": (0.0,) * 3,
        "+Inf": (3.0,) * 3,
    }
    assert frame.kind == "heatmap-rows"


def test_native_histograms_are_cells_of_a_heatmap() -> None:
    """A row for each bucket with observations at each time, whatever the format says."""
    histogram = NativeHistogram(3, 1.0, (Bucket(0.1, 0.2, 1), Bucket(0.4, 0.8, 2)))
    source = Known(lambda _expr, times: (Series({"node": "a"}, tuple((time, histogram) for time in times[:2])),))
    (frame,) = shown({"expr": "x", "format": "heatmap", "legendFormat": "{{node}}"}, source=source)
    assert columns(frame) == {
        "xMax": (TIMES[0], TIMES[0], TIMES[1], TIMES[1]),
        "yMin": (0.1, 0.4) * 2,
        "yMax": (0.2, 0.8) * 2,
        "count": (1, 2) * 2,
    }
    assert frame.kind == "heatmap-cells"


@pytest.mark.parametrize(
    ("target", "kinds"),
    [
        ({"expr": "up"}, ["range"]),
        ({"expr": "up", "instant": True}, ["instant"]),
        ({"expr": "up", "instant": True, "range": True}, ["range", "instant"]),
        ({"expr": "up", "hide": True}, []),
        ({"expr": " "}, []),
    ],
    ids=["range", "instant", "both", "hidden", "empty"],
)
def test_what_is_asked(target: dict[str, Any], kinds: list[str]) -> None:
    """A query over the range or at its end; of both kinds if both are on, the second with a letter of its own."""
    source = Known(constant(({}, 1)))
    frames = shown(target, source=source)
    assert [kind for kind, _ in source.requests] == kinds
    assert [frame.ref for frame in frames] == ["A", "A-Instant"][: len(kinds)]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ({"type": "loki", "uid": "x"}, "a data source of type loki"),
        ({"type": "__expr__", "uid": "__expr__"}, "a server-side expression"),
        ({"type": "datasource", "uid": "-- Dashboard --"}, "the data of another panel"),
        ("-- Grafana --", "Grafana's own data"),
    ],
)
@pytest.mark.fault("a failed query or a missing feature stops the picture of a board, or is left out without a word")
def test_what_is_not_queried_is_a_problem(source: Any, name: str) -> None:
    """A query of something that is no Prometheus is not asked of one, and a sentence reports it."""
    known = Known(constant(({}, 1)))
    data = panel_data(panel({"expr": "up", "datasource": source}, {"expr": "up"}), BRIEF, {}, known)
    assert data.problems == (f"query A is not asked: it reads {name}",)
    assert [frame.ref for frame in data.frames] == ["B"]


@pytest.mark.parametrize(
    "source", [None, {"type": "prometheus", "uid": "$ds"}, "$datasource", {"type": "datasource", "uid": "-- Mixed --"}]
)
def test_a_prometheus_is_asked(source: Any) -> None:
    """A data source of its type, by variable, by name, or none."""
    known = Known(constant(({}, 1)))
    assert panel_data(panel({"expr": "up"}, datasource=source), BRIEF, {}, known).problems == ()
    assert len(known.requests) == 1


def test_a_library_panel_is_a_problem() -> None:
    """Its queries are in Grafana's database, not in the board."""
    data = panel_data(panel(libraryPanel={"name": "Drops", "uid": "x"}), BRIEF, {}, Known())
    assert data.problems == ("it is the library panel 'Drops', which is not in the board",)


@pytest.mark.fault("a failed query or a missing feature stops the picture of a board, or is left out without a word")
def test_a_failed_query_is_a_problem() -> None:
    """Prometheus' message, with the query's letter."""
    data = panel_data(panel({"expr": "up{"}), BRIEF, {}, Known(refused="1:4: parse error: unexpected end of input"))
    assert data.problems == ("query A: 1:4: parse error: unexpected end of input",)
    assert data.frames == ()


def test_a_panel_s_own_time() -> None:
    """A relative time is the length, a shift goes back: applyPanelTimeOverrides in Grafana."""
    (frame,) = shown({"expr": "up"}, source=Known(constant(({}, 1))), timeFrom="2m", timeShift="1h", interval="1m")
    assert columns(frame)["Time"] == tuple((HOUR.end - 3600 - seconds) * 1000 for seconds in (120, 60, 0))
