"""Metrics that a query needs and that have no series."""

from collections.abc import Callable, Iterable, Iterator

from dashboards_py.catalog import Metric
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.exposed import base
from dashboards_py.doctor.observation import Observation
from dashboards_py.queries.histograms import SUFFIXES


def absent(query: ExecutedQuery, seen: Observation) -> Iterator[ExecutedSelector]:
    """The selectors for which the query has no result and whose metric has no series of their components."""
    return without_series(query, query.missing(), seen)


def without_series(
    query: ExecutedQuery, selectors: Iterable[ExecutedSelector], seen: Observation
) -> Iterator[ExecutedSelector]:
    """Those of a query's selectors whose metric has no series of their components.

    Of a query for both kinds of a histogram the kind that is not stored is left out.
    """
    stored = {selector.name for selector in query.selectors if seen.has(selector.name)}
    for selector in selectors:
        name = selector.name
        other_kinds = {base(name)} - {name} or {f"{name}{suffix}" for suffix in SUFFIXES}
        if name and not seen.has_of(name, selector.components) and not other_kinds & stored:
            yield selector


def never_there(
    query: ExecutedQuery, seen: Observation, is_never_there: Callable[[ExecutedSelector], bool]
) -> Iterator[ExecutedSelector]:
    """The selectors of metrics that this Prometheus cannot have, if the query has no data without them.

    `a or b` is written for the one that is there: where that has no series either, it is the cause.
    """
    selectors = list(filter(is_never_there, absent(query, seen)))
    if query.needs(selectors):
        yield from selectors


def absent_metrics(query: ExecutedQuery, seen: Observation) -> Iterator[tuple[ExecutedSelector, Metric]]:
    """The same, with each metric of the catalogue that it reads on the release and whose component is scraped."""
    for selector in absent(query, seen):
        for metric in selector.metrics:
            if metric.component in seen.components:
                yield selector, metric
