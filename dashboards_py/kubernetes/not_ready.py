"""Why pods do not become ready: Helm and `kubectl rollout status` only say that they waited.

A quota, a policy or a webhook may refuse the pods themselves. Their controllers report that in events; `kubectl get
pods` shows nothing.
"""

from collections.abc import Callable, Mapping, Sequence

from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes.denied import denied
from dashboards_py.shapes import Json

# Kinds whose controllers create pods (and, of StatefulSets, volume claims), and the events about that.
KINDS = "events,daemonsets.apps,replicasets.apps,statefulsets.apps,jobs.batch"
REFUSED = "FailedCreate"  # the reason of the event (FailedCreatePodReason in Kubernetes' controller_utils.go)


class NotReady(DashboardsError):
    """Pods that were waited for and did not become ready."""


def refused_pods(objects: Sequence[Json], namespace: str) -> DashboardsError | None:
    """The error for the pods that a workload still lacks because they are refused, or None.

    `objects` are those of KINDS in the namespace. Events remain for an hour: only those count that are about a workload
    without its pods, of which the last says why.
    """
    lacking = {body["metadata"]["uid"] for body in objects if body["kind"] in LACKS and LACKS[body["kind"]](body)}
    events = [
        body
        for body in objects
        if body["kind"] == "Event" and body.get("reason") == REFUSED and body["involvedObject"].get("uid") in lacking
    ]
    if not events:
        return None
    event = max(events, key=_last)
    name = f"{event['involvedObject']['kind']} {event['involvedObject']['name']}"
    message = str(event.get("message", "")).removeprefix("(combined from similar events): ")
    fix = f"`kubectl get events -n {namespace} --field-selector=reason={REFUSED}` shows it"
    return denied(message, f"{name}: {message}", namespace) or DashboardsError(name, cause=message, fix=fix)


def _last(event: Json) -> str:
    """When it last happened, in RFC 3339; which of these fields is set depends on the version of the API."""
    series = event.get("series") or {}
    times = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return max((str(time) for time in times if time), default="")


def _lacks_replicas(body: Json) -> bool:
    wanted = body["spec"].get("replicas")
    return int(_status(body, "replicas")) < (1 if wanted is None else int(wanted))


def _status(body: Json, field: str) -> int:
    return int((body.get("status") or {}).get(field) or 0)


LACKS: Mapping[str, Callable[[Json], bool]] = {
    "DaemonSet": lambda body: _status(body, "currentNumberScheduled") < _status(body, "desiredNumberScheduled"),
    "ReplicaSet": _lacks_replicas,
    "StatefulSet": _lacks_replicas,
    "Job": lambda body: not any(_status(body, field) for field in ("active", "succeeded", "failed")),
}
