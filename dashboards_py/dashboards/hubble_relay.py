"""Hubble relay: does it reach every agent, do its RPCs fail, is it short of CPU or memory?

For the platform on-call, or for somebody whose `hubble observe` is slow or partial. RPC latency is left out: relay has
no such histogram. Cheap: a few pods.
"""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board, below, cluster, dashboard, query, row, stat, table, timeseries, to


def board(cilium: Release) -> Board:
    """Reach and failures first, then what relay needs itself."""
    return dashboard(
        uid="hubble-relay",
        title="Hubble / Relay",
        about="**For the platform on-call, and whoever finds `hubble observe` slow or partial.** Does relay reach "
        "every agent? Do its RPCs fail? Is it short of CPU or memory?",
        folder="Hubble",
        replaces=(),
        variables=(cluster("hubble_relay_pool_peer_connection_status"),),
        annotations=(),
        rows=(
            does_it_reach_the_agents(),
            resources_and_the_other_end(cilium),
        ),
    )


def does_it_reach_the_agents() -> RowPanel:
    """Does relay reach the agents, and do clients get their flows?"""
    return row(
        "Does it reach the agents?",
        stat(
            "Relays",
            "Relays that are scraped, and the age of the youngest. Young again and again: it runs out of memory, "
            "raise its limit. Needs hubble.relay.prometheus.enabled and its ServiceMonitor.",
            query("count(count by (cluster, pod) (hubble_relay_pool_peer_connection_status))", "up"),
            query('time() - max(process_start_time_seconds{pod=~"hubble-relay.*"})', "youngest", unit="s"),
            limits=below(critical=1),
            no_value="relay is not scraped",
        ),
        stat(
            "Peers ready",
            "Agents that the worst relay is connected to, and agents it knows. Flows of the difference are "
            "missing from `hubble observe`.",
            query('min(hubble_relay_pool_peer_connection_status{status="READY"})', "ready, worst relay"),
            query("max(sum by (cluster, pod) (hubble_relay_pool_peer_connection_status))", "peers"),
        ),
        timeseries(
            "Peers by state",
            "TRANSIENT_FAILURE: TLS, or port 4244 to the nodes; NIL_CONNECTION: the peer was never dialled.",
            query("max by (status) (hubble_relay_pool_peer_connection_status)", "{{status}}"),
            unit="short",
        ),
        timeseries(
            "Failed RPCs",
            "Canceled is a client that leaves; Unavailable: peers are gone; ResourceExhausted: messages are too large.",
            query(
                "sum by (grpc_method, grpc_code)"
                ' (rate(grpc_server_handled_total{pod=~"hubble-relay.*", grpc_code!="OK"}[$__rate_interval]))',
                "{{grpc_method}} {{grpc_code}}",
            ),
            unit="reqps",
            no_value="none seen",
        ),
        timeseries(
            "Flows sent to clients",
            "Messages to clients. Zero with open streams: nothing arrives from the agents, see the Hubble overview.",
            query(
                'sum by (grpc_method) (rate(grpc_server_msg_sent_total{pod=~"hubble-relay.*"}[$__rate_interval]))',
                "{{grpc_method}}",
            ),
            unit="ops",
            links=(to("hubble-overview"),),
        ),
        timeseries(
            "Open streams",
            "Clients that are connected now. Each costs a stream to every agent: end those that nobody reads.",
            query(
                'sum by (grpc_method) (grpc_server_started_total{pod=~"hubble-relay.*"})'
                ' - sum by (grpc_method) (grpc_server_handled_total{pod=~"hubble-relay.*"})',
                "{{grpc_method}}",
            ),
            unit="short",
        ),
    )


def resources_and_the_other_end(cilium: Release) -> RowPanel:
    """What does relay need, and what do agents answer it?"""
    return row(
        "Resources and the other end",
        timeseries(
            "CPU and goroutines",
            "Goroutines, on the right axis, that only rise are streams that hang.",
            query(
                'sum by (pod) (rate(process_cpu_seconds_total{pod=~"hubble-relay.*"}[$__rate_interval]))',
                "cores {{pod}}",
            ),
            query('sum by (pod) (go_goroutines{pod=~"hubble-relay.*"})', "goroutines {{pod}}", right=True),
            unit="short",
        ),
        timeseries(
            "Memory",
            "Grows with the number of peers and the sort buffer: raise the limit before it is reached.",
            query('sum by (pod) (process_resident_memory_bytes{pod=~"hubble-relay.*"})', "resident {{pod}}"),
            query('sum by (pod) (go_memstats_heap_inuse_bytes{pod=~"hubble-relay.*"})', "heap {{pod}}"),
            unit="bytes",
        ),
        table(
            "Agents refusing relay",
            "Agents whose Hubble server answers with errors: certificates, or load. Needs the Hubble ServiceMonitor.",
            query(
                "topk(20, sum by (node, grpc_method, grpc_code)"
                ' (rate(grpc_server_handled_total{pod=~"cilium-[^-]+", grpc_code!="OK"}[$__rate_interval])) > 0)',
                "failed",
            ),
            unit="reqps",
            no_value="none seen",
        ),
        closed=True,
    )
