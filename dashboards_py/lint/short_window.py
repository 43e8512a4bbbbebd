"""short-window: a rate over a window that may contain fewer than two samples has gaps, or no value at all.

`$__interval` may be as short as one point of the graph; `$__rate_interval` is at least four scrape intervals.
`--interval` sets the scrape interval (default 30s).
"""

import re
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._functions import NEED_TWO_SAMPLES
from dashboards_py.lint._selectors import panel_queries, resolve_selectors
from dashboards_py.lint._settings import Settings
from dashboards_py.promql.durations import seconds

WITH_SETTINGS = True


def check(board: Board, release: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Windows that are, or may be, shorter than two scrape intervals."""
    for panel, query in panel_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            window = (resolved.selector.window or "").strip()
            if not NEED_TWO_SAMPLES & set(resolved.selector.functions):
                continue
            if re.fullmatch(r"\$__interval|\$\{__interval(?::\w+)?\}|\[\[__interval(?::\w+)?\]\]", window):
                yield (
                    panel,
                    f"{resolved.selector.metric} over $__interval, which may contain one sample: use $__rate_interval",
                )
            elif 0 < seconds(window) < 2 * settings.scrape_interval:
                interval = f"scraped every {settings.scrape_interval:g}s"
                yield panel, f"{resolved.selector.metric} over {window}: {interval}, it contains one sample"
