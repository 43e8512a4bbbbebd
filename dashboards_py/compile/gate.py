"""Release gating: find queries that return nothing on a Cilium release, with the reason."""

from collections.abc import Sequence
from functools import cache

from dashboards_py import promql, queries
from dashboards_py.catalog import FOREIGN, NEIGHBORS, Release, Status, entries, suggest
from dashboards_py.errors import DashboardsError
from dashboards_py.queries import scope

__all__ = ["reasons", "scope", "statuses"]


def statuses(selector: promql.Selector, release: Release) -> tuple[Status, ...]:
    """The catalogue's statuses of the selector's metric; an unknown name raises DashboardsError.

    Metrics of Prometheus itself (`up`) have none.
    """
    known_elsewhere = FOREIGN | NEIGHBORS
    if selector.metric and selector.metric not in known_elsewhere and not entries(selector.metric):
        close = ", ".join(suggest(selector.metric))
        raise DashboardsError(
            f"metric {selector.metric}",
            cause="is neither in the catalogue nor a metric of Prometheus itself",
            fix=f"did you mean {close}?" if close else "add it to dashboards_py/catalog/ or correct the query",
        )
    return queries.statuses(selector, release)


def absence(selector: promql.Selector, release: Release) -> str | None:
    """Why the selector returns nothing on this release, or None if it may return something."""
    metric_statuses = statuses(selector, release)
    if not metric_statuses or any(status.present for status in metric_statuses):
        return None
    return f"{selector.metric}: {metric_statuses[0].reason.rstrip('.')}"


@cache  # boards ask it of their queries, and alerts again of the panels that they name
def reasons(expr: str, release: Release) -> Sequence[str]:
    """Why the query returns nothing on this release; empty if it may return something."""
    missing = {selector: reason for selector in promql.selectors(expr) if (reason := absence(selector, release))}
    if not missing or promql.can_return_data(expr, lambda selector: selector in missing):
        return ()
    return tuple(dict.fromkeys(missing.values()))
