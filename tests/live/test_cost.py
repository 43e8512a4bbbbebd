"""Boards stay cheap: samples by Prometheus' own count, against budgets and upstream's boards."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.topology import conversation_ring
from tests.components import path_of, require
from tests.live.cluster import END, full_cluster, history, metrics
from tests.live.cost import (
    BUDGETED,
    BUDGETS,
    SHARES,
    Boards,
    Costs,
    boards_compared,
    measure,
    over_goals,
    shares,
    table,
    whole,
    wide,
)
from tests.live.opened import HOUR, chosen, hour, prometheus_with, range_cost
from tests.live.panel_queries import FORECAST, enabled_annotations, step
from tests.live.processes import prometheus

FEW = 5  # nodes
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


@pytest.mark.fault("boards that answer some of upstream's panels are left out of the comparison of costs")
def test_far_cheaper_than_upstream(measured: Costs, compared: Boards) -> None:
    """All boards that answer one of upstream's read at most the goal's share of the samples of all of upstream's."""
    everything = whole(compared)
    assert everything.upstream == compared.upstream.keys()
    assert {"cilium-policy", "cilium-capacity"} < everything.own  # answer panels of a board that another one replaces
    assert all(cost.samples("all") for cost in (*measured.own.values(), *measured.upstream.values()))
    assert over_goals(measured, compared) == []


@pytest.mark.fault("README's numbers of what boards cost are not those that are measured")
def test_the_shares_of_readme_are_measured(measured: Costs, compared: Boards) -> None:
    """docs/cost.json, of which `make generate` writes README's sentences, is within the tenth that budgets allow."""
    stored = json.loads(SHARES.read_text(encoding="utf-8"))
    now = shares(measured, compared)
    assert stored.keys() == now.keys(), WRITE
    for area, by_way in stored.items():
        assert by_way == pytest.approx(now[area], rel=0.1), WRITE


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


def test_an_hour_costs_what_readme_says(compared: Boards, tmp_path: Path) -> None:
    """The extrapolated cost of an hour is the cost of a real hour, for each query and annotation but forecasts.

    Our queries return as many series for an hour as for the short ranges, unless they leave out values below a limit;
    some of upstream's, with `topk`, return more.
    """
    own_boards = list(compared.own.values())
    boards = [*own_boards, *compared.upstream.values()]
    synthetic = full_cluster(nodes=2, clusters=("east",))
    history(synthetic, metrics(boards), tmp_path / "data", end=END)
    with prometheus_with(boards, synthetic) as short, prometheus(tmp_path / "data") as long:
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
