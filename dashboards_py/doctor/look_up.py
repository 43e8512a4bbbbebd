"""What must be known of the selectors of a query without a result, and of labels that are not where they belong."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from dashboards_py import promql
from dashboards_py.catalog import Metric, Release, components
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.executed import NEEDS_TWO, NUMBERS, SCRAPED, ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.house_labels import our_names
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.matcher import any_of
from dashboards_py.promql.sent import SentSelector

VALUES = 20  # of a label
FRESH = 3600.0  # seconds in which each series has two samples, unless it was first scraped just now
BUCKETS = 100  # the same of labels that are NUMBERS
OPTIONAL = frozenset({"cluster"})  # labels that not every Prometheus has


def with_facts(client: Client, queries: Sequence[ExecutedQuery], seen: Observation) -> tuple[ExecutedQuery, ...]:
    """The queries with facts about their selectors; few requests for those that have a result."""
    counted = [query.is_empty or (query.error is None and _may_lack_data(query)) for query in queries]
    pairs = zip(queries, counted, strict=True)
    selectors = [(query, is_counted, selector) for query, is_counted in pairs for selector in query.selectors]
    looked_up = iter(client.map(lambda one: _facts(client, *one, seen), selectors))
    known = (replace(query, selectors=tuple(next(looked_up) for _ in query.selectors)) for query in queries)
    return tuple(replace(query, is_constant=_is_constant(query)) for query in known)


def _may_lack_data(query: ExecutedQuery) -> bool:
    """Whether it may have rows, or had them without its comparisons, and no data all the same."""
    return query.is_unfiltered or query.may_be_constant


def _is_constant(query: ExecutedQuery) -> bool:
    return bool(query.rows) and _may_lack_data(query) and query.lacks_data()


def _facts(
    client: Client, query: ExecutedQuery, is_counted: bool, selector: ExecutedSelector, seen: Observation
) -> ExecutedSelector:
    try:
        selector = _with_lacking(client, query, selector, seen)
        return _with_counts(client, selector, seen) if is_counted else selector
    except DashboardsError:  # what is not known is no cause
        return selector


def _with_lacking(
    client: Client, query: ExecutedQuery, selector: ExecutedSelector, seen: Observation
) -> ExecutedSelector:
    sampled = seen.labels.get(selector.name)
    if not sampled or len(selector.components) != 1 or not seen.has_of(selector.name, selector.components):
        return selector
    expected = query.labels & _own_labels(selector, seen.release)
    if not expected - sampled or not (expected := expected - _of_others(query, selector, seen)) - sampled:
        return selector
    # A label may be set on few series, and `or` may combine metrics of which each has some.
    count = _counter(client, seen.server.now)
    lacking = (
        label for label in sorted(expected - sampled) if not count(f'{selector.name}{{{seen.label(label)}!=""}}')
    )
    return replace(selector, lacking=tuple(lacking))


def _of_others(query: ExecutedQuery, selector: ExecutedSelector, seen: Observation) -> frozenset[str]:
    """The labels that only other selectors of the query match."""
    own = {matcher.label for matcher in selector.sent.selector.matchers}
    matched = {matcher.label for one in query.selectors for matcher in one.sent.selector.matchers}
    return our_names(matched - own - promql.grouping_labels(query.sent), seen.label_names)


def _own_labels(selector: ExecutedSelector, release: Release) -> frozenset[str]:
    """The labels that the series of a selector have unless something is wrong; those of Hubble's options included."""
    parts = {"le"} if selector.resolved.suffix == "_bucket" else set()
    for metric in selector.metrics:
        parts |= {*_labels(metric, release), *components()[metric.component].scrape_values}
    return frozenset(parts) - OPTIONAL


def _labels(metric: Metric, release: Release) -> tuple[str, ...]:
    return metric.possible_labels_on(release) if metric.handler else metric.labels_on(release)


def _with_counts(client: Client, selector: ExecutedSelector, seen: Observation) -> ExecutedSelector:
    count = _counter(client, seen.server.now)
    is_known = not selector.name or selector.name in seen.series or selector.sent.offset or not selector.metrics
    total = count(selector.sent.text()) if is_known else 0
    selector = replace(selector, count=total, count_now=total)
    if total:
        if NEEDS_TWO & set(selector.functions) and selector.sent.window:
            return _with_samples(client, selector, seen)
        return selector
    if selector.sent.offset:
        now_only = replace(selector.sent, offset=0.0)
        selector = replace(selector, count_now=count(now_only.text()))
    if selector.name not in seen.series or selector.count_now:
        return selector
    rejecting, values = [], {}
    for matcher in selector.sent.selector.matchers:
        is_closed = matcher.label in NUMBERS or any(metric.is_closed(matcher.label) for metric in selector.metrics)
        stored = _values(client, selector, matcher.label, seen) if is_closed else None
        # All values of a label tell what each of its matchers rejects, in one query.
        if stored is not None and len(stored) < _limit(matcher.label):
            is_rejecting = not any(matcher.accepts(value) for value in stored)
        else:
            is_rejecting = not count(f"{selector.name}{{{matcher}}}")
        if is_rejecting:
            rejecting.append(matcher)
            if stored is None and (matcher.label in selector.variables or matcher.label in SCRAPED):
                stored = _values(client, selector, matcher.label, seen)
            values[matcher.label] = tuple(filter(None, stored or ()))
    return replace(selector, rejecting=tuple(rejecting), values=values)


def _with_samples(client: Client, selector: ExecutedSelector, seen: Observation) -> ExecutedSelector:
    samples = _samples(client, selector, selector.sent.window, seen)
    longer = max(FRESH, selector.sent.window)
    return replace(selector, samples=samples, is_fresh=samples < 2 and _samples(client, selector, longer, seen) < 2)


def _samples(client: Client, selector: ExecutedSelector, window: float, seen: Observation) -> int:
    """The most samples that a series has in a window: of a few targets, of all if these have too few."""

    def most(sent: SentSelector) -> int:
        rows = client.counts(f"max(count_over_time({sent.text(window=True)}))", seen.server.now)
        return rows[0][1] if rows else 0

    sent = replace(selector.sent, window=window)
    instances = seen.sampled_instances(selector.components)
    if instances:
        own = sent.selector
        few = replace(own, matchers=(*own.matchers, any_of(seen.label("instance"), instances)))
        if (count := most(replace(sent, selector=few))) > 1:
            return count
    return most(sent)


def _limit(label: str) -> int:
    return BUCKETS if label in NUMBERS else VALUES


def _values(client: Client, selector: ExecutedSelector, label: str, seen: Observation) -> tuple[str, ...]:
    """Values of a label that are there, "" for series without it; all of them if they are fewer than the limit."""
    rows = client.query(f"topk({_limit(label)}, count by ({label}) ({selector.name}))", seen.server.now)
    return tuple(sorted(labels.get(label, "") for labels, _ in rows))


def _counter(client: Client, now: float) -> Callable[[str], int]:
    def count(selector: str) -> int:
        rows = client.counts(f"count({selector})", now)
        return rows[0][1] if rows else 0

    return count
