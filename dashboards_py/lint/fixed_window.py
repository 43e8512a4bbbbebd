"""fixed-window: a rate over a window such as `[1m]` skips what lies between a graph's points when looked at from afar.

Scraped more slowly than its author did, it is empty. `$__rate_interval` follows the scrape interval and the width of a
point, whatever they are. Windows of instant queries have no points to skip between, and those of an hour or more are
wider than the points of a month: both are left alone. Of windows that hold one sample short-window speaks.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._asked import asked, queries
from dashboards_py.lint._functions import RATES
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._window import seconds

HOUR = 3600  # seconds
WITH_SETTINGS = True


def check(board: Board, release: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Windows of rates that are written out."""
    for panel, query in queries(board):
        for each in asked(query.expr, release):
            window = (each.selector.window or "").strip()
            enough = 2 * settings.scrape <= seconds(window) < HOUR
            if enough and not query.instant and RATES & set(each.selector.functions):
                yield panel, f"{each.selector.metric} over {window}: use $__rate_interval"
