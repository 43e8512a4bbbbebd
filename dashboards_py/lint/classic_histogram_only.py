"""classic-histogram-only: the query is empty if Prometheus stores this histogram natively.

Cilium 1.20 exposes all histograms of agent and operator as native histograms in addition to classic ones
(pkg/metrics/metric/histogram.go). A Prometheus with `scrape_native_histograms: true` and without
`always_scrape_classic_histograms` then does not store their `_bucket`, `_sum` and `_count`. Read both kinds; a missing
kind costs nothing: `sum(rate(x_count[w]) or histogram_count(rate(x[w])))`. The finding contains the complete query.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._fixable import QueryToFix
from dashboards_py.lint._histograms import classic_only, corrected, lookup_for
from dashboards_py.queries import exposes_native

SEVERITY = Severity.WARNING
OF_NATIVE_HISTOGRAMS = True


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that need the classic series of a histogram that the release also exposes natively."""
    for panel, series, instead in classic_only(board, release, partial(exposes_native, release=release)):
        yield panel, f"empty if histograms are stored natively, without {', '.join(series)}: {instead}"


def fixes(item: QueryToFix) -> Iterator[str]:
    """The query for both kinds of histogram."""
    with suppress(promql.QueryError):  # ClassicOnly is one
        yield corrected(item.panel, item.expr, lookup_for(item.board, item.release))
