"""converted-histogram: the query is empty if Prometheus converts classic histograms to native ones.

With `convert_classic_histograms_to_nhcb: true`, Prometheus stores no `_bucket`, `_sum` and `_count` of any histogram.
Read both kinds: `sum(rate(x_count[w]) or histogram_count(rate(x[w])))`. Histograms that Cilium itself exposes natively
are reported by classic-histogram-only. The setting is rare, so this rule is applied to our own dashboards, and to
others with --all. `_sum` and `_count` of a metric that is not Cilium's may belong to a summary, which is never
converted: they are reported only if the dashboard also reads the metric's `_bucket`.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._histograms import classic_only
from dashboards_py.queries import exposes_native

SEVERITY = Severity.WARNING
OF_NATIVE_HISTOGRAMS = True

HOUSE_RULE = True


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that need the classic series of a histogram that is exposed only as a classic one."""
    for panel, series, instead in classic_only(board, release, lambda name: not exposes_native(name, release)):
        yield panel, f"empty if classic histograms are converted, without {', '.join(series)}: {instead}"
