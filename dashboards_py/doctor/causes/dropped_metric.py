"""dropped-metric: a metric is at /metrics of the pod but not in Prometheus, a keep-list or metricRelabelings drop it

The target exposes the metric, and Prometheus does not store it: `metric_relabel_configs` (`metricRelabelings` of the
ServiceMonitor) drop it, keep others only, or give it another name. Keep-lists against cost are the usual reason.

A query with something else to show, such as `or 0 * count(...)`, is not empty then, and shows zero: that is a warning.

Add the metric to the keep-list, or remove the rule that drops it. `cilium-dashboards keep` prints a keep-list with all
that boards and alerts read.
"""

from dashboards_py.catalog import entries
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent, without_series
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.exposed import described_as
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import Fix, Remedy
from dashboards_py.findings import Severity
from dashboards_py.remedies import PRINT_KEEP_RULES

ORDER = 94
WHY = "targets send them (api/v1/metadata), and Prometheus has no series of them: a relabeling drops or renames them"
FIX: Fix = (
    "change metricRelabelings of the ServiceMonitor, or the keep-list, so that it keeps them: ",
    Remedy(PRINT_KEEP_RULES),
)
SCRAPES = 11  # for which Prometheus remembers a description (scrapeCache.iterDone in scrape/scrape.go), and one more


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A target describes the metric, and there are no series of it."""
    for selector in absent(query, seen):
        if _is_dropped(selector, seen):
            what = f"Prometheus drops metrics that {' or '.join(sorted(selector.components)) or 'a target'} exposes"
            return Diagnosis(what, WHY, FIX, items=(selector.name,))
    return _in_silence(query, seen)


def _in_silence(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The same of a query that has a result."""
    if query.error is not None or query.is_empty:
        return None
    for selector in without_series(query, query.selectors, seen):
        is_stored = seen.has(selector.name) or selector.name in seen.dropped_values  # of others, or in part
        if selector.is_needed and not is_stored and _is_dropped(selector, seen):
            of_target = " or ".join(sorted(selector.components)) or "a target"
            what = f"panels show too little, or zero: Prometheus drops metrics of {of_target}"
            return Diagnosis(what, WHY, FIX, Severity.WARNING, (selector.name,), is_final=False)
    return None


def _is_dropped(selector: ExecutedSelector, seen: Observation) -> bool:
    """Whether a target describes a metric without series, and has not just stopped exposing it."""
    is_exposed = seen.exposed is not None and not described_as(selector.name).isdisjoint(seen.exposed)
    return is_exposed and not _has_just_stopped(selector, seen)


def _has_just_stopped(selector: ExecutedSelector, seen: Observation) -> bool:
    """Whether targets may have stopped exposing the metric so recently that Prometheus still knows its description."""
    intervals = [target.interval for name in selector.components for target in seen.targets_of(name)]
    remembered = SCRAPES * max(intervals, default=0.0)
    stopped = [until for name, until in seen.last_samples.items() if _components(name) & selector.components]
    return selector.name in seen.before and any(seen.server.now - until < remembered for until in stopped)


def _components(name: str) -> frozenset[str]:
    return frozenset(metric.component for metric in entries(name))
