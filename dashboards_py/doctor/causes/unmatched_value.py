"""unmatched-value: a panel filters by job, namespace, pod or cluster and shows no data, the metric itself has series

The query selects by a value that no series has: the scrape job has another name (`job="cilium-agent"`), Cilium runs in
another namespace, its pods are called otherwise, or no external label `cluster` is set. Boards from the internet have
such values in their queries.

Use the values that are there, which are named, or remove the matcher. Of a label that Cilium itself writes, such as a
verdict or a namespace of a flow, it may mean that there was none so far.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import SCRAPED, ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 129
MOST = 5  # values that are named


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The metric has series, and none that the matchers accept."""
    for selector in query.missing():
        is_scraped = not selector.components or selector.components & seen.components
        if is_scraped and seen.has(selector.name) and selector.count_now == 0 and not _chooses_component(selector):
            return _of(selector)
    return None


def _chooses_component(selector: ExecutedSelector) -> bool:
    """True if a pattern chooses the pods of a component, of a metric that others have as well, such as `up`.

    That they have no series, or no label `pod`, has its own cause.
    """
    patterns = [matcher for matcher in selector.rejecting if matcher.op == "=~"]
    return any(matcher.label == "pod" or not selector.components for matcher in patterns)


def _of(selector: ExecutedSelector) -> Diagnosis:
    scraped = [matcher for matcher in selector.rejecting if matcher.label in SCRAPED]
    matchers = scraped or selector.rejecting or selector.sent.selector.matchers
    named = ", ".join(map(str, matchers))
    if not scraped:
        what = f"there are no series with {named} so far"
        fix = "nothing to do if there was no such event; else compare with the values that are there"
        return Diagnosis(what, f"there are other series of {selector.name}", fix, Severity.INFO)
    values = [
        f"{matcher.label} is {', '.join(selector.values.get(matcher.label, ())[:MOST]) or 'on no series'}"
        for matcher in scraped
    ]
    what = f"no series has {named}, by which the query selects"
    why = f"there are series of {selector.name}; {'; '.join(values)}"
    return Diagnosis(what, why, "use the values that are there, or remove the matcher")
