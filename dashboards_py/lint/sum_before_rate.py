"""sum-before-rate: the query takes the rate of a sum of counters, which is far too high when one counter restarts.

`rate` detects resets only in the series of one process. Take the rate first, then sum:
`sum(rate(x[$__rate_interval]))`. This also applies to sums stored by a recording rule. A maximum of rates over time,
`max_over_time(sum(rate(x[5m]))[1h:])`, is fine.
"""

import re
from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._functions import ACCEPT_COUNTERS, RATES
from dashboards_py.lint._selectors import all_queries, metric_types

SEVERITY = Severity.WARNING

KEEPS_RESETS = {"topk", "bottomk", "limitk", "limit_ratio"}
# Recording rules are named level:metric:operations. This matches sums of counters without a rate in the operations.
RECORDED = re.compile(r"\w*:\w+_(?:total|count|sum|bucket):(?!\w*(?:rate|increase|delta))\w*(?:sum|avg|max|min)\w*")


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Rates over aggregating subqueries and over recorded sums."""
    for panel, query in all_queries(board):
        for call in rate_calls(promql.parse(query.expr)):
            for aggregation, selector in aggregated_selectors(call.args[0]):
                # gauges are reported by rate-of-a-gauge
                if aggregation and metric_types(selector, release) != {"gauge"}:
                    yield panel, f"{call.func.name} over {aggregation} of {selector.metric}: take the rate first"


def rate_calls(tree: Any) -> Iterator[Any]:
    """The calls of functions that detect counter resets."""
    return (call for call in promql.nodes(tree, "Call") if call.func.name in RATES)


def aggregated_selectors(node: Any) -> Iterator[tuple[str, promql.Selector]]:
    """The selectors below a node without a rate, and the operation that aggregates them, or ""."""
    kind = type(node).__name__
    if kind in ("VectorSelector", "MatrixSelector"):
        selector = promql.selector(node if kind == "VectorSelector" else node.vector_selector)
        yield ("a recorded sum" if RECORDED.fullmatch(selector.metric) else ""), selector
    operator = str(node.op) if kind in ("AggregateExpr", "BinaryExpr") else ""
    below = promql.children(node)[:1] if operator in ("and", "unless") else promql.children(node)
    inner = [operand for child in below for operand in aggregated_selectors(child)]
    if (node.func.name if kind == "Call" else operator) in ACCEPT_COUNTERS - {"and", "unless"}:
        return
    mixes = (kind == "AggregateExpr" and operator not in KEEPS_RESETS) or (operator == "+" and len(inner) > 1)
    yield from ((mixed or f"`{operator}`", selector) if mixes else (mixed, selector) for mixed, selector in inner)
