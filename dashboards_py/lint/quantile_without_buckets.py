"""quantile-without-buckets: `histogram_quantile` without the buckets of a histogram, by `le`, returns nothing.

Reported if the metric is not a histogram on the release, if the query reads `_sum` or `_count`, and if an aggregation
or a join drops `le`. A native histogram is read by its name without suffix, and has no `le`.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import all_queries, resolve_selectors


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Quantiles of series without buckets."""
    for panel, query in all_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            if "histogram_quantile" not in resolved.selector.functions or not resolved.metrics:
                continue
            if not any(metric.type_on(release) == "histogram" for metric in resolved.metrics):
                kind = resolved.metrics[0].type_on(release)
                yield panel, f"histogram_quantile over {resolved.selector.metric}, which is a {kind} on {release}"
            elif resolved.suffix in ("_sum", "_count"):
                yield panel, f"histogram_quantile over {resolved.selector.metric}, which has no buckets"
        if any(not keeps_le(node) for node in quantiles(promql.parse(query.expr))):
            yield panel, "histogram_quantile over an aggregation that drops le"


def quantiles(tree: Any) -> Iterator[Any]:
    """The calls of histogram_quantile in a syntax tree."""
    return (call for call in promql.nodes(tree, "Call") if call.func.name == "histogram_quantile")


def keeps_le(call: Any) -> bool:
    """True if the operators between selectors and call keep `le`, or the selectors are native histograms."""
    if not any(selector.metric.endswith("_bucket") for selector in promql.selectors_of(call.args[1])):
        return True
    labels = promql.output_labels(call.args[1], lambda _: frozenset({"le"}))
    return labels is None or "le" in labels
