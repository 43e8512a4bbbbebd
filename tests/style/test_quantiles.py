"""Quantiles of histograms on our boards: none is nothing but the slowest of a few observations."""

import re
from collections.abc import Iterator

import numpy as np
import pytest

from dashboards_py.board import Query
from dashboards_py.catalog import NEWEST
from dashboards_py.compile.histograms import rewrite
from dashboards_py.demo.engine import Engine, labels
from dashboards_py.promql.positions import parts
from dashboards_py.style import quantile, query
from tests.demo.boards import BOARDS
from tests.demo.memory import Memory, Stored

SPARSE = pytest.mark.fault("two slow observations draw an alarming quantile")
HISTOGRAM = "cilium_policy_implementation_delay"
WINDOW, END = 240, 1_795_600_800


@SPARSE
def test_each_has_a_floor() -> None:
    """Each needs so many observations in its window that one or more of them are beyond it."""
    floors = [(panel.title, *floor) for board in BOARDS for panel in board.panels for floor in _floors(panel.queries)]
    assert floors
    assert [one for one in floors if one[2] < 1 / (1 - one[1]) - 1e-6] == []


@SPARSE
def test_a_condition_does_not_make_it_a_number_of_events() -> None:
    """Times keep their decimals, whatever must have been observed; numbers of events have none."""
    times = quantile(0.9, HISTOGRAM)
    assert "increase(" in times
    assert query(times, "p90").decimals is None
    assert query("increase(x[1h]) and rate(y[5m]) / rate(z[5m]) > 1", "x").decimals == 0
    assert query("increase(x[1h]) / increase(y[1h])", "share").decimals is None


def _floors(queries: tuple[Query, ...]) -> Iterator[tuple[float, float]]:
    """Of each quantile its share, and how many observations it needs; 0 where it is drawn of any number."""
    for one_query in queries:
        root = parts(one_query.expr)
        joined = [part for part in root.walk() if part.kind == "BinaryExpr" and str(part.node.op) == "and"]
        for part in root.walk():
            if part.kind == "Call" and str(part.node.func.name) == "histogram_quantile":
                around = (one.children for one in joined if part in one.children[0].walk())
                texts = (one_query.expr[right.start : right.end] for _, right in around)
                floors = [match[1] for text in texts if (match := re.search(r"increase\(.*>= ([0-9.]+)$", text))]
                yield float(str(part.children[0].node.val)), max(map(float, floors), default=0.0)


@SPARSE
def test_one_slow_observation_draws_no_line() -> None:
    """99 observations have no p99, and of ten times as many one slow one does not move it."""
    for count, drawn in ((99, None), (1000, 0.1)):
        expr = rewrite(quantile(0.99, HISTOGRAM), release=NEWEST).replace("$__rate_interval", f"{WINDOW}s")
        results = Engine(Memory(_histogram(count))).instant(expr, END)
        values = [value for one in results for _, value in one.samples]
        assert values == ([] if drawn is None else [pytest.approx(drawn, rel=0.05)])


def _histogram(count: int) -> Iterator[Stored]:
    """So many observations in a window, all but one below 0.1 s, and that one below 10 s."""
    times = np.arange(1000 * (END - WINDOW), 1000 * END + 1, 30_000)
    buckets = {"0.05": 0, "0.1": count - 1, "10": count, "+Inf": count}
    for pairs, total in (
        ({"__name__": f"{HISTOGRAM}_count"}, count),
        *(({"__name__": f"{HISTOGRAM}_bucket", "le": le}, total) for le, total in buckets.items()),
    ):
        values = np.linspace(0, total, len(times))
        yield Stored(labels.of(pairs), times, values, np.zeros(len(times), dtype=bool))
