"""Upstream's own boards beside ours in the real Grafana."""

import json
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.lint import lint
from dashboards_py.provisioning import tree
from dashboards_py.targets.grafana import prepare
from dashboards_py.targets.plan import Payload
from dashboards_py.upstream import compiled, originals
from tests.conftest import require, required_path
from tests.live.asking import ask
from tests.live.cluster import history, metrics, world
from tests.live.cost import END, chosen
from tests.live.processes import grafana, prometheus
from tests.live.test_deploy_grafana import ADMIN

# Rules whose findings say that a query gives nothing.
DEAD = {"metric-is-not-there", "value-is-never-taken", "short-window"}
# Queries that give nothing on the synthetic cluster though nothing is wrong with them: board, panel.
ELSEWHERE = {
    ("Hubble Metrics and Monitoring", "HTTP responses"),  # the handler `http`; the cluster has `httpV2`
    ("Hubble L7 HTTP Metrics by Workload", "CPU Usage by Source"),  # a rule of kube-prometheus-stack
    ("Hubble L7 HTTP Metrics by Workload", "CPU Usage by Destination"),
}
OPTIONS = {"token": None, "user": "admin", "password": "admin", "ca_file": None, "timeout": "20", "overwrite": False}


def test_grafana_takes_the_originals_beside_ours(tmp_path: Path) -> None:
    """Each is deployed into its folder and asks `$datasource`; once is enough."""
    require("grafana")
    theirs = originals([Path(required_path("UPSTREAM_BOARDS", "Cilium's own boards as JSON"))])
    payload = Payload(tree(NEWEST, (*compile_boards(), *map(compiled, theirs.values()))))
    with grafana(tmp_path) as url:
        given = {**OPTIONS, "url": url, "folder": ()}
        written = {change.name for change in prepare(payload, given).apply()}
        assert {f"grafana-com-{number}" for number in theirs} < written
        for number, original in theirs.items():
            path = f"/api/dashboards/uid/grafana-com-{number}"
            with urlopen(Request(url + path, headers={"Authorization": ADMIN}), timeout=20) as answer:
                found = json.load(answer)
            assert found["meta"]["folderTitle"] == "Cilium upstream"
            assert found["dashboard"]["title"] == original.board.title
            assert "__inputs" not in found["dashboard"]
            assert "DS_PROMETHEUS" not in json.dumps(found["dashboard"])
        assert list(prepare(payload, given).apply()) == []


@pytest.mark.parametrize(("chart", "release"), [("cilium-1.17.18", RELEASES[1]), ("cilium-1.20.0", NEWEST)])
def test_lint_finds_just_those_queries_that_give_nothing(chart: str, release: Release, tmp_path: Path) -> None:
    """With all features and metrics on, what a real Prometheus cannot answer is what lint calls dead, by panel."""
    require("prometheus", "promtool")
    directory = Path(required_path("UPSTREAM_BOARDS", "Cilium's own boards as JSON")) / chart
    boards = [read(path.read_bytes(), path.name) for path in sorted(directory.glob("*.json"))]
    hour = history(world(release, clusters=("east",)), metrics(boards), tmp_path / "data", end=END)
    empty, asked = set(), 0
    with prometheus(tmp_path / "data") as source:
        for board in boards:
            values = chosen(source, board)
            for panel, query in board.queries():
                if query.expr:
                    asked += 1
                    empty |= set() if ask(source, panel, query, values, hour) else {(board.title, panel.title)}
    dead = {
        (board.title, found.panel)
        for board in boards
        for found in lint(board, release, ours=False)[0]
        if found.rule in DEAD
    }
    assert asked > 150
    assert empty - ELSEWHERE == dead
