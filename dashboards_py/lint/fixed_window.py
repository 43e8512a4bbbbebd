"""fixed-window: a rate over a window such as `[1m]` skips what lies between a graph's points when looked at from afar.

Scraped more slowly than its author did, it is empty. `$__rate_interval` follows the scrape interval and the width of a
point, whatever they are. Windows of instant queries have no points to skip between, and those of an hour or more are
wider than the points of a month: both are left alone. Of windows that hold one sample short-window speaks.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._functions import RATES
from dashboards_py.lint._selectors import panel_queries, resolve_selectors
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._window import seconds

HOUR = 3600  # seconds
WITH_SETTINGS = True


def check(board: Board, release: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Windows of rates that are written out."""
    for panel, query in panel_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            window = (resolved.selector.window or "").strip()
            in_range = 2 * settings.scrape_interval <= seconds(window) < HOUR
            if in_range and not query.instant and RATES & set(resolved.selector.functions):
                yield panel, f"{resolved.selector.metric} over {window}: use $__rate_interval"
