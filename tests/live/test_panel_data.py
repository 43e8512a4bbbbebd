"""What panels show of a real Prometheus: all boards, and a heatmap of native buckets."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards_py.board import Board, Panel, read
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.panel_data import Source, Variables, opening_values, over, panel_data
from dashboards_py.panel_data.frame import FieldType, PanelData, Window
from dashboards_py.panel_data.requests import requests
from dashboards_py.prometheus import over_http
from tests.components import require
from tests.live.cluster import END, full_cluster, history, metrics
from tests.live.panel_queries import REQUIRED_CHOICES, Hour, Series, instant_query, range_query
from tests.live.processes import prometheus
from tests.live.test_histograms import generated
from tests.synthetic.native import Storing
from tests.synthetic.remote_write import rows, write

BOARDS = [read(board.json) for board in compile_boards(NEWEST)]
Values = dict[tuple[tuple[str, str], ...], tuple[float, ...]]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Hour]]:
    """A Prometheus with an hour of a full cluster, and the hour."""
    require("prometheus")
    data = tmp_path_factory.mktemp("panel-data") / "data"
    hour = history(full_cluster(nodes=2), metrics(BOARDS), data)
    with prometheus(data) as address:
        yield address, hour


def opened(source: Source, board: Board, window: Window) -> Variables:
    """The values of a board's variables, those that other tests of boards choose first."""
    chosen = {name: (value,) for name, value in REQUIRED_CHOICES.get(board.uid, {}).items()}
    values = opening_values(board, window, source, chosen)
    assert values.problems == ()
    return values.values


def answers(address: str, panel: Panel, window: Window, variables: Variables) -> Iterator[Series]:
    """What Prometheus answers to the panel's requests, sent by other code."""
    for request in requests(panel, window, variables):
        if request.is_instant:
            yield from instant_query(address, request.expr, request.end)
        else:
            yield from range_query(address, request.expr, (request.begin, request.end), request.step // 1000)


def numbers(data: PanelData) -> Values:
    """The finite values of each series."""
    return {
        tuple(sorted(field.labels.items())): _finite(field.values)
        for frame in data.frames
        for field in frame.fields
        if field.type is FieldType.NUMBER
    }


def _finite(values: tuple[object, ...]) -> tuple[float, ...]:
    return tuple(value for value in values if isinstance(value, float) and math.isfinite(value))


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_panels_show_what_prometheus_answers(full: tuple[str, Hour], board: Board) -> None:
    """Each series of each panel has the values that the query itself is answered with; no table has a problem."""
    address, hour = full
    source, window = over(over_http(address)), Window(begin=hour[0], end=hour[1])
    variables = opened(source, board, window)
    for panel in board.panels:
        data = panel_data(panel, window, variables, source)
        assert data.problems == (), panel.title
        if panel.type in ("table", "heatmap"):
            continue
        expected = {
            series.labels: _finite(tuple(value for _, value in series.values))
            for series in answers(address, panel, window, variables)
        }
        assert numbers(data) == expected, panel.title


def test_native_buckets_are_cells_of_a_heatmap(tmp_path: Path) -> None:
    """Bounds and counts of a native histogram at each moment: the counts of a moment are the histogram's."""
    require("prometheus")
    board = next(board for board in BOARDS if any(panel.type == "heatmap" for panel in board.panels))
    panel = next(panel for panel in board.panels if panel.type == "heatmap")
    hour = (END - 1200, END)
    with prometheus(tmp_path / "data", options=("--web.enable-remote-write-receiver",)) as address:
        write(address, rows(generated(NEWEST, "one"), Storing.NATIVE), start=hour[0], end=hour[1], step=60)
        source = over(over_http(address))
        window = Window(begin=hour[0], end=hour[1])
        variables = opened(source, board, window)
        data = panel_data(panel, window, variables, source)
        (series,) = answers(address, panel, window, variables)
    (frame,) = (frame for frame in data.frames if frame.fields)
    assert (frame.kind, series.is_histogram) == ("heatmap-cells", True)
    times, lower, upper, counts = (field.values for field in frame.fields)
    totals: dict[float, float] = {}
    for moment, low, high, count in zip(times, lower, upper, counts, strict=True):
        assert isinstance(moment, float)
        assert isinstance(low, float)
        assert isinstance(high, float)
        assert isinstance(count, float)
        assert low < high
        totals[moment / 1000] = totals.get(moment / 1000, 0.0) + count
    assert totals == pytest.approx(dict(series.values))
