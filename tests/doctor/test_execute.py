"""What is looked up about the selectors of a query that has no rows."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.doctor import Client
from dashboards_py.doctor.execute import BoardToExamine, execute_boards
from dashboards_py.doctor.executed import ExecutedSelector
from dashboards_py.doctor.look_up import VALUES
from dashboards_py.doctor.observation import Observation, Server

NAME = "cilium_drop_count_total"
BOARD = {
    "uid": "b",
    "panels": [
        {"title": "P", "type": "stat", "targets": [{"refId": "A", "expr": f'{NAME}{{direction="$way", reason="x"}}'}]}
    ],
    "templating": {"list": [{"name": "way", "type": "custom", "query": "NORTH", "current": {"value": "NORTH"}}]},
}


def looked_up(stored: int) -> tuple[ExecutedSelector, list[str]]:
    """The board's selector after all its matchers were looked up, where labels have so many values; the queries."""
    queries: list[str] = []

    def ask(_: str, params: Mapping[str, str]) -> Any:
        queries.append(params["query"])
        by = re.match(r"topk\(\d+, count by \((\w+)\)", queries[-1])
        rows = [{"metric": {by[1]: f"v{number}"}, "value": [0, "1"]} for number in range(stored)] if by else []
        return {"resultType": "vector", "result": rows}

    seen = Observation(server=Server(now=1000.0), series={NAME: {"cilium-agent": 1}})
    (query,) = execute_boards(Client(ask), [BoardToExamine(read(BOARD))], seen)
    (selector,) = query.selectors
    return selector, queries


def test_a_matcher_that_rejects_all_names_its_variable() -> None:
    """The variable in the query as written is known of the label in the query as sent."""
    selector, _ = looked_up(1)
    assert (selector.variables, [str(matcher) for matcher in selector.rejecting]) == (
        {"direction": "way"},
        ['direction="NORTH"', 'reason="x"'],
    )


@pytest.mark.parametrize(("stored", "is_complete"), [(VALUES - 1, True), (VALUES, False)])
def test_values_that_may_not_be_all_are_not_enough(stored: int, is_complete: bool) -> None:
    """As many values as were requested may not be all: the matcher itself is counted then."""
    _, queries = looked_up(stored)
    assert (f'count({NAME}{{direction="NORTH"}})' in queries) is not is_complete
