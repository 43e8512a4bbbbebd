"""rate-of-a-gauge: `rate`, `irate`, `increase` or `resets` of a gauge counts each decrease as a counter reset.

Use the gauge itself, `delta` or `deriv`. The quantiles of a summary are gauges as well. Gauges that only count up, as
runs of the identity garbage collection, are not reported.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._functions import RATES
from dashboards_py.lint._selectors import all_queries, metric_types, resolve_selectors

SEVERITY = Severity.WARNING


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Counter functions applied to gauges."""
    for panel, query in all_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            rates = [name for name in resolved.selector.functions if name in (*RATES, "resets")]
            types = metric_types(resolved.selector, release)
            counts_up = bool(resolved.metrics) and all(metric.only_grows for metric in resolved.metrics)
            if rates and types == {"gauge"} and not counts_up:
                yield panel, f"{rates[-1]} over {resolved.selector.metric}, which is a gauge on {release}"
            elif rates and types == {"summary"} and not resolved.suffix:
                yield panel, f"{rates[-1]} over the quantiles of {resolved.selector.metric}: use its _sum or _count"
