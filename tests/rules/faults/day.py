"""A day without a fault, in which people work: a rolling upgrade, a node that is drained, and a node that is added."""

from collections.abc import Iterator
from dataclasses import replace

from dashboards_py.demo.motion import Count, Level, steady, step
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._size import KNOWN_NODES, NODES
from dashboards_py.demo.scenes._story import faster, gauge
from tests.rules.faults._fault import HOUR
from tests.rules.history import DAY, MINUTE, Timeline

# Hours of the day, in seconds relative to its beginning.
UPGRADE, DRAIN, BACK, SCALE_UP = 3 * HOUR, 9 * HOUR, 10 * HOUR, 15 * HOUR
BETWEEN = 420.0  # seconds from one agent of the upgrade to the next
STARTING, RESTORING = 45.0, 90.0  # until a new agent answers, and until its endpoints are ready
DRAINED, NEW = "node-5", f"node-{NODES + 1}"
OF_AGENT = ("cilium-agent", "hubble")
PODS = 31.0
TIMELINE = Timeline(begin=0.0, lead=0.0, length=DAY + MINUTE, tail=0.0)


def played(part: Part) -> Iterator[Part]:
    """What a series of a cluster with one more node shows on that day, which begins at 0."""
    if part.node == NEW:
        yield from _added(part)
    else:
        for changed in _upgraded(_counted(part)):
            yield _drained(changed) if part.node == DRAINED else changed


def _added(part: Part) -> Iterator[Part]:
    """The new node: its kubelet pulls the image, then the targets answer."""
    if part.name == "up":
        yield part.since(SCALE_UP).moving(step(0.0, SCALE_UP + STARTING, 1.0))
    else:
        yield _of_new_process(part, SCALE_UP + STARTING)


def _counted(part: Part) -> Part:
    """What others count of nodes and agents."""
    if part.name == "cilium_nodes_all_num":
        return part.moving(step(float(KNOWN_NODES), SCALE_UP, KNOWN_NODES + 1.0))
    if part.name == "hubble_relay_pool_peer_connection_status" and part.labels["status"] == "READY":
        return part.moving(step(float(NODES), SCALE_UP + 2 * STARTING, NODES + 1.0))
    if part.name == "kube_daemonset_status_desired_number_scheduled":
        return part.moving(step(float(NODES), SCALE_UP, NODES + 1.0))
    if part.name == "kube_daemonset_status_number_ready":
        return part.moving(_ready())
    if part.name == "kube_daemonset_status_updated_number_scheduled":
        moments = [UPGRADE + number * BETWEEN for number in range(NODES)]
        points = [(UPGRADE - 1.0, float(NODES)), *((moment, float(number)) for number, moment in enumerate(moments))]
        return part.moving(Level((*points, (UPGRADE + NODES * BETWEEN, float(NODES)))))
    return part


def _ready() -> Level:
    """One pod fewer while an agent of the upgrade starts, one more after the scale-up."""
    points = [(0.0, float(NODES))]
    for number in range(NODES):
        moment = UPGRADE + number * BETWEEN
        points += [(moment - 1, NODES), (moment, NODES - 1.0), (moment + 60, NODES - 1.0), (moment + 61, float(NODES))]
    return Level((*points, (SCALE_UP + 60, float(NODES)), (SCALE_UP + 61, NODES + 1.0)))


def _upgraded(part: Part) -> Iterator[Part]:
    """The pod of the old version until its turn comes, then one of the new version."""
    if part.target.component not in OF_AGENT or not part.node:
        yield part
        return
    moment = UPGRADE + (part.target.number - 1) * BETWEEN
    yield part.until(moment)
    pod = part.labels["pod"].replace("cilium-ag", "cilium-bf")
    labels = tuple((name, pod if name == "pod" else value) for name, value in part.target.labels)
    new = replace(part.labeled(pod=pod), target=replace(part.target, labels=labels))
    if new.name == "up":
        yield new.since(moment).moving(step(0.0, moment + STARTING, 1.0))
    else:
        yield _of_new_process(new, moment + STARTING)


def _of_new_process(part: Part, moment: float) -> Part:
    """The series of a process that starts at a moment, restores its endpoints and regenerates them."""
    new = part.since(moment)
    if new.name == "cilium_version":
        return new.labeled(version=f"{new.labels['version']}-next")
    if isinstance(new.motion, Count):
        return new.moving(replace(new.motion, starts=(moment,), base=0.0))
    if new.name.endswith("process_start_time_seconds"):
        return new.moving(steady(moment))
    if new.name == "cilium_endpoint_state" and isinstance(new.motion, Level):
        levels = {
            "restoring": ((moment, PODS), (moment + RESTORING, 0.0)),
            "ready": ((moment, 0.0), (moment + 90, PODS)),
        }
        points = levels.get(new.labels["endpoint_state"])
        return new.moving(Level(points, whole=True)) if points else new
    return new


def _drained(part: Part) -> Part:
    """A node whose pods are evicted, and which gets others an hour later."""
    if part.name == "cilium_endpoint_state" and part.labels["endpoint_state"] == "ready":
        before = PODS
        return gauge(part, (DRAIN, before), (DRAIN + 300, 4.0), (BACK, 4.0), (BACK + 300, before))
    if part.name == "cilium_endpoint_state" and part.labels["endpoint_state"] == "disconnecting":
        return gauge(part, (DRAIN, 0.0), (DRAIN + 60, 6.0), (DRAIN + 300, 0.0))
    if isinstance(part.motion, Count) and part.name.startswith("hubble_"):
        return faster(part, (DRAIN, 0.15), (BACK, 1.0))
    return part
