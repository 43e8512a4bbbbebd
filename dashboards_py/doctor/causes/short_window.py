"""short-window: rate() is empty, graphs have gaps or no data when zoomed in, scrape interval is longer than the window

A rate needs two samples in its window. The window is fixed (`[1m]`), or Grafana makes it from the scrape interval that
its data source names ($__rate_interval is four of them), and Prometheus scrapes less often than that.

A target that was scraped once so far, after an installation or a restart, has no rate either: wait for the next scrape.

Old times may be stored with one sample in five minutes or an hour: what Thanos downsampled, after it removed the rest
(`--retention.resolution-raw` of its compactor). An hour of these days is then empty, as no window in it holds two. A
longer time range shows them: $__rate_interval grows with it. doctor asks for now, and does not look there.

Set the scrape interval in the data source (`jsonData.timeInterval`), or write `$__rate_interval` instead of a fixed
window, or scrape more often.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 111  # before labels that are missing as well: where there are series, the window alone leaves no rate


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """All series are there, and none has two samples in the window of a rate."""
    if not query.is_empty or query.missing():
        return None
    for selector in query.selectors:
        if selector.samples is not None and selector.is_empty and selector.is_needed:
            interval = max((t.interval for name in selector.components for t in seen.targets_of(name)), default=0.0)
            if selector.is_fresh:
                why = f"{selector.name} has one sample" + (
                    f", as targets are scraped every {interval:g} s" * bool(interval)
                )
                what = "there is one scrape so far, and a rate needs two"
                return Diagnosis(
                    what, why, "wait for the next scrape, and run the same command again", Severity.INFO, is_final=False
                )
            what = "windows of rates hold fewer than two samples"
            why = f"{selector.name} has {selector.samples} in {selector.sent.window:g} s"
            why += f"; its targets are scraped every {interval:g} s" if interval else ""
            named = f" {interval:g}s" * bool(interval)
            fix = (
                f"set the scrape interval{named} in Grafana's data source, write $__rate_interval, or scrape more often"
            )
            return Diagnosis(what, why, fix, is_final=False)
    return None
