"""missing-legend-label: the legend uses a label that the series do not have, so all series get the same name.

The query's aggregation drops the label, or the metric never had it. Add it to the `by` of the outermost aggregation, or
remove it from the legend.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._selectors import known_labels, label_lookup, panel_queries
from dashboards_py.lint._settings import Settings
from dashboards_py.queries import legend_labels

SEVERITY = Severity.WARNING
BOARDS_ONLY = True


WITH_SETTINGS = True


def check(board: Board, release: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Labels in legends that no series of the result has."""
    others = known_labels(board, settings)
    for panel, query in panel_queries(board):
        named = legend_labels(query.legend)
        if not named:
            continue
        tree = promql.parse(query.expr)
        kept_labels, possible_labels = (
            promql.output_labels(tree, lambda _: None),
            promql.output_labels(tree, label_lookup(release, others)),
        )
        query_labels = promql.labels(query.expr)  # wrong labels are reported by unknown-label
        if kept_labels is not None and (missing := [label for label in named if label not in kept_labels]):
            by = ", ".join(sorted(kept_labels)) or "nothing"
            yield panel, f"the legend names {', '.join(missing)}, but the query keeps {by}"
        elif possible_labels is not None and (
            missing := [label for label in named if label not in possible_labels | query_labels]
        ):
            yield panel, f"the legend names {', '.join(missing)}, which no series has on {release}"
