"""Values of a synthetic cluster at a time, computed from the shapes of its series.

`now("metric", "label=value", "label!~regex")` is the last sample, `rate` the increase per second over the panel's
window, `increase` that over the board's range, `mean` the mean of a histogram's observations in the window; `$name` is
the value of a variable. Values have methods such as `.sum("by", "these")` and `.top(10)`, and arithmetic; as in
Prometheus, both sides of an operator must have the same labels.
"""

import math
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise
from typing import Literal

from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.shapes import Shape

Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
STALE = 300.0  # seconds after which a series without a new sample has no value


@dataclass(frozen=True)
class Moment:
    """A Unix time, the window of rates and the board's range in seconds, and the values of variables."""

    at: float
    window: float
    range: float
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Model:
    """The series of a cluster whose history began at `begin` (Unix time) and ends at `end`; equal only to itself.

    `others` are those of the nodes that a board's `$node` leaves out.
    """

    series: tuple[Series, ...]
    begin: float
    end: float
    interval: int
    others: tuple[Series, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, list[Series]]:
        """The series by name."""
        grouped: dict[str, list[Series]] = defaultdict(list)
        for one_series in self.series:
            grouped[one_series.name].append(one_series)
        return grouped

    def times(self, series: Series, after: float, until: float) -> list[float]:
        """When the series' target was scraped, in seconds since the beginning: after one moment and until another."""
        first = series.target.offset_ms / 1000
        low = max(0, math.floor((after - self.begin - first) / self.interval) + 1)
        high = math.floor((min(until, self.end) - self.begin - first) / self.interval)
        return [first + number * self.interval for number in range(low, high + 1)]


@dataclass(frozen=True)
class Value:
    """A vector that depends on a model and a moment; `candidates` is the one from which `top` and `bottom` choose."""

    evaluate: Callable[[Model, Moment], Vector]
    candidates: "Value | None" = None

    def sum(self, *by: str) -> "Value":
        """The sum by these labels."""
        return self._by(by, sum)

    def max(self, *by: str) -> "Value":
        """The greatest by these labels."""
        return self._by(by, max)

    def min(self, *by: str) -> "Value":
        """The least by these labels."""
        return self._by(by, min)

    def count(self, *by: str) -> "Value":
        """The number of elements by these labels."""
        return self._by(by, len)

    def avg(self, *by: str) -> "Value":
        """The mean by these labels."""
        return self._by(by, lambda values: sum(values) / len(values))

    def top(self, limit: int) -> "Value":
        """The `limit` greatest values."""
        return Value(
            lambda model, moment: dict(sorted(self.evaluate(model, moment).items(), key=_by_value)[-limit:]), self
        )

    def greatest(self, *by: str) -> "Value":
        """The element with the greatest value of those with the same of these labels."""

        def evaluate(model: Model, moment: Moment) -> Vector:
            ascending = sorted(self.evaluate(model, moment).items(), key=_by_value)
            return dict({_only(labels, by): (labels, value) for labels, value in ascending}.values())

        return Value(evaluate)

    def bottom(self, limit: int) -> "Value":
        """The `limit` least values."""
        return Value(
            lambda model, moment: dict(sorted(self.evaluate(model, moment).items(), key=_by_value)[:limit]), self
        )

    def of_all_nodes(self) -> "Value":
        """The value for all nodes, whichever a board's `$node` chooses."""

        def evaluate(model: Model, moment: Moment) -> Vector:
            return self.evaluate(replace(model, series=model.series + model.others, others=()), moment)

        return Value(evaluate)

    def or_not_scraped(self, metric: str, label: str = "node") -> "Value":
        """The value, and -1 of All if there is none and the metric has no series."""
        missing = not_scraped(metric).label_replace(label, "All", "", "")

        def evaluate(model: Model, moment: Moment) -> Vector:
            return self.evaluate(model, moment) or missing.evaluate(model, moment)

        return Value(evaluate, self.candidates and self.candidates | missing)

    def clamp_min(self, minimum: float) -> "Value":
        """Raise lower values to the minimum."""
        return self._vector(lambda vector: {labels: max(value, minimum) for labels, value in vector.items()})

    def highest_of(self, seconds: float, *, step: float) -> "Value":
        """The greatest of the values at each multiple of `step` in the last `seconds`, as of a subquery."""

        def evaluate(model: Model, moment: Moment) -> Vector:
            greatest: Vector = {}
            steps = range(math.floor((moment.at - seconds) / step) + 1, math.floor(moment.at / step) + 1)
            for at in (number * step for number in steps):
                for labels, value in self.evaluate(model, replace(moment, at=at)).items():
                    greatest[labels] = max(value, greatest.get(labels, -math.inf))
            return greatest

        return Value(evaluate)

    def forecast(self, seconds: float, *, window: float, step: float) -> "Value":
        """The value `seconds` from now, by linear regression over those at each multiple of `step` in the window."""

        def evaluate(model: Model, moment: Moment) -> Vector:
            points: dict[Labels, list[tuple[float, float]]] = defaultdict(list)
            steps = range(math.floor((moment.at - window) / step) + 1, math.floor(moment.at / step) + 1)
            for at in (number * step for number in steps):
                for labels, value in self.evaluate(model, replace(moment, at=at)).items():
                    points[labels].append((at - moment.at, value))
            return {labels: _on_line(own, seconds) for labels, own in points.items() if len(own) > 1}

        return Value(evaluate)

    def nonzero(self) -> "Value":
        """The elements above zero."""
        return self > 0

    def clamp_max(self, maximum: float) -> "Value":
        """Lower higher values to the maximum."""
        return self._vector(lambda vector: {labels: min(value, maximum) for labels, value in vector.items()})

    def share(self, share: float, *by: str) -> "Value":
        """The value that this share of the elements does not exceed, by these labels: the aggregation `quantile`."""
        return self._by(by, lambda values: _between(sorted(values), share * (len(values) - 1)))

    def above(self, other: "Value", *on: str) -> "Value":
        """The elements that are greater than the other's with the same of these labels."""

        def evaluate(model: Model, moment: Moment) -> Vector:
            limits = {_only(labels, on): value for labels, value in other.evaluate(model, moment).items()}
            elements = self.evaluate(model, moment).items()
            return {labels: value for labels, value in elements if value > limits.get(_only(labels, on), math.inf)}

        return Value(evaluate)

    def quantile(self, share: float) -> "Value":
        """The quantile of classic buckets."""
        return self._vector(lambda vector: _quantile(vector, share))

    def label_replace(self, to: str, new: str, source: str, pattern: str) -> "Value":
        """Set a label from another, as `label_replace` does."""

        def renamed(labels: Labels) -> Labels:
            old_labels = dict(labels)
            matched = re.fullmatch(pattern, old_labels.get(source, ""))
            if matched is None:
                return labels
            value = matched.expand(re.sub(r"\$\{?(\d+)\}?", r"\\\1", new))
            return (
                frozenset({**old_labels, to: value}.items())
                if value
                else frozenset({*labels} - {(to, old_labels.get(to, ""))})
            )

        return self._vector(lambda vector: {renamed(labels): value for labels, value in vector.items()})

    def equal_bool(self, value: float) -> "Value":
        """1 for elements with this value and 0 for others, as `== bool`."""
        return self._vector(lambda vector: {labels: float(number == value) for labels, number in vector.items()})

    def equal(self, other: "Value | float") -> "Value":
        """The elements that equal the other's."""
        return _both(self, other, lambda one, two: one if one == two else None)

    def unequal(self, other: "Value | float") -> "Value":
        """The elements that differ from the other's."""
        return _both(self, other, lambda one, two: one if one != two else None)

    def unless(self, other: "Value", *on: str) -> "Value":
        """The elements without a match in the other."""
        return _set(self, other, on, keep=False)

    def where(self, other: "Value", *on: str) -> "Value":
        """The elements with a match in the other, as `and`."""
        return _set(self, other, on, keep=True)

    def matched(self, sign: str, other: "Value", *on: str) -> "Value":
        """Many-to-one arithmetic, matched on these labels."""

        def evaluate(model: Model, moment: Moment) -> Vector:
            right = {_only(labels, on): value for labels, value in other.evaluate(model, moment).items()}
            return {
                labels: SIGNS[sign](value, right[_only(labels, on)])
                for labels, value in self.evaluate(model, moment).items()
                if _only(labels, on) in right
            }

        return Value(evaluate)

    def __or__(self, other: "Value") -> "Value":
        def evaluate(model: Model, moment: Moment) -> Vector:
            return other.evaluate(model, moment) | self.evaluate(model, moment)

        if self.candidates is None and other.candidates is None:
            return Value(evaluate)
        return Value(evaluate, (self.candidates or self) | (other.candidates or other))

    def __add__(self, other: "Value | float") -> "Value":
        return _both(self, other, operator.add)

    def __radd__(self, other: float) -> "Value":
        return _both(self, other, lambda one, two: two + one)

    def __sub__(self, other: "Value | float") -> "Value":
        return _both(self, other, operator.sub)

    def __rsub__(self, other: float) -> "Value":
        return _both(self, other, lambda one, two: two - one)

    def __mul__(self, other: "Value | float") -> "Value":
        return _both(self, other, operator.mul)

    def __rmul__(self, other: float) -> "Value":
        return _both(self, other, operator.mul)

    def __truediv__(self, other: "Value | float") -> "Value":
        return _both(self, other, _divided)

    def __gt__(self, other: "Value | float") -> "Value":
        return _both(self, other, lambda one, two: one if one > two else None)

    def __lt__(self, other: "Value | float") -> "Value":
        return _both(self, other, lambda one, two: one if one < two else None)

    def __ge__(self, other: "Value | float") -> "Value":
        return _both(self, other, lambda one, two: one if one >= two else None)

    def _vector(self, change: Callable[[Vector], Vector]) -> "Value":
        return Value(lambda model, moment: change(self.evaluate(model, moment)))

    def _by(self, by: tuple[str, ...], gather: Callable[[list[float]], float]) -> "Value":
        def gathered(vector: Vector) -> Vector:
            groups: dict[Labels, list[float]] = defaultdict(list)
            for labels, value in vector.items():
                groups[_only(labels, by)].append(value)
            return {labels: float(gather(values)) for labels, values in groups.items()}

        return self._vector(gathered)


def now(metric: str, *matchers: str) -> Value:
    """The last value scraped."""
    return earlier(metric, 0, *matchers)


def not_scraped(metric: str) -> Value:
    """-1 without labels where the metric has no series, otherwise nothing."""
    series = now(metric)
    return Value(lambda model, moment: {} if series.evaluate(model, moment) else {frozenset(): -1.0})


def earlier(metric: str, seconds: float, *matchers: str) -> Value:
    """The last value scraped before a time `seconds` ago."""

    def value(model: Model, series: Series, moment: Moment) -> float | None:
        until = moment.at - seconds
        times = model.times(series, until - STALE, until)
        return series.shape.at(times[-1]) if times else None

    return _scraped(metric, matchers, value)


def hour_ago(value: Value) -> Value:
    """What the value was an hour ago."""
    return Value(lambda model, moment: value.evaluate(model, replace(moment, at=moment.at - 3600)))


def more_than_an_hour_ago(value: Value) -> Value:
    """The series that rose most, and by how much it is above its value of an hour ago."""
    return (value - (hour_ago(value) | (0 * value))).clamp_min(0).top(1)


def highest(metric: str, seconds: float, *matchers: str) -> Value:
    """The maximum over the last `seconds`."""
    return _of_window(metric, seconds, matchers, max)


def lowest(metric: str, seconds: float, *matchers: str) -> Value:
    """The minimum over the last `seconds`."""
    return _of_window(metric, seconds, matchers, min)


def _of_window(
    metric: str, seconds: float, matchers: tuple[str, ...], choose: Callable[[Iterable[float]], float]
) -> Value:
    def value(model: Model, series: Series, moment: Moment) -> float | None:
        times = model.times(series, moment.at - seconds, moment.at)
        return choose(map(series.shape.at, times)) if times else None

    return _scraped(metric, matchers, value)


def rate(metric: str, *matchers: str) -> Value:
    """The increase per second over the panel's window."""
    return _scraped(metric, matchers, lambda model, series, moment: _rate(model, series, moment.at, moment.window))


def rate_over_range(metric: str, *matchers: str) -> Value:
    """The increase per second over the board's range."""
    return _scraped(metric, matchers, lambda model, series, moment: _rate(model, series, moment.at, moment.range))


def increase(metric: str, *matchers: str, seconds: float = 0) -> Value:
    """The increase over the board's range, or over so many seconds."""

    def value(model: Model, series: Series, moment: Moment) -> float | None:
        window = seconds or moment.range
        rate = _rate(model, series, moment.at, window)
        return None if rate is None else rate * window

    return _scraped(metric, matchers, value)


def mean(histogram: str, *matchers: str, by: tuple[str, ...] = ()) -> Value:
    """The mean of the observations in the panel's window, by these labels."""
    return rate(f"{histogram}_sum", *matchers).sum(*by) / rate(f"{histogram}_count", *matchers).sum(*by)


def quantile(
    share: float,
    histogram: str,
    *matchers: str,
    by: tuple[str, ...] = (),
    least: int,
    over: Literal["window", "range"] = "window",
) -> Value:
    """The quantile of the observations in the panel's window or the board's range, if there were at least so many."""
    per_second = rate if over == "window" else rate_over_range
    quantiles = per_second(f"{histogram}_bucket", *matchers).sum(*by, "le").quantile(share)
    rates = per_second(f"{histogram}_count", *matchers).sum(*by)

    def evaluate(model: Model, moment: Moment) -> Vector:
        seconds = moment.window if over == "window" else moment.range
        observed = {labels: value * seconds for labels, value in rates.evaluate(model, moment).items()}
        drawn = quantiles.evaluate(model, moment).items()
        return {labels: value for labels, value in drawn if observed[labels] >= least}

    return Value(evaluate)


def _on_line(points: Sequence[tuple[float, float]], x: float) -> float:
    """The value at `x` of the straight line through points, by least squares."""
    middle = sum(at for at, _ in points) / len(points)
    mean = sum(value for _, value in points) / len(points)
    slope = sum((at - middle) * (value - mean) for at, value in points) / sum((at - middle) ** 2 for at, _ in points)
    return mean + slope * (x - middle)


def time() -> Value:
    """The time."""
    return Value(lambda _, moment: {SCALAR: moment.at})


SCALAR: Labels = frozenset({("", "scalar")})
SIGNS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda one, two: _divided(one, two),
}


def matches(labels: Mapping[str, str], matcher: str) -> bool:
    """Whether labels match `label=value`, `!=`, `~` or `!~`."""
    label, accepts = _matcher(matcher)
    return accepts(labels.get(label, ""))


@cache
def _matcher(text: str) -> tuple[str, Callable[[str], bool]]:
    """The label of a matcher, and whether it accepts a value."""
    label, sign, expected = re.fullmatch(r"(\w+)(!=|!~|=|~)(.*)", text, re.S).groups()  # type: ignore[union-attr]
    negated = sign.startswith("!")
    if "~" in sign:
        pattern = re.compile(expected)
        return label, lambda value: (pattern.fullmatch(value) is not None) != negated
    return label, lambda value: (value == expected) != negated


def _scraped(metric: str, matchers: tuple[str, ...], value: Callable[[Model, Series, Moment], float | None]) -> Value:
    def evaluate(model: Model, moment: Moment) -> Vector:
        vector: Vector = {}
        expanded = [re.sub(r"\$(\w+)", lambda name: moment.variables[name[1]], matcher) for matcher in matchers]
        for series in model.by_name.get(metric, ()):
            labels = dict(series.labels)
            if all(matches(labels, matcher) for matcher in expanded):
                number = value(model, series, moment)
                if number is not None:
                    vector[frozenset(pair for pair in series.labels if pair[1])] = number
        return vector

    return Value(evaluate)


def _rate(model: Model, series: Series, at: float, window: float) -> float | None:
    """The rate of the shape's samples, extrapolated to the window's edges as Prometheus does."""
    times = model.times(series, at - window, at)
    if len(times) < 2:
        return None
    shape: Shape = series.shape
    samples = [shape.at(time) for time in (times if getattr(shape, "restart", None) else (times[0], times[-1]))]
    first, sampled = samples[0], times[-1] - times[0]
    total = sum(after - before if after >= before else after for before, after in pairwise(samples))
    spacing = sampled / (len(times) - 1)
    before, after = model.begin + times[0] - (at - window), at - (model.begin + times[-1])
    before = before if before < 1.1 * spacing else spacing / 2
    after = after if after < 1.1 * spacing else spacing / 2
    if total > 0 and first >= 0:
        before = min(before, sampled * first / total)
    return total * (sampled + before + after) / sampled / window


def _by_value(pair: tuple[Labels, float]) -> float:
    return pair[1]


def _only(labels: Labels, names: Iterable[str]) -> Labels:
    kept = set(names)
    return frozenset(pair for pair in labels if pair[0] in kept)


def _divided(one: float, two: float) -> float:
    if two:
        return one / two
    return math.nan if not one or math.isnan(one) else math.copysign(math.inf, one)


def _both(one: Value, other: "Value | float", join: Callable[[float, float], float | None]) -> Value:
    """Combine elements with equal labels; a scalar combines with each element."""

    def evaluate(model: Model, moment: Moment) -> Vector:
        left = one.evaluate(model, moment)
        right = other.evaluate(model, moment) if isinstance(other, Value) else {SCALAR: other}
        if right.keys() == {SCALAR}:
            joined = {labels: join(value, right[SCALAR]) for labels, value in left.items()}
        elif left.keys() == {SCALAR}:
            joined = {labels: join(left[SCALAR], value) for labels, value in right.items()}
        else:
            joined = {labels: join(value, right[labels]) for labels, value in left.items() if labels in right}
        return {labels: value for labels, value in joined.items() if value is not None}

    return Value(evaluate)


def _set(one: Value, other: Value, on: tuple[str, ...], *, keep: bool) -> Value:
    def evaluate(model: Model, moment: Moment) -> Vector:
        def key(labels: Labels) -> Labels:
            return _only(labels, on) if on else labels

        keys = {key(labels) for labels in other.evaluate(model, moment)}
        return {labels: value for labels, value in one.evaluate(model, moment).items() if (key(labels) in keys) is keep}

    return Value(evaluate)


def _quantile(vector: Vector, share: float) -> Vector:
    groups: dict[Labels, list[tuple[float, float]]] = defaultdict(list)
    for labels, value in vector.items():
        bound = next(value for name, value in labels if name == "le")
        groups[frozenset(pair for pair in labels if pair[0] != "le")].append((float(bound), value))
    return {labels: _within(sorted(buckets), share) for labels, buckets in groups.items()}


def _between(values: list[float], rank: float) -> float:
    """The value at a rank, which may lie between two."""
    low, high = math.floor(rank), math.ceil(rank)
    return values[low] + (values[high] - values[low]) * (rank - low)


def _within(buckets: list[tuple[float, float]], share: float) -> float:
    """Interpolate linearly within the bucket that contains the rank."""
    total = buckets[-1][1]
    if not total:
        return math.nan
    rank = share * total
    index = next(number for number, (_, below) in enumerate(buckets) if below >= rank)
    if index == len(buckets) - 1:
        return buckets[-2][0]
    low, under = buckets[index - 1] if index else (0.0, 0.0)
    high, below = buckets[index]
    return low + (high - low) * (rank - under) / (below - under)
