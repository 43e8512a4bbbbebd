"""Hubble relay: does it reach every agent, do its RPCs fail, is it short of CPU or memory?

For the platform on-call, and for users whose `hubble observe` is slow or incomplete. RPC latency is left out, because
relay has no such histogram, and errors of agents, because of their two servers only that of the Unix socket has gRPC
metrics and relay calls the other. Cheap: a few pods.
"""

from dashboards_py.release import Release
from dashboards_py.style import (
    FAILING_PEERS,
    NO_DATA,
    Dashboard,
    Row,
    above,
    cluster,
    dashboard,
    link_to,
    query,
    relays_not_scraped,
    restarts,
    row,
    share,
    stat,
    table,
    timeseries,
)
from dashboards_py.style.limits import RELAY_PEERS, RELAYS_MISSING, RPCS_FAILED

NOTHING_SEEN = "no relay seen"
RELAYS = "count(count by (cluster, pod) (hubble_relay_pool_peer_connection_status))"
RELAYS_BEFORE = "count(count by (cluster, pod) (hubble_relay_pool_peer_connection_status offset 1h))"
RELAYS_DOWN = 'count(up{cluster=~"$cluster", pod=~"hubble-relay.*"} == 0)'


def board(_: Release) -> Dashboard:
    """Connections and failures first, then relay's resources."""
    return dashboard(
        uid="hubble-relay",
        title="Hubble / Relay",
        about="For the platform on-call, and users whose hubble observe is slow or incomplete. Does relay reach "
        "every agent? Do its RPCs fail? Is it short of CPU or memory?",
        folder="Hubble",
        variables=(cluster("hubble_relay_pool_peer_connection_status"),),
        annotations=(restarts("Relay restarts", 'process_start_time_seconds{pod=~"hubble-relay.*"}', "relays"),),
        rows=(reach(), resources()),
    )


def reach() -> Row:
    """Connections to agents, RPCs and streams of clients."""
    return row(
        "Does it reach the agents?",
        stat(
            "Relays",
            "Relays that do not answer, those that do, and the age of the youngest. If it is young repeatedly, it runs "
            "out of memory: raise `hubble.relay.resources`. Needs hubble.relay.prometheus.enabled and its "
            "ServiceMonitor.",
            query(f"{RELAYS_DOWN} or 0 * {RELAYS} or {RELAYS_BEFORE}", "down"),
            query(f"{RELAYS} or 0 * {RELAYS_BEFORE}", "up", secondary=True),
            query(
                'time() - max(process_start_time_seconds{pod=~"hubble-relay.*"})', "youngest", unit="s", secondary=True
            ),
            thresholds=above(RELAYS_MISSING),
            w=12,
            h=3,
        ),
        stat(
            "Peers failing",
            "Agents that the worst relay could not connect to in the last five minutes: their flows are missing in "
            "`hubble observe` and in the UI. See the states below; `hubble list nodes` lists them. Of the known "
            "agents, a relay uses those that a client observes, and the others are idle, not failing. Fewer known "
            "agents than nodes: the peer service of the local agent (`hubble-peer`) is stale.",
            query(FAILING_PEERS, "failing"),
            query("max(sum by (cluster, pod) (hubble_relay_pool_peer_connection_status))", "known", secondary=True),
            query(
                'max(sum by (cluster, pod) (hubble_relay_pool_peer_connection_status{status="READY"}))',
                "in use",
                secondary=True,
            ),
            thresholds=above(RELAY_PEERS),
            w=12,
            h=3,
        ),
        stat(
            "RPCs failed",
            "Share of finished RPCs that failed, without clients that disconnect (`Canceled`). The codes below show "
            "the cause. A stream counts when it ends.",
            query(
                share(
                    'sum(rate(grpc_server_handled_total{pod=~"hubble-relay.*", grpc_code!~"OK|Canceled"}'
                    "[$__rate_interval]))",
                    'sum(rate(grpc_server_handled_total{pod=~"hubble-relay.*"}[$__rate_interval]))',
                ),
                "of RPCs",
            ),
            unit="percentunit",
            thresholds=above(RPCS_FAILED),
            no_value="no RPC seen",
            w=8,
            h=3,
        ),
        stat(
            "CPU",
            "CPU of the busiest relay: 100 % is a core. Compare with the limit in `hubble.relay.resources`: throttling "
            "makes `hubble observe` slow.",
            query(
                'max(sum by (cluster, pod) (rate(process_cpu_seconds_total{pod=~"hubble-relay.*"}[$__rate_interval])))',
                "busiest relay",
            ),
            unit="percentunit",
            w=8,
            h=3,
        ),
        stat(
            "Memory",
            "Resident memory of the largest relay. Compare with the limit in `hubble.relay.resources`: at the limit "
            "the pod is killed, and clients lose their streams.",
            query('max(sum by (cluster, pod) (process_resident_memory_bytes{pod=~"hubble-relay.*"}))', "largest relay"),
            unit="bytes",
            w=8,
            h=3,
        ),
        table(
            "Relays not scraped",
            "Relays that do not answer (down), and the number of those of an hour ago that are targets no more (gone). "
            "Maybe off: no relay is a target, nor was. Clients of the others get answers. "
            "`kubectl -n kube-system describe pods -l k8s-app=hubble-relay` and `logs --previous` show why: often "
            "OOMKilled, then raise `hubble.relay.resources`.",
            relays_not_scraped(),
            no_value="no missing target",
            w=9,
        ),
        timeseries(
            "Peers by state",
            "Peers in each state, on the relay with the most. `IDLE`: unused, which is normal; `TRANSIENT_FAILURE`, or "
            "`CONNECTING` for long: certificates, or port 4244 of the node; `NIL_CONNECTION`: relay never connected.",
            query("max by (status) (hubble_relay_pool_peer_connection_status) > 0", "{{status}}"),
            unit="none",
            legend="list",
        ),
        timeseries(
            "RPCs failed by code",
            "`Unavailable`: peers are down; `ResourceExhausted`: messages are too large. `Canceled` does not "
            "count: a client disconnected. `kubectl -n kube-system logs deployment/hubble-relay` shows the peer.",
            query(
                "sum by (grpc_method, grpc_code)"
                ' (rate(grpc_server_handled_total{pod=~"hubble-relay.*", grpc_code!~"OK|Canceled"}'
                "[$__rate_interval])) > 0",
                "{{grpc_method}} {{grpc_code}}",
            ),
            unit="reqps",
            no_value=NO_DATA,
            former_title="Failed RPCs",
        ),
        timeseries(
            "Messages to clients",
            "Messages that relay sends, by method: `GetFlows` are flows. Zero with open streams: nothing arrives from "
            "the agents; the Hubble overview shows whether they see flows.",
            query(
                'sum by (grpc_method) (rate(grpc_server_msg_sent_total{pod=~"hubble-relay.*"}[$__rate_interval])) > 0',
                "{{grpc_method}}",
            ),
            unit="eps",
            legend="list",
            no_value="no message seen",
            links=(link_to("hubble-overview"),),
        ),
        timeseries(
            "Open streams",
            "Clients that follow flows. Each needs a stream to all agents: stop unused ones.",
            query(
                'sum by (grpc_method) (grpc_server_started_total{pod=~"hubble-relay.*", grpc_type!="unary"})'
                ' - sum by (grpc_method) (grpc_server_handled_total{pod=~"hubble-relay.*", grpc_type!="unary"})',
                "{{grpc_method}}",
            ),
            unit="none",
            excuses={"counter-without-rate": "started streams minus ended streams are the open ones"},
        ),
        no_value=NOTHING_SEEN,
    )


def resources() -> Row:
    """CPU and memory of relays."""
    return row(
        "Resources",
        timeseries(
            "CPU by relay",
            "CPU of each relay; 100 % is one core. It grows with the flows that clients ask for.",
            query(
                'sum by (cluster, pod) (rate(process_cpu_seconds_total{pod=~"hubble-relay.*"}[$__rate_interval]))',
                "{{pod}} {{cluster}}",
            ),
            unit="percentunit",
            former_title="CPU and goroutines",
            w=24,
            h=8,
        ),
        timeseries(
            "Goroutines by relay",
            "If they only increase, streams hang: restart the relay, then look for the client that leaves them open.",
            query('sum by (cluster, pod) (go_goroutines{pod=~"hubble-relay.*"})', "{{pod}} {{cluster}}"),
            unit="none",
            w=24,
            h=8,
        ),
        timeseries(
            "Memory by relay",
            "Memory grows with the number of peers and with `hubble.relay.sortBufferLenMax`. Heap far below resident: "
            "memory that Go has not released yet; near it: raise the limit before it is reached.",
            query(
                'sum by (cluster, pod) (process_resident_memory_bytes{pod=~"hubble-relay.*"})',
                "resident {{pod}} {{cluster}}",
            ),
            query(
                'sum by (cluster, pod) (go_memstats_heap_inuse_bytes{pod=~"hubble-relay.*"})',
                "heap {{pod}} {{cluster}}",
            ),
            unit="bytes",
            legend="right",
            w=24,
        ),
        collapsed=True,
        no_value=NOTHING_SEEN,
    )
