"""dropped-value: a reason, verdict or direction is never there, totals are too low, NaN instead of a quantile

A rule in `metric_relabel_configs` (`metricRelabelings` of the ServiceMonitor) drops some series of a metric by the
value of a label. The rest is stored, so that panels show data: sums, shares and top lists are without what was dropped.
Without the bucket `le="+Inf"` there is no quantile.

Remove the rule, or let it drop whole metrics. Where the rule is wanted, read these panels as numbers of the rest.
"""

from dashboards_py.catalog import components
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import DroppedValues, Observation
from dashboards_py.findings import Severity
from dashboards_py.plural import some_of

ORDER = 92
WITHOUT = "sums and shares are without what it drops"
MOST = 3  # values that are named


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The query reads series of which a rule drops some; an error if it has no data for that."""
    for selector in query.selectors:
        dropped = seen.dropped_values.get(selector.name)
        if dropped and dropped.component in selector.components and _concerns(dropped, selector):
            is_lost = query.is_empty and selector in query.missing()
            what = f"a rule drops series of {dropped.component} by the value of {', '.join(dropped.labels)}"
            monitor = components()[dropped.component].service_monitor
            of_monitor = f" of ServiceMonitor {monitor}" if monitor else ""
            lost = "without the last bucket there is no quantile" if "le" in dropped.labels else WITHOUT
            fix = f"remove the rule from metricRelabelings{of_monitor}: {lost}"
            severity = Severity.ERROR if is_lost else Severity.WARNING
            why = f"scrape job {dropped.job}: {dropped.rule}{_listed(dropped)}"
            return Diagnosis(what, why, fix, severity, (selector.name,), is_final=is_lost)
    return None


def _listed(dropped: DroppedValues) -> str:
    return f"; it drops {some_of(sorted(dropped.values), MOST)}" if dropped.values else ""


def _concerns(dropped: DroppedValues, selector: ExecutedSelector) -> bool:
    """Whether the selector would select some of what is dropped, as far as the values are known."""
    matchers = [matcher for matcher in selector.sent.selector.matchers if matcher.label in dropped.labels]
    return (
        not dropped.values
        or not matchers
        or any(all(matcher.accepts(value) for matcher in matchers) for value in dropped.values)
    )
