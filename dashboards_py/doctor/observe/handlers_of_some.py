"""Which handlers of Hubble are off for some agents? Those that did not count what the handler `flow` has seen there.

Which targets have metrics of a handler an index tells, so that no samples are read; flows are looked at of those few
that have none.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from dashboards_py.catalog import entries
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.counted_flows import COUNTED
from dashboards_py.doctor.observation import FLOWS, Flow, Observation, PartialMetric
from dashboards_py.doctor.observe._described import exposes
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.matcher import Matcher, any_of

LATELY = 300.0  # seconds
MOST = 10  # targets whose flows are looked at, for each handler
NAMED = 3
OF_FLOW = ("protocol", "type", "verdict")  # labels of the handler `flow`


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
    now, label = seen.server.now, seen.label("instance")
    of_handler = f'__name__=~"{"|".join(sorted(names))}"'
    params = {"match[]": f"{{{of_handler}}}", "start": f"{now - LATELY:.0f}", "end": f"{now:.0f}"}
    answer = client.get(f"label/{label}/values", params)
    having = pods.keys() & set(answer if isinstance(answer, list) else ())
    if not having or not (others := sorted(pods.keys() - having)[:MOST]):
        return None
    matcher = any_of(label, others)
    # Hubble deletes the series of a pod that is gone, also those of other handlers: only what has grown must be there.
    rows = client.query(f"group by ({', '.join((label, *OF_FLOW))}) (increase({FLOWS}{{{matcher}}}[5m]) > 0)", now)
    counts = COUNTED[handler]
    lacking = {labels.get(label, "") for labels, _ in rows if counts(Flow(*(labels.get(name, "") for name in OF_FLOW)))}
    if not lacking:
        return None
    is_dropped = exposes(client, Matcher(label, "=", min(lacking)), names)
    named = tuple(pods.get(instance, instance) for instance in sorted(lacking)[:NAMED])
    return PartialMetric("hubble", len(having), len(having) + len(lacking), named, is_dropped)
