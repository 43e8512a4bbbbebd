"""counter-without-rate: a counter drawn as it is shows how long a process has run, and falls when it restarts.

Take `rate` or `increase` of it. So do the `_sum`, `_count` and `_bucket` of histograms and summaries: without a rate
their quotient is the mean since the process began, which no longer moves. Counting series (`count`, `group`, `absent`),
asking for their age, and asking only whether they are there (`and`, `unless`) are fine.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._asked import asked, kinds, queries
from dashboards_py.lint._functions import TAKES_A_COUNTER


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Selectors of counters under no function that takes counters."""
    for panel, query in queries(board):
        for each in asked(query.expr, release):
            found = kinds(each.selector, release)
            grows = found and (found == {"counter"} or each.suffix)
            if grows and not TAKES_A_COUNTER & set(each.selector.functions):
                of = f" of a {min(found)}" if each.suffix else ""
                yield panel, f"{each.selector.metric} is a counter{of} on {release}, and no rate is taken of it"
