"""Settings of rules, in addition to the dashboard and the release."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboards_py import promql

# In seconds: the interval of our ServiceMonitors, and the default of Prometheus Operator.
DEFAULT_SCRAPE_INTERVAL = 30.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings; `scrape_interval` is in seconds.

    `labels` are those that the user's own relabelling adds to all series. `verdicts` are promtool's verdicts on
    queries that our parser rejects or reads in part: "" for a valid query, else the error. Queries that promtool did
    not check are missing. `problems` are what promtool says of alerting and recording rules, and `pint` what pint says,
    by the number of the rule in its document.
    """

    scrape_interval: float = DEFAULT_SCRAPE_INTERVAL
    labels: frozenset[str] = frozenset()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[int, str] = field(default_factory=dict)
    pint: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def refusals(self, expr: str) -> tuple[str, ...]:
        """The reasons why Prometheus rejects a query; () if it accepts the query or its verdict is unknown."""
        if (verdict := self.verdicts.get(expr)) is not None:
            return (f"does not parse: {verdict}",) if verdict else ()
        try:
            return tuple(promql.refusals(expr))
        except promql.QueryError as error:
            return () if isinstance(error, promql.UnreadableQuery) else (error.cause,)

    def unread_reason(self, expr: str) -> str:
        """The reason why all rules skip a query that Prometheus may accept; "" if it was parsed or is invalid."""
        if self.refusals(expr):
            return ""
        try:
            promql.selectors(expr)
        except promql.QueryError as error:
            return error.cause
        return ""


def needs_promtool(expr: str) -> bool:
    """True if promtool may know more about the query than our parser."""
    try:
        is_sure = not promql.has_guesses(expr)
    except promql.QueryError:
        is_sure = False
    return not is_sure and promql.for_prometheus(expr) is not None
