"""Alerts that fire: Prometheus, and what speaks its language, keeps a series `ALERTS` of each (rules/alerting.go)."""

from dashboards_py.model import Annotation, Query, State, Table
from dashboards_py.style.links import link_to_next, next_boards, on_any_node
from dashboards_py.style.tables import table

ABOUT_CILIUM = 'cluster=~"$cluster", alertstate="firing", alertname=~"(Cilium|Hubble).+"'
SEVERITIES = (
    State(text="critical", color="red", low=3, high=3),
    State(text="warning", color="yellow", low=2, high=2),
    State(text="info", color="text", low=1, high=1),
)
# The board that shows what an alert is about, by its name; of several, the first.
BOARDS = {
    "HubbleDNS.+": "hubble-dns",
    "HubbleHTTP.+": "hubble-http",
    "HubbleRelay.+|HubbleCertificate.+": "hubble-relay",
    "Hubble.+": "hubble-overview",
    "CiliumEnvoy.+": "cilium-envoy",
    "CiliumBGP.+": "cilium-bgp",
    "Cilium(Mesh|KVStore|RemoteCluster).+": "cilium-clustermesh",
    "Cilium(Policy|DNS|LocalIdentities).+": "cilium-policy",
    "Cilium(Operator|IdentityCollection|LoadBalancerWithout|Unmanaged|EndpointSlices).+": "cilium-operator",
    "Cilium(Map|Conntrack|NAT|SourcePorts|NodeAddresses|Identities|LoadBalancerPool|OpenFiles).+": "cilium-capacity",
    "Cilium(EndpointCreation|AgentAPI).+": "cilium-capacity",
}
# That of an alert without one, which may be about any component, by the pod; the agents' is the default.
BOARDS_OF_PODS = {
    "hubble-relay.+": "hubble-relay",
    "cilium-operator.+": "cilium-operator",
    "cilium-envoy.+": "cilium-envoy",
    "clustermesh-apiserver.+": "cilium-clustermesh",
    ".*": "cilium-agent",
}
MOST_NAMED = 3  # nodes and pods of an alert that has a row for each; of more, they would hide all other alerts
FIRING_ALERTS = Annotation(
    name="Firing alerts",
    expr=f'count by (cluster, alertname) (ALERTS{{{ABOUT_CILIUM}, severity=~"critical|warning"}})',
    text="{{alertname}}",
    color="red",
    step="60s",
)


def firing_alerts(*, w: int, h: int) -> Table:
    """Alerts about Cilium and Hubble that fire, the critical ones first, of any author."""
    ranked = (
        f'{rank} * ALERTS{{{ABOUT_CILIUM}, severity="{name}"}}' for rank, name in ((3, "critical"), (2, "warning"))
    )
    firing = f"({' or '.join(ranked)} or ALERTS{{{ABOUT_CILIUM}}})"
    named = f"max by (cluster, alertname, node, pod) {firing}"
    few = f"count by (cluster, alertname) ({named}) <= {MOST_NAMED}"
    rows = (
        f"{named} and on (cluster, alertname) ({few}) or on (cluster, alertname) max by (cluster, alertname) {firing}"
    )
    of_pods = next_boards(on_any_node(rows), "pod", BOARDS_OF_PODS)
    return table(
        "Firing alerts",
        "Alerts whose names begin with Cilium or Hubble; one of more than three nodes or pods does not name them. What "
        "to do is in the alert's description and runbook. Empty: none fires, or Prometheus evaluates no such rules: "
        "see Alerts in its menu.",
        Query(expr=next_boards(of_pods, "alertname", BOARDS), legend="severity", states=SEVERITIES),
        links=(link_to_next(node="node"),),
        no_value="no alert seen",
        w=w,
        h=h,
    )
