"""What Grafana asks when a board opens over a scene."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from operator import is_

from dashboards_py import demo, promql
from dashboards_py.board import Board, Panel, Query, read
from dashboards_py.compile import compile_boards
from dashboards_py.demo.alerts import ALERTS
from dashboards_py.demo.scenes import SCENES, _living
from dashboards_py.panel_data import opening_values
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.requests import Request, requests
from dashboards_py.panel_data.source import Series, Source

WINDOW = Window(begin=demo.END - 3600, end=demo.END)
BOARDS = tuple(read(board.json) for board in compile_boards())


@dataclass(frozen=True, slots=True)
class Remembering:
    """A source that works out each answer for a moment once; those over a range are large, and mostly read once."""

    source: Source
    instants: dict[tuple[str, float], tuple[Series, ...]] = field(default_factory=dict)
    values: dict[tuple[str, str, float, float], tuple[str, ...]] = field(default_factory=dict)

    def range(self, expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
        """As the source answers."""
        return self.source.range(expr, start, end, step)

    def instant(self, expr: str, time: float) -> tuple[Series, ...]:
        """As the source answered."""
        if (expr, time) not in self.instants:
            self.instants[expr, time] = self.source.instant(expr, time)
        return self.instants[expr, time]

    def label_values(self, label: str, selector: str, start: float, end: float) -> tuple[str, ...]:
        """As the source answered."""
        key = (label, selector, start, end)
        if key not in self.values:
            self.values[key] = self.source.label_values(*key)
        return self.values[key]


@cache
def scene_source(scene: str) -> Source:
    """A scene's source, made once: its series are kept, and its answers for a moment."""
    return Remembering(demo.source(scene))


@cache
def is_as_healthy(name: str, scene: str) -> bool:
    """Whether nothing happens to the series of a name in a scene; alerts are about all others."""
    if name == ALERTS:
        return scene == "healthy"
    parts = _living.parts_of_scenes(name, demo.END)
    played = [one for part in parts for one in SCENES.load(scene.replace("-", "_")).played(part)]
    return len(played) == len(parts) and all(map(is_, played, parts))


def reads_the_same(board: Board, panel: Panel, scene: str) -> bool:
    """Whether all that a panel and the board's variables read is as in the healthy cluster: so are their answers."""
    exprs = [query.expr for query in panel.queries] + [variable.query for variable in board.variables]
    return all(asks_the_same(expr, scene) for expr in exprs)


def asks_the_same(expr: str, scene: str) -> bool:
    """Whether all that a query reads is as in the healthy cluster."""
    return all(selector.metric and is_as_healthy(selector.metric, scene) for selector in promql.lenient_selectors(expr))


def opened(board: Board, source: Source) -> Iterator[tuple[str, Request]]:
    """What Grafana asks when the board opens with all rows, and which of its queries each is."""
    values = opening_values(board, WINDOW, source).values
    for panel in (*board.panels, *annotations(board)):
        for one in requests(panel, WINDOW, values):
            yield f"{board.uid} / {panel.title} {one.ref}", one


def annotations(board: Board) -> Iterator[Panel]:
    """The board's annotations, each as a panel of 100 points, as Grafana asks for it."""
    for mark in board.annotations:
        if mark.expr:
            raw = {**mark.raw, "maxDataPoints": 100, "targets": [{"expr": mark.expr}]}
            yield Panel(None, f"annotation {mark.name}", "", queries=(Query("A", mark.expr),), raw=raw)
