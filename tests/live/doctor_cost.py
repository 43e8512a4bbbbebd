"""What doctor costs: its time and the samples that it reads on many nodes, next to opening the agent board once.

`python -m tests.live.doctor_cost [NODES]` prints its part of `make bench`, and exits 1 if it is over its goals.
"""

import json
import os
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.board import read
from dashboards_py.catalog import Release
from dashboards_py.compile import compile_boards
from dashboards_py.doctor import BoardToExamine, Client, Report, examine
from dashboards_py.prometheus import over_http
from tests.live.cluster import END, full_cluster
from tests.live.cost import BUDGETED, BUDGETS
from tests.live.opened import prometheus_with

SECONDS = 10.0  # that all boards may take


@dataclass(frozen=True)
class DoctorCost:
    """The seconds and requests of a run, and the samples that its queries read by Prometheus' own count."""

    seconds: float
    requests: int
    samples: int
    report: Report


def measure_doctor(source: str) -> DoctorCost:
    """Examine all boards at the end of a history, and count."""
    queries: list[Mapping[str, str]] = []
    ask_prometheus = over_http(source)

    def ask(path: str, params: Mapping[str, str]) -> Any:
        if params.get("query") == "time()":  # the history ended long ago
            return {"resultType": "scalar", "result": [END, str(END)]}
        if path == "query":
            queries.append(params)
        return ask_prometheus(path, params)

    def boards(_: Release) -> list[BoardToExamine]:
        return [BoardToExamine(read(board.json)) for board in compile_boards()]

    client, begin = Client(ask), time.perf_counter()
    report = examine(client, boards, local_time=END)
    took = time.perf_counter() - begin
    return DoctorCost(took, client.requests, sum(samples_of(source, params) for params in queries), report)


def samples_of(source: str, params: Mapping[str, str]) -> int:
    """The samples that a query reads."""
    data = urllib.parse.urlencode({**params, "stats": "all"}).encode()
    with urllib.request.urlopen(f"{source}/api/v1/query", data, timeout=60) as answer:
        return int(json.load(answer)["data"]["stats"]["samples"]["totalQueryableSamples"])


def agent_board() -> int:
    """The samples that opening the agent board reads, with the rows that are open then, at BUDGETED nodes."""
    return int(json.loads(BUDGETS.read_text(encoding="utf-8"))["cilium-agent"]["open"])


def missed(cost: DoctorCost) -> list[str]:
    """The goals that it misses, as sentences."""
    goals = {f"took {cost.seconds:.1f} s": cost.seconds <= SECONDS}
    compared = f"read {cost.samples:,} samples, the open rows of the agent board {agent_board():,}"
    goals[compared] = cost.samples < agent_board()
    return [text for text, is_met in goals.items() if not is_met]


def main(nodes: int) -> int:
    """Print one line; 1 if a goal is missed."""
    boards = [read(board.json) for board in compile_boards()]
    with prometheus_with(boards, full_cluster(nodes=nodes)) as source:
        cost = measure_doctor(source)
    print(
        f"doctor, all boards on {nodes} nodes: {cost.seconds:.1f} s, {cost.requests} requests, "
        f"{cost.samples:,} samples, on {os.cpu_count()} cores with a load of {os.getloadavg()[0]:.1f}; "
        f"the open rows of the agent board: {agent_board():,}"
    )
    print(*(f"OVER: {message}" for message in missed(cost)), sep="\n")
    return 1 if missed(cost) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else BUDGETED))
