"""Answers that do not depend on any series: they look like data, and doctor does not take them for it."""

from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.doctor import Client
from dashboards_py.doctor.diagnose import Report, diagnose
from dashboards_py.doctor.execute import execute_boards
from dashboards_py.doctor.observation import Observation
from tests.doctor.test_causes import AGENT, DNS, DROPS, board, seen

NOTHING = seen(targets=(), series={})
DROP, VERSION = "cilium_drop_count_total", "cilium_version"
RANKING = f"topk(5, sum by (node) (rate({DROP}[5m])) > 0) or label_replace(-absent({VERSION}), 'node', 'All', '', '')"


def report(expr: str, observed: Observation, value: float | None, series: Mapping[str, int]) -> Report:
    """The report on a query whose answer is one row without labels (None: no row); `series` are counted by name."""

    def ask(_path: str, params: Mapping[str, str]) -> Any:
        query = params["query"]
        row = {"metric": {}, "value": [0, str(value)]}
        if query == expr:
            return {"resultType": "vector", "result": [row] if value is not None else []}
        counts = [count for name, count in series.items() if name in query]
        rows = [{"metric": {}, "value": [0, str(count)]} for count in counts]
        return {"resultType": "vector", "result": rows}

    return diagnose(execute_boards(Client(ask), [board(expr)], observed), observed)


@pytest.mark.fault("a table with the row `not scraped`, or a query with `or vector(0)`, counts as healthy without data")
@pytest.mark.parametrize(
    ("expr", "observed", "value", "cause"),
    [
        pytest.param(RANKING, NOTHING, -1.0, "no-cilium", id="row for what is not scraped"),
        pytest.param(f"label_replace({RANKING}, 'a', 'b', '', '')", NOTHING, -1.0, "no-cilium", id="with a label"),
        pytest.param(f"{DNS} or vector(0)", seen(), 0.0, "missing-target", id="zero instead of nothing"),
        pytest.param(f"{DNS} or on () vector(0)", seen(), 0.0, "missing-target", id="zero, by no label"),
        pytest.param(f"vector(scalar({DNS}))", seen(), float("nan"), "missing-target", id="NaN"),
        pytest.param(
            f"{DNS} or absent(hubble_dns_queries_total) * 0", seen(), 0.0, "missing-target", id="of the metric itself"
        ),
    ],
)
def test_a_constant_is_no_data(expr: str, observed: Observation, value: float, cause: str) -> None:
    """The cause is that of the same query without the constant."""
    examined = report(expr, observed, value, {})
    assert ([finding.rule for finding in examined.findings], examined.healthy) == ([cause], 0)


@pytest.mark.fault("a table with the row `not scraped` is empty, and doctor has nothing to say of its metric")
def test_an_empty_table_that_has_a_row_for_what_is_not_scraped() -> None:
    """Agents are scraped, so that there is no such row; that their metric is dropped is found all the same."""
    observed = seen(exposed=frozenset({DROP}))
    assert [finding.rule for finding in report(RANKING, observed, None, {VERSION: 2}).findings] == ["dropped-metric"]


@pytest.mark.parametrize(
    ("expr", "observed", "value", "series"),
    [
        pytest.param(
            f"{DROPS} or vector(0)", seen(series={**AGENT, DROP: {"cilium-agent": 2}}), 0.0, {DROP: 2}, id="zero"
        ),
        pytest.param(
            RANKING, seen(series={**AGENT, DROP: {"cilium-agent": 2}}), None, {DROP: 2, VERSION: 2}, id="ranking"
        ),
        pytest.param(f"absent({VERSION})", NOTHING, 1.0, {}, id="an alert on what is absent"),
        pytest.param(f"absent({VERSION})", seen(), None, {VERSION: 2}, id="an alert that does not fire"),
        pytest.param("vector(1)", seen(), 1.0, {}, id="a constant by itself"),
    ],
)
def test_what_is_right_as_it_is(
    expr: str, observed: Observation, value: float | None, series: Mapping[str, int]
) -> None:
    """Where the series are there, or none is needed, there is no finding."""
    examined = report(expr, observed, value, series)
    assert (examined.findings, examined.healthy) == ((), examined.panels)
