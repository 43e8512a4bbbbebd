"""Boards stay cheap: samples by Prometheus' own count, against budgets and upstream's boards."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.board import Board, read
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.topology import conversation_ring
from dashboards_py.review.cost import CostModel
from tests.components import path_of, require
from tests.live.cluster import END, full_cluster, history, metrics
from tests.live.cost import (
    BUDGETED,
    BUDGETS,
    GOALS,
    SHARES,
    SIZES,
    Boards,
    Costs,
    boards_compared,
    cluster_of,
    measure,
    over_goals,
    over_recorded_goals,
    shares,
    table,
    whole,
    wide,
)
from tests.live.opened import HOUR, chosen, hour, opened, prometheus_with, range_cost
from tests.live.panel_queries import FORECAST, Series, enabled_annotations, instant_query, interpolated, step
from tests.live.processes import prometheus
from tests.live.recorded_cost import recorded_boards
from tests.live.recording import over_raw_series, prometheus_with_rules, recordings

FEW = 5  # nodes
SPAN = 600.0  # seconds of a time range
RANKING = re.compile(r"(top|bottom)k")
TWO_NODES = full_cluster(nodes=2, clusters=("east",))
WRITE = "if it is worth it: .venv/bin/python -m tests.live.cost 50 --write"


@pytest.fixture(scope="module")
def compared() -> Boards:
    """Our boards, and upstream's whose panels they answer."""
    require("prometheus", "promtool")
    return boards_compared(compile_boards(), str(path_of("upstream-boards")))


@pytest.fixture(scope="module")
def measured(compared: Boards) -> Costs:
    """All boards on a cluster of 50 nodes."""
    return measure(compared, BUDGETED)


def test_no_board_is_over_its_budget(measured: Costs, compared: Boards, report: Callable[[str], None]) -> None:
    """Counts are exact: a higher one is a more expensive query; with a much lower one the budget guards nothing."""
    report("\n".join(table(measured, compared, BUDGETED)))
    stored: dict[str, dict[str, int]] = json.loads(BUDGETS.read_text(encoding="utf-8"))
    assert stored.keys() == measured.own.keys(), WRITE
    for uid, own_cost in measured.own.items():
        for which, budget in stored[uid].items():
            assert budget * 0.9 < own_cost.samples(which) <= budget, f"{uid}, {which}; {WRITE}"


def test_the_estimate_of_reviews_is_what_prometheus_counts(measured: Costs) -> None:
    """That of `diff`, for each board of ours on the same cluster; variables and annotations cost it nothing."""
    model = CostModel(cluster_of(BUDGETED))
    for compiled in compile_boards():
        if counted := measured.own.get(compiled.uid):
            board = read(compiled.json)
            for estimate, which in ((model.opened(board), "open"), (model.samples(board.panels, board), "all")):
                assert 0.6 < estimate / counted.samples(which) < 1.1, f"{compiled.uid}, {which}"


@pytest.mark.fault("boards that answer some of upstream's panels are left out of the comparison of costs")
def test_far_cheaper_than_upstream(measured: Costs, compared: Boards) -> None:
    """All boards that answer one of upstream's read at most the goal's share of the samples of all of upstream's."""
    everything = whole(compared)
    assert everything.upstream == compared.upstream.keys()
    assert {"cilium-policy", "cilium-capacity"} < everything.own  # answer panels of a board that another one replaces
    assert all(cost.samples("all") for cost in (*measured.own.values(), *measured.upstream.values()))
    assert over_goals(measured, compared) == []


def stored_shares() -> dict[str, dict[str, Any]]:
    """README's shares without and with recorded series, on the cluster of the budgets."""
    stored: dict[str, dict[str, Any]] = json.loads(SHARES.read_text(encoding="utf-8"))[str(BUDGETED)]
    return stored


@pytest.mark.fault("README's numbers of what boards cost are not those that are measured")
def test_the_shares_of_readme_are_measured(measured: Costs, compared: Boards) -> None:
    """docs/cost.json, of which `make generate` writes README's sentences, is within the tenth that budgets allow."""
    stored = stored_shares()["raw"]
    now = shares(measured, compared)
    assert stored.keys() == now.keys(), WRITE
    for area, by_way in stored.items():
        assert by_way == pytest.approx(now[area], rel=0.1), WRITE


def test_readme_promises_no_more_than_the_goals() -> None:
    """On each size that was measured, without and with recorded series, and the largest is 500 nodes."""
    by_size = {int(nodes): numbers for nodes, numbers in json.loads(SHARES.read_text(encoding="utf-8")).items()}
    for nodes, numbers in by_size.items():
        *_, everything = numbers["raw"].values()
        assert nodes < BUDGETED or all(everything[which] <= goal for which, goal in GOALS.items()), nodes
    assert over_recorded_goals({nodes: numbers["recorded"] for nodes, numbers in by_size.items()}) == []
    assert {*by_size} == {*SIZES}


@pytest.mark.fault("panels that are not on the screen count as read when a board opens")
def test_the_first_screen_is_a_part_of_the_open_rows(measured: Costs) -> None:
    """It has whole panels of the open rows, in ours and upstream's, and of a long board not all."""
    all_costs = [*measured.own.values(), *measured.upstream.values()]
    assert all(cost.first.items() <= cost.open.items() <= cost.all.items() for cost in all_costs)
    assert any(len(cost.first) < len(cost.open) < len(cost.all) for cost in measured.own.values())
    assert measured.upstream[21431].samples("first") < 0.1 * measured.upstream[21431].samples("open")


def test_no_panel_has_too_many_series_to_distinguish(measured: Costs, compared: Boards) -> None:
    """On any number of nodes: few on 50, and not one more for each added node."""
    assert wide(measured) == []
    few = measure(Boards(compared.own, {}, ()), FEW)
    for uid, own_cost in measured.own.items():
        for panel, cost in own_cost.all.items():
            fewer = few.own[uid].all[panel].series
            assert cost.series - fewer < BUDGETED - FEW, (
                f"{uid} / {panel}: {fewer} on {FEW}, {cost.series} on {BUDGETED}"
            )


def test_many_workloads_leave_panels_readable(compared: Boards) -> None:
    """With sixty workloads that call one another, no table or graph has more series than a reader can use."""
    boards = Boards(compared.own, {}, ())
    few, many = (measure(boards, 1, conversations=conversation_ring(*size)) for size in ((2, 5), (6, 10)))
    assert wide(many) == []
    grown = [uid for uid in few.own if many.own[uid].samples("all") > 2 * few.own[uid].samples("all")]
    assert {"hubble-dns", "hubble-overview"} <= {*grown}  # the workloads are in the data


@pytest.fixture(scope="module")
def hour_of_data(compared: Boards, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with an hour of two nodes, for all boards."""
    data = tmp_path_factory.mktemp("hour") / "data"
    boards = [*compared.own.values(), *compared.upstream.values()]
    history(TWO_NODES, metrics(boards), data, end=END)
    return data


def test_an_hour_costs_what_readme_says(compared: Boards, hour_of_data: Path) -> None:
    """The extrapolated cost of an hour is the cost of a real hour, for each query and annotation but forecasts.

    Our queries return as many series for an hour as for the short ranges, unless they leave out values below a limit;
    some of upstream's, with `topk`, return more.
    """
    own_boards = list(compared.own.values())
    boards = [*own_boards, *compared.upstream.values()]
    with prometheus_with(boards, TWO_NODES) as short, prometheus(hour_of_data) as long:
        for board in boards:
            values = chosen(short, board)
            assert values == chosen(long, board)
            for panel in (*board.panels, *enabled_annotations(board)):
                for query in (query for query in panel.queries if query.expr and not query.hidden):
                    if FORECAST in query.expr:  # neither history is as long
                        continue
                    cost = hour(short, panel, query, values)
                    real = range_cost(long, query, values, step(panel, (END - HOUR, END)), HOUR)
                    message = f"{board.uid or board.title} / {panel.title}: {query.expr}"
                    assert cost.samples == real.samples, message
                    is_filtered = re.search(r" [<>]=? ", query.expr) is not None
                    assert (
                        cost.series == real.series
                        or is_filtered
                        or (board not in own_boards and cost.series < real.series)
                    ), message


@pytest.mark.fault("boards that read recorded series show other numbers than those that read raw ones")
def test_recorded_series_have_the_values_of_raw_ones(compared: Boards, hour_of_data: Path) -> None:
    """Each panel, at the moment of an evaluation, has the same values, for all nodes and for one that a reader chose.

    Opening them reads about as much as on 50 nodes.
    An increase over the time range is a sum of rates over two minutes, and differs by what changes at its two ends.
    """
    rules, boards = recordings(), recorded_boards()
    assert boards.keys() == compared.own.keys()
    with prometheus_with_rules(hour_of_data, rules, [(END - HOUR, END - HOUR), (END - SPAN, END)]) as source:
        raw = over_raw_series(rules)
        for rule in rules:
            if raw[rule.record] != rule.expr:
                ranked = RANKING.search(rule.expr) is not None
                exprs = (rule.expr, f"max without (all_nodes) ({rule.record})")
                now, recorded = (_values(instant_query(source, expr, END), ranked=ranked) for expr in exprs)
                assert now == pytest.approx(recorded), rule
        samples = 0
        for uid, board in compared.own.items():
            everything = chosen(source, board)
            one_node = {**everything, "node": "node-2"}
            samples += opened(source, boards[uid]).samples("open")
            for values in (everything, one_node) if "node" in everything else (everything,):
                for message, before, after, tolerance in _compared(source, board, boards[uid], values):
                    assert after == pytest.approx(before, rel=tolerance), message
    on_fifty_nodes = stored_shares()["recorded"]["samples"]
    assert on_fifty_nodes / 1.5 < samples <= on_fifty_nodes, WRITE


def _compared(
    source: str, raw: Board, recorded: Board, values: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, float], dict[str, float], float]]:
    """The results of each query and of the one that reads recorded series, and by how much they may differ."""
    panels = zip(
        (*raw.panels, *enabled_annotations(raw)), (*recorded.panels, *enabled_annotations(recorded)), strict=True
    )
    for panel, other in panels:
        for query, other_query in zip(panel.queries, other.queries, strict=True):
            if query.expr and not query.hidden and FORECAST not in query.expr:
                exprs = (
                    interpolated(expr, values, seconds=30, hour=(END - SPAN, END))
                    for expr in (query.expr, other_query.expr)
                )
                ranked = RANKING.search(query.expr) is not None
                before, after = (_values(instant_query(source, expr, END), ranked=ranked) for expr in exprs)
                chosen_nodes = values.get("node", ".*") != ".*" and "all_nodes" in other_query.expr
                tolerance = 0.05 if "$__range" in query.expr and not chosen_nodes else 1e-9
                yield f"{raw.uid} / {panel.title}: {query.expr}", before, after, tolerance


def _values(series: Iterable[Series], *, ranked: bool) -> dict[str, float]:
    """The values by labels, those of a ranking by rank: it chooses among equal values."""
    if not ranked:
        return {str(one.labels): one.values[0][1] for one in series}
    return {str(rank): value for rank, value in enumerate(sorted(one.values[0][1] for one in series))}
