"""Find series of histograms and summaries, by the catalogue or by their names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dashboards_py.catalog import Release, entries, names, split
from dashboards_py.promql import DistributionSeries, Matcher, Selector, SeriesLookup

SUFFIXES = ("_bucket", "_sum", "_count")


def catalogued_series(release: Release) -> SeriesLookup:
    """A function that returns the series of a Cilium histogram or summary that a selector reads on the release."""
    return lambda selector: _lookup_series(selector.metric, release)


@dataclass(frozen=True, slots=True)
class SeriesByName:
    """As `catalogued_series`, for any query: metrics that are not in the catalogue are classified by their names.

    `_bucket` belongs to a histogram; `_sum` and `_count` do if the metric is in `buckets`, else perhaps to a summary.
    """

    release: Release
    buckets: frozenset[str]

    def __call__(self, selector: Selector) -> DistributionSeries | None:
        """The series of a distribution that a selector reads, if it does."""
        if entries(selector.metric):
            return _lookup_series(selector.metric, self.release)
        for suffix in SUFFIXES:
            base = selector.metric.removesuffix(suffix)
            if base and base != selector.metric:
                return DistributionSeries(base, suffix, is_histogram=suffix == "_bucket" or base in self.buckets)
        return None


def histogram_names(matchers: tuple[Matcher, ...], release: Release) -> Iterator[str]:
    """The series of Cilium's histograms that matchers on `__name__` accept, for a selector without a fixed name."""
    by_name = [matcher for matcher in matchers if matcher.label == "__name__"]
    for name in _histogram_series(release) if by_name else ():
        if all(matcher.accepts(name) is not False for matcher in by_name):
            yield name


@cache
def _histogram_series(release: Release) -> tuple[str, ...]:
    return tuple(
        f"{name}{suffix}"
        for name in names()
        if any(metric.histogram_kinds_on(release) and metric.exists_on(release) for metric in entries(name))
        for suffix in SUFFIXES
    )


@cache
def _lookup_series(name: str, release: Release) -> DistributionSeries | None:
    base, suffix = split(name)
    if not suffix:
        return None
    types = {metric.type_on(release) for metric in entries(name) if metric.exists_on(release)}
    return DistributionSeries(base, suffix, "histogram" in types) if types & {"histogram", "summary"} else None


@cache
def exposes_native(name: str, release: Release) -> bool:
    """True if Cilium also exposes the histogram natively on the release; `name` is without suffix."""
    return any("native" in metric.histogram_kinds_on(release) for metric in entries(name) if metric.exists_on(release))
