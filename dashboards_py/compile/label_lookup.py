"""The labels that the series of our own queries have, as the chart's ServiceMonitors scrape them."""

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.queries import ResolvedSelector, statuses


def label_lookup(release: Release) -> promql.LabelLookup:
    """The labels of a selector's series on the release: `node` only where all its components have it."""

    def labels(selector: promql.Selector) -> frozenset[str] | None:
        metrics = statuses(selector, release)
        possible = ResolvedSelector(selector, metrics).labels(release)
        has_node = all(status.metric is not None and status.metric.exposed_by.has_node for status in metrics)
        return possible if possible is None or has_node else possible - {"node"}

    return labels
