"""Grafana's arithmetic of time: how far apart a query's points are, what its macros are, and where its range begins.

Sources: calculateInterval and roundInterval in packages/grafana-data/src/datetime/rangeutil.ts, which gives each query
an interval; calculatePrometheusInterval, interpolateVariables and AlignTimeRange in pkg/promlib/models/query.go, which
make the step of it. tests/grafana/recorded_requests.jsonl has the requests of a real Grafana.
"""

import math
import re
from bisect import bisect_right
from dataclasses import dataclass

from dashboards_py.panel_data.frame import Window

# What kube-prometheus-stack's data source says (jsonData.timeInterval), which is the scrape interval of its Prometheus.
SCRAPE_INTERVAL = 30.0
# Grafana's steps in milliseconds, and the width of a point below which each is taken instead of the next.
_SECOND, _MINUTE, _HOUR, _DAY = 1000, 60_000, 3_600_000, 86_400_000
STEPS = (
    *(1, 10, 20, 50, 100, 200, 500),
    *(_SECOND, 2 * _SECOND, 5 * _SECOND, 10 * _SECOND, 15 * _SECOND, 20 * _SECOND, 30 * _SECOND),
    *(_MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, 20 * _MINUTE, 30 * _MINUTE),
    *(_HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 7 * _DAY, 30 * _DAY, 365 * _DAY),
)
_BELOW = (
    *(10, 15, 35, 75, 150, 350, 750, 1500, 3500, 7500, 12_500, 17_500, 25_000, 45_000),
    *(90_000, 210_000, 450_000, 750_000, 1_050_000, 1_500_000, 2_700_000, 5_400_000, 9_000_000),
    *(16_200_000, 32_400_000, _DAY, 7 * _DAY, 21 * _DAY, 42 * _DAY),
)
_MOST_POINTS = 11_000  # of a series, which Prometheus refuses to exceed
_DURATION = re.compile(r"[<>=]*\s*(\d{1,12}(?:\.\d{1,9})?)\s*(ms|[smhdwMy]?)")
_UNITS = {"ms": 1, "": 1000, "s": 1000, "m": _MINUTE, "h": _HOUR, "d": _DAY, "w": 7 * _DAY, "M": 30 * _DAY}
_UNITS["y"] = 365 * _DAY
_RATE = ("$__rate_interval", "${__rate_interval}")
_INTERVAL = ("$__interval", "${__interval}")
_OTHER_MACROS = ("$__interval_ms", "${__interval_ms}", "$__rate_interval_ms", "${__rate_interval_ms}")


@dataclass(frozen=True, slots=True)
class Resolution:
    """How finely a query is asked, in milliseconds: the distance of its points, and the window of its rates."""

    step: int
    rate_interval: int


def resolution(
    window: Window,
    *,
    points: float,
    scrape_interval: float = SCRAPE_INTERVAL,
    panel_interval: str = "",
    query_interval: str = "",
    factor: int = 1,
) -> Resolution:
    """The resolution of a query: `points` is the panel's maxDataPoints, or its width in pixels.

    The lowest interval is `query_interval` if the query has one, else `panel_interval`, else `scrape_interval`
    (seconds): each as Grafana writes it, "30s" or "$__rate_interval".
    """
    scrape = max(round(scrape_interval * 1000), 1)
    wanted = _apart(window, points)
    interval = interval_of(window, points, milliseconds(panel_interval) or scrape)
    own = 0 if query_interval in (*_RATE, *_INTERVAL, *_OTHER_MACROS) else milliseconds(query_interval)
    lowest = own or interval
    step = lowest if wanted < lowest else rounded(wanted)
    step = max(step, rounded(max(window.end - window.begin, 0) * 1000 / _MOST_POINTS))
    if query_interval in _RATE:
        return Resolution(*[_rate_interval(step, scrape)] * 2)
    step *= max(factor, 1)
    return Resolution(step, _rate_interval(interval, step if query_interval in _INTERVAL else own or scrape))


def interval_of(window: Window, points: float, lowest: int) -> int:
    """The interval of so many points, in milliseconds: one that Grafana takes, or `lowest` if that is longer."""
    return max(rounded(_apart(window, points)), lowest)


def _apart(window: Window, points: float) -> float:
    return max(window.end - window.begin, 0) * 1000 / max(points, 1)


def _rate_interval(interval: int, scrape: int) -> int:
    return max(interval + scrape, 4 * scrape)


def rounded(interval: float) -> int:
    """The step, of those that Grafana takes, for an interval; both in milliseconds."""
    return STEPS[bisect_right(_BELOW, interval)]


def milliseconds(duration: str) -> int:
    """A duration such as "1m", "500ms" or "15" (seconds); 0 where it is none."""
    match = _DURATION.fullmatch(duration.strip())
    return min(round(float(match[1]) * _UNITS[match[2]]), 1000 * 365 * _DAY) if match else 0


def grid(begin: float, end: float, step: float) -> tuple[float, float]:
    """The first and the last point of a range, all in seconds: both are rounded down to whole steps since 1970."""
    return math.floor(begin / step) * step, math.floor(end / step) * step


def interval_text(duration: int) -> str:
    """Milliseconds as `$__interval` is written: the largest unit only, as in "30s", "2m", "1h"."""
    for unit, size in (("y", 365 * _DAY), ("d", _DAY), ("h", _HOUR), ("m", _MINUTE), ("s", _SECOND)):
        if duration >= size:
            return f"{duration // size}{unit}"
    return f"{max(duration, 1)}ms"


def go_duration(duration: int) -> str:
    """Milliseconds as `$__rate_interval` is written, which is Go's way: "2m0s", "1h0m0s", "500ms"."""
    if duration < _SECOND:
        return f"{duration}ms" if duration else "0s"
    hours, rest = divmod(duration, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    seconds = f"{rest / 1000:.3f}".rstrip("0").rstrip(".")
    return f"{f'{hours}h' if hours else ''}{f'{minutes}m' if hours or minutes else ''}{seconds}s"
