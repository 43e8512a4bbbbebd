"""What Grafana asks when a board opens over a scene."""

from collections.abc import Iterator

from dashboards_py import demo
from dashboards_py.board import Board, Panel, Query, read
from dashboards_py.compile import compile_boards
from dashboards_py.panel_data import opening_values
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.requests import Request, requests
from dashboards_py.panel_data.source import Source

WINDOW = Window(begin=demo.END - 3600, end=demo.END)
BOARDS = tuple(read(board.json) for board in compile_boards())


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
