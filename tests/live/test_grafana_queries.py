"""The tests send the same queries as Grafana, according to Prometheus' own query log."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards_py.board import Board, read
from dashboards_py.compile import find
from dashboards_py.panel_data.steps import grid
from tests.components import require
from tests.live.browser import open_board
from tests.live.cluster import full_cluster, history, metrics
from tests.live.panel_queries import Hour, defaults, enabled_annotations, interpolated, step
from tests.live.picture_grafana import provision
from tests.live.pictures import TALL, opening_query
from tests.live.processes import grafana, prometheus, wait_until_ok

if TYPE_CHECKING:  # importing it takes half a second, in each worker
    from playwright.sync_api import Browser

Request = tuple[str, float, float, int]  # the query, Unix times of begin and end, step in seconds (0: instant)


def requests(board: Board, hour: Hour) -> Iterator[Request]:
    """The requests that these tests send for a board with every row open."""
    for panel in (*board.panels, *enabled_annotations(board)):
        seconds = step(panel, hour)
        for query in panel.queries:
            expr = interpolated(query.expr, defaults(board), seconds=seconds, hour=hour)
            yield (expr, hour[1], hour[1], 0) if query.instant else (expr, *grid(*hour, seconds), seconds)


def logged(log: Path) -> Iterator[Request]:
    """The queries that Prometheus received."""
    for line in log.read_text(encoding="utf-8").splitlines():
        params = json.loads(line)["params"]
        begin, end = (datetime.fromisoformat(params[edge]).timestamp() for edge in ("start", "end"))
        yield params["query"], begin, end, params["step"]


@pytest.mark.parametrize("uid", ["cilium-agent", "hubble-http"])
def test_grafana_sends_the_same_queries(tmp_path: Path, chromium: "Browser", uid: str) -> None:
    """Stats, tables, graphs of 120, 60 and 30 points, and annotations: expression, window, times and step."""
    require("prometheus", "grafana-home")
    board = read(find(uid).json)
    hour = history(full_cluster(nodes=1), metrics([board]), tmp_path / "data")
    provision(tmp_path / "grafana", tmp_path / "boards")
    log = tmp_path / "queries.log"
    config = f"global: {{scrape_interval: 1h, query_log_file: {log}}}\n"
    with (
        prometheus(tmp_path / "data", config=config) as source,
        grafana(tmp_path / "grafana", source=source) as url,
    ):
        wait_until_ok(f"{url}/api/dashboards/uid/{uid}")
        open_board(chromium, url, uid, hour, height=TALL, every_row=True, query=opening_query(uid))
    assert set(logged(log)) == set(requests(board, hour))
