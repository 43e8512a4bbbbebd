"""Hubble relay: does it reach every agent, do its RPCs fail, is it short of CPU or memory?

For the platform on-call, or for someone whose `hubble observe` is slow or partial. RPC latency is left out: relay has
no such histogram. So are errors of agents: of their two servers only that of the unix socket has gRPC metrics, and
relay calls the other. Cheap: a few pods.
"""

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    FAILING_PEERS,
    Dashboard,
    Row,
    above,
    below,
    cluster,
    dashboard,
    link_to,
    query,
    row,
    stat,
    timeseries,
)

NOT_SCRAPED = "relay is not scraped"


def board(_: Release) -> Dashboard:
    """Reach and failures first, then what relay needs itself."""
    return dashboard(
        uid="hubble-relay",
        title="Hubble / Relay",
        about="**For the platform on-call, and whoever finds `hubble observe` slow or partial.** Does relay reach "
        "every agent? Do its RPCs fail? Is it short of CPU or memory?",
        folder="Hubble",
        variables=(cluster("hubble_relay_pool_peer_connection_status"),),
        annotations=(),
        rows=(reach(), resources()),
    )


def reach() -> Row:
    """Does relay reach the agents, and do clients get their flows?"""
    return row(
        "Does it reach the agents?",
        stat(
            "Relays",
            "Relays that are scraped, and the age of the youngest. Young again and again: it runs out of memory, "
            "raise `hubble.relay.resources`. Needs hubble.relay.prometheus.enabled and its ServiceMonitor.",
            query("count(count by (cluster, pod) (hubble_relay_pool_peer_connection_status))", "up"),
            query('time() - max(process_start_time_seconds{pod=~"hubble-relay.*"})', "youngest", unit="s"),
            thresholds=below(critical=1),
            w=6,
            h=3,
        ),
        stat(
            "Peers",
            "Agents that relays know, and those in use by the busiest relay now: relay connects when somebody observes "
            "flows, and lets go after half an hour without use. Fewer known than there are nodes: the peer service of "
            "the local agent (`hubble-peer`) is stale.",
            query("max(sum by (cluster, pod) (hubble_relay_pool_peer_connection_status))", "known"),
            query('max(sum by (cluster, pod) (hubble_relay_pool_peer_connection_status{status="READY"}))', "in use"),
            w=5,
            h=3,
        ),
        stat(
            "Peers failing",
            "Agents that the worst relay could not connect to in the last five minutes: their flows are missing from "
            "`hubble observe` and from the UI. The states below say why; `hubble list nodes` names them. Peers that "
            "nobody uses are idle, not failing.",
            query(FAILING_PEERS, "worst relay"),
            thresholds=above(warning=1, critical=10),
            w=4,
            h=3,
        ),
        stat(
            "RPCs failed",
            "Share of finished RPCs that failed; clients that leave (`Canceled`) are not failures. The codes below "
            "say what went wrong. A stream counts when it ends.",
            query(
                'sum(rate(grpc_server_handled_total{pod=~"hubble-relay.*", grpc_code!~"OK|Canceled"}'
                "[$__rate_interval]))"
                ' / (sum(rate(grpc_server_handled_total{pod=~"hubble-relay.*"}[$__rate_interval])) > 0)',
                "of RPCs",
            ),
            unit="percentunit",
            thresholds=above(warning=0.01, critical=0.1),
            no_value="no RPC ended",
            w=3,
            h=3,
        ),
        stat(
            "CPU",
            "Cores that the busiest relay uses. Compare with the limit in `hubble.relay.resources`: a relay that is "
            "throttled makes `hubble observe` slow.",
            query(
                'max(sum by (cluster, pod) (rate(process_cpu_seconds_total{pod=~"hubble-relay.*"}[$__rate_interval])))',
                "busiest relay",
            ),
            unit="short",
            w=3,
            h=3,
        ),
        stat(
            "Memory",
            "Resident memory of the largest relay. Compare with the limit in `hubble.relay.resources`: at the limit "
            "the pod is killed and every client loses its stream.",
            query('max(sum by (cluster, pod) (process_resident_memory_bytes{pod=~"hubble-relay.*"}))', "largest relay"),
            unit="bytes",
            w=3,
            h=3,
        ),
        timeseries(
            "Peers by state",
            "The relay with most peers in each state. `IDLE`: nobody uses the peer, which is fine; "
            "`TRANSIENT_FAILURE`, or `CONNECTING` that lasts: certificates, or port 4244 to the node; "
            "`NIL_CONNECTION`: the peer was never dialled.",
            query("max by (status) (hubble_relay_pool_peer_connection_status)", "{{status}}"),
            unit="short",
        ),
        timeseries(
            "Failed RPCs",
            "`Canceled` is a client that leaves; `Unavailable`: peers are gone; `ResourceExhausted`: messages are too "
            "large. `kubectl -n kube-system logs deployment/hubble-relay` has the peer.",
            query(
                "sum by (grpc_method, grpc_code)"
                ' (rate(grpc_server_handled_total{pod=~"hubble-relay.*", grpc_code!="OK"}[$__rate_interval])) > 0',
                "{{grpc_method}} {{grpc_code}}",
            ),
            unit="reqps",
            no_value="none seen",
        ),
        timeseries(
            "Messages to clients",
            "What relay sends, by method: `GetFlows` are flows. Zero with open streams: nothing arrives from the "
            "agents, the Hubble overview says whether they see any flow.",
            query(
                'sum by (grpc_method) (rate(grpc_server_msg_sent_total{pod=~"hubble-relay.*"}[$__rate_interval])) > 0',
                "{{grpc_method}}",
            ),
            unit="ops",
            no_value="nothing sent",
            links=(link_to("hubble-overview"),),
        ),
        timeseries(
            "Open streams",
            "Clients that follow flows now. Each costs a stream to every agent: end those that nobody reads.",
            query(
                'sum by (grpc_method) (grpc_server_started_total{pod=~"hubble-relay.*", grpc_type!="unary"})'
                ' - sum by (grpc_method) (grpc_server_handled_total{pod=~"hubble-relay.*", grpc_type!="unary"})',
                "{{grpc_method}}",
            ),
            unit="short",
            excuses={"counter-without-rate": "streams started less streams ended are those open now"},
        ),
        no_value=NOT_SCRAPED,
    )


def resources() -> Row:
    """What does relay need?"""
    return row(
        "Resources",
        timeseries(
            "CPU and goroutines",
            "Cores by relay, and goroutines on the right axis. Goroutines that only rise are streams that hang: "
            "restart the relay, then look for the client that leaves them.",
            query(
                'sum by (pod) (rate(process_cpu_seconds_total{pod=~"hubble-relay.*"}[$__rate_interval]))',
                "cores {{pod}}",
            ),
            query('sum by (pod) (go_goroutines{pod=~"hubble-relay.*"})', "goroutines {{pod}}", right_axis=True),
            unit="short",
        ),
        timeseries(
            "Memory by relay",
            "Grows with the number of peers and with `hubble.relay.sortBufferLenMax`. Heap far below resident: "
            "memory that Go has not given back yet; near it: raise the limit before it is reached.",
            query('sum by (pod) (process_resident_memory_bytes{pod=~"hubble-relay.*"})', "resident {{pod}}"),
            query('sum by (pod) (go_memstats_heap_inuse_bytes{pod=~"hubble-relay.*"})', "heap {{pod}}"),
            unit="bytes",
        ),
        collapsed=True,
        no_value=NOT_SCRAPED,
    )
