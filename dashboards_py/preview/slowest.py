"""Panels whose queries take a Prometheus longest, as far as their text tells: they are asked for first."""

import re
from collections.abc import Sequence

from dashboards_py.board import Panel

# What makes few series of many (promql/parser/lex.go of Prometheus); without it each is sent.
AGGREGATION = re.compile(
    r"\b(?:sum|min|max|avg|count|group|stddev|stdvar|topk|bottomk|quantile|count_values|limitk|limit_ratio)\b\s*(?:by|without|\()"
)
BUCKET = "_bucket"
BUCKETS = 10  # of a histogram, about: each series of it that is sent is made of as many


def slowest(panels: Sequence[Panel], most: int) -> list[int]:
    """The indices of the panels that take longest, at most as many, of those that send each series."""
    costs = [sum(map(_cost, (query.expr for query in panel.queries if not query.hidden))) for panel in panels]
    by_cost = sorted((index for index, cost in enumerate(costs) if cost), key=lambda index: -costs[index])
    return by_cost[:most]


def _cost(expr: str) -> int:
    if not expr.strip() or AGGREGATION.search(expr):
        return 0
    return BUCKETS if BUCKET in expr else 1
