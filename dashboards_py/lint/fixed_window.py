"""fixed-window: a rate over a fixed window such as `[1m]` skips samples when the graph shows a long time range.

If the scrape interval is longer than the author expected, the panel is empty. `$__rate_interval` depends on both the
scrape interval and the resolution of the graph. Not reported are instant queries, and windows of an hour or more, which
are longer than the distance of points in a graph over a month. Windows too short for two samples are reported by
short-window.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._fixable import QueryToFix
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
        for selector in _reported(query, release, settings):
            yield panel, f"{selector.metric} over {(selector.window or '').strip()}: use $__rate_interval"


def fixes(item: QueryToFix) -> Iterator[str]:
    """The query with Grafana's interval in the place of a window."""
    for selector in _reported(item.query, item.release, item.settings):
        yield item.expr.replace(f"[{selector.window}]", "[$__rate_interval]")


def _reported(query: Query, release: Release, settings: Settings) -> Iterator[promql.Selector]:
    """The selectors of rates over a literal window, which is long enough and shorter than an hour."""
    for resolved in resolve_selectors(query.expr, release):
        selector = resolved.selector
        in_range = 2 * settings.scrape_interval <= seconds((selector.window or "").strip()) < HOUR
        if in_range and not query.instant and RATES & set(selector.functions):
            yield selector
