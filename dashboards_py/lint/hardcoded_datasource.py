"""hardcoded-datasource: a panel, variable or annotation names the data source of one Grafana: empty in every other.

Use a variable of type datasource: `${datasource}`.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release

# What every Grafana has: its own data, expressions, and the data of other panels.
EVERYWHERE = {"grafana", "__expr__", "-- Grafana --", "-- Mixed --", "-- Dashboard --"}


def check(board: Board, _: Release) -> Iterator[tuple[Panel | None, str]]:
    """Data sources that are neither a variable nor Grafana's own."""
    for panel in board.panels:
        for source in sorted(fixed(panel.datasource, *(query.datasource for query in panel.queries))):
            yield panel, f"data source {source} is written out"
    for variable in board.variables:
        for source in fixed(variable.datasource):
            yield None, f"data source {source} is written out in the variable {variable.name}"
    for mark in board.annotations:
        for source in fixed(mark.datasource):
            yield None, f"data source {source} is written out in the annotation {mark.name}"


def fixed(*sources: str | None) -> set[str]:
    """Those of the data sources that are of one Grafana."""
    return {each for each in sources if each and not each.startswith(("$", "[[")) and each not in EVERYWHERE}
