"""A small storage with everything that is hard: gaps, restarts, stale markers, NaN, infinity, histograms."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.labels import Labels
from dashboards_py.demo.engine.matching import Matcher, accepted
from dashboards_py.demo.engine.storage import Block, Selection
from dashboards_py.demo.engine.vector import Floats, Integers, Mask

BEGIN, END = 1_795_597_200_000, 1_795_600_800_000  # milliseconds: an hour
INTERVAL = 30_000
BOUNDS = ("0.1", "0.5", "1", "2.5", "+Inf")


@dataclass(frozen=True, eq=False)
class Stored:
    """One series."""

    labels: Labels
    times: Integers
    values: Floats
    stale: Mask


class Memory:
    """Series in memory, each a block of its own."""

    def __init__(self, series: Iterator[Stored]) -> None:
        self.series = sorted(series, key=lambda one: one.labels)
        self.by_name: dict[str, list[Stored]] = {}
        for one in self.series:
            self.by_name.setdefault(labels.get(one.labels, labels.NAME), []).append(one)

    def select(self, matchers: tuple[Matcher, ...], begin: int, end: int) -> Selection:  # noqa: ARG002
        """The series that match."""
        accepts = accepted(matchers)
        name = next((one.value for one in matchers if one.label == labels.NAME and one.op == "="), None)
        candidates = self.series if name is None else self.by_name.get(name, [])
        chosen = [one for one in candidates if accepts(one.labels)]
        blocks = tuple(
            Block(np.array([row]), one.times, one.values[None, :], one.stale) for row, one in enumerate(chosen)
        )
        return Selection(tuple(one.labels for one in chosen), blocks)

    def holders(self, label: str) -> tuple[str, ...]:
        """The names of the series that have the label."""
        return tuple({labels.get(one.labels, labels.NAME) for one in self.series if labels.get(one.labels, label)})


def small() -> Memory:
    """The storage that recorded answers are of."""
    return Memory(_series(Random(17)))


def _series(random: Random) -> Iterator[Stored]:
    for job in ("api", "db"):
        for instance in ("1", "2", "3"):
            own = {"job": job, "instance": instance}
            times = np.arange(BEGIN + random.randrange(INTERVAL), END, INTERVAL)
            yield _counter({"__name__": "requests_total", "code": "200", **own}, times, random, 3.0)
            yield _counter({"__name__": "requests_total", "code": "500", **own}, times, random, 0.1)
            yield _gauge({"__name__": "temperature", **own}, times, random)
            yield _with_gap({"__name__": "queue", **own}, times, random)
            yield _constant({"__name__": "build_info", "version": f"1.{instance}", **own}, times, 1.0)
            yield from _histogram({"__name__": "duration_seconds_bucket", **own}, times, random)
    times = np.arange(BEGIN + 777, END, INTERVAL)
    yield _replaced({"__name__": "leader", "pod": "a"}, times, 0, 50)
    yield _replaced({"__name__": "leader", "pod": "b"}, times, 52, 120)
    yield _constant({"__name__": "odd", "kind": "nan"}, times, float("nan"))
    yield _constant({"__name__": "odd", "kind": "inf"}, times, float("inf"))
    yield _constant({"__name__": "odd", "kind": "one"}, times, 1.0)
    yield _constant({"__name__": "odd", "kind": "negative"}, times, -2.5)
    yield _constant({"__name__": "started", "job": "api"}, times, 1_795_000_000.0)


def _counter(pairs: dict[str, str], times: Integers, random: Random, rate: float) -> Stored:
    value, values = random.random() * 40, []
    for _ in times:
        value = 0.0 if random.random() < 0.02 else value + random.randrange(int(60 * rate) + 2)
        values.append(value)
    return _stored(pairs, times, values)


def _gauge(pairs: dict[str, str], times: Integers, random: Random) -> Stored:
    return _stored(pairs, times, [20 + 5 * random.random() - 10 * (random.random() < 0.05) for _ in times])


def _constant(pairs: dict[str, str], times: Integers, value: float) -> Stored:
    return _stored(pairs, times, [value] * len(times))


def _with_gap(pairs: dict[str, str], times: Integers, random: Random) -> Stored:
    """Some scrapes fail, with stale markers, and some are missing without any."""
    values = [float(random.randrange(8)) for _ in times]
    stale = np.zeros(len(times), dtype=bool)
    start = random.randrange(20, 60)
    stale[start] = True
    kept = np.ones(len(times), dtype=bool)
    kept[start + 1 : start + random.randrange(2, 20)] = False
    kept[random.randrange(80, 90) : random.randrange(91, 110)] = False
    return Stored(labels.of(pairs), times[kept], np.array(values)[kept], stale[kept])


def _replaced(pairs: dict[str, str], times: Integers, first: int, beyond: int) -> Stored:
    chosen = times[first : beyond + 1]
    stale = np.zeros(len(chosen), dtype=bool)
    stale[-1] = True
    return Stored(labels.of(pairs), chosen, np.ones(len(chosen)), stale)


def _histogram(pairs: dict[str, str], times: Integers, random: Random) -> Iterator[Stored]:
    counts = np.cumsum([[random.randrange(9) for _ in BOUNDS] for _ in times], axis=0).cumsum(axis=1)
    for number, bound in enumerate(BOUNDS):
        yield _stored({**pairs, "le": bound}, times, counts[:, number].astype(float).tolist())


def _stored(pairs: dict[str, str], times: Integers, values: list[float]) -> Stored:
    return Stored(labels.of(pairs), times, np.array(values), np.zeros(len(times), dtype=bool))
