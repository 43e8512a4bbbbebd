"""tests/live/asking.py sends Prometheus what a real Grafana 12.2 sent for each kind of panel and annotation.

asks.jsonl was recorded in a browser of 1440 px over one hour: the panel or annotation as Grafana had it, what its
variables held, and the request that came to Prometheus. The boards that it is of have changed since; it has not.
tests/live/test_asking.py asks the same of today's boards, where there is a real Grafana.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.board import Board, Panel, read
from tests.live.asking import SCRAPE, grid, marks, step, written_out

HOUR = (1767227400.0, 1767231000.0)  # Unix times
RECORDED = [json.loads(line) for line in Path(__file__).with_name("asks.jsonl").read_text().splitlines()]


def kind(ask: dict[str, Any]) -> str:
    """What an ask is of, in a few words."""
    if "annotation" in ask:
        return f"annotation, step {ask['annotation'].get('step')}"
    points = ask["panel"].get("maxDataPoints", "width")
    return f"{ask['panel']['type']}, {'instant' if ask['target'].get('instant') else f'{points} points'}"


def board(ask: dict[str, Any]) -> Board:
    """A board with only this panel or annotation."""
    source: dict[str, Any] = {"uid": "x", "title": "X", "schemaVersion": 41, "panels": []}
    if "annotation" in ask:
        return read(source | {"annotations": {"list": [{"name": "x", **ask["annotation"]}]}})
    return read(
        source | {"panels": [{"id": 1, "title": "x", **ask["panel"], "targets": [{"refId": "A", **ask["target"]}]}]}
    )


def requests_made(ask: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What tests/live/asking.py makes of it."""
    recorded_board = board(ask)
    for panel in (*recorded_board.panels, *marks(recorded_board)):
        for query in panel.queries:
            seconds = step(panel, HOUR)
            expr = written_out(query.expr, ask["values"], seconds=seconds, hour=HOUR)
            start, end = grid(HOUR, seconds)
            times = {"time": HOUR[1]} if query.instant else {"start": start, "end": end, "step": seconds}
            yield {"query": expr, **times}


@pytest.mark.parametrize("ask", RECORDED, ids=lambda ask: f"{kind(ask)}: {ask['asked']['query'][:40]}")
def test_python_sends_what_grafana_sent(ask: dict[str, Any]) -> None:
    """Expression with macros and variables written out, range or moment, start, end and step."""
    assert list(requests_made(ask)) == [ask["asked"]]


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
        assert step(panel, (0, interval * points)) == max(SCRAPE, rounded)


def test_an_annotation_without_a_step_has_100_points() -> None:
    """maxDataPoints in Grafana's executeAnnotationQuery.ts."""
    (annotation,) = marks(board({"annotation": {"enable": True, "expr": "up"}}))
    assert [step(annotation, (0, hours * 3600)) for hours in (1, 6, 12, 24)] == [30, 300, 300, 900]


def test_a_range_is_aligned_to_whole_steps() -> None:
    """Both ends are rounded down: alignRange in Grafana's Prometheus data source."""
    assert grid((7, 59), 30) == (0, 30)
    assert grid((30, 60), 30) == (30, 60)


def test_each_kind_is_recorded() -> None:
    """Points by width and by number, moments, both macros, a step of an annotation's own, and upstream's old graphs."""
    kinds = {kind(ask) for ask in RECORDED}
    graphs = {f"timeseries, {points} points" for points in ("width", 30, 60, 120)}
    instants = {f"{panel}, instant" for panel in ("stat", "table", "bargauge")}
    rest = {"annotation, step 60s", "annotation, step 120s", "state-timeline, 120 points", "graph, width points"}
    assert graphs | instants | rest <= kinds
    texts = [ask["target"]["expr"] for ask in RECORDED if "target" in ask]
    assert all(any(macro in text for text in texts) for macro in ("$__rate_interval", "$__range"))
    assert {ask["asked"].get("step") for ask in RECORDED} == {None, 30, 60, 120}
