"""The samples that Prometheus reads for a query, from the number of series that each selector has."""

from collections.abc import Callable
from typing import Any

from dashboards_py.promql.matcher import Selector
from dashboards_py.promql.parsing import parse
from dashboards_py.promql.syntax import children, selector

SUBQUERY_STEP = 60.0  # seconds: Prometheus' evaluation interval, with which a subquery without a step is evaluated


def samples_read(expr: str, evaluations: int, scrape_interval: float, series: Callable[[Selector], int]) -> float:
    """The number of samples that are read if the query is evaluated that often; raises QueryError if it cannot be read.

    Counted as by `totalQueryableSamples` of Prometheus: of a window each sample in it, for each evaluation.
    """

    def samples(node: Any, times: float) -> float:
        kind = type(node).__name__
        if kind == "VectorSelector":
            return times * series(selector(node))
        if kind == "MatrixSelector":
            in_window = float(node.range.total_seconds()) / scrape_interval
            return times * in_window * series(selector(node.vector_selector))
        if kind == "SubqueryExpr":
            step = node.step.total_seconds() if node.step else SUBQUERY_STEP
            times *= max(node.range.total_seconds() / step, 1.0)
        return sum(samples(child, times) for child in children(node))

    return samples(parse(expr), float(evaluations))
