"""What our boards cost Prometheus when they open, compared with upstream's whose panels they answer.

`python -m tests.live.cost [NODES ...]` prints its part of `make bench`; `--write` stores the samples at 50 nodes as the
budgets that CI checks, and the shares of each size for README. Counted are all of our boards that hold a panel which
answers one of upstream's (`upstream --panels`), in whole, by area, three ways: what Grafana queries for the first
screen, all open rows, every row.
"""

import itertools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboards_py.board import Board, read
from dashboards_py.compile import compile_boards
from dashboards_py.compiled import Compiled
from dashboards_py.demo.cluster.topology import CONVERSATIONS, CiliumCluster, Conversation
from dashboards_py.upstream.answers import answers, facts
from dashboards_py.upstream.available import originals
from tests.live.cluster import full_cluster
from tests.live.opened import WHICH, Opened, opened, prometheus_with, write_series
from tests.live.processes import prometheus
from tests.live.recorded_cost import RecordedCosts, measure_recorded

BUDGETS = Path(__file__).with_name(
    "cost_budgets.json"
)  # samples by board, first screen, open rows and all, at 50 nodes
SHARES = Path(__file__).parents[2] / "docs" / "cost.json"  # of upstream's samples, by number of nodes, for README
SIZES = (5, 50, 500)
BUDGETED = 50  # nodes
GOALS = {"first": 0.1, "open": 0.04, "all": 0.15}  # shares of upstream's samples, over all areas
RECORDED_GOAL = 0.01  # the same of open rows, with recorded series
MAX_GROWTH = 1.5  # of samples with recorded series, from 50 nodes to 500
MAX_SERIES = 50  # of a panel, whatever the number of nodes
# Blocks of a large cluster overlap, and stay as they are while queries run; those of upstream take long.
QUERIES = (
    "--no-storage.tsdb.allow-overlapping-compaction",
    "--query.timeout=10m",
    "--query.max-samples=500000000",
)
# Between two namespaces usually more than one workload talks.
TRAFFIC = (
    *CONVERSATIONS,
    Conversation("shop", "basket", "payments", "api"),
    Conversation("shop", "search", "kube-system", "coredns"),
    Conversation("monitoring", "grafana", "shop", "frontend"),
)


@dataclass(frozen=True, slots=True)
class Area:
    """Boards of upstream's, by ID, and those of ours that hold a panel which answers one of theirs, by uid."""

    name: str
    upstream: frozenset[int]
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Boards:
    """The boards that are compared: ours by uid, upstream's by ID, and their areas."""

    own: Mapping[str, Board]
    upstream: Mapping[int, Board]
    areas: tuple[Area, ...]

    @property
    def all(self) -> tuple[Board, ...]:
        """Ours, then upstream's."""
        return (*self.own.values(), *self.upstream.values())


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of boards on one cluster: ours by uid, upstream's by ID."""

    own: Mapping[str, Opened]
    upstream: Mapping[int, Opened]

    def total(self, area: Area, number: Callable[[Opened], int]) -> tuple[int, int]:
        """A number of ours and of upstream's, summed over the area."""
        return (
            sum(number(self.own[uid]) for uid in area.own),
            sum(number(self.upstream[board_id]) for board_id in area.upstream),
        )


def boards_compared(boards: Sequence[Compiled], directory: str | None) -> Boards:
    """Our boards and upstream's in the directory. An area is a folder of ours: its boards, and what they replace."""
    own = {board.uid: read(board.json) for board in boards}
    available = originals([Path(directory)]) if directory else {}
    replaced = {board_id: board for board in boards for board_id in board.replaces if board_id in available}
    candidates = facts(list(own.values()))
    holders = {
        board_id: {
            answer.panels[0].uid for answer in answers(available[board_id], candidates, board.uid) if answer.panels
        }
        for board_id, board in replaced.items()
    }
    areas = (_area(folder, replaced, holders) for folder in dict.fromkeys(board.folder for board in replaced.values()))
    return Boards(own, {board_id: available[board_id].board for board_id in replaced}, tuple(areas))


def _area(folder: str, replaced: Mapping[int, Compiled], holders: Mapping[int, set[str]]) -> Area:
    ids = frozenset(board_id for board_id, board in replaced.items() if board.folder == folder)
    return Area(folder, ids, frozenset(uid for board_id in ids for uid in holders[board_id]))


def whole(boards: Boards) -> Area:
    """All areas in one; a board that stands in two of them is counted once."""
    return Area(
        "all areas",
        frozenset().union(*(area.upstream for area in boards.areas)),
        frozenset().union(*(area.own for area in boards.areas)),
    )


def cluster_of(nodes: int, **changes: Any) -> CiliumCluster:
    """The cluster that costs are measured on."""
    return full_cluster(nodes=nodes, clusters=("east",), **{"conversations": TRAFFIC, **changes})


def measure(boards: Boards, nodes: int, **changes: Any) -> Costs:
    """The cost of each board on a cluster of that many nodes.

    `changes` apply to the cluster with every feature on.
    """
    with prometheus_with(boards.all, cluster_of(nodes, **changes)) as source:
        return _costs(source, boards)


def measure_both(boards: Boards, nodes: int) -> tuple[Costs, RecordedCosts]:
    """The costs without and with recorded series, on the same data."""
    with tempfile.TemporaryDirectory(prefix="cost-") as directory:
        data = Path(directory) / "data"
        write_series(boards.all, cluster_of(nodes), data)
        with prometheus(data, options=QUERIES) as source:
            costs = _costs(source, boards)
        return costs, measure_recorded(data, QUERIES)


def _costs(source: str, boards: Boards) -> Costs:
    return Costs(
        {uid: opened(source, board) for uid, board in boards.own.items()},
        {board_id: opened(source, board) for board_id, board in boards.upstream.items()},
    )


def share(own_samples: int, upstream_samples: int) -> str:
    """Our samples as a percentage of upstream's."""
    return f"{own_samples / upstream_samples:.1%}" if upstream_samples else "-"


def wide(costs: Costs) -> list[str]:
    """Our panels with more series than a reader can distinguish."""
    return [
        f"{uid}: {panel}: {cost.series} series"
        for uid, own_cost in costs.own.items()
        for panel, cost in own_cost.all.items()
        if cost.series > MAX_SERIES
    ]


# The columns of the table: heading, width of a number, and the number.
COLUMNS: tuple[tuple[str, int, Callable[[Opened], int]], ...] = (
    ("samples, first screen", 13, lambda opened: opened.samples("first")),
    ("samples, open rows", 13, lambda opened: opened.samples("open")),
    ("samples, all rows", 13, lambda opened: opened.samples("all")),
    ("samples a day, left open", 16, lambda opened: opened.samples_a_day),
    ("series, all", 8, lambda opened: opened.series("all")),
)


def table(costs: Costs, boards: Boards, nodes: int) -> Iterator[str]:
    """One line per board of ours and of upstream's, one per area with shares; then the most expensive panels."""
    yield f"{f'{nodes} nodes':26}" + "".join(
        f"{heading:>{max(width, len(heading)) + 3}}" for heading, width, _ in COLUMNS
    )
    for name, cost in (
        *costs.own.items(),
        *((f"upstream's {board_id}", cost) for board_id, cost in costs.upstream.items()),
    ):
        yield f"  {name:24}" + "".join(
            f"{number(cost):>{max(width, len(heading)) + 3},}" for heading, width, number in COLUMNS
        )
    for area in (*boards.areas, whole(boards)) if boards.areas else ():
        yield f"{area.name}: {', '.join(sorted(area.own))} of upstream's {', '.join(map(str, sorted(area.upstream)))}"
        yield f"  {'share':24}" + "".join(
            f"{share(*costs.total(area, number)):>{max(width, len(heading)) + 3}}" for heading, width, number in COLUMNS
        )
    panels = [(cost, uid, panel) for uid, own_cost in costs.own.items() for panel, cost in own_cost.all.items()]
    yield "  most expensive: " + "; ".join(
        f"{uid} / {panel} {cost.samples:,}"
        for cost, uid, panel in sorted(panels, key=lambda ranked: -ranked[0].samples)[:5]
    )


def budgets(costs: Costs) -> dict[str, dict[str, int]]:
    """The budgets from a measurement: samples by board."""
    return {uid: {which: own_cost.samples(which) for which in WHICH} for uid, own_cost in costs.own.items()}


def shares(costs: Costs, boards: Boards) -> dict[str, dict[str, float]]:
    """Our samples as a share of upstream's by area, to a thousandth."""
    return {
        area.name: {which: round(_share(costs, area, which), 3) for which in WHICH}
        for area in (*boards.areas, whole(boards))
    }


def recorded_shares(costs: Costs, recorded: RecordedCosts, boards: Boards) -> dict[str, float]:
    """Boards that read recorded series: their share of upstream's samples, samples, and those of the evaluation a day.

    `openings` is how often a day all boards must be opened, with their open rows, until the rules save samples;
    `screens` is the same in screens that show one of the boards all day.
    """
    area, screens = whole(boards), len(costs.own)
    opening = _opened_rows(costs.own) - _opened_rows(recorded.own)
    day = sum(opened.samples_a_day for opened in costs.own.values())
    day -= sum(opened.samples_a_day for opened in recorded.own.values())
    with_rules = Costs(recorded.own, costs.upstream)
    return {
        **{which: round(_share(with_rules, area, which), 5) for which in WHICH},
        "samples": _opened_rows(recorded.own),
        "evaluation": recorded.samples_a_day,
        "alerts": recorded.alerts_a_day,
        "openings": -(-recorded.samples_a_day // opening),
        "screens": -(-recorded.samples_a_day * screens // day),
    }


def recorded_table(costs: Costs, recorded: RecordedCosts, boards: Boards) -> Iterator[str]:
    """The costs with recorded series, a line for each board, and what the rules cost."""
    yield "with recorded series" + "".join(f"{which:>14}" for which in WHICH)
    for uid, cost in recorded.own.items():
        yield f"  {uid:18}" + "".join(f"{cost.samples(which):>14,}" for which in WHICH)
    if costs.upstream:
        yield f"  {recorded_shares(costs, recorded, boards)}"


def _opened_rows(own: Mapping[str, Opened]) -> int:
    return sum(opened.samples("open") for opened in own.values())


def _share(costs: Costs, area: Area, which: str) -> float:
    own_total, upstream_total = costs.total(area, lambda opened: opened.samples(which))
    return own_total / upstream_total


def over_goals(costs: Costs, boards: Boards) -> list[str]:
    """The goals that are missed."""
    area = whole(boards)
    return [
        f"{which}: {_share(costs, area, which):.1%}"
        for which, goal in GOALS.items()
        if _share(costs, area, which) > goal
    ]


def over_recorded_goals(by_size: Mapping[int, Mapping[str, float]]) -> list[str]:
    """The goals of boards with recorded series that are missed, by number of nodes."""
    missed = [
        f"{nodes} nodes, recorded: {numbers['open']:.1%}"
        for nodes, numbers in by_size.items()
        if numbers["open"] > RECORDED_GOAL
    ]
    large = [nodes for nodes in by_size if nodes >= BUDGETED]
    for few, many in itertools.pairwise(sorted(large)):
        grown = by_size[many]["samples"] / by_size[few]["samples"]
        missed += [f"{many} nodes, recorded: {grown:.1f} times {few} nodes"] if grown > MAX_GROWTH else []
    return missed


def main(arguments: list[str]) -> int:
    """Print a table for each size, and growth; 1 if a goal for 50 nodes or more is missed."""
    if not shutil.which("prometheus") or not shutil.which("promtool"):
        print("What boards cost Prometheus is not measured: prometheus and promtool are not on PATH")
        return 0
    sizes = [int(argument) for argument in arguments if argument.isdigit()] or list(SIZES)
    upstream = os.environ.get("UPSTREAM_BOARDS")
    if not upstream:
        print("UPSTREAM_BOARDS is not set: Cilium's own boards are not measured with ours")
    boards = boards_compared(compile_boards(), upstream)
    measured: dict[int, Costs] = {}
    recorded_by_size: dict[int, Mapping[str, float]] = {}
    missed = []
    for nodes in sizes:
        costs, recorded = measure_both(boards, nodes)
        measured[nodes] = costs
        print(*table(costs, boards, nodes), *recorded_table(costs, recorded, boards), sep="\n", flush=True)
        missed += wide(costs)
        if nodes == BUDGETED and "--write" in arguments:
            _write(BUDGETS, budgets(costs))
        if upstream:
            missed += [f"{nodes} nodes, {goal}" for goal in over_goals(costs, boards) if nodes >= BUDGETED]
            recorded_by_size[nodes] = recorded_shares(costs, recorded, boards)
            if "--write" in arguments:
                stored = json.loads(SHARES.read_text(encoding="utf-8")) if SHARES.exists() else {}
                stored[str(nodes)] = {"raw": shares(costs, boards), "recorded": recorded_by_size[nodes]}
                _write(SHARES, dict(sorted(stored.items(), key=lambda item: int(item[0]))))
    missed += over_recorded_goals({nodes: recorded_by_size[nodes] for nodes in recorded_by_size if nodes >= BUDGETED})
    for which in WHICH:
        grown = "  ".join(f"{nodes} nodes {_grown(costs, which):,}" for nodes, costs in measured.items())
        print(f"growth, {which}: {grown}")
    print(*(f"OVER: {message}" for message in missed), sep="\n")
    return 1 if missed else 0


def _grown(costs: Costs, which: str) -> int:
    return sum(own_cost.samples(which) for own_cost in costs.own.values())


def _write(path: Path, numbers: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
