"""BGP: sessions that were up, and reconciliation."""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.agents import started_lately
from dashboards_py.style.alert_limits import BGP_RECONCILE_ERRORS
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.limits import BGP_SESSIONS_DOWN, NODES_WITHOUT_SESSION

STATE = "cilium_bgp_control_plane_session_state"
# Sessions that never came up are configuration in the making; a subquery reads 96 samples of a day, not 2,880.
UP_WITHIN_A_DAY = f"max_over_time({STATE}[1d:15m])"
RECONCILE_ERRORS = (
    "cilium_bgp_control_plane_reconcile_errors_total",
    "cilium_bgp_control_plane_reconcile_error_count",
    "cilium_operator_bgp_control_plane_reconcile_errors_total",
)


def _down(by: str) -> str:
    """What is down and was up, but for nodes whose agent has just started: its sessions take some minutes."""
    lost = f"max by ({by}) ({STATE}) == 0 and max by ({by}) ({UP_WITHIN_A_DAY}) == 1"
    return f"{lost} unless on (cluster, node) {started_lately('cluster, node', 600)}"


def rules(_: Release) -> RuleGroup:
    """Sessions."""
    return group(
        "cilium-bgp",
        alert(
            "CiliumBGPSessionDown",
            f"count by (cluster, neighbor) ({_down('cluster, node, neighbor')})",
            above=BGP_SESSIONS_DOWN.level("warning"),
            hold="10m",
            severity="warning",
            summary="{{ $value }} BGP sessions with {{ $labels.neighbor }} are down",
            description="{{ $value }} nodes have lost a session with {{ $labels.neighbor }} that was up within a day.",
            action="One node: look at it. All nodes: look at the router. cilium-dbg bgp peers shows its state.",
            panel=panel("cilium-bgp", "Sessions down now"),
        ),
        alert(
            "CiliumBGPNodeWithoutSession",
            f"count by (cluster) ({_down('cluster, node')})",
            above=NODES_WITHOUT_SESSION.level("critical"),
            hold="5m",
            severity="critical",
            summary="{{ $value }} nodes have no BGP session left",
            description="{{ $value }} nodes have lost all sessions, some of which were up within a day: routes to "
            "their "
            "pods and services are withdrawn.",
            action="The panel lists node and router. Look at what they have in common: a router, a rack, a change.",
            panel=panel("cilium-bgp", "Nodes without any session"),
        ),
        alert(
            "CiliumBGPReconcileErrors",
            *(f"max by (cluster) (sum by (cluster, pod) (increase({metric}[15m])))" for metric in RECONCILE_ERRORS),
            above=BGP_RECONCILE_ERRORS.level("warning"),
            hold="10m",
            keep_firing_for="10m",
            severity="warning",
            summary="BGP cannot be configured as asked",
            description="In 15 minutes {{ $value | humanize }} reconciliations of BGP failed in one pod: a change of "
            "peers or advertisements does not take effect.",
            action="The conditions of CiliumBGPClusterConfig and CiliumBGPNodeConfig name the field.",
            panel=panel("cilium-bgp", "Reconcile errors"),
        ),
    )
