"""What rules may know beside the board and the release."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboards_py import promql

# Seconds: the interval of our ServiceMonitors, and the default of Prometheus Operator.
DEFAULT_SCRAPE_INTERVAL = 30.0


@dataclass(frozen=True, slots=True)
class Settings:
    """`scrape_interval` is how often Prometheus scrapes, in seconds.

    `verdicts` are what a real parser of Prometheus says of queries that ours does not take: by query "", or why it is
    refused. A query that is missing was not asked about.
    """

    scrape_interval: float = DEFAULT_SCRAPE_INTERVAL
    verdicts: Mapping[str, str] = field(default_factory=dict)

    def refusals(self, expr: str) -> tuple[str, ...]:
        """Why Prometheus refuses a query; () where it does not, or where nobody can say."""
        try:
            return tuple(promql.refusals(expr))
        except promql.QueryError as error:
            verdict = self.verdicts.get(expr)
            if verdict is None:
                return () if isinstance(error, promql.UnreadableQuery) else (error.cause,)
            return (f"does not parse: {verdict}",) if verdict else ()

    def unread_reason(self, expr: str) -> str:
        """Why no rule looks at a query that Prometheus may take; "" where it is read, or refused."""
        if self.refusals(expr):
            return ""
        try:
            promql.selectors(expr)
        except promql.QueryError as error:
            return error.cause
        return ""


def needs_promtool(expr: str) -> bool:
    """Whether a real parser of Prometheus could say more of the query than ours."""
    try:
        promql.selectors(expr)
    except promql.QueryError:
        return promql.for_prometheus(expr) is not None
    return False
