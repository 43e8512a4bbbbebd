"""What scenes have in common: counters that change their rate, and series that appear."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from math import inf

from dashboards_py.demo.motion import Count, Level, Total, Waves, waves
from dashboards_py.demo.scenes._part import Part


def unchanged(part: Part) -> Iterator[Part]:
    """The series as in the healthy cluster."""
    yield part


def is_of_leader(part: Part) -> bool:
    """True for the first of several targets of a component: of two operators the other one waits, and runs no loop."""
    return part.target.number == 1


def faster(part: Part, *factors: tuple[float, float]) -> Part:
    """The counter with its rate multiplied, from each moment on by the factor there."""
    assert isinstance(part.motion, Count), part.name
    return part.moving(part.motion.times(*factors))


def at_rate(part: Part, moment: float, rate: float, *, until: float | None = None) -> Part:
    """The counter with a rate per second from a moment on, perhaps until another."""
    assert isinstance(part.motion, Count), part.name
    count = part.motion
    if not count.rate:  # nothing is counted before and after
        counting = part.moving(replace(count, rate=rate))
        return faster(counting, (count.starts[0], 0.0), (moment, 1.0), *(() if until is None else ((until, 0.0),)))
    factor = rate / count.rate
    return faster(part, (moment, factor), *(() if until is None else ((until, 1.0),)))


def longer(part: Part, *factors: tuple[float, float]) -> Part:
    """A series of a histogram or summary whose observations take longer from each moment on, by the factor there.

    As many happen as before: the count is the same, the sum grows faster, and buckets count fewer of them.
    """
    count = part.motion
    assert isinstance(count, Count), part.name
    assert count.observed, part.name
    assert not count.factors, part.name
    begin = count.starts[0]
    moments = (begin, *(moment for moment, _ in factors), inf)
    counts = []
    for (since, until), (_, factor) in zip(pairwise(moments), ((begin, 1.0), *factors), strict=True):
        during = count.times((begin, 0.0), (since, 1.0), *(() if until == inf else ((until, 0.0),)))
        counts.append(replace(during, observed=count.observed.longer(factor)))
    return part.moving(Total(tuple(counts)))


def appearing(part: Part, moment: float, rate: float, **labels: str) -> Part:
    """A counter like another, with other labels, which has its first event at a moment."""
    series = part.labeled(**labels)
    seed = (part.name, sorted(series.labels.items()))
    return replace(series, motion=Count(rate, (moment,), waves(seed), base=1.0)).since(moment)


def gauge(part: Part, *points: tuple[float, float]) -> Part:
    """The gauge with these levels (moment, level), straight between them, without waves."""
    assert isinstance(part.motion, Level), part.name
    return part.moving(replace(part.motion, points=points, waves=Waves()))


def ramped(part: Part, begin: float, end: float, level: float) -> Part:
    """The gauge, which goes to another level between two moments; its waves as before."""
    assert isinstance(part.motion, Level), part.name
    return part.moving(replace(part.motion, points=((begin, part.motion.points[-1][1]), (end, level))))


def shifted(part: Part, moment: float, level: float) -> Part:
    """The gauge with another level from a moment on, and what it was before."""
    assert isinstance(part.motion, Level), part.name
    before = part.motion.points[-1][1]
    return part.moving(replace(part.motion, points=((moment - 1e-3, before), (moment, level))))
