"""Agents that run Envoy as a process of their own, by cilium-config or a CiliumNodeConfig: it has no pod, no target."""

from dashboards_py.doctor.client import Client
from dashboards_py.doctor.house_labels import our_labels
from dashboards_py.doctor.observation import EMBEDDED, Labels, Observation
from dashboards_py.errors import DashboardsError


def embedded_envoys(client: Client, seen: Observation) -> tuple[Labels, ...]:
    """The labels of such agents; they are not looked for where each agent has an Envoy beside it."""
    if len(seen.targets_of("cilium-envoy")) >= len(seen.targets_of("cilium-agent")):
        return ()
    try:
        rows = client.query(f"{EMBEDDED} == 1", seen.server.now)
    except DashboardsError:
        return ()
    return tuple(our_labels(labels, seen.label_names) for labels, _ in rows)
