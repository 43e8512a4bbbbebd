"""Which handlers of Hubble are off for some agents? Those that did not count what the handler `flow` has seen there.

Which pods have metrics of a handler an index tells, so that no samples are read; flows are looked at of those few that
have none. The index forgets a series hours after its end (the head of Prometheus' tsdb holds up to three): a new pod
has another name, and a container that was restarted in the same pod has another start time than before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from dashboards_py.catalog import entries
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.counted_flows import COUNTED
from dashboards_py.doctor.observation import FLOWS, Flow, Observation, PartialMetric
from dashboards_py.doctor.observe._described import exposes
from dashboards_py.doctor.observe._relabeling import are_relabeled_alike
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.matcher import Matcher, any_of

LATELY = 300.0  # seconds
MOST = 10  # targets whose flows are looked at, for each handler
NAMED = 3
OF_FLOW = ("protocol", "type", "verdict")  # labels of the handler `flow`
START = "cilium_process_start_time_seconds"  # of agents, whose process exposes Hubble's metrics as well
RESTARTED = f"{START} > min_over_time({START}[3h:10m])"


def handlers_of_some(client: Client, names: Collection[str], seen: Observation) -> Mapping[str, PartialMetric]:
    """The series of `names` that such a handler writes."""
    pods = {
        target.labels["instance"]: target.labels.get("pod") or target.labels["instance"]
        for target in seen.targets_of("hubble")
        if target.is_up and target.labels.get("instance")
    }
    if len(pods) < 2:
        return {}
    by_handler: dict[str, set[str]] = defaultdict(set)
    for name in (seen.series.keys() & set(names)) - {FLOWS}:
        for handler in {metric.handler for metric in entries(name)} & COUNTED.keys():
            by_handler[handler].add(name)

    def ask(handler: str) -> PartialMetric | None:
        try:
            return _of(client, handler, by_handler[handler], pods, seen)
        except DashboardsError:  # what is not known is no cause
            return None

    partial = dict(zip(by_handler, client.map(ask, by_handler), strict=True))
    return {name: one for handler, one in partial.items() if one for name in by_handler[handler]}


def _of(
    client: Client, handler: str, names: Collection[str], pods: Mapping[str, str], seen: Observation
) -> PartialMetric | None:
    """How many of the targets have the handler, if some do not have it; `pods` are the names of the targets."""
    label = seen.label("instance")
    indexed = _indexed(client, names, pods, seen)
    restarted = sorted(_restarted(client, pods, seen) & indexed)
    ended = set(restarted[:MOST]) - _current(client, names, restarted[:MOST], seen)
    having, others = indexed - ended, [*sorted(ended), *sorted(pods.keys() - indexed)]
    lacking = _lacking(client, handler, others[:MOST], seen) if having and others else []
    if not lacking:
        return None
    is_dropped = exposes(client, Matcher(label, "=", lacking[0]), names)
    if is_dropped and are_relabeled_alike(client, "hubble", lacking[0], sorted(having), seen):
        return None
    named = tuple(pods[instance] for instance in lacking[:NAMED])
    is_lower_bound = max(len(others), len(restarted)) > MOST
    return PartialMetric("hubble", len(having), len(having) + len(lacking), named, is_dropped, is_lower_bound)


def _indexed(client: Client, names: Collection[str], pods: Mapping[str, str], seen: Observation) -> set[str]:
    """The targets that have, or had before they were restarted, series of these names, by an index."""
    has_pods = all(pod != instance for instance, pod in pods.items())
    by = seen.label("pod" if has_pods else "instance")
    now = seen.server.now
    params = {"match[]": f"{{{_any(names)}}}", "start": f"{now - LATELY:.0f}", "end": f"{now:.0f}"}
    listed = frozenset(client.get(f"label/{by}/values", params))
    return {instance for instance, pod in pods.items() if pod in listed}


def _restarted(client: Client, pods: Mapping[str, str], seen: Observation) -> set[str]:
    """The targets whose process was restarted lately, in the same pod."""
    rows = client.query(f"group by ({seen.label('pod')}) ({RESTARTED})", seen.server.now)
    names = {labels.get(seen.label("pod"), "") for labels, _ in rows}
    return {instance for instance, pod in pods.items() if pod in names}


def _current(client: Client, names: Collection[str], instances: Collection[str], seen: Observation) -> set[str]:
    """Those of the targets that have series of these names now."""
    if not instances:
        return set()
    label = seen.label("instance")
    expr = f"group by ({label}) ({{{_any(names)}, {any_of(label, instances)}}})"
    return {labels.get(label, "") for labels, _ in client.query(expr, seen.server.now)}


def _lacking(client: Client, handler: str, instances: Collection[str], seen: Observation) -> list[str]:
    """The targets where the handler `flow` has seen what this one counts.

    Hubble deletes the series of a pod that is gone, also those of other handlers: only what has grown must be there.
    """
    label = seen.label("instance")
    expr = f"group by ({', '.join((label, *OF_FLOW))}) (increase({FLOWS}{{{any_of(label, instances)}}}[5m]) > 0)"
    counts = COUNTED[handler]
    flows = [
        (labels.get(label, ""), Flow(*(labels.get(name, "") for name in OF_FLOW)))
        for labels, _ in client.query(expr, seen.server.now)
    ]
    return sorted({instance for instance, flow in flows if counts(flow)} & set(instances))


def _any(names: Iterable[str]) -> str:
    return f'__name__=~"{"|".join(sorted(names))}"'
