"""A panel's queries are sent to Prometheus as a real Grafana 12.2 sent them, for each kind of panel and annotation.

recorded_requests.jsonl was recorded in a browser of 1440 px over one hour: the panel or annotation in Grafana, the
values of its variables, and the request that Prometheus received. The boards have changed since, the recording has not.
tests/live/test_grafana_queries.py tests the same on today's boards, if there is a real Grafana.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.board import Board, Panel, read
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import written_as_is
from dashboards_py.panel_data.requests import requests
from dashboards_py.panel_data.steps import grid
from tests.live.panel_queries import SCRAPE_SECONDS, enabled_annotations, interpolated, step
from tests.panel_data.interval_questions import POINTS

HOUR = (1767227400.0, 1767231000.0)  # Unix times
# Kinds of panels that are newer than the recording, and why their requests are known nevertheless. Of a kind with a
# row, other numbers of points need none: tests/panel_data/test_intervals.py has the interval that Grafana's own code
# computes of a range and any number of points, and the rows prove that the step is that interval.
NOT_RECORDED = {
    "heatmap, range": "a range query as of each other kind: neither the interval (calculateInterval in "
    "packages/grafana-data/src/datetime/rangeutil.ts) nor the step (calculatePrometheusInterval in "
    "pkg/promlib/models/query.go) is computed from the type of the panel"
}
RECORDED = [json.loads(line) for line in Path(__file__).with_name("recorded_requests.jsonl").read_text().splitlines()]


def kind(recorded: dict[str, Any]) -> str:
    """The kind of panel or annotation that was recorded."""
    if "annotation" in recorded:
        return f"annotation, step {recorded['annotation'].get('step')}"
    points = recorded["panel"].get("maxDataPoints", "width")
    return f"{recorded['panel']['type']}, {'instant' if recorded['target'].get('instant') else f'{points} points'}"


def kind_without_points(recorded: dict[str, Any]) -> str:
    """The same, whatever the number of points."""
    return re.sub(r"(?<=, )\w+ points$", "range", kind(recorded))


def board(recorded: dict[str, Any]) -> Board:
    """A board with only this panel or annotation."""
    source: dict[str, Any] = {"uid": "x", "title": "X", "schemaVersion": 41, "panels": []}
    if "annotation" in recorded:
        return read(source | {"annotations": {"list": [{"name": "x", **recorded["annotation"]}]}})
    return read(
        source
        | {"panels": [{"id": 1, "title": "x", **recorded["panel"], "targets": [{"refId": "A", **recorded["target"]}]}]}
    )


def requests_made(recorded: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The requests of panel_data, those of tests/live/panel_queries.py for an annotation."""
    recorded_board = board(recorded)
    variables = written_as_is(**recorded["values"])
    for panel in recorded_board.panels:
        for request in requests(panel, Window(begin=HOUR[0], end=HOUR[1]), variables):
            times = {"start": request.begin, "end": request.end, "step": request.step / 1000}
            yield {"query": request.expr, **({"time": request.end} if request.is_instant else times)}
    for panel in enabled_annotations(recorded_board):
        for query in panel.queries:
            seconds = step(panel, HOUR)
            expr = interpolated(query.expr, recorded["values"], seconds=seconds, hour=HOUR)
            start, end = grid(*HOUR, seconds)
            yield {"query": expr, "start": start, "end": end, "step": seconds}


@pytest.mark.parametrize(
    "recorded", RECORDED, ids=lambda recorded: f"{kind(recorded)}: {recorded['request']['query'][:40]}"
)
def test_python_sends_what_grafana_sent(recorded: dict[str, Any]) -> None:
    """The expression with macros and variables expanded, and the time, or start, end and step."""
    assert list(requests_made(recorded)) == [recorded["request"]]


@pytest.mark.parametrize(
    ("interval", "rounded"),
    [
        *((1, 1), (1.49, 1), (1.5, 2), (3.49, 2), (3.5, 5), (7.49, 5), (7.5, 10), (12.49, 10), (12.5, 15)),
        *((17.49, 15), (17.5, 20), (24.9, 20), (25, 30), (44.9, 30), (45, 60), (89, 60), (90, 120), (209, 120)),
        *((210, 300), (449, 300), (450, 600), (749, 600), (750, 900), (1049, 900), (1050, 1200), (1499, 1200)),
        *((1500, 1800), (2699, 1800), (2700, 3600)),
    ],
)
def test_steps_are_rounded_as_grafana_does(interval: float, rounded: int) -> None:
    """roundInterval in packages/grafana-data/src/datetime/rangeutil.ts, and never less than the scrape interval."""
    for points in (30, 60, 120):
        panel = Panel(None, "x", "", raw={"maxDataPoints": points})
        assert step(panel, (0, interval * points)) == max(SCRAPE_SECONDS, rounded)


def test_an_annotation_without_a_step_has_100_points() -> None:
    """As maxDataPoints in Grafana's executeAnnotationQuery.ts."""
    (annotation,) = enabled_annotations(board({"annotation": {"enable": True, "expr": "up"}}))
    assert [step(annotation, (0, hours * 3600)) for hours in (1, 6, 12, 24)] == [30, 300, 300, 900]


def test_a_range_is_aligned_to_whole_steps() -> None:
    """Both ends are rounded down, as by alignRange in Grafana's Prometheus data source."""
    assert grid(7, 59, 30) == (0, 30)
    assert grid(30, 60, 30) == (30, 60)


def compiled_queries() -> Iterator[dict[str, Any]]:
    """All panels' queries and annotations of our boards on the newest release.

    A query's format is no part of it: Grafana reads answers by it, and sends nothing of it (`format` in the data query
    of its Prometheus data source: "how to display data").
    """
    for compiled in compile_boards(NEWEST):
        compiled_board = read(compiled.json)
        yield from ({"annotation": raw} for raw in compiled_board.raw.get("annotations", {}).get("list", ()))
        for panel in compiled_board.panels:
            yield from ({"panel": panel.raw, "target": {"instant": query.instant}} for query in panel.queries)


def test_each_kind_is_recorded() -> None:
    """Whatever panels and annotations our boards have; instant queries, both macros, and upstream's old graphs."""
    recorded_kinds = {kind(recorded) for recorded in RECORDED}
    queries = list(compiled_queries())
    assert {*map(kind_without_points, queries)} - {*map(kind_without_points, RECORDED)} == set(NOT_RECORDED)
    points = {query["panel"].get("maxDataPoints") for query in queries if kind(query) not in recorded_kinds}
    assert points <= set(POINTS), "Grafana's interval for these is not in the table of intervals"
    assert {"graph, width points", "bargauge, width points", "timeseries, width points"} <= recorded_kinds
    texts = [recorded["target"]["expr"] for recorded in RECORDED if "target" in recorded]
    assert all(any(macro in text for text in texts) for macro in ("$__rate_interval", "$__range"))
    assert {recorded["request"].get("step") for recorded in RECORDED} == {None, 30, 60, 120}
