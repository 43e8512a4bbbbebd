"""Reader: platform on-call, or a user whose `hubble observe` is slow or partial. Does relay reach every agent? Do its RPCs fail? Is it short of CPU or memory? Variables: datasource, cluster. Needs hubble.relay.prometheus.enabled and its ServiceMonitor. Left out: RPC latency (relay has no such histogram). Cheap: a few pods. Samples: open 0.02 M, all 0.2 M."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board, below, cluster, dashboard, query, row, stat, table, timeseries, to


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster"""
    return dashboard(
        uid="hubble-relay",
        title="Hubble / Relay",
        about="For platform on-call, or a user whose `hubble observe` is slow or partial. Does relay reach every agent? Do its RPCs fail? Is it short of CPU or memory?",
        folder="Hubble",
        replaces=(),
        variables=(cluster("hubble_relay_pool_peer_connection_status"),),
        rows=(
            does_it_reach_the_agents(),
            resources_and_the_other_end(cilium),
        ),
    )


def does_it_reach_the_agents() -> RowPanel:
    """TODO"""
    return row(
        "Does it reach the agents?",
        stat(
            "Relays",
            "Young again and again: out of memory",
            query("count(count by (cluster, pod) (hubble_relay_pool_peer_connection_status))", "up"),
            query('time() - max(process_start_time_seconds{pod=~"hubble-relay.*"})', "youngest, s"),
            limits=below(critical=1),
            no_value="relay is not scraped",
        ),
        stat(
            "Peers ready",
            "Fewer ready than peers: flows of those nodes are missing from `hubble observe`",
            query('min(hubble_relay_pool_peer_connection_status{status="READY"})', "ready, worst relay"),
            query("max(sum by (cluster, pod) (hubble_relay_pool_peer_connection_status))", "peers"),
        ),
        timeseries(
            "Peers by state",
            "TRANSIENT_FAILURE: TLS or port 4244 to the nodes; NIL_CONNECTION: peer never dialled",
            query("max by (status) (hubble_relay_pool_peer_connection_status)", "{{status}}"),
            unit="short",
        ),
        timeseries(
            "Failed RPCs",
            "Canceled is a client leaving; Unavailable: peers; ResourceExhausted: message size",
            query(
                'sum by (grpc_method, grpc_code) (rate(grpc_server_handled_total{pod=~"hubble-relay.*", grpc_code!="OK"}[$__rate_interval]))',
                "{{grpc_method}} {{grpc_code}}",
            ),
            unit="reqps",
            no_value="none seen",
        ),
        timeseries(
            "Flows sent to clients",
            "Zero with open streams: nothing arrives from peers",
            query(
                'sum by (grpc_method) (rate(grpc_server_msg_sent_total{pod=~"hubble-relay.*"}[$__rate_interval]))',
                "{{grpc_method}}",
            ),
            unit="ops",
            links=(to("hubble-overview"),),
        ),
        timeseries(
            "Open streams",
            "Clients connected now: each costs a stream to every agent, end those nobody reads",
            query(
                'sum by (grpc_method) (grpc_server_started_total{pod=~"hubble-relay.*"}) - sum by (grpc_method) (grpc_server_handled_total{pod=~"hubble-relay.*"})',
                "{{grpc_method}}",
            ),
            unit="short",
        ),
    )


def resources_and_the_other_end(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Resources and the other end",
        timeseries(
            "CPU and goroutines",
            "Goroutines that only rise: stuck streams",
            query(
                'sum by (pod) (rate(process_cpu_seconds_total{pod=~"hubble-relay.*"}[$__rate_interval]))',
                "cores {{pod}}",
            ),
            query('sum by (pod) (go_goroutines{pod=~"hubble-relay.*"})', "goroutines {{pod}}", right=True, unit="ops"),
            unit="short",
        ),
        timeseries(
            "Memory",
            "Grows with peers and sort buffer: raise the limit",
            query('sum by (pod) (process_resident_memory_bytes{pod=~"hubble-relay.*"})', "resident {{pod}}"),
            query('sum by (pod) (go_memstats_heap_inuse_bytes{pod=~"hubble-relay.*"})', "heap {{pod}}"),
            unit="bytes",
        ),
        table(
            "Agents refusing relay",
            "The Hubble server of these agents answers with errors: certificates or load [needs: the Hubble ServiceMonitor]",
            query(
                'topk(20, sum by (node, grpc_method, grpc_code) (rate(grpc_server_handled_total{pod=~"cilium-[^-]+", grpc_code!="OK"}[$__rate_interval])) > 0)',
                "failed",
            ),
            unit="reqps",
            no_value="none seen",
        ),
        closed=True,
    )
