"""Why a selector has no series on a release, whatever is enabled: a metric, a label or a value is missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from dashboards_py.catalog import Metric, Release
from dashboards_py.plural import counted
from dashboards_py.promql import Matcher
from dashboards_py.queries.resolve import ResolvedSelector

MAX_LISTED = 12  # values; longer lists are shortened


class Missing(StrEnum):
    """A part of a selector that the release does not have."""

    METRIC = "metric"
    LABEL = "label"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class NoSeries:
    """Why a selector has no series; `fix` is "" if nothing replaces what is missing, else a sentence that names it."""

    missing: Missing
    reason: str
    fix: str = ""
    replaced_by: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(filter(None, (self.reason, self.fix)))


def no_series(resolved: ResolvedSelector, release: Release) -> NoSeries | None:
    """The first reason why the selector has no series on the release; None if it may have some."""
    return missing_metric(resolved, release) or missing_label(resolved, release) or impossible_value(resolved, release)


def missing_metric(resolved: ResolvedSelector, release: Release) -> NoSeries | None:
    """The reason if the release has no samples of the metric; a metric that is off by default or conditional has."""
    if resolved.statuses and not resolved.metrics:
        status = resolved.statuses[0]
        return NoSeries(Missing.METRIC, status.reason, status.fix, status.replaced_by)
    series = {name for metric in resolved.metrics for name in metric.series_on(release)}
    if not resolved.metrics or resolved.selector is None or resolved.name in series:
        return None
    if any(function.startswith("histogram_") for function in resolved.selector.functions):
        return None
    names = tuple(sorted(series))
    reason = "It is a histogram, and has no series of this name."
    return NoSeries(Missing.METRIC, reason, f"Use {', '.join(names)}.", names)


def missing_label(
    resolved: ResolvedSelector, release: Release, others: frozenset[str] = frozenset()
) -> NoSeries | None:
    """The reason if the selector requires labels that no series of the metric can have; all series have `others`."""
    required = list(filter(requires_label, resolved.selector.matchers)) if resolved.selector else []
    possible_labels = resolved.labels(release) if required else None
    if possible_labels is None:
        return None
    unmatched = [matcher for matcher in required if matcher.label not in possible_labels | others]
    if not unmatched:
        return None
    labels, matchers = (", ".join(map(str, parts)) for parts in ([matcher.label for matcher in unmatched], unmatched))
    return NoSeries(Missing.LABEL, f"{resolved.name} has no label {labels} on {release}: {matchers} matches nothing")


def impossible_value(resolved: ResolvedSelector, release: Release) -> NoSeries | None:
    """The reason if a matcher of the selector accepts no value that its label can have."""
    for matcher in resolved.selector.matchers if resolved.selector and resolved.metrics else ():
        if requires_label(matcher) and all(_is_impossible(metric, matcher, release) for metric in resolved.metrics):
            values = values_text(resolved.metrics[0].values_on(matcher.label, release), matcher.value)
            return NoSeries(Missing.VALUE, f"{resolved.name}: {matcher} matches none of {values}")
    return None


def requires_label(matcher: Matcher) -> bool:
    """True if the matcher rejects series without the label, whatever the values of variables."""
    return matcher.accepts("") is False


def values_text(values: Sequence[str], impossible: str) -> str:
    """The possible values as text; if there are many, those similar to the impossible one, and the number of others."""
    if len(values) <= MAX_LISTED:
        return ", ".join(values)
    by_spelling = {re.sub(r"[^a-z0-9]", "", value.lower()): value for value in values}
    close = get_close_matches(re.sub(r"[^a-z0-9]", "", impossible.lower()), by_spelling, n=3, cutoff=0.6)
    shown = [by_spelling[spelling] for spelling in close] or [*values[:3]]
    return f"{', '.join(shown)} and {counted(len(values) - len(shown), 'other')}"


def _is_impossible(metric: Metric, matcher: Matcher, release: Release) -> bool:
    """True if the matcher accepts no value that the label has on this release."""
    values = metric.values_on(matcher.label, release)
    if not values or any(matcher.accepts(value) is not False for value in values):
        return False
    removed = metric.values_removed_by(matcher.label, release)
    return metric.is_closed(matcher.label) or any(matcher.accepts(value) for value in removed)
