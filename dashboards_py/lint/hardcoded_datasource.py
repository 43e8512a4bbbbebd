"""hardcoded-datasource: a panel, variable or annotation names a data source that exists in one Grafana only.

In any other Grafana the panel is empty. Use a variable of type datasource: `${datasource}`.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._sources import hardcoded_sources

SEVERITY = Severity.WARNING
BOARDS_ONLY = True


def check(board: Board, _: Release) -> Iterator[tuple[Panel | None, str]]:
    """Data sources that are neither a variable nor built in."""
    for panel in board.panels:
        for source in sorted(hardcoded_sources(panel.datasource, *(query.datasource for query in panel.queries))):
            yield panel, f"data source {source} is hard-coded"
    for variable in board.variables:
        for source in hardcoded_sources(variable.datasource):
            yield None, f"data source {source} is hard-coded in the variable {variable.name}"
    for annotation in board.annotations:
        if annotation.raw.get("builtIn") in (1, True):
            continue  # forks of Grafana call its own data source otherwise
        for source in hardcoded_sources(annotation.datasource):
            yield None, f"data source {source} is hard-coded in the annotation {annotation.name}"
