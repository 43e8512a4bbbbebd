"""gone-metric: a panel worked and is empty since some hours, a metric stopped

The metric had samples and has none now, while its component is scraped. What happened at that time is named as far as
Prometheus tells: another version of Cilium, a restart of the pods (with another flag, value or handler, or after which
nothing has happened yet), or neither: then something on the way drops it since (a keep-list, metricRelabelings), or
Hubble's dynamic metrics were changed. Where targets are scraped less often than every five minutes, a sample is shown
for the first five only (`--query.lookback-delta`).

Compare the time with that of the last change: `helm history cilium -n kube-system`, `kubectl rollout history`.
"""

from datetime import UTC, datetime

from dashboards_py.catalog import Metric
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent_metrics
from dashboards_py.doctor.causes._targets import namespace_of
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import Fix, Remedy
from dashboards_py.remedies import LOOK_UP_METRIC

ORDER = 98
SLACK = 120.0  # seconds around the last sample: a process ends before its pod starts again, and scrapes are apart
HISTORY = "compare the time with helm history cilium -n {}"


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """Samples within the last day, and none now."""
    for selector, metric in absent_metrics(query, seen):
        if selector.name in seen.before:
            what = f"metrics of {metric.component} had samples and have none now"
            until = seen.last_samples.get(selector.name)
            why = f"{selector.name} has none" + (f" since {_clock(until)} UTC" if until else "")
            if metric.handler:
                why += f"; handler {metric.handler} of Hubble writes it"
            reason, fix = _reason(metric, until, seen)
            return Diagnosis(what, f"{why}; {reason}" if reason else why, fix, items=(selector.name,))
    return None


def _reason(metric: Metric, until: float | None, seen: Observation) -> tuple[str, Fix]:
    """What happened when the metric stopped, and what to do about it."""
    history = HISTORY.format(namespace_of(metric.component, seen))
    changed = f"{history}: a value, handler or version has changed"
    if until is None:
        return "", changed
    interval = max((target.interval for target in seen.targets_of(metric.component)), default=0.0)
    if 0 < seen.server.now - until < interval:
        reason = f"its targets are scraped every {interval:g} s, and a sample is shown for 5 minutes (lookback)"
        return reason, "scrape at least every 2 minutes, or raise --query.lookback-delta of Prometheus"
    before, now = set(seen.versions_before), set(seen.versions)
    if before and now and before != now:
        reason = f"agents ran {', '.join(sorted(before))} then, and run {', '.join(sorted(now))} now"
        return reason, Remedy(LOOK_UP_METRIC, {"metric": metric.name, "cilium": str(seen.release)})
    start = seen.starts.get(metric.component, seen.starts.get("cilium-agent" if metric.handler else "", 0.0))
    if start > until - SLACK:
        reason = f"its pods restarted at {_clock(start)} UTC"
        return reason, f"{history}: a flag, value or handler has changed, or nothing has happened since the restart"
    if not start:
        return "", changed
    other = ", or Hubble's dynamic metrics were changed" if metric.handler else ""
    reason = f"its pods run since {_clock(start)} UTC, before that: no upgrade and no restart"
    return reason, f"look for a keep-list or metricRelabelings that drop it since{other}"


def _clock(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%H:%M:%S}"
