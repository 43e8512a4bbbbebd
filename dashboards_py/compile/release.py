"""Remove from a board the queries that return nothing on a release."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

from dashboards_py.catalog import Release
from dashboards_py.compile import gate
from dashboards_py.compiled import Omission
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard, Panel, Row, TimeSeries


def remove_missing(board: Dashboard, release: Release) -> tuple[Dashboard, tuple[Omission, ...]]:
    """Remove queries that return nothing on the release, and panels and rows left empty; returns the omissions too."""
    omissions: list[Omission] = []
    rows = []
    for row in board.rows:
        panels = tuple(
            available for panel in row.panels if (available := _panel(panel, board.uid, row, release, omissions))
        )
        if panels:
            rows.append(replace(row, panels=panels))
    return replace(board, rows=tuple(rows)), tuple(omissions)


def _panel(panel: Panel, uid: str, row: Row, release: Release, omissions: list[Omission]) -> Panel | None:
    """The panel without the queries that return nothing; None if none is left."""
    where = f"board {uid}, panel {panel.title!r}"
    missing = [(query, _reasons(query.expr, release, where)) for query in panel.queries]
    available = tuple(query for query, reasons in missing if not reasons)
    if available == panel.queries:
        return panel
    if not available:
        causes = dict.fromkeys(text for _, reasons in missing for text in reasons)
        omissions.append(Omission(uid, row.title, panel.title, None, "; ".join(causes)))
        return None
    omissions.extend(
        Omission(uid, row.title, panel.title, query.expr, "; ".join(reasons)) for query, reasons in missing if reasons
    )
    if isinstance(panel, TimeSeries):
        is_available = [not reasons for _, reasons in missing]
        hues = tuple(compress(panel.hues, is_available))
        styles = tuple(compress(panel.styles, is_available))
        panel = replace(panel, hues=hues, styles=styles)
    return replace(panel, queries=available)


def _reasons(expr: str, release: Release, where: str) -> Sequence[str]:
    try:
        return gate.reasons(expr, release)
    except DashboardsError as error:
        raise DashboardsError(where, cause=f"{error.what} {error.cause}", fix=error.fix) from error
