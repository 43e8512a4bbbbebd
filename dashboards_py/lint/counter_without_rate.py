"""counter-without-rate: a counter drawn as it is shows how long a process has run, and falls when it restarts.

Take `rate` or `increase` of it. Counting series (`count`, `group`, `absent`) and asking for their age are fine.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint.asked import asked, queries

TAKES_A_COUNTER = frozenset(
    {"rate", "irate", "increase", "delta", "idelta", "deriv", "resets", "changes", "predict_linear", "timestamp"}
    | {"count", "group", "absent", "absent_over_time", "present_over_time", "count_over_time", "count_values"}
)


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Selectors of counters under no function that takes counters."""
    for panel, query in queries(board):
        for each in asked(query.expr, release):
            kinds = {metric.type_on(release) for metric in each.metrics}
            if kinds == {"counter"} and not TAKES_A_COUNTER & set(each.selector.functions):
                yield panel, f"{each.selector.metric} is a counter on {release}, and no rate is taken of it"
