"""hardcoded-datasource: a panel, variable or annotation names the data source of one Grafana: empty in every other.

Use a variable of type datasource: `${datasource}`.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release

# What every Grafana has: its own data, expressions, and the data of other panels.
BUILT_IN = {"grafana", "__expr__", "-- Grafana --", "-- Mixed --", "-- Dashboard --"}


def check(board: Board, _: Release) -> Iterator[tuple[Panel | None, str]]:
    """Data sources that are neither a variable nor Grafana's own."""
    for panel in board.panels:
        for source in sorted(hardcoded(panel.datasource, *(query.datasource for query in panel.queries))):
            yield panel, f"data source {source} is written out"
    for variable in board.variables:
        for source in hardcoded(variable.datasource):
            yield None, f"data source {source} is written out in the variable {variable.name}"
    for annotation in board.annotations:
        for source in hardcoded(annotation.datasource):
            yield None, f"data source {source} is written out in the annotation {annotation.name}"


def hardcoded(*sources: str | None) -> set[str]:
    """Those of the data sources that are of one Grafana."""
    return {source for source in sources if source and not source.startswith(("$", "[[")) and source not in BUILT_IN}
