"""Reader: an application team. Is my traffic dropped, and by what? Do my connections get answers? Who talks to me, whom do I talk to? Variables: datasource, cluster, namespace (mine, All `.*`), peer (the other side, All `.*`; empty = outside). Leaving = I am the source. Needs the Hubble set. Left out: ports by namespace (that handler has no context here). Most expensive: closed - flows; picking a namespace divides the cost. Samples: open 7.7 M, all 18 M (upstream 177 M)."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board, above, bargauge, cluster, dashboard, query, row, table, timeseries, to


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster, namespace (mine, All `.*`), peer (the other side, All `.*`; empty = outside)"""
    return dashboard(
        uid="hubble-network",
        title="Hubble / Network",
        about="For an application team. Is my traffic dropped, and by what? Do my connections get answers? Who talks to me, whom do I talk to?",
        folder="Hubble",
        replaces=(19424,),
        variables=(cluster("hubble_metrics_http_handler_requests_total"),),
        rows=(
            is_my_traffic_dropped(),
            flows(),
        ),
    )


def is_my_traffic_dropped() -> RowPanel:
    """TODO"""
    return row(
        "Is my traffic dropped?",
        timeseries(
            "Dropped, leaving",
            "POLICY_DENIED: my egress or their ingress policy, see direction in the table [needs: H:drop]",
            query(
                'sum by (reason) (rate(hubble_drop_total{source_namespace=~"$namespace", destination_namespace=~"$peer"}[$__rate_interval]))',
                "{{reason}}",
            ),
            unit="pps",
            no_value="none seen",
            points=60,
        ),
        timeseries(
            "Dropped, arriving",
            "POLICY_DENIED: allow the caller in my ingress policy [needs: H:drop]",
            query(
                'sum by (reason) (rate(hubble_drop_total{destination_namespace=~"$namespace", source_namespace=~"$peer"}[$__rate_interval]))',
                "{{reason}}",
            ),
            unit="pps",
            no_value="none seen",
            links=(to("cilium-policy"),),
            points=60,
        ),
        table(
            "Who is dropped",
            "egress: blocked at the source; ingress: at the destination. `hubble observe --verdict DROPPED` shows the packets [needs: H:drop]",
            query(
                'topk(20, sum by (source_namespace, source_workload, destination_namespace, destination_workload, traffic_direction, reason) (rate(hubble_drop_total{source_namespace=~"$namespace", destination_namespace=~"$peer"}[$__rate_interval])))',
                "leaving",
            ),
            query(
                'topk(20, sum by (source_namespace, source_workload, destination_namespace, destination_workload, traffic_direction, reason) (rate(hubble_drop_total{destination_namespace=~"$namespace", source_namespace=~"$peer"}[$__rate_interval])))',
                "arriving",
            ),
            unit="pps",
            no_value="none seen",
        ),
        timeseries(
            "Connections",
            "No answer: drop, dead backend or routing; resets: nothing listens there [needs: H:tcp]",
            query(
                'sum(rate(hubble_tcp_flags_total{flag="SYN", source_namespace=~"$namespace", destination_namespace=~"$peer"}[$__rate_interval])) - sum(rate(hubble_tcp_flags_total{flag="SYN-ACK", destination_namespace=~"$namespace", source_namespace=~"$peer"}[$__rate_interval]))',
                "without answer",
            ),
            query(
                'sum(rate(hubble_tcp_flags_total{flag="RST", destination_namespace=~"$namespace", source_namespace=~"$peer"}[$__rate_interval]))',
                "reset by the other side",
            ),
            unit="pps",
            points=60,
        ),
        bargauge(
            "Clients without answer",
            "SYN sent minus SYN-ACK received, now: check drops above, then the backends [needs: H:tcp]",
            query(
                'topk(10, sum by (source_namespace, source_workload) (rate(hubble_tcp_flags_total{flag="SYN", source_namespace=~"$namespace", destination_namespace=~"$peer"}[$__rate_interval])) - sum by (source_namespace, source_workload) (label_replace(label_replace(sum by (destination_namespace, destination_workload) (rate(hubble_tcp_flags_total{flag="SYN-ACK", destination_namespace=~"$namespace", source_namespace=~"$peer"}[$__rate_interval])), "source_namespace", "$1", "destination_namespace", "(.*)"), "source_workload", "$1", "destination_workload", "(.*)")) > 0)',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="pps",
            limits=above(warning=1),
            no_value="all answered",
        ),
    )


def flows() -> RowPanel:
    """TODO"""
    return row(
        "Flows",
        timeseries(
            "Flows",
            "DROPPED lines: see above; only Trace lines: no L7 rule makes requests visible [needs: H:flow]",
            query(
                'sum by (type, subtype, verdict) (rate(hubble_flows_processed_total{source_namespace=~"$namespace", destination_namespace=~"$peer"}[$__rate_interval]))',
                "{{verdict}} {{type}} {{subtype}}",
            ),
            unit="ops",
            points=60,
        ),
        table(
            "Who talks to whom",
            "Top sources and destinations in one list: an unexpected pair is a policy to write [needs: H:flow]",
            query(
                'topk(25, sum by (source_namespace, source_workload, destination_namespace, destination_workload) (rate(hubble_flows_processed_total{source_namespace=~"$namespace", destination_namespace=~"$peer"}[$__rate_interval])))',
                "leaving",
            ),
            query(
                'topk(25, sum by (source_namespace, source_workload, destination_namespace, destination_workload) (rate(hubble_flows_processed_total{destination_namespace=~"$namespace", source_namespace=~"$peer"}[$__rate_interval])))',
                "arriving",
            ),
            unit="ops",
            links=(to("cilium-policy"),),
        ),
        bargauge(
            "Ping without answer",
            "Requests minus replies, now: dropped, or no way back [needs: H:icmp]",
            query(
                'topk(10, sum by (source_namespace, source_workload) (rate(hubble_icmp_total{type="EchoRequest", source_namespace=~"$namespace", destination_namespace=~"$peer"}[$__rate_interval])) - sum by (source_namespace, source_workload) (label_replace(label_replace(sum by (destination_namespace, destination_workload) (rate(hubble_icmp_total{type="EchoReply", destination_namespace=~"$namespace", source_namespace=~"$peer"}[$__rate_interval])), "source_namespace", "$1", "destination_namespace", "(.*)"), "source_workload", "$1", "destination_workload", "(.*)")) > 0)',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="pps",
            no_value="all answered",
        ),
        bargauge(
            "Flows to the world",
            "Workloads that leave the cluster: candidates for FQDN policy or egress gateway [needs: H:flows-to-world]",
            query(
                'topk(10, sum by (source_namespace, source_workload, verdict) (rate(hubble_flows_to_world_total{source_namespace=~"$namespace"}[$__rate_interval])))',
                "{{source_namespace}}/{{source_workload}} {{verdict}}",
            ),
            unit="ops",
        ),
        closed=True,
    )
