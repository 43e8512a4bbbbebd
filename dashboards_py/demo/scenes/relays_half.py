"""One of two Hubble relays was killed, since it was out of memory, and does not start again; the other one answers.

The healthy cluster has one relay; here there are two, and the second one died 20 minutes before the end. Its target is
down, and its series end. It is not ready, so that the service `hubble-relay` leads all clients to the other one, which
had its share of them and now has all. What the second one had in memory grew until it was killed.
"""

from collections.abc import Iterator
from dataclasses import replace

from dashboards_py.demo.motion import Count, Level, Total, step
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import faster, ramped

RELAY, SECOND = "hubble-relay", "hubble-relay-6b9d4-relay2"
DIED = -1200.0
GROWS = DIED - 1500
GROWN = 4.0  # times as much memory
SHARE = 0.55  # of the clients that the first one had
MEMORY = ("process_resident_memory_bytes", "go_memstats_heap_inuse_bytes")


def played(part: Part) -> Iterator[Part]:
    """Every series as it is, but those of two relays instead of one."""
    if part.target.component != RELAY:
        yield part
        return
    second = _of_second(part)
    if isinstance(part.motion, Count):
        yield _with_all(faster(_busy(part, SHARE), (DIED, 1 / SHARE)), part.motion.base)
        second = _busy(second, 1 - SHARE)
    else:
        yield part
    if part.name in MEMORY:
        assert isinstance(part.motion, Level)
        second = ramped(second, GROWS, DIED, GROWN * part.motion.points[-1][1])
    yield second.moving(step(1.0, DIED, 0.0)) if part.name == "up" else second.until(DIED)


def _busy(part: Part, share: float) -> Part:
    """The counter of a relay that has a share of the clients."""
    count = part.motion
    assert isinstance(count, Count)
    rate, slow_rate, base = count.rate * share, count.slow_rate * share, round(count.base * share)
    return part.moving(replace(count, rate=rate, slow_rate=slow_rate, base=base))


def _with_all(part: Part, streams: float) -> Part:
    """The counter, which counts the streams again that the clients of the other relay open now."""
    count = part.motion
    assert isinstance(count, Count)
    if streams == count.base:
        return part
    opened = Count(
        (streams - count.base) / 30, count.starts, factors=((count.starts[0], 0.0), (DIED, 1.0), (DIED + 30, 0.0))
    )
    return part.moving(Total((count, opened)))


def _of_second(part: Part) -> Part:
    changed = {"pod": SECOND, "instance": part.labels["instance"].replace("10.0.0.1:", "10.0.0.2:")}
    labels = tuple((name, changed.get(name, value)) for name, value in part.target.labels)
    return replace(part.labeled(**changed), target=replace(part.target, labels=labels, number=2))
