"""short-window: a rate over a window that can hold fewer than two samples has no value there: gaps, or nothing at all.

`$__interval` is as short as a point is wide; `$__rate_interval` is never under four scrapes.
"""

import re
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint.asked import asked, queries

NEED_TWO = {"rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear"}
SCRAPE = 30  # seconds: how often our ServiceMonitors scrape, and Prometheus Operator where nothing is said
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Windows shorter than two scrapes, or that may be."""
    for panel, query in queries(board):
        for each in asked(query.expr, release):
            window = (each.selector.window or "").strip("[] ")
            if not NEED_TWO & set(each.selector.functions):
                continue
            if re.fullmatch(r"\$(__interval|\{__interval\})", window):
                yield panel, f"{each.selector.metric} over $__interval, which may hold one sample: use $__rate_interval"
            elif 0 < seconds(window) < 2 * SCRAPE:
                yield panel, f"{each.selector.metric} over {window}: scraped every {SCRAPE}s, it holds one sample"


def seconds(window: str) -> float:
    """How long a written-out window is; 0 where it is none."""
    if not re.fullmatch(r"(\d+(ms|[smhdwy]))+", window):
        return 0
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)(ms|[smhdwy])", window))
