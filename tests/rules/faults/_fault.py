"""What a fault is: what it changes of a healthy cluster, and the alerts that it must make fire."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.demo.motion import Count, Floats, Level, step
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import appearing, at_rate, faster, gauge

BEGIN = -1800.0  # seconds relative to the end of a scene, as in the scenes of the demo
HOUR = 3600.0
LONG_AGO = -1e7  # before any process started
NODE = "node-3"  # where something happens to one node
Change = Callable[[Part], Iterator[Part]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault, from `begin` on.

    `story` says what happened, and why Cilium's metrics show it so. `fires` are the alerts made for it, which have to
    fire in time; `also` those that fire as well, with the reason, of them the `earlier` ones before it begins. No other
    may fire.
    """

    name: str
    story: str
    fires: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    played: Change
    begin: float = BEGIN
    releases: tuple[Release, ...] = RELEASES

    @property
    def expected(self) -> frozenset[str]:
        """All alerts that fire."""
        return frozenset({*self.fires, *self.also})


def changing(*changes: Change) -> Change:
    """All of some changes, one after the other."""

    def played(part: Part) -> Iterator[Part]:
        parts = [part]
        for change in changes:
            parts = [changed for one in parts for changed in change(one)]
        yield from parts

    return played


def on(metric: str, effect: Change, **values: str) -> Change:
    """An effect on the series whose name and labels match these regular expressions; all others are as they were."""
    name = re.compile(metric)
    patterns = {label: re.compile(pattern) for label, pattern in values.items()}

    def played(part: Part) -> Iterator[Part]:
        labels = {"component": part.target.component, **part.labels}
        if name.fullmatch(part.name) and all(
            pattern.fullmatch(labels.get(label, "")) for label, pattern in patterns.items()
        ):
            yield from effect(part)
        else:
            yield part

    return played


def level(value: float) -> Change:
    """The gauge has this level from the beginning on."""

    def effect(part: Part) -> Iterator[Part]:
        assert isinstance(part.motion, Level), part.name
        yield part.moving(step(part.motion.points[-1][1], BEGIN, value))

    return effect


def moved(by: float) -> Change:
    """The gauge is higher by so much, or lower."""

    def effect(part: Part) -> Iterator[Part]:
        assert isinstance(part.motion, Level), part.name
        before = part.motion.points[-1][1]
        yield part.moving(step(before, BEGIN, before + by))

    return effect


def rising(before: float, after: float, seconds: float) -> Change:
    """The gauge rises from one level to another in some seconds, and stays there."""
    return lambda part: iter((gauge(part, (BEGIN, before), (BEGIN + seconds, after)),))


def counted(per_second: float) -> Change:
    """The gauge counts events, from where it was."""

    def effect(part: Part) -> Iterator[Part]:
        assert isinstance(part.motion, Level), part.name
        before = part.motion.points[-1][1]
        yield part.moving(Level(((BEGIN, before), (BEGIN + 6 * HOUR, before + per_second * 6 * HOUR)), whole=True))

    return effect


def counted_anew(before: float, per_second: float) -> Change:
    """The gauge has counted events so far; its process starts again, and it counts events from 0."""
    hours = 6 * HOUR
    return lambda part: iter((gauge(part, (BEGIN - 1, before), (BEGIN, 0.0), (BEGIN + hours, per_second * hours)),))


def rate(per_second: float) -> Change:
    """The counter has this rate."""
    return lambda part: iter((_at(part, per_second),))


def _at(part: Part, per_second: float) -> Part:
    assert isinstance(part.motion, Count), part.name
    if not part.motion.rate:  # which has no multiple
        return part.moving(replace(part.motion, rate=per_second, factors=((LONG_AGO, 0.0), (BEGIN, 1.0))))
    return at_rate(part, BEGIN, per_second)


def times(factor: float) -> Change:
    """The counter has its rate multiplied."""
    return lambda part: iter((faster(part, (BEGIN, factor)),))


def with_new(per_second: float, **labels: str) -> Change:
    """A counter with these labels appears beside this one."""

    def effect(part: Part) -> Iterator[Part]:
        yield part
        yield appearing(part, BEGIN, per_second, **labels)

    return effect


def removed(part: Part) -> Iterator[Part]:
    """The target is not scraped any more: its series end."""
    yield part.until(BEGIN)


def down(part: Part) -> Iterator[Part]:
    """The target does not answer: `up` is 0, and its series end."""
    yield part.moving(step(1.0, BEGIN, 0.0)) if part.name == "up" else part.until(BEGIN)


def labeled(**labels: str) -> Change:
    """From the beginning on the series has other labels."""

    def effect(part: Part) -> Iterator[Part]:
        yield part.until(BEGIN)
        yield part.labeled(**labels).since(BEGIN)

    return effect


def at_first(value: float, seconds: float) -> Change:
    """The gauge has another level for some seconds."""

    def effect(part: Part) -> Iterator[Part]:
        assert isinstance(part.motion, Level), part.name
        after = part.motion.points[-1][1]
        yield gauge(part, (BEGIN, value), (BEGIN + seconds, value), (BEGIN + seconds + 1, after))

    return effect


def node_by_node(period: float, effect: Callable[[Part, float], Iterator[Part]]) -> Change:
    """One node after the other, every so many seconds; the effect is given the moment of the node."""
    return lambda part: effect(part, BEGIN + part.target.number * period)


def upgraded(part: Part, moment: float) -> Iterator[Part]:
    """The agent is of another version from a moment on."""
    yield part.until(moment)
    yield part.labeled(version=f"{part.labels['version']}-next").since(moment)


def reconfigured(part: Part, moment: float) -> Iterator[Part]:
    """The agent has not applied a change of its configuration until a moment."""
    yield gauge(part, (BEGIN - 1, 0.0), (BEGIN, 3.0), (moment, 3.0), (moment + 1, 0.0))


def restarting(period: float, count: int) -> Change:
    """The process starts again every so many seconds, so many times: counters begin at 0."""
    moments = tuple(BEGIN + number * period for number in range(count))

    def effect(part: Part) -> Iterator[Part]:
        if isinstance(part.motion, Count):
            yield part.moving(replace(part.motion, starts=(*part.motion.starts, *moments), base=0.0))
        elif part.name.endswith("process_start_time_seconds") and isinstance(part.motion, Level):
            yield part.moving(_Starts(part.motion.points[0][1], moments))
        else:
            yield part

    return effect


@dataclass(frozen=True, slots=True)
class _Starts:
    """When a process started: `first`, then at each of some moments that are relative to the end of the scene."""

    first: float
    moments: tuple[float, ...]

    def __call__(self, seconds: Floats) -> Floats:
        started = np.searchsorted(np.array(self.moments), seconds, side="right").astype(np.float64)
        result: Floats = self.first + 1000.0 * started
        return result
