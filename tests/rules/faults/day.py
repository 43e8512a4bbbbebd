"""A day without a fault, in which people work: a rolling upgrade, a node that is drained, and a node that is added.

Nodes are upgraded one after the other, each with a restart, so that one of them is missing all the time, and that for
longer than any alert waits. At noon, when little happens, everything that may fail now and then does so once or twice.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from dashboards_py.demo.motion import Count, Level, Waves, steady, step
from dashboards_py.demo.scenes._living import born
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._size import KNOWN_NODES, NODES
from dashboards_py.demo.scenes._story import faster, gauge
from tests.rules.faults._fault import HOUR
from tests.rules.history import DAY, MINUTE, Timeline

# Hours of the day, in seconds relative to its beginning.
UPGRADE, DRAIN, BACK, NOON, SCALE_UP = 3 * HOUR, 9 * HOUR, 10 * HOUR, 12 * HOUR, 15 * HOUR
BETWEEN = 300.0  # seconds from one node of the upgrade to the next
REBOOTING = BETWEEN + 20  # until its agent answers
STARTING, RESTORING = 45.0, 90.0  # until a new agent answers, and until its endpoints are ready
CONNECTING = BETWEEN + 20  # until sessions of BGP and connections to remote clusters are there
QUIET = 2 * HOUR  # before and after noon
LONG_AGO = -1e7  # before any process started
DRAINED, NEW = "node-5", f"node-{NODES + 1}"
# What fails at noon in each process: a regular expression of names, values of labels, and how often.
NOW_AND_THEN: tuple[tuple[str, dict[str, str], int], ...] = (
    ("cilium_endpoint_regenerations_total", {"outcome": "fail"}, 2),
    ("cilium_api_limiter_processed_requests_total", {"api_call": "endpoint-create", "outcome": "fail"}, 1),
    ("cilium_agent_api_process_time_seconds_.*", {"path": "/v1/endpoint", "return_code": "500"}, 1),
    ("cilium_drop_count_total", {"reason": "CT: Map insertion failed|No mapping for NAT masquerade"}, 2),
    (".*_quorum_errors_total", {"error": "timeout"}, 1),
    (".*_bgp_control_plane_reconcile_errors?_(total|count)", {}, 1),
    (".*_kvstore_sync_errors_total", {"scope": "nodes"}, 1),
    ("cilium_bpf_map_ops_total", {"outcome": "fail", "operation": "update"}, 2),
)
OF_AGENT = ("cilium-agent", "hubble")
PODS = 31.0
TIMELINE = Timeline(begin=0.0, lead=0.0, length=DAY + MINUTE, tail=0.0)


def played(part: Part) -> Iterator[Part]:
    """What a series of a cluster with one more node shows on that day, which begins at 0."""
    if part.node == NEW:
        yield from _added(part)
    else:
        for changed in _upgraded(_at_noon(_counted(part))):
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
        return part.moving(_during_upgrade(float(NODES), NODES - 1.0, (SCALE_UP + 2 * STARTING, NODES + 1.0)))
    if part.name == "hubble_relay_pool_peer_connection_status" and part.labels["status"] == "TRANSIENT_FAILURE":
        return part.moving(_during_upgrade(0.0, 1.0))
    if part.name == "cilium_unreachable_health_endpoints":
        return part.moving(_during_upgrade(0.0, 1.0))
    if part.name == "cilium_unreachable_nodes":  # the last ones start so fast that probes find them
        return part.moving(_during_upgrade(0.0, 1.0, nodes=NODES // 2))
    if part.name == "kube_daemonset_status_desired_number_scheduled":
        return part.moving(step(float(NODES), SCALE_UP, NODES + 1.0))
    if part.name == "kube_daemonset_status_number_ready":
        return part.moving(_ready())
    if part.name == "kube_daemonset_status_updated_number_scheduled":
        moments = [UPGRADE + number * BETWEEN for number in range(NODES)]
        points = [(UPGRADE - 1.0, float(NODES)), *((moment, float(number)) for number, moment in enumerate(moments))]
        return part.moving(Level((*points, (UPGRADE + NODES * BETWEEN, float(NODES)))))
    return part


def _during_upgrade(before: float, during: float, *after: tuple[float, float], nodes: int = NODES) -> Level:
    """A level, another one while nodes are upgraded, the first one again, and those from later moments on."""
    begin, end = UPGRADE, UPGRADE + (nodes - 1) * BETWEEN + REBOOTING
    points = [(begin - 1, before), (begin, during), (end - 1, during), (end, before)]
    for moment, level in after:
        points += [(moment - 1, points[-1][1]), (moment, level)]
    return Level(tuple(points), whole=True)


def _ready() -> Level:
    """One pod fewer during the upgrade, one more after the scale-up."""
    return _during_upgrade(float(NODES), NODES - 1.0, (SCALE_UP + 60, NODES + 1.0))


def _at_noon(part: Part) -> Part:
    """What fails once or twice at noon, while little else happens."""
    if part.name == "cilium_operator_identity_gc_runs" and part.labels["outcome"] == "fail":
        return part.moving(step(0.0, NOON, 1.0))
    if not isinstance(part.motion, Count):
        return part
    for name, values, number in NOW_AND_THEN:
        if re.fullmatch(name, part.name) and all(re.fullmatch(v, part.labels.get(k, "")) for k, v in values.items()):
            return part.moving(_with_events(part.motion, number))
    if part.name.endswith("_regenerations_total"):
        return faster(part, (NOON - QUIET, 0.02), (NOON + QUIET, 1.0))
    return part


def _with_events(count: Count, number: int) -> Count:
    """A counter that counts so many events more within a minute at noon, and no other for hours."""
    per_second = (number + 0.5) / MINUTE
    rate, usual = (count.rate, 1.0) if count.rate else (per_second, 0.0)
    factors = (LONG_AGO, usual), (NOON - QUIET, 0.0), (NOON, per_second / rate), (NOON + MINUTE, 0.0)
    return replace(count, rate=rate, waves=Waves(), factors=(*factors, (NOON + QUIET, usual)))


def _upgraded(part: Part) -> Iterator[Part]:
    """The pod of the old version until its node's turn comes, then one of the new version."""
    if part.target.component not in OF_AGENT or not part.node:
        yield part
        return
    moment = UPGRADE + (part.target.number - 1) * BETWEEN
    yield part.until(moment)
    pod = part.labels["pod"].replace("cilium-ag", "cilium-bf")
    labels = tuple((name, pod if name == "pod" else value) for name, value in part.target.labels)
    new = replace(part.labeled(pod=pod), target=replace(part.target, labels=labels))
    if new.name == "up":
        yield new.since(moment).moving(step(0.0, moment + REBOOTING, 1.0))
    else:
        yield _of_new_process(new, moment + REBOOTING)


def _of_new_process(part: Part, moment: float) -> Part:
    """The series of a process that starts at a moment, restores its endpoints, regenerates them, and connects."""
    new = part.since(moment)
    if new.name == "cilium_version":
        return new.labeled(version=f"{new.labels['version']}-next")
    if isinstance(new.motion, Count):
        return new.moving(replace(new.motion, starts=(moment,), base=0.0))
    if new.name.endswith("process_start_time_seconds") and isinstance(new.motion, Level):
        return new.moving(steady(new.motion.points[0][1] - born(new.target) + moment))
    if new.name.endswith(("_bgp_control_plane_session_state", "_clustermesh_remote_cluster_readiness_status")):
        return new.moving(step(0.0, moment + CONNECTING, 1.0))
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
