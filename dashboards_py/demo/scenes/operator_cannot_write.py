"""The operator lost its right to write half an hour before the end: the API server answers 403 to all but reads.

A chart of an older version was applied, whose ClusterRole lacks the verbs. Leases are in a Role of their own, so that
the leader stays. Its loops fail and are retried. The identity collector returns at the first identity that it cannot
mark or delete, before it counts anything (gc in operator/identitygc/crd_gc.go): its gauges stand still, and no failed
run is counted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from dashboards_py.demo.motion import Level
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import appearing, at_rate, faster, gauge, is_of_leader, unchanged

LOST = -1800.0
WRITES = ("PUT", "POST", "PATCH", "DELETE")
REFUSED = 0.45  # calls a second and method: retries are delayed more and more
FAILURES = 0.12  # runs of a loop a second
LOOPS = ("crd-identity-gc", "update-cilium-nodes-pod-cidr", "to-k8s-ciliumendpoint-gc")


def played(part: Part) -> Iterator[Part]:
    """What the operator counts of calls, loops and slices."""
    if part.target.component == "cilium-operator":
        yield from _CHANGES.get(part.name, unchanged)(part)
    else:
        yield part


def _calls(part: Part) -> Iterator[Part]:
    method, code = part.labels["method"], part.labels["return_code"]
    if method not in WRITES:
        yield part
        return
    yield faster(part, (LOST, 0.0))
    if code in ("200", "201", "429") and is_of_leader(part):  # the leader's, one series of each method
        yield appearing(part, LOST, REFUSED, return_code="403")


def _loops(part: Part) -> Iterator[Part]:
    is_stopped = is_of_leader(part) and part.labels["group_name"] in LOOPS
    if is_stopped and part.labels["status"] == "failure":
        yield appearing(part, LOST, FAILURES)
    else:
        yield faster(part, (LOST, 0.0)) if is_stopped else part


def _slices(part: Part) -> Iterator[Part]:
    yield faster(part, (LOST, 0.0 if part.labels["outcome"] == "success" else 400.0))


def _logged(part: Part) -> Iterator[Part]:
    is_of_loops = (part.labels["level"], part.labels["subsystem"]) == ("ERROR", "unspecified")
    yield at_rate(part, LOST, FAILURES) if is_of_loops and is_of_leader(part) else part


def _frozen(part: Part) -> Iterator[Part]:
    """What the collector sets or counts at the end of a run."""
    yield (
        part.moving(replace(part.motion, last=LOST)) if isinstance(part.motion, Level) else faster(part, (LOST, 0.0))
    )


def _collected(part: Part) -> Iterator[Part]:
    yield faster(part, (LOST, 0.0)) if part.labels["outcome"] == "success" else at_rate(part, LOST, FAILURES)


def _queues(part: Part) -> Iterator[Part]:
    assert isinstance(part.motion, Level)
    yield gauge(part, (LOST, 1.0), (0.0, 46.0))


_CHANGES: Mapping[str, Callable[[Part], Iterator[Part]]] = {
    "cilium_k8s_workqueue_depth": _queues,
    "cilium_operator_ces_sync_total": _slices,
    "cilium_operator_controllers_group_runs_total": _loops,
    "cilium_operator_endpoint_gc_objects": _collected,
    "cilium_operator_errors_warnings_total": _logged,
    "cilium_operator_identity_gc_entries": _frozen,
    "cilium_operator_identity_gc_latency": _frozen,
    "cilium_operator_identity_gc_runs": _frozen,
    "cilium_operator_k8s_client_api_calls_total": _calls,
}
