"""What a board costs Prometheus when it opens: samples and series, by Prometheus' own statistics.

The cost is exact without an hour of history: with a constant scrape interval each point of a graph reads as many
samples as the one before it, and `$__range` as many as it has seconds, so the difference in cost between a longer and a
shorter range is the cost of the seconds between them.
"""

import json
import re
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query, Variable
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster
from dashboards_py.panel_data.steps import milliseconds
from tests.live.cluster import BEFORE, END, metrics
from tests.live.panel_queries import enabled_annotations, interpolated, step
from tests.live.processes import prometheus
from tests.synthetic.backfill import backfill

HOUR = 3600
DAY = 86_400_000  # milliseconds
SHORT, LONG = 120, 240  # seconds that are actually queried; each step divides both
HISTORY = LONG + BEFORE
SERIES_OF_BLOCK = 250_000  # of large clusters, so that writing them takes little memory
CHOSEN = "shop"  # the value for variables with a single value, if it exists
# The first screen: Grafana queries panels whose top is in the window or up to 100 px below it (LazyLoader of
# @grafana/scenes 6.38); above the grid are 122 px of navigation, toolbar and variables. A grid row is 38 px high.
WINDOW, HEAD, MARGIN, GRID_ROW = 1000, 122, 100, 38
WHICH = ("first", "open", "all")


@dataclass(frozen=True, slots=True)
class Cost:
    """The samples that queries read and the series that they return."""

    samples: int = 0
    series: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.samples + other.samples, self.series + other.series)


@dataclass(frozen=True, slots=True)
class Opened:
    """A board's cost by panel: of the first screen, of the rows that are open when it opens, and of all rows.

    `refreshes` is how often a day Grafana queries again what is on the screen.
    """

    first: Mapping[str, Cost]
    open: Mapping[str, Cost]
    all: Mapping[str, Cost]
    refreshes: int = 0

    def samples(self, which: str) -> int:
        """The samples of the `first` screen, of the `open` rows or of `all`."""
        return sum(cost.samples for cost in getattr(self, which).values())

    @property
    def samples_a_day(self) -> int:
        """The samples that the board reads in a day if it is left open."""
        return self.samples("first") * (1 + self.refreshes)

    def series(self, which: str) -> int:
        """The number of series returned."""
        return sum(cost.series for cost in getattr(self, which).values())


@contextmanager
def prometheus_with(boards: Iterable[Board], synthetic: CiliumCluster) -> Iterator[str]:
    """A Prometheus with the series of a synthetic cluster that these boards read; yields its address."""
    with tempfile.TemporaryDirectory(prefix="cost-") as directory:
        data = Path(directory) / "data"
        write_series(list(boards), synthetic, data)
        with prometheus(data) as source:
            yield source


def write_series(boards: Sequence[Board], synthetic: CiliumCluster, data: Path) -> None:
    """The series that these boards read, in a new data directory of a Prometheus."""
    data.mkdir()
    for end, names in ((END, metrics(boards)), (END - HOUR, compared_with_an_hour_ago(boards))):
        series = generate(synthetic, end=end, only=names)
        while part := list(islice(series, SERIES_OF_BLOCK)):
            backfill(part, data, end=end, length=HISTORY, interval=synthetic.interval)


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
    below = {_name(panel) for panel in board.panels if panel.y * GRID_ROW >= WINDOW - HEAD + MARGIN}
    open_rows = {name: cost for name, cost in by_name.items() if name not in folded}
    first = {name: cost for name, cost in open_rows.items() if name not in below}
    return Opened(first, open_rows, by_name, _refreshes(board))


def _refreshes(board: Board) -> int:
    """How often a day the board refreshes by itself."""
    period = milliseconds(str(board.raw.get("refresh") or ""))
    return round(DAY / period) if period else 0


def _name(panel: Panel) -> str:
    return f"{panel.title} ({panel.id})" if panel.id is not None else panel.title


def _panel(source: str, panel: Panel, values: Mapping[str, str]) -> Cost:
    visible = [query for query in panel.queries if query.expr and not query.hidden]
    return sum((hour(source, panel, query, values) for query in visible), Cost())


def hour(source: str, panel: Panel, query: Query, values: Mapping[str, str]) -> Cost:
    """The cost of the panel's query over the hour, extrapolated from two shorter ranges.

    So is the cost of a window of an hour, of which there is no data.
    """
    query = replace(query, expr=query.expr.replace("[1h]", "[$__range]"))
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
            options = (
                [] if variable.hidden else _values(source, variable, values)
            )  # a hidden one is a text of the board
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
