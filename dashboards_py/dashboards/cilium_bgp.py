"""Reader: network engineer. Which sessions are down, and on which nodes? Do we announce and receive what we expect? Does reconciliation fail? Variables: datasource, cluster, node. Needs bgpControlPlane.enabled; every panel: nv `BGP control plane is off`. Left out: per-instance splits (the label is `vrouter` up to 1.19, `instance_name` in 1.20: never named here). Cheap: a few series a node. Samples: open 0.7 M, all 1.4 M."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board, above, bargauge, cluster, dashboard, node, query, row, stat, table, timeseries


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster, node"""
    return dashboard(
        uid="cilium-bgp",
        title="Cilium / BGP",
        about="For network engineer. Which sessions are down, and on which nodes? Do we announce and receive what we expect? Does reconciliation fail?",
        replaces=(),
        variables=(
            cluster("cilium_version"),
            node("cilium_version"),
        ),
        rows=(
            sessions(),
            routes(),
            reconciliation(cilium),
        ),
    )


def sessions() -> RowPanel:
    """TODO"""
    return row(
        "Sessions",
        stat(
            "Sessions",
            "Fewer established than configured: table beside [needs: bgpControlPlane.enabled]",
            query("sum(cilium_bgp_control_plane_session_state)", "established"),
            query("count(cilium_bgp_control_plane_session_state)", "configured"),
        ),
        stat(
            "Nodes without any session",
            "Their pod and service routes are withdrawn",
            query("count(max by (cluster, node) (cilium_bgp_control_plane_session_state) == 0)", "nodes"),
            limits=above(critical=1),
            no_value="none",
        ),
        table(
            "Sessions down now",
            "`cilium bgp peers` on the node; check peer address, ASN, TCP 179 and password",
            query("topk(50, max by (node, neighbor) (cilium_bgp_control_plane_session_state == bool 0) == 1)", "down"),
            no_value="all established",
        ),
        timeseries(
            "Sessions over time",
            "Saw teeth: flapping, check hold timers and router CPU",
            query("sum(cilium_bgp_control_plane_session_state)", "established"),
            query("count(cilium_bgp_control_plane_session_state)", "configured"),
            unit="short",
        ),
        bargauge(
            "Peers by failed sessions",
            "One peer with many: the router; one each: the nodes",
            query("topk(10, count by (neighbor) (cilium_bgp_control_plane_session_state == 0))", "{{neighbor}}"),
            unit="short",
            limits=above(critical=1),
            no_value="none",
        ),
    )


def routes() -> RowPanel:
    """TODO"""
    return row(
        "Routes",
        timeseries(
            "Routes advertised",
            "A step down without a change: session loss or an advertisement that matches nothing",
            query("sum by (afi, safi) (cilium_bgp_control_plane_advertised_routes)", "{{afi}} {{safi}}"),
            unit="short",
        ),
        timeseries(
            "Routes received",
            "Cilium does not install them by default; a flood costs memory",
            query("sum by (afi, safi) (cilium_bgp_control_plane_received_routes)", "{{afi}} {{safi}}"),
            unit="short",
        ),
        table(
            "Nodes advertising nothing",
            "CiliumBGPAdvertisement selects nothing there",
            query(
                "topk(20, sum by (node) (cilium_bgp_control_plane_advertised_routes == bool 0) == count by (node) (cilium_bgp_control_plane_advertised_routes))",
                "peers and families without routes",
            ),
            no_value="none",
        ),
    )


def reconciliation(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Reconciliation",
        timeseries(
            "Reconcile errors",
            "Condition of the CiliumBGPClusterConfig names the field [releases 1.17+]",
            query("sum(rate(cilium_bgp_control_plane_reconcile_errors_total[$__rate_interval])) * 60", "agents"),
            query(
                "sum by (resource_kind, resource_name) (rate(cilium_operator_bgp_control_plane_reconcile_errors_total[$__rate_interval])) * 60",
                "operator {{resource_kind}} {{resource_name}}",
            ),
            *(
                [query("sum(rate(cilium_bgp_control_plane_reconcile_error_count[$__rate_interval])) * 60", "agents")]
                if cilium == (1, 17)
                else []
            ),
            unit="opm",
            no_value="none seen",
        ),
        timeseries(
            "Reconcile time, mean",
            "Slow runs delay announcements [releases 1.17+]",
            query(
                "sum(rate(cilium_bgp_control_plane_reconcile_run_duration_seconds_sum[$__rate_interval])) / sum(rate(cilium_bgp_control_plane_reconcile_run_duration_seconds_count[$__rate_interval]))",
                "agents",
            ),
            query(
                "sum(rate(cilium_operator_bgp_control_plane_reconcile_run_duration_seconds_sum[$__rate_interval])) / sum(rate(cilium_operator_bgp_control_plane_reconcile_run_duration_seconds_count[$__rate_interval]))",
                "operator",
            ),
            unit="s",
            limits=above(warning=5),
        ),
        closed=True,
    )
