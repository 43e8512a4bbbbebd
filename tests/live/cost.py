"""What boards cost Prometheus when they open: samples and series by its statistics, ours compared with upstream's.

`python -m tests.live.cost [NODES ...]` prints its part of `make bench`; `--write` stores the samples at 50 nodes as the
budgets that CI checks, and the shares for README. All boards are measured over the same hour: it is the default range
of ours, while upstream's have half an hour or six hours. Annotations count as part of the open rows; variables query
labels, which reads no samples.

The cost is exact without an hour of history: with a constant scrape interval each point of a graph reads as many
samples as the one before it, and `$__range` as many as it has seconds, so the difference in cost between a longer and a
shorter range is the cost of the seconds between them.
"""

import json
import os
import re
import shutil
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query, Variable, read
from dashboards_py.compile import compile_boards
from dashboards_py.compiled import Compiled
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster
from dashboards_py.upstream import originals
from tests.live.cluster import BEFORE, END, full_cluster, metrics
from tests.live.panel_queries import enabled_annotations, interpolated, step
from tests.live.processes import prometheus
from tests.synthetic.backfill import backfill

BUDGETS = Path(__file__).with_name("cost_budgets.json")  # samples by board, of the open rows and of all, at 50 nodes
SHARES = Path(__file__).parents[2] / "docs" / "cost.json"  # of upstream's samples, at 50 nodes: README has them
SIZES = (5, 50, 500)
BUDGETED = 50  # nodes
OPEN_GOAL, ALL_GOAL = 0.05, 0.16  # share of upstream's samples, over the boards that replace upstream's
MAX_SERIES = 50  # of a panel, whatever the number of nodes
HOUR = 3600
SHORT, LONG = 120, 240  # seconds that are actually queried; each step divides both
HISTORY = LONG + BEFORE
CHOSEN = "shop"  # the value for variables with a single value, if it exists


@dataclass(frozen=True, slots=True)
class Cost:
    """The samples that queries read and the series that they return."""

    samples: int = 0
    series: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.samples + other.samples, self.series + other.series)


@dataclass(frozen=True, slots=True)
class Opened:
    """A board's cost by panel, of the rows that are open when it opens and of all rows."""

    open: Mapping[str, Cost]
    all: Mapping[str, Cost]

    def samples(self, which: str) -> int:
        """The samples of the `open` rows or of `all`."""
        return sum(cost.samples for cost in getattr(self, which).values())

    def series(self, which: str) -> int:
        """The number of series returned."""
        return sum(cost.series for cost in getattr(self, which).values())


@contextmanager
def prometheus_with(boards: Iterable[Board], synthetic: CiliumCluster) -> Iterator[str]:
    """A Prometheus with the series of a synthetic cluster that these boards read; yields its address."""
    boards = list(boards)
    with tempfile.TemporaryDirectory(prefix="cost-") as directory:
        data = Path(directory) / "data"
        data.mkdir()
        series = generate(synthetic, end=END, only=metrics(list(boards)))
        backfill(series, data, end=END, length=HISTORY, interval=synthetic.interval)
        earlier = generate(synthetic, end=END - HOUR, only=compared_with_an_hour_ago(boards))
        backfill(earlier, data, end=END - HOUR, length=HISTORY, interval=synthetic.interval)
        with prometheus(data) as source:
            yield source


def compared_with_an_hour_ago(boards: Iterable[Board]) -> frozenset[str]:
    """The series that queries with `offset 1h` read."""
    exprs = {query.expr for board in boards for _, query in board.queries() if "offset 1h" in query.expr}
    return frozenset(selector.metric for expr in exprs for selector in promql.selectors(expr) if selector.metric)


def opened(source: str, board: Board) -> Opened:
    """The cost of the board over the hour before `END`."""
    values = chosen(source, board)
    panels = (*enabled_annotations(board), *board.panels)
    with ThreadPoolExecutor(2) as pool:
        costs = list(pool.map(lambda panel: _panel(source, panel, values), panels))
    by_name = {_name(panel): cost for panel, cost in zip(panels, costs, strict=True)}
    folded = {_name(panel) for row in board.rows if row.collapsed for panel in row.panels}
    return Opened({name: cost for name, cost in by_name.items() if name not in folded}, by_name)


def _name(panel: Panel) -> str:
    return f"{panel.title} ({panel.id})" if panel.id is not None else panel.title


def _panel(source: str, panel: Panel, values: Mapping[str, str]) -> Cost:
    visible = [query for query in panel.queries if query.expr and not query.hidden]
    return sum((hour(source, panel, query, values) for query in visible), Cost())


def hour(source: str, panel: Panel, query: Query, values: Mapping[str, str]) -> Cost:
    """The cost of the panel's query over the hour, extrapolated from two shorter ranges."""
    seconds = step(panel, (END - HOUR, END))
    short, long = (range_cost(source, query, values, seconds, length) for length in (SHORT, LONG))
    more = (long.samples - short.samples) * (HOUR - LONG)
    if more % (LONG - SHORT) or LONG % seconds or SHORT % seconds:
        raise AssertionError(f"{panel.title}: its cost does not grow evenly with time: {query.expr}")
    return Cost(long.samples + more // (LONG - SHORT), long.series)


def range_cost(source: str, query: Query, values: Mapping[str, str], seconds: int, length: int) -> Cost:
    """The cost of a query over a time range up to `END`, with a point every `seconds` seconds."""
    expr = interpolated(query.expr, values, seconds=seconds, hour=(END - length, END))
    if query.instant:
        return query_cost(source, "query", query=expr, time=END)
    return query_cost(source, "query_range", query=expr, start=END - length, end=END, step=seconds)


def chosen(source: str, board: Board) -> dict[str, str]:
    """The values of the board's variables when it opens on this cluster: All, or the first value."""
    values: dict[str, str] = {}
    for variable in board.variables:
        if variable.type == "custom":
            values[variable.name] = variable.query.split(",")[0]
        elif variable.include_all:
            values[variable.name] = variable.all_value or ".+"
        elif variable.type == "query":
            is_list = variable.query.startswith("label_values(")  # any other is a text that the board shows
            options = _values(source, variable, values) if is_list else []
            values[variable.name] = CHOSEN if CHOSEN in options else next(iter(options), "")
    return values


def _values(source: str, variable: Variable, chosen_before: Mapping[str, str]) -> list[str]:
    if variable.query.startswith("query_result("):
        return _results(source, variable, chosen_before)
    selector, _, label = variable.query.removeprefix("label_values(").removesuffix(")").rpartition(",")
    match = interpolated(selector, chosen_before, seconds=30, hour=(END - HOUR, END))
    parameters = urllib.parse.urlencode({"start": END - HISTORY, "end": END, **({"match[]": match} if match else {})})
    with urllib.request.urlopen(f"{source}/api/v1/label/{label.strip()}/values?{parameters}", timeout=60) as answer:
        values: list[str] = json.load(answer)["data"]
    return values


def _results(source: str, variable: Variable, chosen_before: Mapping[str, str]) -> list[str]:
    """What the variable's regular expression finds in the elements of its query's result."""
    query = variable.query.removeprefix("query_result(").removesuffix(")")
    expr = interpolated(query, chosen_before, seconds=30, hour=(END - HOUR, END))
    data = urllib.parse.urlencode({"query": expr, "time": END}).encode()
    with urllib.request.urlopen(f"{source}/api/v1/query", data, timeout=60) as answer:
        elements = [element["metric"] for element in json.load(answer)["data"]["result"]]
    texts = ("{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}" for labels in elements)
    return [match[1] for text in texts if (match := re.search(variable.regex.strip("/"), text))]


def query_cost(source: str, what: str, **params: object) -> Cost:
    data = urllib.parse.urlencode({**params, "stats": "all"}).encode()
    with urllib.request.urlopen(f"{source}/api/v1/{what}", data, timeout=600) as answer:
        statistics = json.load(answer)["data"]
    series = len(statistics["result"]) if statistics["resultType"] in ("vector", "matrix") else 1
    return Cost(statistics["stats"]["samples"]["totalQueryableSamples"], series)


def share(own_samples: int, upstream_samples: int) -> str:
    """Our samples as a percentage of upstream's."""
    return f"{own_samples / upstream_samples:.1%}" if upstream_samples else "-"


def pairs(boards: Iterable[Compiled], directory: str | None) -> list[tuple[Board, Board | None]]:
    """Each of our boards with the upstream board that it replaces, if that is in the directory."""
    upstream = originals([Path(directory)]) if directory else {}
    return [
        (read(board.json), next((upstream[number].board for number in board.replaces if number in upstream), None))
        for board in boards
    ]


def measure(
    board_pairs: list[tuple[Board, Board | None]], nodes: int, **changes: Any
) -> dict[str, tuple[Opened, Opened | None]]:
    """The cost of each pair of boards on a cluster of that many nodes; large clusters are built a pair at a time.

    `changes` apply to the cluster with every feature on.
    """
    costs = {}
    for group in ([pair] for pair in board_pairs) if nodes > BUDGETED else (board_pairs,):
        synthetic = full_cluster(nodes=nodes, clusters=("east",), **changes)
        with prometheus_with([member for pair in group for member in pair if member], synthetic) as source:
            for board, upstream_board in group:
                costs[board.uid] = (opened(source, board), opened(source, upstream_board) if upstream_board else None)
    return costs


def total(costs: Mapping[str, tuple[Opened, Opened | None]], which: str) -> tuple[int, int]:
    """The samples of ours and of upstream's, summed over the boards that replace one of upstream's."""
    return _sums(costs, lambda opened: opened.samples(which))


def _sums(costs: Mapping[str, tuple[Opened, Opened | None]], number: Callable[[Opened], int]) -> tuple[int, int]:
    both = [(own_cost, upstream_cost) for own_cost, upstream_cost in costs.values() if upstream_cost]
    return sum(number(own_cost) for own_cost, _ in both), sum(number(upstream_cost) for _, upstream_cost in both)


def wide(costs: Mapping[str, tuple[Opened, Opened | None]]) -> list[str]:
    """Our panels with more series than a reader can distinguish."""
    return [
        f"{uid}: {panel}: {cost.series} series"
        for uid, (own_cost, _) in costs.items()
        for panel, cost in own_cost.all.items()
        if cost.series > MAX_SERIES
    ]


# The columns of a table of boards: heading, width of a number, and the number.
COLUMNS: tuple[tuple[str, int, Callable[[Opened], int]], ...] = (
    ("samples, open rows", 13, lambda opened: opened.samples("open")),
    ("samples, all rows", 13, lambda opened: opened.samples("all")),
    ("series, open", 8, lambda opened: opened.series("open")),
    ("series, all", 8, lambda opened: opened.series("all")),
)


def table(costs: Mapping[str, tuple[Opened, Opened | None]], nodes: int) -> Iterator[str]:
    """One line per board, and a total of those that replace one of upstream's; then the most expensive panels."""
    heads = (f"{heading:>{wide + 5}} {'upstream':>{wide}}  ratio" for heading, wide, _ in COLUMNS)
    yield f"{f'{nodes} nodes':24}" + "".join(heads)
    rows = {
        uid: [(number(own_cost), number(upstream_cost) if upstream_cost else 0) for _, _, number in COLUMNS]
        for uid, (own_cost, upstream_cost) in costs.items()
    }
    for uid, columns in {**rows, "replacing upstream's": [_sums(costs, number) for _, _, number in COLUMNS]}.items():
        yield f"  {uid:22}" + "".join(
            f"{own_samples:{wide + 5},} {upstream_samples:{wide},} {share(own_samples, upstream_samples):>6}"
            for (own_samples, upstream_samples), (_, wide, _) in zip(columns, COLUMNS, strict=True)
        )
    panels = [(cost, uid, panel) for uid, (own_cost, _) in costs.items() for panel, cost in own_cost.all.items()]
    yield "  most expensive: " + "; ".join(
        f"{uid} / {panel} {cost.samples:,}"
        for cost, uid, panel in sorted(panels, key=lambda ranked: -ranked[0].samples)[:5]
    )


def budgets(costs: Mapping[str, tuple[Opened, Opened | None]]) -> dict[str, dict[str, int]]:
    """The budgets from a measurement: samples by board."""
    return {uid: {which: own_cost.samples(which) for which in ("open", "all")} for uid, (own_cost, _) in costs.items()}


def shares(costs: Mapping[str, tuple[Opened, Opened | None]]) -> dict[str, float]:
    """Our samples as a share of upstream's, over the boards that replace one, to a thousandth."""
    totals = {which: total(costs, which) for which in ("open", "all")}
    return {which: round(own_total / upstream_total, 3) for which, (own_total, upstream_total) in totals.items()}


def main(arguments: list[str]) -> int:
    """Print a table for each size, and growth; 1 if a goal for 50 nodes or more is missed."""
    if not shutil.which("prometheus") or not shutil.which("promtool"):
        print("What boards cost Prometheus is not measured: prometheus and promtool are not on PATH")
        return 0
    sizes = [int(argument) for argument in arguments if argument.isdigit()] or list(SIZES)
    upstream = os.environ.get("UPSTREAM_BOARDS")
    if not upstream:
        print("UPSTREAM_BOARDS is not set: Cilium's own boards are not measured with ours")
    board_pairs = pairs(compile_boards(), upstream)
    measured, missed = {}, []
    for nodes in sizes:
        measured[nodes] = costs = measure(board_pairs, nodes)
        print(*table(costs, nodes), sep="\n", flush=True)
        for which, goal in (("open", OPEN_GOAL), ("all", ALL_GOAL)):
            own_total, upstream_total = total(costs, which)
            missed += (
                [f"{nodes} nodes, {which} rows: {share(own_total, upstream_total)}"]
                if nodes > 5 and own_total > goal * upstream_total
                else []
            )
        missed += wide(costs)
        if nodes == BUDGETED and "--write" in arguments:
            BUDGETS.write_text(json.dumps(budgets(costs), indent=2) + "\n", encoding="utf-8")
            if upstream:
                SHARES.write_text(json.dumps(shares(costs), indent=2) + "\n", encoding="utf-8")
    for which in ("open", "all"):
        grown = "  ".join(f"{nodes} nodes {total(costs, which)[0]:,}" for nodes, costs in measured.items())
        print(f"growth, {which} rows: {grown}")
    print(*(f"OVER: {message}" for message in missed), sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
