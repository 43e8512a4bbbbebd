"""Hubble relay: does it reach the agents, and does it answer?"""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.agents import started_lately
from dashboards_py.style.alert_limits import RELAY_PEERS_FAILING, TRAFFIC
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.hubble import FAILING_PEERS
from dashboards_py.style.limits import RPCS_FAILED
from dashboards_py.style.shares import share

STATUS = "hubble_relay_pool_peer_connection_status"
OF_RELAY = "cluster, pod"
RPCS = "grpc_server_handled_total"
RELAY = 'pod=~"hubble-relay.*"'


def rules(_: Release) -> RuleGroup:
    """Relays."""
    failing = FAILING_PEERS.removeprefix("max(").removesuffix(")")
    rpcs = f"sum by (cluster) (rate({RPCS}{{{RELAY}}}[$__rate_interval]))"
    failed = f'sum by (cluster) (rate({RPCS}{{{RELAY}, grpc_code!~"OK|Canceled"}}[$__rate_interval]))'
    return group(
        "hubble-relay",
        alert(
            "HubbleRelayPeersFailing",
            # As many peers as agents that have just started are no fault.
            f"{failing} / (sum by ({OF_RELAY}) ({STATUS}) > 0) "
            f"unless on (cluster) max by (cluster) ({failing}) <= {started_lately('cluster', 1200)}",
            above=RELAY_PEERS_FAILING.level("warning"),
            hold="15m",
            severity="warning",
            summary="{{ $labels.pod }} does not reach {{ $value | humanizePercentage }} of the agents",
            description="{{ $labels.pod }} cannot connect to {{ $value | humanizePercentage }} of the agents; the "
            "limit "
            "is [limit]. Flows of these nodes are missing in hubble observe and in the UI.",
            action="Look at TCP 4244 from the relay to these nodes, and at the certificates of Hubble.",
            panel=panel("hubble-relay", "Peers by state"),
        ),
        # Of clusters whose relay has been scraped within a day: elsewhere there is none, or its metrics are off.
        alert(
            "HubbleRelayAbsent",
            f"count by (cluster) (last_over_time({STATUS}[1d])) unless count by (cluster) ({STATUS})",
            hold="15m",
            severity="warning",
            summary="No Hubble relay runs, or none is scraped",
            description="For 15 minutes no relay has been scraped: hubble observe and the UI show nothing.",
            action="Look at the pods of Deployment hubble-relay, then at its ServiceMonitor.",
            panel=panel("hubble-relay", "Relays"),
        ),
        alert(
            "HubbleRelayCallsFailing",
            share(failed, rpcs, more_than=TRAFFIC.floor or 0),
            above=RPCS_FAILED.level("warning"),
            levels=(TRAFFIC.level("floor"),),
            hold="15m",
            severity="warning",
            summary="Relay fails {{ $value | humanizePercentage }} of its calls",
            description="{{ $value | humanizePercentage }} of the calls to Hubble relay fail; the limit is [limit].",
            action="The code on the panel is the cause: Unavailable is a connection, DeadlineExceeded a slow agent.",
            panel=panel("hubble-relay", "RPCs failed by code"),
        ),
    )
