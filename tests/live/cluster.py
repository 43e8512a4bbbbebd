"""The synthetic clusters that boards are tested with, and the boards' metrics."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster
from tests.synthetic.backfill import backfill

BEFORE = 780  # seconds: the longest window and offset
END = 1_760_000_400.0  # Unix time, for tests that do not use the clock
HISTORY = 3600 + BEFORE  # an hour to query
L = "labelsContext=source_namespace,source_app,destination_namespace,destination_app"
HUBBLE = {
    "dns": ("query", L),
    "drop": (f"{L},traffic_direction",),
    "tcp": (L,),
    "flow": (L,),
    "icmp": (),
    "port-distribution": (),
    "policy": (L,),
    "flows-to-world": ("labelsContext=source_namespace,source_app",),
    "httpV2": (L,),
}
EVERYTHING = CiliumCluster(contexts=HUBBLE)


def full_cluster(release: Release = NEWEST, **changes: object) -> CiliumCluster:
    """The cluster with every feature on, and these changes."""
    return replace(EVERYTHING, release=release, **changes)  # type: ignore[arg-type]


def metrics(boards: Sequence[Board]) -> frozenset[str]:
    """The names of all series that the boards' queries, annotations and variables read."""
    exprs = [query.expr for board in boards for _, query in board.queries()]
    exprs += [mark.expr for board in boards for mark in board.annotations]
    named = {selector.metric for expr in exprs if expr for selector in promql.selectors(expr)}
    anchors = {
        variable.query.removeprefix("label_values(").split(",")[0].split("{")[0]
        for board in boards
        for variable in board.variables
        if variable.query.count(",")
    }
    return frozenset(name for name in named | anchors if name)


def history(cluster: CiliumCluster, only: frozenset[str], into: Path, end: float | None = None) -> tuple[float, float]:
    """Backfill a Prometheus data directory up to `end` (now); returns the Unix times of the last hour of history."""
    into.mkdir(parents=True, exist_ok=True)
    end = float(int(time.time()) // 60 * 60) if end is None else end
    backfill(generate(cluster, end=end, only=only), into, end=end, length=HISTORY, interval=cluster.interval)
    return end - 3600, end
