"""Histograms as a Prometheus may store them: classic series, or native histograms of the same observations.

Observations are spread evenly within a classic bucket, as `histogram_quantile` assumes, so that the quantiles of both
kinds differ by no more than the width of native buckets.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from math import ceil, log2

from dashboards_py.catalog import Release, entries, split
from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.shapes import Gauge, Shape
from dashboards_py.demo.cluster.topology import Target

SCHEMA = 3  # each bucket is 2^(1/8) = 1.09 times as wide as the one before: Cilium asks for at most 1.1
CUSTOM_SCHEMA = -53  # buckets with bounds of their own (model/histogram/histogram.go)
PARTS = 2**30  # counts are multiples of 1 / PARTS, so that their sums and differences are exact
SMALLEST = 1e-3  # times the first classic bound: everything below is counted in the first native bucket


class Storing(StrEnum):
    """How a Prometheus stores histograms, by its scrape configuration."""

    DEFAULT = "default"
    NATIVE = "native"  # scrape_native_histograms
    BOTH = "both"  # that and always_scrape_classic_histograms
    CONVERTED = "converted"  # convert_classic_histograms_to_nhcb


@dataclass(frozen=True, slots=True)
class Histogram:
    """A histogram of one target: cumulative counts by bound, the last of which is +Inf, and the sum.

    `is_native`: whether the target exposes native buckets as well as classic ones.
    """

    name: str
    labels: tuple[tuple[str, str], ...]
    target: Target
    count: Shape
    sum: Shape
    buckets: tuple[tuple[float, Shape], ...]
    is_native: bool

    def cumulative(self, seconds: float) -> tuple[float, ...]:
        """The count up to each bound: running sums of `custom`, without rounding noise."""
        return tuple(accumulate(self.custom(seconds)[1]))

    def exponential(self, seconds: float) -> tuple[int, tuple[float, ...]]:
        """The index of the first native bucket and the counts of it and those after it, at a moment of history."""
        cumulative = [0.0, *(shape.at(seconds) for _, shape in self.buckets)]
        first, positions = _positions(tuple(bound for bound, _ in self.buckets))
        below = [
            cumulative[number] + (cumulative[number + 1] - cumulative[number]) * part / width
            for number, part, width in positions
        ]
        below[-1] = cumulative[-1]
        return first, _counts(below)

    def classic(self) -> Iterator[Series]:
        """The series with suffixes."""
        yield Series(f"{self.name}_count", self.labels, self.count, self.target)
        yield Series(f"{self.name}_sum", self.labels, self.sum, self.target)
        for bound, shape in self.buckets:
            le = "+Inf" if bound == float("inf") else repr(bound)
            yield Series(f"{self.name}_bucket", tuple(sorted([*self.labels, ("le", le)])), shape, self.target)

    def scraped(self, seconds: float) -> Iterator[Series]:
        """The series with suffixes in one scrape, without rounding noise, which a conversion would take for a reset."""
        counts = [Gauge(count) for count in self.cumulative(seconds)]
        buckets = tuple((bound, count) for (bound, _), count in zip(self.buckets, counts, strict=True))
        yield from replace(self, count=counts[-1], sum=Gauge(self.sum.at(seconds)), buckets=buckets).classic()

    def custom(self, seconds: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The finite bounds, and the count between each and the one before."""
        cumulative = [shape.at(seconds) for _, shape in self.buckets]
        return tuple(bound for bound, _ in self.buckets[:-1]), _counts(cumulative)


@lru_cache
def native_bounds(bounds: tuple[float, ...]) -> tuple[int, tuple[float, ...]]:
    """The index of the first native bucket for classic bounds, and the upper bounds of it and those after it."""
    first, last = ceil(log2(bounds[0] * SMALLEST) * 2**SCHEMA), ceil(log2(bounds[-2]) * 2**SCHEMA)
    return first, tuple(2 ** (index / 2**SCHEMA) for index in range(first, last + 1))


def _counts(cumulative: list[float]) -> tuple[float, ...]:
    """The count of each bucket, without rounding noise: a count that decreases would mean a counter reset."""
    return tuple(
        round((after - before) * PARTS) / PARTS for before, after in zip((0.0, *cumulative), cumulative, strict=False)
    )


@lru_cache
def _positions(bounds: tuple[float, ...]) -> tuple[int, tuple[tuple[int, float, float], ...]]:
    """The index of the first native bucket; and where the upper bounds of it and those after it are.

    That is the number of the classic bucket, how much of it is below, and its width: observations are spread evenly
    within a bucket, and those in +Inf are at the last bound.
    """
    first, uppers = native_bounds(bounds)
    positions = []
    for upper in uppers:
        number = bisect_right(bounds, upper)
        lower, bound = (0.0, *bounds)[number : number + 2]
        positions.append((number, 0.0, 1.0) if bound == float("inf") else (number, upper - lower, bound - lower))
    return first, tuple(positions)


def as_stored(series: Iterable[Series | Histogram], storing: Storing) -> Iterator[Series | Histogram]:
    """Scraped series as a Prometheus stores them: classic series, native histograms, or both.

    A histogram without native buckets is yielded as a Histogram if Prometheus converts it.
    """
    for one_series in series:
        if isinstance(one_series, Series):
            yield one_series
            continue
        natively = storing in (Storing.NATIVE, Storing.BOTH) and one_series.is_native
        converted = storing == Storing.CONVERTED
        if natively or converted:
            yield replace(one_series, is_native=natively)
        if not converted and (not natively or storing == Storing.BOTH):
            yield from one_series.classic()


def histograms(series: Iterable[Series], release: Release) -> Iterator[Series | Histogram]:
    """The series, with those of each histogram combined into a Histogram."""
    members: dict[tuple[str, frozenset[tuple[str, str]], Target], dict[str, Shape]] = {}
    for one_series in series:
        name, suffix = split(one_series.name)
        if not suffix or not _kinds(name, one_series.target, release):
            yield one_series
            continue
        labels = frozenset(pair for pair in one_series.labels if pair[0] != "le")
        part = dict(one_series.labels)["le"] if suffix == "_bucket" else suffix
        members.setdefault((name, labels, one_series.target), {})[part] = one_series.shape
    for (name, labels, target), parts in members.items():
        count, total = parts.pop("_count"), parts.pop("_sum")
        buckets = sorted((float(bound), shape) for bound, shape in parts.items())
        native = "native" in _kinds(name, target, release)
        yield Histogram(name, tuple(sorted(labels)), target, count, total, tuple(buckets), native)


@lru_cache(maxsize=4096)
def _kinds(name: str, target: Target, release: Release) -> tuple[str, ...]:
    metric = next(entry for entry in entries(name) if entry.component == target.component)
    return metric.histogram_kinds_on(release)
