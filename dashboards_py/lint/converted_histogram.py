"""converted-histogram: the query is empty if Prometheus converts classic histograms to native ones.

With `convert_classic_histograms_to_nhcb: true` a Prometheus stores no `_bucket`, `_sum` and `_count` of any histogram,
whoever exposes it. Read both kinds: `sum(rate(x_count[w]) or histogram_count(rate(x[w])))`. Those that Cilium exposes
natively by itself are reported by classic-histogram-only. Few convert, so this is applied to our own dashboards, and to
others with --all. `_sum` and `_count` of a metric that is not Cilium's may be a summary's, which is never converted:
they are reported where the dashboard reads its `_bucket`.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._histograms import classic_only
from dashboards_py.queries import exposes_native

HOUSE_RULE = True


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that need classic series of a histogram that is exposed classically alone."""
    for panel, series, instead in classic_only(board, release, lambda name: not exposes_native(name, release)):
        yield panel, f"empty where classic histograms are converted, without {', '.join(series)}: {instead}"
