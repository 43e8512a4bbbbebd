"""Labels and values of Hubble's metrics as its real handlers wrote them, independent of the catalogue."""

from collections.abc import Mapping
from functools import cache

from dashboards_py.catalog import Handler, Metric, Release
from dashboards_py.catalog.hubble import labels_added
from tests.oracle import facts
from tests.oracle.facts import Fact


def own_labels(metric: Metric, release: Release) -> tuple[str, ...]:
    """The labels that the handler gave the metric by itself, sorted; the catalogue's where nothing was counted."""
    fact, options = _written(metric, release)
    if fact is None or fact.labels is None:
        return metric.labels_on(release)
    return tuple(sorted(fact.labels - {*labels_added(options, metric.options)}))


def values(metric: Metric, label: str, release: Release) -> tuple[str, ...]:
    """What the handlers wrote into that label of one node's traffic, sorted; () where none did."""
    fact, _ = _written(metric, release)
    return tuple(sorted(fact.values.get(label, ()))) if fact else ()


def _written(metric: Metric, release: Release) -> tuple[Fact | None, tuple[str, ...]]:
    """What is known of the metric, and the options that its handler had."""
    if metric.component != "hubble":
        return None, ()
    metrics, handlers = _first(release)
    handler = handlers.get(metric.handler)
    return metrics.get(metric.name), handler.options if handler else ()


@cache
def _first(release: Release) -> tuple[Mapping[str, Fact], Mapping[str, Handler]]:
    """The first of the entries that were tried, which has all handlers: its metrics, and its handlers by name."""
    entry = facts.entries(facts.version_of(release))[0]
    return entry.metrics, {handler.name: handler for handler in map(Handler.read, entry.handlers)}
