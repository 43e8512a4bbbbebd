"""classic-histogram-only: the query is empty if Prometheus stores this histogram natively.

Cilium 1.20 exposes native histograms beside classic ones for every histogram of agent and operator
(pkg/metrics/metric/histogram.go). A Prometheus with `scrape_native_histograms: true`, and without
`always_scrape_classic_histograms`, then stores no `_bucket`, `_sum` and `_count` of them. Read both, which costs
nothing if one is missing: `sum(rate(x_count[w]) or histogram_count(rate(x[w])))`. The finding has the whole query.
"""

from collections.abc import Iterator
from functools import partial

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._histograms import classic_only
from dashboards_py.queries import exposes_native


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that need classic series of a histogram that the release exposes natively too."""
    for panel, series, instead in classic_only(board, release, partial(exposes_native, release=release)):
        yield panel, f"empty where histograms are stored natively, without {', '.join(series)}: {instead}"
