"""What a query returns on one release, with the reason for each selector that has no series there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dashboards_py import promql
from dashboards_py.catalog import RELEASES, Release, entries, names, split
from dashboards_py.promql import Matcher, Outcome, Selector
from dashboards_py.queries import ResolvedSelector, no_series, resolve
from dashboards_py.queries.resolve import GO_RUNTIME, names_without_prefix

ANY_OTHER = "any other value"  # of a label
OWN_NAMES = ("cilium_", "hubble_")
CILIUM = re.compile("cilium|hubble|clustermesh")  # in the names of its pods, services and jobs


@dataclass(frozen=True, slots=True)
class World:
    """What queries read that is not Cilium's.

    `recorded` and `variables` have no series or values on a release, with the reason: names that rules record, and
    variables of the board. `optional` are variables whose All also matches series without the label. With
    `any_program` a metric that other programs have, too (`rest_client_requests_total`), is Cilium's only where a
    matcher names it: rules are of all that a Prometheus scrapes, while a board that reads Cilium is Cilium's.
    """

    recorded: Mapping[Release, Mapping[str, str]] = field(default_factory=dict)
    variables: Mapping[Release, Mapping[str, str]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    any_program: bool = False


NOTHING_ELSE = World()


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a selector has no series: the metric, label, variable or record that it is about, the reason and the fix."""

    what: str
    why: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A query on one release: its selectors, those without series, and the best result that it can have."""

    selectors: tuple[ResolvedSelector, ...]
    absent: Mapping[Selector, Absence]
    outcome: Outcome


def read_on(expr: str, release: Release, world: World = NOTHING_ELSE) -> Reading | None:
    """The query on a release; None if it cannot be parsed or reads nothing."""
    selectors = tuple(_cilium(expr, release, world))
    if not selectors or any(resolved.reason or resolved.selector is None for resolved in selectors):
        return None
    absent = {
        resolved.selector: absence
        for resolved in selectors
        if resolved.selector and (absence := _absence(resolved, resolved.selector, release, world))
    }
    return Reading(selectors, absent, promql.outcome(expr, lambda selector: selector in absent))


def labels_of(reading: Reading, release: Release) -> promql.LabelLookup:
    """The labels of the query's selectors on a release."""
    labels = {
        (resolved.selector.metric, resolved.selector.matchers): resolved.labels(release)
        for resolved in reading.selectors
        if resolved.selector
    }
    return lambda selector: labels.get((selector.metric, selector.matchers))


def without_label(resolved: ResolvedSelector, release: Release) -> Iterator[tuple[Matcher, bool]]:
    """The matchers that select series without a label, or of no known value, where the metric has this label.

    With True if these are all the values that it can have: then no series is left.
    """
    for matcher in resolved.selector.matchers if resolved.selector and resolved.metrics else ():
        if matcher.accepts("") is not True or matcher.accepts(ANY_OTHER) is not False:
            continue
        if all(matcher.label in metric.labels_on(release) for metric in resolved.metrics):
            values = [value for metric in resolved.metrics for value in metric.values_on(matcher.label, release)]
            if not any(map(matcher.accepts, values)):
                yield matcher, all(metric.is_closed(matcher.label) for metric in resolved.metrics)


def _cilium(expr: str, release: Release, world: World) -> Iterator[ResolvedSelector]:
    """The selectors of a query; metrics that other programs have, too, are Cilium's only if the selector chooses it."""
    for resolved in resolve(expr, release):
        known = _is_chosen(resolved) or not _may_be_of_others(resolved.name, world)
        yield resolved if known else ResolvedSelector(resolved.selector, (), resolved.reason)


def _may_be_of_others(name: str, world: World) -> bool:
    return name.startswith(GO_RUNTIME) or (world.any_program and split(name)[0] in names_without_prefix())


def _is_chosen(resolved: ResolvedSelector) -> bool:
    if resolved.name.startswith(GO_RUNTIME):
        return len(resolved.statuses) < len(entries(resolved.name))
    matchers = resolved.selector.matchers if resolved.selector else ()
    return any(matcher.op in ("=", "=~") and CILIUM.search(matcher.value) for matcher in matchers)


def _absence(resolved: ResolvedSelector, selector: Selector, release: Release, world: World) -> Absence | None:
    if reason := world.recorded.get(release, {}).get(selector.metric):
        return Absence(selector.metric, reason)
    if absence := _by_pattern(selector, release):
        return absence
    if missing := no_series(resolved, release):
        reason = missing.reason if selector.metric in missing.reason else f"{selector.metric}: {missing.reason}"
        return Absence(split(selector.metric)[0], reason, missing.fix)
    for matcher, is_certain in without_label(resolved, release):
        if is_certain:
            reason = f"{selector.metric} has the label {matcher.label} on {release}: {matcher} matches nothing"
            return Absence(matcher.label, reason, "Leave the matcher out.")
    return _by_variable(resolved, selector, release, world)


def _by_pattern(selector: Selector, release: Release) -> Absence | None:
    """A pattern of names of Cilium's metrics, of which the release has none."""
    for matcher in () if selector.metric else selector.matchers:
        if matcher.label == "__name__" and matcher.op == "=~" and matcher.value.startswith(OWN_NAMES):
            metrics = [metric for name in names() if matcher.accepts(name) for metric in entries(name)]
            if metrics and not any(metric.exists_on(release) for metric in metrics):
                successors = sorted({name for metric in metrics for name in metric.replaced_by})
                fix = f"Use {', '.join(successors)}." if successors else ""
                return Absence(str(matcher), f"{matcher} matches no metric of Cilium {release}.", fix)
    return None


def _by_variable(resolved: ResolvedSelector, selector: Selector, release: Release, world: World) -> Absence | None:
    """A matcher whose variable has no values, or whose label the metric has on other releases only."""
    without_values, labels = world.variables.get(release, {}), resolved.labels(release)
    for matcher in selector.matchers:
        names = promql.variable_names(matcher.value)
        if not names or matcher.op not in ("=", "=~"):
            continue
        if named := sorted(names & without_values.keys()):
            return Absence(f"${named[0]}", f"${named[0]} has no values: {without_values[named[0]]}")
        known_elsewhere = any(
            matcher.label in metric.possible_labels_on(other) for metric in resolved.metrics for other in RELEASES
        )
        if labels is not None and matcher.label not in labels and names - world.optional and known_elsewhere:
            reason = f"{selector.metric} has no label {matcher.label} on {release}: {matcher} matches nothing"
            return Absence(matcher.label, reason, "Leave the matcher out.")
    return None
