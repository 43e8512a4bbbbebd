"""Hubble network: is my traffic dropped, do my connections get answers, and who talks to whom?

For an application team: `$namespace` is mine, `$peer` the other side (empty: outside of the cluster), leaving means
that I am the source. Ports are left out, for that handler has no namespaces. Flows are the most expensive panels:
picking a namespace divides the cost.
"""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board, above, bargauge, cluster, dashboard, namespace, query, row, table, timeseries, to

HANDLER_OFF = "handler not enabled in hubble.metrics.enabled"


def board(cilium: Release) -> Board:
    """Drops and missing answers first, then who talks to whom."""
    return dashboard(
        uid="hubble-network",
        title="Hubble / Network",
        about="**For an application team.** Is my traffic dropped, and by what? Do my connections get answers? Who "
        "talks to me, whom do I talk to? *Leaving* means that `$namespace` is the source; an empty peer is "
        "outside of the cluster.",
        folder="Hubble",
        replaces=(19424,),
        variables=(
            cluster("hubble_metrics_http_handler_requests_total"),
            namespace("namespace", "Namespace", "source_namespace"),
            namespace("peer", "Peer", "destination_namespace"),
        ),
        rows=(
            is_my_traffic_dropped(),
            flows(),
        ),
    )


def is_my_traffic_dropped() -> RowPanel:
    """Is my traffic dropped, and do my connections get answers?"""
    return row(
        "Is my traffic dropped?",
        timeseries(
            "Dropped, leaving",
            "Flows from `$namespace` that were dropped. POLICY_DENIED: my egress policy or their ingress policy; "
            "the direction in the table tells which. Needs the Hubble handler `drop` with source and destination "
            "in `labelsContext`.",
            query(
                'sum by (reason) (rate(hubble_drop_total{source_namespace=~"$namespace",'
                ' destination_namespace=~"$peer"}[$__rate_interval]))',
                "{{reason}}",
            ),
            unit="pps",
            no_value="none seen",
            points=60,
        ),
        timeseries(
            "Dropped, arriving",
            "Flows to `$namespace` that were dropped. POLICY_DENIED: allow the caller in my ingress policy. "
            "Needs the Hubble handler `drop` with source and destination in `labelsContext`.",
            query(
                'sum by (reason) (rate(hubble_drop_total{destination_namespace=~"$namespace",'
                ' source_namespace=~"$peer"}[$__rate_interval]))',
                "{{reason}}",
            ),
            unit="pps",
            no_value="none seen",
            links=(to("cilium-policy"),),
            points=60,
        ),
        table(
            "Who is dropped",
            "Pairs of workloads whose flows are dropped: egress means blocked at the source, ingress at the "
            "destination. `hubble observe --verdict DROPPED` shows the packets.",
            query(
                "topk(20, sum by (source_namespace, source_workload, destination_namespace,"
                " destination_workload, traffic_direction, reason)"
                ' (rate(hubble_drop_total{source_namespace=~"$namespace",'
                ' destination_namespace=~"$peer"}[$__rate_interval])))',
                "leaving",
            ),
            query(
                "topk(20, sum by (source_namespace, source_workload, destination_namespace,"
                " destination_workload, traffic_direction, reason)"
                ' (rate(hubble_drop_total{destination_namespace=~"$namespace",'
                ' source_namespace=~"$peer"}[$__rate_interval])))',
                "arriving",
            ),
            unit="pps",
            no_value="none seen",
        ),
        timeseries(
            "Connections",
            "Attempts to connect that got no answer, and connections that the other side reset. No answer: a "
            "drop, a dead backend or routing; resets: nothing listens there. Needs the Hubble handler `tcp`.",
            query(
                'sum(rate(hubble_tcp_flags_total{flag="SYN", source_namespace=~"$namespace",'
                ' destination_namespace=~"$peer"}[$__rate_interval]))'
                ' - sum(rate(hubble_tcp_flags_total{flag="SYN-ACK", destination_namespace=~"$namespace",'
                ' source_namespace=~"$peer"}[$__rate_interval]))',
                "without answer",
            ),
            query(
                'sum(rate(hubble_tcp_flags_total{flag="RST", destination_namespace=~"$namespace",'
                ' source_namespace=~"$peer"}[$__rate_interval]))',
                "reset by the other side",
            ),
            unit="pps",
            points=60,
        ),
        bargauge(
            "Clients without answer",
            "SYN sent minus SYN-ACK received, now. Check the drops above, then the backends. Needs the Hubble "
            "handler `tcp`.",
            query(
                "topk(10, sum by (source_namespace, source_workload)"
                ' (rate(hubble_tcp_flags_total{flag="SYN", source_namespace=~"$namespace",'
                ' destination_namespace=~"$peer"}[$__rate_interval]))'
                " - sum by (source_namespace, source_workload) (label_replace(label_replace(sum by"
                " (destination_namespace, destination_workload)"
                ' (rate(hubble_tcp_flags_total{flag="SYN-ACK", destination_namespace=~"$namespace",'
                ' source_namespace=~"$peer"}[$__rate_interval])), "source_namespace", "$1",'
                ' "destination_namespace", "(.*)"), "source_workload", "$1", "destination_workload", "(.*)")) > 0)',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="pps",
            limits=above(warning=1),
            no_value="all answered",
        ),
        no_value=HANDLER_OFF,
    )


def flows() -> RowPanel:
    """Who talks to whom?"""
    return row(
        "Flows",
        timeseries(
            "Flows",
            "Flows from `$namespace` to `$peer`. DROPPED lines are explained above; only Trace lines: no L7 rule "
            "makes requests visible. Needs the Hubble handler `flow`.",
            query(
                "sum by (type, subtype, verdict)"
                ' (rate(hubble_flows_processed_total{source_namespace=~"$namespace",'
                ' destination_namespace=~"$peer"}[$__rate_interval]))',
                "{{verdict}} {{type}} {{subtype}}",
            ),
            unit="ops",
            points=60,
        ),
        table(
            "Who talks to whom",
            "The busiest pairs of workloads. A pair that nobody expects is a policy to write. Needs the Hubble "
            "handler `flow`.",
            query(
                "topk(25, sum by (source_namespace, source_workload, destination_namespace,"
                ' destination_workload) (rate(hubble_flows_processed_total{source_namespace=~"$namespace",'
                ' destination_namespace=~"$peer"}[$__rate_interval])))',
                "leaving",
            ),
            query(
                "topk(25, sum by (source_namespace, source_workload, destination_namespace,"
                ' destination_workload) (rate(hubble_flows_processed_total{destination_namespace=~"$namespace",'
                ' source_namespace=~"$peer"}[$__rate_interval])))',
                "arriving",
            ),
            unit="ops",
            links=(to("cilium-policy"),),
        ),
        bargauge(
            "Ping without answer",
            "Echo requests minus replies, now: dropped, or without a way back. Needs the Hubble handler `icmp`.",
            query(
                "topk(10, sum by (source_namespace, source_workload)"
                ' (rate(hubble_icmp_total{type="EchoRequest", source_namespace=~"$namespace",'
                ' destination_namespace=~"$peer"}[$__rate_interval]))'
                " - sum by (source_namespace, source_workload) (label_replace(label_replace(sum by"
                " (destination_namespace, destination_workload)"
                ' (rate(hubble_icmp_total{type="EchoReply", destination_namespace=~"$namespace",'
                ' source_namespace=~"$peer"}[$__rate_interval])), "source_namespace", "$1",'
                ' "destination_namespace", "(.*)"), "source_workload", "$1", "destination_workload", "(.*)")) > 0)',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="pps",
            no_value="all answered",
        ),
        bargauge(
            "Flows to the world",
            "Workloads that leave the cluster: candidates for an FQDN policy or the egress gateway. Needs the "
            "Hubble handler `flows-to-world`.",
            query(
                "topk(10, sum by (source_namespace, source_workload, verdict)"
                ' (rate(hubble_flows_to_world_total{source_namespace=~"$namespace"}[$__rate_interval])))',
                "{{source_namespace}}/{{source_workload}} {{verdict}}",
            ),
            unit="ops",
        ),
        closed=True,
        no_value=HANDLER_OFF,
    )
