"""What is not there: had it samples before, until when, and do targets expose it all the same?"""

from collections.abc import Collection, Mapping

from dashboards_py.doctor.client import Client
from dashboards_py.doctor.observe._chunks import chunks
from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus.answers import is_moment

DAY = 86_400
# How far back the last sample is looked for, and how finely.
SUBQUERIES = ("5m:5s", "2h:1m", "24h:10m")
MOST = 12  # metrics whose last sample is looked for


def names_before(client: Client, names: Collection[str], now: float) -> frozenset[str]:
    """Those of the names that had samples within the last day; an index has them, so that this reads no samples."""

    def ask(regex: str) -> list[str]:
        params = {"match[]": f'{{__name__=~"{regex}"}}', "start": f"{now - DAY:.0f}", "end": f"{now:.0f}"}
        try:
            listed: list[str] = client.get("label/__name__/values", params)
        except DashboardsError:
            return []
        return listed

    return frozenset(name for listed in client.map(ask, chunks(names)) for name in listed) & frozenset(names)


def names_exposed(client: Client) -> frozenset[str] | None:
    """The metrics that targets describe, histograms without suffix; None if the server does not tell.

    Prometheus keeps `# TYPE` of each metric that a target sends, also where metric_relabel_configs drop all its series
    (scrapeLoop.append in scrape/scrape.go), and forgets it ten scrapes after the target stopped sending it.
    """
    try:
        return frozenset(client.get("metadata", {})) or None
    except DashboardsError:
        return None


def last_samples(client: Client, names: Collection[str], now: float) -> Mapping[str, float]:
    """The Unix time of the last sample of some of the metrics that have none now."""

    def ask(name: str) -> float | None:
        for subquery in SUBQUERIES:
            try:
                rows = client.query(f"max(max_over_time(timestamp({name})[{subquery}]))", now)
            except DashboardsError:
                return None
            if rows and is_moment(rows[0][1]):
                return rows[0][1]
        return None

    some = sorted(names)[:MOST]
    return {name: until for name, until in zip(some, client.map(ask, some), strict=True) if until is not None}
