"""Boards stay cheap: samples by Prometheus' own count, against budgets and upstream's boards."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dashboards_py.board import read
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.topology import conversation_ring
from tests.components import path_of, require
from tests.live.cluster import END, full_cluster, history, metrics
from tests.live.cost import (
    ALL_GOAL,
    BUDGETED,
    BUDGETS,
    HOUR,
    OPEN_GOAL,
    SHARES,
    Opened,
    chosen,
    hour,
    measure,
    pairs,
    prometheus_with,
    range_cost,
    shares,
    table,
    total,
    wide,
)
from tests.live.panel_queries import FORECAST, enabled_annotations, step
from tests.live.processes import prometheus

Measured = Mapping[str, tuple[Opened, Opened | None]]
FEW = 5  # nodes
WRITE = "if it is worth it: .venv/bin/python -m tests.live.cost 50 --write"


@pytest.fixture(scope="module")
def measured() -> Measured:
    """All boards on a cluster of 50 nodes, upstream's next to those that replace them."""
    require("prometheus", "promtool")
    directory = str(path_of("upstream-boards"))
    return measure(pairs(compile_boards(), directory), BUDGETED)


def test_no_board_is_over_its_budget(measured: Measured, report: Callable[[str], None]) -> None:
    """Counts are exact: a higher one is a more expensive query; with a much lower one the budget guards nothing."""
    report("\n".join(table(measured, BUDGETED)))
    stored: dict[str, dict[str, int]] = json.loads(BUDGETS.read_text(encoding="utf-8"))
    assert stored.keys() == measured.keys(), WRITE
    for uid, (own_cost, _) in measured.items():
        for which, budget in stored[uid].items():
            assert budget * 0.9 < own_cost.samples(which) <= budget, f"{uid}, {which} rows; {WRITE}"


def test_far_cheaper_than_upstream(measured: Measured) -> None:
    """The boards that replace one of upstream's read at most the goal's share of its samples."""
    assert sum(upstream_cost is not None for _, upstream_cost in measured.values()) == 6
    for which, goal in (("open", OPEN_GOAL), ("all", ALL_GOAL)):
        own_total, upstream_total = total(measured, which)
        assert 0 < own_total <= goal * upstream_total


@pytest.mark.fault("README's numbers of what boards cost are not those that are measured")
def test_the_shares_of_readme_are_measured(measured: Measured) -> None:
    """docs/cost.json, of which `make generate` writes README's sentence, is within the tenth that budgets allow."""
    assert json.loads(SHARES.read_text(encoding="utf-8")) == pytest.approx(shares(measured), rel=0.1), WRITE


def test_no_panel_has_too_many_series_to_distinguish(measured: Measured) -> None:
    """On any number of nodes: few on 50, and not one more for each added node."""
    assert wide(measured) == []
    few = measure([(read(board.json), None) for board in compile_boards()], FEW)
    for uid, (own_cost, _) in measured.items():
        for panel, cost in own_cost.all.items():
            fewer = few[uid][0].all[panel].series
            assert cost.series - fewer < BUDGETED - FEW, (
                f"{uid} / {panel}: {fewer} on {FEW}, {cost.series} on {BUDGETED}"
            )


def test_many_workloads_leave_panels_readable() -> None:
    """With sixty workloads that call one another, no table or graph has more series than a reader can use."""
    require("prometheus", "promtool")
    boards = [(read(board.json), None) for board in compile_boards()]
    few, many = (measure(list(boards), 1, conversations=conversation_ring(*size)) for size in ((2, 5), (6, 10)))
    assert wide(many) == []
    grown = [uid for uid in few if many[uid][0].samples("all") > 2 * few[uid][0].samples("all")]
    assert {"hubble-dns", "hubble-overview"} <= {*grown}  # the workloads are in the data


def test_an_hour_costs_what_readme_says(tmp_path: Path) -> None:
    """The extrapolated cost of an hour is the cost of a real hour, for each query and annotation but forecasts.

    Our queries return as many series for an hour as for the short ranges, unless they leave out values below a limit;
    some of upstream's, with `topk`, return more.
    """
    require("prometheus", "promtool")
    directory = str(path_of("upstream-boards"))
    board_pairs = pairs(compile_boards(), directory)
    boards = [board for pair in board_pairs for board in pair if board]
    own_boards = [board for board, _ in board_pairs]
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
