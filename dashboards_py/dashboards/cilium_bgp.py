"""BGP: which sessions are down and where, do we announce and receive what we expect, does reconciliation fail?

For the network engineer. Nothing is split by BGP instance, because the label's name changed in Cilium 1.20. Cheap: a
few series per node. All panels need bgpControlPlane.enabled.
"""

from dashboards_py.model import State
from dashboards_py.release import Release
from dashboards_py.style import (
    NO_DATA,
    Dashboard,
    Row,
    above,
    bargauge,
    cluster,
    dashboard,
    node,
    query,
    row,
    stat,
    table,
    timeseries,
    unless_not_seen,
)
from dashboards_py.style.bgp import lost_sessions
from dashboards_py.style.limits import BGP_RECONCILE_TIME, BGP_SESSIONS_DOWN, NODES_WITHOUT_SESSION

STATES = (
    State(text="down", color="yellow", low=1, high=1),  # as its alert, CiliumBGPSessionDown
    State(text="no agent", color="yellow", low=2, high=2),
)
LOST_SESSIONS = lost_sessions('node=~".*"')
NO_BGP = "no BGP seen"


def board(cilium: Release) -> Dashboard:
    """Sessions first, then routes and reconciliation."""
    return dashboard(
        uid="cilium-bgp",
        title="Cilium / BGP",
        about="For the network engineer. Which sessions are down, and on which nodes? Do we announce and "
        "receive what we expect? Does reconciliation fail?",
        replaces=(),
        variables=(cluster("cilium_version"), node("cilium_version")),
        feature="BGP control plane",
        rows=(
            sessions(),
            routes(),
            reconciliation(cilium),
        ),
    )


def sessions() -> Row:
    """Established and failed sessions."""
    return row(
        "Sessions",
        stat(
            "Sessions",
            "BGP sessions that are not established, and for an hour those of nodes whose agent does not answer any "
            "more; the table lists them. Needs bgpControlPlane.enabled.",
            query(f"sum(cilium_bgp_control_plane_session_state == bool 0 or {LOST_SESSIONS} ^ 0)", "down"),
            query(f"count(cilium_bgp_control_plane_session_state or {LOST_SESSIONS})", "configured", secondary=True),
            thresholds=above(BGP_SESSIONS_DOWN),
        ),
        stat(
            "Nodes without any session",
            "Nodes whose sessions are all down: routes to their pods and services are withdrawn. For an hour also "
            "those whose agent does not answer: they are as well, unless it is only not scraped.",
            query(
                f"count(max by (cluster, node) (cilium_bgp_control_plane_session_state or 0 * {LOST_SESSIONS}) == 0)"
                " or 0 * count(cilium_bgp_control_plane_session_state)",
                "nodes",
            ),
            thresholds=above(NODES_WITHOUT_SESSION),
        ),
        table(
            "Sessions down now",
            "down: read `cilium bgp peers` on the node; check the peer's address, ASN, TCP port 179 and password. No "
            "agent: the session of an hour ago on a node whose agent does not answer: see the agent board.",
            unless_not_seen(
                query(
                    "topk(50, max by (cluster, node, neighbor) (cilium_bgp_control_plane_session_state == bool 0) == 1"
                    f" or 2 * max by (cluster, node, neighbor) ({LOST_SESSIONS} ^ 0))",
                    "session",
                    states=STATES,
                ),
                "cilium_bgp_control_plane_session_state",
                NO_BGP,
            ),
            no_value="none seen",
            w=8,
        ),
        timeseries(
            "Sessions over time",
            "Sawtooth: sessions flap; check hold timers and the CPU of the routers. Both fall: a node's agent does not "
            "answer, or its sessions were removed.",
            query("count(cilium_bgp_control_plane_session_state)", "configured"),
            query("sum(cilium_bgp_control_plane_session_state)", "established"),
            unit="none",
        ),
        bargauge(
            "Peers by failed sessions",
            "One peer with many failed sessions: the router; many peers with one each: the nodes. Counts "
            "those of nodes without an agent as well.",
            query(
                "topk(10, sum by (neighbor) (cilium_bgp_control_plane_session_state == bool 0"
                f" or {LOST_SESSIONS} ^ 0))",
                "{{neighbor}}",
            ),
            unit="short",
            thresholds=above(BGP_SESSIONS_DOWN),
        ),
        no_value=NO_BGP,
    )


def routes() -> Row:
    """Advertised and received routes."""
    return row(
        "Routes",
        timeseries(
            "Routes advertised",
            "A drop without a change of configuration: sessions were lost, or an advertisement selects nothing.",
            query("sum by (afi, safi) (cilium_bgp_control_plane_advertised_routes)", "{{afi}} {{safi}}"),
            unit="none",
        ),
        timeseries(
            "Routes received",
            "Cilium does not install received routes by default; a flood costs memory.",
            query("sum by (afi, safi) (cilium_bgp_control_plane_received_routes)", "{{afi}} {{safi}}"),
            unit="none",
        ),
        table(
            "Nodes advertising nothing",
            "Nodes on which the CiliumBGPAdvertisement selects nothing.",
            unless_not_seen(
                query(
                    "topk(20, sum by (cluster, node) (cilium_bgp_control_plane_advertised_routes == bool 0) == count by"
                    " (cluster, node) (cilium_bgp_control_plane_advertised_routes))",
                    "without routes",
                ),
                "cilium_bgp_control_plane_advertised_routes",
                NO_BGP,
            ),
            no_value="none seen",
            h=5,
        ),
        no_value=NO_BGP,
    )


def reconciliation(cilium: Release) -> Row:
    """Errors and time of reconciliation."""
    return row(
        "Reconciliation",
        timeseries(
            "Reconcile errors",
            "Failed reconciliations. The conditions of the CiliumBGPClusterConfig name the field.",
            query("sum(rate(cilium_bgp_control_plane_reconcile_errors_total[$__rate_interval])) * 60", "agents"),
            query(
                "sum by (resource_kind, resource_name)"
                " (rate(cilium_operator_bgp_control_plane_reconcile_errors_total[$__rate_interval])) * 60",
                "operator {{resource_kind}} {{resource_name}}",
            ),
            *(
                [query("sum(rate(cilium_bgp_control_plane_reconcile_error_count[$__rate_interval])) * 60", "agents")]
                if cilium == (1, 17)
                else []
            ),
            unit="count:/min",
            no_value=NO_DATA,
        ),
        timeseries(
            "Reconcile time, mean",
            "Slow runs delay announcements.",
            query(
                "sum(rate(cilium_bgp_control_plane_reconcile_run_duration_seconds_sum[$__rate_interval]))"
                " / sum(rate(cilium_bgp_control_plane_reconcile_run_duration_seconds_count[$__rate_interval]))",
                "agents",
            ),
            query(
                "sum(rate(cilium_operator_bgp_control_plane_reconcile_run_duration_seconds_sum[$__rate_interval]))"
                " / "
                "sum(rate(cilium_operator_bgp_control_plane_reconcile_run_duration_seconds_count[$__rate_interval]))",
                "operator",
            ),
            unit="s",
            thresholds=above(BGP_RECONCILE_TIME),
        ),
        collapsed=True,
        no_value=NO_BGP,
    )
