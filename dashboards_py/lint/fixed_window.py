"""fixed-window: a rate over a fixed window such as `[1m]` skips samples when the graph shows a long time range.

If the scrape interval is longer than the author expected, the panel is empty. `$__rate_interval` depends on both the
scrape interval and the resolution of the graph. Not reported are instant queries, and windows of an hour or more, which
are longer than the distance of points in a graph over a month. Windows too short for two samples are reported by
short-window.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._functions import RATES
from dashboards_py.lint._selectors import panel_queries, resolve_selectors
from dashboards_py.lint._settings import Settings
from dashboards_py.promql.durations import seconds

SEVERITY = Severity.INFO
BOARDS_ONLY = True

HOUR = 3600  # seconds
WITH_SETTINGS = True


def check(board: Board, release: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Rates over a literal window."""
    for panel, query in panel_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            window = (resolved.selector.window or "").strip()
            in_range = 2 * settings.scrape_interval <= seconds(window) < HOUR
            if in_range and not query.instant and RATES & set(resolved.selector.functions):
                yield panel, f"{resolved.selector.metric} over {window}: use $__rate_interval"
