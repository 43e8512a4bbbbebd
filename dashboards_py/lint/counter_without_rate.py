"""counter-without-rate: a raw counter grows while a process runs, and drops to zero when the process restarts.

Use `rate` or `increase`. This also applies to the `_sum`, `_count` and `_bucket` series of histograms and summaries:
without a rate, their quotient is the mean since the start of the process, which hardly changes. Counting series
(`count`, `group`, `absent`), computing their age, and testing whether they exist (`and`, `unless`) are fine.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._functions import ACCEPT_COUNTERS
from dashboards_py.lint._selectors import metric_types, panel_queries, resolve_selectors

SEVERITY = Severity.WARNING


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Counters that are not inside a function for counters."""
    for panel, query in panel_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            types = metric_types(resolved.selector, release)
            is_counter = types and (types == {"counter"} or resolved.suffix)
            if is_counter and not ACCEPT_COUNTERS & set(resolved.selector.functions):
                part_of = f" of a {min(types)}" if resolved.suffix else ""
                yield (
                    panel,
                    f"{resolved.selector.metric} is a counter{part_of} on {release}, used without a rate",
                )
