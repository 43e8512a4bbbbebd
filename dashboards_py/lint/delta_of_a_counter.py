"""delta-of-a-counter: `delta`, `idelta`, `deriv` or `predict_linear` of a counter is wrong over each restart.

These are for gauges: where a process started again, its counts fall to 0, and the result is far below 0, which hides
what was counted before and after. `rate`, `irate` and `increase` see restarts, also those of gauges that only count up
(`only_grows` in the catalogue). Before: `delta(cilium_drop_count_total[5m]) > 10`. After:
`increase(cilium_drop_count_total[5m]) > 10`.
"""

import re
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._fixable import QueryToFix
from dashboards_py.lint._functions import RATES
from dashboards_py.lint._selectors import all_queries, metric_types, resolve_selectors

SEVERITY = Severity.WARNING
OF_GAUGES = {"delta": "increase", "idelta": "irate", "deriv": "rate", "predict_linear": ""}
COUNTS = ("_sum", "_count", "_bucket")


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Functions for gauges that are applied to counters."""
    for panel, query in all_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            functions = [name for name in resolved.selector.functions if name in OF_GAUGES]
            types = metric_types(resolved.selector, release)
            counts_up = bool(resolved.metrics) and all(metric.only_grows for metric in resolved.metrics)
            is_histogram = types <= {"histogram", "summary"} and resolved.suffix in COUNTS
            counts = types == {"counter"} or is_histogram or counts_up
            if types and counts and functions and not RATES & set(resolved.selector.functions):
                instead = OF_GAUGES[functions[-1]]
                fix = f": use {instead}" if instead else ""
                what = "is a counter" if types != {"gauge"} else "only counts up"
                yield panel, f"{functions[-1]} over {resolved.selector.metric}, which {what} on {release}{fix}"


def fixes(item: QueryToFix) -> Iterator[str]:
    """The query with the function for counters, where it means the same but for restarts."""
    yield re.sub(r"\bdelta(?=\s*\()", "increase", item.expr)
    yield re.sub(r"\bderiv(?=\s*\()", "rate", item.expr)
