"""The agents restart one after another with a new version; node-6 is still to come.

Each pod of the DaemonSet is replaced by one of another name: the old target ends, the new one fails a scrape while the
agent starts, then counts from 0. Hubble is in the same process; Envoy has its own pod and goes on, without the stream
of policies from the agent until that answers. A starting agent restores its endpoints and regenerates them all, and
asks the API server for everything. Relay is of the same chart: its pod is replaced first. Its connections are idle, so
that it does not notice the agents.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from dashboards_py.demo.cluster.levels import STARTS
from dashboards_py.demo.motion import Count, Level, steady, step
from dashboards_py.demo.scenes import _living
from dashboards_py.demo.scenes._part import Part
from dashboards_py.release import NEWEST

NEW_VERSION, NEW_REVISION = f"{NEWEST}.4", "5f0c91e7"
# When the pod of each node ends.
RESTARTS = {"node-1": -2880.0, "node-2": -2280.0, "node-3": -1680.0, "node-4": -1080.0, "node-5": -480.0}
RELAY, RELAY_ENDS = "hubble-relay", -2940.0
STARTING = 40.0  # seconds until the new process answers
RESTORING = 90.0  # seconds in which it is busier
RESTARTED = ("cilium-agent", "hubble", RELAY)
NEW_PODS = {"cilium-ag": "cilium-bf", "hubble-relay-6b9d4-": "hubble-relay-7c8f5-"}
BUSY = re.compile(r"cilium_(endpoint_regeneration|k8s_client_api|k8s_event|agent_api|policy_change|bpf_map_ops|event)")
BUSIER = 8.0
POLICY_STREAM = "envoy_cilium_npds_control_plane_connected_state"
ENDPOINTS = 31.0


def played(part: Part) -> Iterator[Part]:
    """The old pod's series and the new one's."""
    moment = RELAY_ENDS if part.target.component == RELAY else RESTARTS.get(part.node)
    if moment is not None and part.name == POLICY_STREAM:
        points = ((moment - 1e-3, 1.0), (moment, 0.0), (moment + STARTING - 1e-3, 0.0), (moment + STARTING, 1.0))
        yield part.moving(Level(points))
        return
    if moment is None or part.target.component not in RESTARTED:
        yield part
        return
    yield part.until(moment)
    renewed = _of_new_pod(part)
    if part.name == "up":
        yield renewed.since(moment).moving(step(0.0, moment + STARTING, 1.0))
    else:
        yield _started(renewed, moment + STARTING)


def _of_new_pod(part: Part) -> Part:
    pod = part.labels["pod"]
    for old, new in NEW_PODS.items():
        pod = pod.replace(old, new)
    labels = tuple((name, pod if name == "pod" else value) for name, value in part.target.labels)
    return replace(part.labeled(pod=pod), target=replace(part.target, labels=labels))


def _started(part: Part, moment: float) -> Part:
    """The series of a process that started at a moment."""
    new = part.since(moment)
    if "version" in new.labels and new.name == "cilium_version":
        new = new.labeled(version=NEW_VERSION, revision=NEW_REVISION)
    if isinstance(new.motion, Count):
        factors = ((moment, BUSIER), (moment + RESTORING, 1.0)) if BUSY.match(new.name) else ()
        return new.moving(replace(new.motion, starts=(moment,), factors=factors, base=STARTS.get(new.name, 0.0)))
    if isinstance(new.motion, Level) and new.name.endswith("process_start_time_seconds"):
        old = new.motion.points[0][1]
        return new.moving(steady(old - _living.born(new.target) + moment))
    if new.name == "cilium_endpoint_state":
        return _restoring(new, moment)
    return new


def _restoring(part: Part, moment: float) -> Part:
    """Endpoints are restored, regenerated, and ready."""
    restored = moment + RESTORING
    levels = {
        "restoring": ((moment, ENDPOINTS), (moment + 30, 0.0)),
        "regenerating": ((moment, 0.0), (moment + 30, 12.0), (restored, 0.0)),
        "ready": ((moment, 0.0), (moment + 30, 10.0), (restored, ENDPOINTS)),
    }
    points = levels.get(part.labels["endpoint_state"])
    return part if points is None else part.moving(Level(points, whole=True))
