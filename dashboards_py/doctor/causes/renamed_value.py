"""renamed-value: a panel filters by a value of a label that was renamed, such as a drop reason or direction

The query selects a value of a label that no series can have: Cilium calls it differently (in this release), or a
relabeling has changed it, be it to lower case only. Where a query has something else to show, such as
`or 0 * ...`, it is not empty, and shows zero. Prometheus 3 stores `le="100"` of a bucket as `le="100.0"`.

Use the values that are there; they are named.
"""

from collections.abc import Iterator

from dashboards_py.catalog import RELEASES, Metric
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import NUMBERS, ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity
from dashboards_py.promql.matcher import Matcher, any_of

ORDER = 122
FEW = 20  # values of a label that no patch release adds to: unlike reasons of drops
RELABELED = "look for metricRelabelings that change the label"


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A fixed matcher of a label rejects all series, and all values of the catalogue or all that are there."""
    for selector in query.missing():
        for matcher in selector.rejecting:
            if diagnosis := _of_number(selector, matcher):
                return diagnosis
        for metric in selector.metrics:
            for matcher in selector.rejecting:
                if _is_fixed(selector, metric, matcher) and (diagnosis := _of(selector, metric, matcher, seen)):
                    return diagnosis
    is_known = not seen.unknown_versions  # another release may have other values
    return next(_of_others(query, seen), None) if is_known and not query.is_empty else None


def _of_number(selector: ExecutedSelector, matcher: Matcher) -> Diagnosis | None:
    """A bucket or quantile by a number that is there, and written otherwise: 100 and 100.0."""
    if matcher.label not in NUMBERS or matcher.op not in ("=", "=~") or matcher.label in selector.variables:
        return None
    stored = selector.values.get(matcher.label, ())
    written = matcher.value.split("|") if matcher.op == "=~" else [matcher.value]
    same = [value for value in stored if _number(value) in set(map(_number, written)) - {None}]
    if not same:
        return None
    what = f"numbers of label {matcher.label} are written otherwise: {matcher.value} is {'|'.join(same)}"
    both = any_of(matcher.label, dict.fromkeys((*written, *same)))
    return Diagnosis(what, _has(selector, matcher, stored), f"write {both}, which finds those of Prometheus 2 as well")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_fixed(selector: ExecutedSelector, metric: Metric, matcher: Matcher) -> bool:
    return matcher.label not in selector.variables and metric.is_closed(matcher.label)


def _of(selector: ExecutedSelector, metric: Metric, matcher: Matcher, seen: Observation) -> Diagnosis | None:
    known = metric.values_on(matcher.label, seen.release)
    stored = selector.values.get(matcher.label, ())
    if set(stored) - set(known) and any(map(matcher.accepts, known)):
        return _relabeled(selector, matcher, stored)
    if any(map(matcher.accepts, known)):
        return None
    what = f"Cilium {seen.release} never has the value {matcher.value} of label {matcher.label}"
    return Diagnosis(what, _has(selector, matcher, stored), f"use one of {', '.join(known[:8])}")


def _relabeled(
    selector: ExecutedSelector, matcher: Matcher, stored: tuple[str, ...], severity: Severity = Severity.ERROR
) -> Diagnosis:
    what = f"values of label {matcher.label} are not those of Cilium"
    is_final = severity == Severity.ERROR
    return Diagnosis(what, _has(selector, matcher, stored), RELABELED, severity, is_final=is_final)


def _has(selector: ExecutedSelector, matcher: Matcher, stored: tuple[str, ...]) -> str:
    return f"{selector.name} has {matcher.label} {', '.join(stored[:8]) or 'nowhere'}"


def _of_others(query: ExecutedQuery, seen: Observation) -> Iterator[Diagnosis]:
    """Of queries that have data: a matcher that does not treat the values which are there as those of Cilium."""
    for selector in query.selectors:
        by_label = seen.values.get(selector.name, {})
        for matcher in selector.sent.selector.matchers:
            if all(_is_fixed(selector, metric, matcher) for metric in selector.metrics):
                stored = by_label.get(matcher.label, frozenset())
                if _misses(matcher, stored, selector.metrics):
                    yield _relabeled(selector, matcher, tuple(sorted(stored)), Severity.WARNING)


def _misses(matcher: Matcher, stored: frozenset[str], metrics: tuple[Metric, ...]) -> bool:
    """Whether values are there that no release has, and the matcher selects nothing, or not what it is written for."""
    known = {value for metric in metrics for release in RELEASES for value in metric.values_on(matcher.label, release)}
    unknown = stored - known
    if any(
        value.lower() == other.lower() and matcher.accepts(value) != matcher.accepts(other)
        for value in unknown
        for other in known
    ):
        return True
    is_lost = not any(map(matcher.accepts, stored)) and any(map(matcher.accepts, known))
    return bool(unknown) and is_lost and (stored <= unknown or len(known) <= FEW)
