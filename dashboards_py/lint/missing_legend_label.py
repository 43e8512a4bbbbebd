"""missing-legend-label: the legend names a label that no line has, so all lines are called alike.

The query's aggregation drops it, or the metric never had it. Add the label to the `by` of the outermost aggregation,
or take it out of the legend.
"""

import re
from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._asked import labels_on, queries


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Labels of legends that no series of the answer has."""
    for panel, query in queries(board):
        tree = promql.parse(query.expr)
        kept, there = promql.carried(tree, lambda _: None), promql.carried(tree, labels_on(release))
        named = dict.fromkeys(re.findall(r"{{\s*(\w+)\s*}}", query.legend))
        asked = promql.labels(query.expr)  # where one of these is wrong, unknown-label says so
        if kept is not None and (lost := [label for label in named if label not in kept]):
            by = ", ".join(sorted(kept)) or "nothing"
            yield panel, f"the legend names {', '.join(lost)}, but the query keeps {by}"
        elif there is not None and (lost := [label for label in named if label not in there | asked]):
            yield panel, f"the legend names {', '.join(lost)}, which no series has on {release}"
