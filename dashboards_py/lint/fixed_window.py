"""fixed-window: a rate over a window such as `[1m]` is empty where the window holds fewer than two samples.

`$__rate_interval` follows the scrape interval and the width of a point, whatever they are.
"""

import re
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint.asked import asked, queries

RATES = {"rate", "irate", "increase"}


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Windows of rates that are written out."""
    for panel, query in queries(board):
        for each in asked(query.expr, release):
            window = each.selector.window or ""
            if RATES & set(each.selector.functions) and re.fullmatch(r"\[?[\d.a-z]+\]?", window):
                yield panel, f"{each.selector.metric} over {window.strip('[]')}: use $__rate_interval"
