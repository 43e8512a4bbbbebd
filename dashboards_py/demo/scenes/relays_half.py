"""One of two Hubble relays was killed, since it was out of memory, and does not start again; the other one answers.

The healthy cluster has one relay; here there are two, and the second one died 20 minutes before the end. Its target is
down, and its series end. It is not ready, so that the service `hubble-relay` leads all clients to the other one.
"""

from collections.abc import Iterator
from dataclasses import replace

from dashboards_py.demo.motion import step
from dashboards_py.demo.scenes._part import Part

RELAY, SECOND = "hubble-relay", "hubble-relay-6b9d4-relay2"
DIED = -1200.0


def played(part: Part) -> Iterator[Part]:
    """Every series as it is, and those of the second relay."""
    yield part
    if part.target.component == RELAY:
        second = _of_second(part)
        yield second.moving(step(1.0, DIED, 0.0)) if part.name == "up" else second.until(DIED)


def _of_second(part: Part) -> Part:
    changed = {"pod": SECOND, "instance": part.labels["instance"].replace("10.0.0.1:", "10.0.0.2:")}
    labels = tuple((name, changed.get(name, value)) for name, value in part.target.labels)
    return replace(part.labeled(**changed), target=replace(part.target, labels=labels, number=2))
