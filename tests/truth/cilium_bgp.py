"""Expected values of the panels of Cilium / BGP."""

from tests.truth.agents import MORE_NODES
from tests.truth.values import Value, earlier, mean, now, rate

BEFORE = earlier("cilium_bgp_control_plane_session_state", 3600).unless(now("cilium_version"), "cluster", "node")
LOST_SESSIONS = BEFORE.where(MORE_NODES.of_all_nodes(), "cluster")
CONFIGURED = (now("cilium_bgp_control_plane_session_state") | LOST_SESSIONS).count()

TRUTH: dict[str, dict[str, Value]] = {
    "Sessions": {
        "A": (now("cilium_bgp_control_plane_session_state").equal_bool(0) | (0 * LOST_SESSIONS + 1)).sum(),
        "B": CONFIGURED,
    },
    "Nodes without any session": {
        "A": (now("cilium_bgp_control_plane_session_state") | 0 * LOST_SESSIONS).max("cluster", "node").equal(0).count()
        | (0 * now("cilium_bgp_control_plane_session_state").count()),
    },
    "Sessions down now": {
        "A": (
            (
                (now("cilium_bgp_control_plane_session_state").equal_bool(0))
                .max("cluster", "node", "neighbor")
                .equal(1)
                | 2 * (0 * LOST_SESSIONS + 1).max("cluster", "node", "neighbor")
            ).top(50)
        ).or_not_scraped("cilium_bgp_control_plane_session_state"),
    },
    "Sessions over time": {
        "A": now("cilium_bgp_control_plane_session_state").count(),
        "B": now("cilium_bgp_control_plane_session_state").sum(),
    },
    "Peers by failed sessions": {
        "A": (now("cilium_bgp_control_plane_session_state").equal_bool(0) | (0 * LOST_SESSIONS + 1))
        .sum("neighbor")
        .top(10),
    },
    "Routes advertised": {
        "A": now("cilium_bgp_control_plane_advertised_routes").sum("afi", "safi"),
    },
    "Routes received": {
        "A": now("cilium_bgp_control_plane_received_routes").sum("afi", "safi"),
    },
    "Nodes advertising nothing": {
        "A": (
            (
                (now("cilium_bgp_control_plane_advertised_routes").equal_bool(0))
                .sum("cluster", "node")
                .equal(now("cilium_bgp_control_plane_advertised_routes").count("cluster", "node"))
            ).top(20)
        ).or_not_scraped("cilium_bgp_control_plane_advertised_routes"),
    },
    "Reconcile errors": {
        "A": rate("cilium_bgp_control_plane_reconcile_errors_total").sum() * 60,
        "B": (
            rate("cilium_operator_bgp_control_plane_reconcile_errors_total").sum("resource_kind", "resource_name") * 60
        ),
    },
    "Reconcile time, mean": {
        "A": mean("cilium_bgp_control_plane_reconcile_run_duration_seconds"),
        "B": mean("cilium_operator_bgp_control_plane_reconcile_run_duration_seconds"),
    },
}

# Expected values of queries that only the boards of older releases have.
OLDER: dict[str, dict[str, Value]] = {
    "Reconcile errors": {
        "A": rate("cilium_bgp_control_plane_reconcile_error_count").sum() * 60,
    },
}
