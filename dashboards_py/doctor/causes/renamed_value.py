"""renamed-value: a panel filters by a value of a label that was renamed, such as a drop reason or direction

The query selects a value of a label that no series can have: Cilium calls it differently (in this release), or a
relabeling has changed it.

Use the values that are there; they are named.
"""

from dashboards_py.catalog import Metric
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import Observation
from dashboards_py.promql.matcher import Matcher

ORDER = 122


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A fixed matcher of a label rejects all series, and all values of the catalogue or all that are there."""
    for selector in query.missing():
        for metric in selector.metrics:
            for matcher in selector.rejecting:
                is_fixed = matcher.label not in selector.variables and metric.is_closed(matcher.label)
                if is_fixed and (diagnosis := _of(selector, metric, matcher, seen)):
                    return diagnosis
    return None


def _of(selector: ExecutedSelector, metric: Metric, matcher: Matcher, seen: Observation) -> Diagnosis | None:
    known = metric.values_on(matcher.label, seen.release)
    stored = selector.values.get(matcher.label, ())
    if set(stored) - set(known) and any(map(matcher.accepts, known)):
        what = f"values of label {matcher.label} are not those of Cilium"
        fix = "look for metricRelabelings that change the label"
    elif not any(map(matcher.accepts, known)):
        what = f"Cilium {seen.release} never has the value {matcher.value} of label {matcher.label}"
        fix = f"use one of {', '.join(known[:8])}"
    else:
        return None
    return Diagnosis(what, f"{selector.name} has {matcher.label} {', '.join(stored[:8]) or 'nowhere'}", fix)
