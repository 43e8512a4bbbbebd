"""Panels' queries, sent to a real Prometheus as Grafana would send them: variables, macros, step, range or instant."""

import json
import math
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.board import Board, Panel, Query
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import interpolate, range_macros, step_macros, written_as_is
from dashboards_py.panel_data.steps import SCRAPE_INTERVAL, Resolution, grid, resolution

SCRAPE_SECONDS = int(SCRAPE_INTERVAL)  # seconds; the data source's timeInterval
WIDTH = 1000  # points of a panel without maxDataPoints
ANNOTATION_POINTS = {"maxDataPoints": 100}  # of an annotation
# Boards that open on the busiest namespace.
REQUIRED_CHOICES = {"hubble-http": {"namespace": "shop"}, "hubble-network": {"namespace": "payments"}}

Hour = tuple[float, float]
FORECAST = "[6h:"  # in queries that read six hours, more than the histories of tests hold


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a result: its labels, and its values by Unix time; of native histograms, their counts."""

    labels: tuple[tuple[str, str], ...]
    values: tuple[tuple[float, float], ...]
    is_histogram: bool = False

    @property
    def finite(self) -> bool:
        """Whether it has values and each is a number."""
        return bool(self.values) and all(math.isfinite(value) for _, value in self.values)


def defaults(board: Board) -> dict[str, str]:
    """The values of the board's variables when it opens, as they appear in a query."""
    result = {}
    for variable in board.variables:
        if variable.type == "custom":
            result[variable.name] = variable.query.split(",")[0]
        elif variable.include_all:
            result[variable.name] = variable.all_value or ".+"
    return result | REQUIRED_CHOICES.get(board.uid, {})


def step(panel: Panel, hour: Hour) -> int:
    """Grafana's step for the panel over the hour, in seconds: at least the scrape interval."""
    return _resolution(panel, hour).step // 1000


def _resolution(panel: Panel, hour: Hour) -> Resolution:
    """The panel's resolution; its queries have no interval of their own, an annotation has a step."""
    points = int(panel.raw.get("maxDataPoints") or WIDTH)
    return resolution(_window(hour), points=points, panel_interval=str(panel.raw.get("step") or ""))


def _window(hour: Hour) -> Window:
    return Window(begin=hour[0], end=hour[1])


def enabled_annotations(board: Board) -> tuple[Panel, ...]:
    """The board's annotations that are on, each as a panel: Grafana queries them when the board opens."""
    return tuple(
        Panel(
            None, f"annotation {mark.name}", "", queries=(Query("A", mark.expr),), raw={**mark.raw, **ANNOTATION_POINTS}
        )
        for mark in board.annotations
        if mark.expr and mark.raw.get("enable")
    )


def interpolated(expr: str, values: Mapping[str, str], *, seconds: int, hour: Hour) -> str:
    """The expression with macros and variables replaced."""
    intervals = Resolution(seconds * 1000, max(seconds + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS) * 1000)
    text = interpolate(expr, {**range_macros(_window(hour)), **step_macros(intervals), **written_as_is(**values)})
    if left := re.search(r"\$\{?[A-Za-z_]\w*", text):
        raise KeyError(f"{left[0]} in {expr}")
    return text


def run_query(source: str, panel: Panel, query: Query, values: Mapping[str, str], hour: Hour) -> tuple[Series, ...]:
    """The result of a panel's query in Prometheus, with `values` for the board's variables."""
    seconds = step(panel, hour)
    expr = interpolated(query.expr, values, seconds=seconds, hour=hour)
    if query.instant:
        return instant_query(source, expr, hour[1])
    return range_query(source, expr, hour, seconds)


def instant_query(source: str, expr: str, moment: float) -> tuple[Series, ...]:
    """The series at a moment."""
    return _series(_get(source, "query", {"query": expr, "time": moment}))


def wait_for(source: str, expr: str, seconds: float = 60) -> None:
    """Wait until a query has a result."""
    deadline = time.monotonic() + seconds
    while not instant_query(source, expr, time.time()):
        assert time.monotonic() < deadline, expr
        time.sleep(0.5)


def moment_all_up(source: str, interval: float, samples: int) -> float:
    """A moment at which every target has some samples and none has just failed a scrape, on a machine that may be slow.

    A scrape may take one `interval` and its samples have the time of its begin, so the moment is that far back. Targets
    that were first scraped after it count as well.
    """
    deadline = time.monotonic() + 60
    window = math.ceil(samples * interval)
    expr = f"count(count_over_time(up[1m]) >= {samples} and min_over_time(up[{window}s]) == 1)"

    def targets_of(query: str, moment: float) -> list[float]:
        return [series.values[-1][1] for series in instant_query(source, query, moment)]

    while not (up := targets_of(expr, moment := time.time() - interval - 0.1)) or up != targets_of(
        "count(up)", time.time()
    ):
        assert time.monotonic() < deadline, expr
        time.sleep(0.2)
    return moment


def range_query(source: str, expr: str, hour: Hour, seconds: int) -> tuple[Series, ...]:
    """The series over a range, on Grafana's grid."""
    return evaluated(source, expr, grid(*hour, seconds), seconds)


def evaluated(source: str, expr: str, moments: tuple[float, float], seconds: int) -> tuple[Series, ...]:
    """The series from the first of two moments to the last."""
    begin, end = moments
    return _series(_get(source, "query_range", {"query": expr, "start": begin, "end": end, "step": seconds}))


def _get(source: str, endpoint: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    data = urllib.parse.urlencode(params).encode()
    try:
        with urllib.request.urlopen(f"{source}/api/v1/{endpoint}", data, timeout=60) as answer:
            results: list[dict[str, Any]] = json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as error:
        if error.code not in (400, 422):  # Prometheus rejects the query
            raise
        raise AssertionError(f"{params['query']}: {json.load(error).get('error')}") from None
    return results


def _series(results: list[dict[str, Any]]) -> tuple[Series, ...]:
    return tuple(
        Series(
            tuple(sorted(series["metric"].items())),
            tuple((float(moment), _number(value)) for moment, value in _samples(series)),
            is_histogram="histogram" in series or "histograms" in series,
        )
        for series in results
    )


def _samples(series: Mapping[str, Any]) -> list[tuple[float, Any]]:
    """The samples of a vector's or a matrix' series; numbers before histograms if it has both."""
    one = [series[key] for key in ("value", "histogram") if key in series]
    return [*series.get("values", ()), *series.get("histograms", ()), *one]


def _number(value: str | Mapping[str, str]) -> float:
    return float(value if isinstance(value, str) else value["count"])
