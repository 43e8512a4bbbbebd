"""relies-on-k8s-app: the query requires `k8s_app` or `io_cilium_app`, which only the chart's ServiceMonitors add.

If Cilium is scraped through a PodMonitor, a collector or annotations, the series lack these labels and the panel is
empty. The metric's name is usually enough; if several workloads have the metric, `pod=~` distinguishes them.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._selectors import panel_queries, resolve_selectors
from dashboards_py.queries import requires_label

SEVERITY = Severity.INFO


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers on labels that depend on how Cilium is scraped."""
    for panel, query in panel_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            for matcher in resolved.selector.matchers:
                if matcher.label in ("k8s_app", "io_cilium_app") and requires_label(matcher):
                    yield panel, f"{resolved.selector.metric} requires {matcher}"
