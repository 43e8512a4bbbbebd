"""Hubble network: is my traffic dropped, do my connections get answers, and who talks to whom?

For an application team: `$namespace` is mine, `$peer` the other side (empty: outside of the cluster), leaving means
that I am the source. Ports are left out, for that handler has no namespaces. Flows are the most expensive panels:
picking a namespace divides the cost.
"""

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    Dashboard,
    Row,
    above,
    cluster,
    dashboard,
    link_to,
    namespace,
    query,
    row,
    stat,
    table,
    timeseries,
)

HANDLER_OFF = "handler not enabled in hubble.metrics.enabled"

PAIR = "source_namespace, source_workload, destination_namespace, destination_workload"
CLIENT = "source_namespace, source_workload"


def board(_: Release) -> Dashboard:
    """Drops and missing answers first, then who talks to whom."""
    return dashboard(
        uid="hubble-network",
        title="Hubble / Network",
        about="**For an application team.** Is my traffic dropped, and by what? Do my connections get answers? Who "
        "talks to me, whom do I talk to? *Leaving* means that your namespace is the source; an empty peer is "
        "outside of the cluster.",
        folder="Hubble",
        replaces=(19424,),
        variables=(
            cluster("hubble_metrics_http_handler_requests_total"),
            namespace("namespace", "Namespace", "source_namespace"),
            namespace("peer", "Peer", "destination_namespace"),
        ),
        rows=(drops_and_answers(), flows()),
    )


def leaving(metric: str, *also: str) -> str:
    """The rate of a counter from my namespace to the peer; `also` are further matchers."""
    matchers = ", ".join((*also, 'source_namespace=~"$namespace"', 'destination_namespace=~"$peer"'))
    return f"rate({metric}{{{matchers}}}[$__rate_interval])"


def arriving(metric: str, *also: str) -> str:
    """The rate of a counter from the peer to my namespace; `also` are further matchers."""
    matchers = ", ".join((*also, 'destination_namespace=~"$namespace"', 'source_namespace=~"$peer"'))
    return f"rate({metric}{{{matchers}}}[$__rate_interval])"


def unanswered(asked: str, answered: str) -> str:
    """The ten clients whose requests exceed the answers to them most; an answer's client is its destination."""
    replies = (
        f"sum by ({CLIENT}) (label_replace(label_replace("
        f"sum by (destination_namespace, destination_workload) ({answered}),"
        ' "source_namespace", "$1", "destination_namespace", "(.*)"),'
        ' "source_workload", "$1", "destination_workload", "(.*)"))'
    )
    requests = f"sum by ({CLIENT}) ({asked})"
    return f"topk(10, {requests} - ({replies} or 0 * {requests}) > 0)"


def drops_and_answers() -> Row:
    """Is my traffic dropped, and do my connections get answers?"""
    syn = leaving("hubble_tcp_flags_total", 'flag="SYN"')
    syn_in = arriving("hubble_tcp_flags_total", 'flag="SYN"')
    syn_ack = arriving("hubble_tcp_flags_total", 'flag="SYN-ACK"')
    reset = arriving("hubble_tcp_flags_total", 'flag="RST"')
    accepted = f"(sum({syn_ack}) or 0 * sum({syn}))"
    return row(
        "Is my traffic dropped?",
        stat(
            "Drops",
            "Packets of your namespace that were dropped. The reasons are below. Needs the Hubble handler `drop` "
            "with source and destination in `labelsContext`.",
            query(f"sum({leaving('hubble_drop_total')})", "leaving"),
            query(f"sum({arriving('hubble_drop_total')})", "arriving"),
            unit="pps",
            thresholds=above(warning=1),
            no_value="none seen",
            h=3,
        ),
        stat(
            "Connections without answer",
            "Share of the connections you open that nobody accepts. Look at the drops, then at the clients and "
            "their backends. Needs the Hubble handler `tcp`.",
            query(f"clamp_min(1 - {accepted} / (sum({syn}) > 0), 0)", "of attempts"),
            unit="percentunit",
            thresholds=above(warning=0.02, critical=0.1),
            no_value="no connection opened",
            h=3,
        ),
        stat(
            "Peers",
            "Workloads that you open connections to, and workloads that open connections to you. The row Flows "
            "names them. Needs the Hubble handler `tcp`.",
            query(f"count(sum by (destination_namespace, destination_workload) ({syn}) > 0)", "I talk to"),
            query(f"count(sum by ({CLIENT}) ({syn_in}) > 0)", "talk to me"),
            no_value="no connection opened",
            h=3,
        ),
        timeseries(
            "Dropped, leaving",
            "Packets from your namespace that were dropped. POLICY_DENIED: my egress policy or their ingress policy; "
            "the direction in the table tells which. Needs the Hubble handler `drop` with source and destination "
            "in `labelsContext`.",
            query(f"sum by (reason) ({leaving('hubble_drop_total')})", "{{reason}}"),
            unit="pps",
            no_value="none seen",
            links=(link_to("cilium-policy"),),
            max_data_points=30,
            h=7,
        ),
        timeseries(
            "Dropped, arriving",
            "Packets to your namespace that were dropped. POLICY_DENIED: allow the caller in my ingress policy. "
            "Needs the Hubble handler `drop` with source and destination in `labelsContext`.",
            query(f"sum by (reason) ({arriving('hubble_drop_total')})", "{{reason}}"),
            unit="pps",
            no_value="none seen",
            links=(link_to("cilium-policy"),),
            max_data_points=30,
            h=7,
        ),
        timeseries(
            "Connections",
            "Attempts to connect that got no answer, and connections that the other side reset. No answer: a "
            "drop, a dead backend or routing; resets: nothing listens there. Needs the Hubble handler `tcp`.",
            query(f"sum({syn}) - {accepted}", "without answer"),
            query(f"sum({reset})", "reset by the other side"),
            unit="pps",
            max_data_points=30,
            h=7,
        ),
        table(
            "Who is dropped",
            "Pairs of workloads whose packets are dropped: egress means blocked at the source, ingress at the "
            "destination. `hubble observe --verdict DROPPED` shows the packets.",
            query(f"topk(20, sum by ({PAIR}, traffic_direction, reason) ({leaving('hubble_drop_total')}))", "leaving"),
            query(
                f"topk(20, sum by ({PAIR}, traffic_direction, reason) ({arriving('hubble_drop_total')}))", "arriving"
            ),
            unit="pps",
            no_value="none seen",
            links=(link_to("cilium-policy"),),
            w=24,
            h=7,
        ),
        table(
            "Clients without answer",
            "SYN sent minus SYN-ACK received, now. Check the drops above, then the backends: "
            "`kubectl get endpointslices`. Needs the Hubble handler `tcp`.",
            query(unanswered(syn, syn_ack), "unanswered"),
            unit="pps",
            thresholds=above(warning=1),
            no_value="all answered",
        ),
        table(
            "Pings without answer",
            "Echo requests minus replies, now: dropped, or without a way back. Needs the Hubble handler `icmp`.",
            query(
                unanswered(
                    leaving("hubble_icmp_total", 'type="EchoRequest"'),
                    arriving("hubble_icmp_total", 'type="EchoReply"'),
                ),
                "unanswered",
            ),
            unit="pps",
            no_value="all answered",
        ),
        no_value=HANDLER_OFF,
    )


def flows() -> Row:
    """Who talks to whom?"""
    return row(
        "Flows",
        table(
            "Who talks to whom",
            "The busiest pairs of workloads. A pair that nobody expects is a policy to write. Needs the Hubble "
            "handler `flow`.",
            query(f"topk(25, sum by ({PAIR}) ({leaving('hubble_flows_processed_total')}))", "leaving"),
            query(f"topk(25, sum by ({PAIR}) ({arriving('hubble_flows_processed_total')}))", "arriving"),
            unit="ops",
            no_value="no flow seen, or the handler flow is off",
            links=(link_to("hubble-http", namespace="destination_namespace"), link_to("cilium-policy")),
            w=24,
        ),
        timeseries(
            "Flows by verdict and type",
            "Flows from your namespace to the peer. DROPPED lines are explained above; only Trace lines: no L7 rule "
            "makes requests visible. Needs the Hubble handler `flow`.",
            query(
                f"sum by (type, subtype, verdict) ({leaving('hubble_flows_processed_total')})",
                "{{verdict}} {{type}} {{subtype}}",
            ),
            unit="ops",
            max_data_points=30,
            w=12,
        ),
        table(
            "Flows to the world",
            "Workloads that leave the cluster: candidates for an FQDN policy or the egress gateway. Needs the "
            "Hubble handler `flows-to-world`.",
            query(
                "topk(20, sum by (source_namespace, source_workload, verdict)"
                ' (rate(hubble_flows_to_world_total{source_namespace=~"$namespace"}[$__rate_interval])))',
                "flows",
            ),
            unit="ops",
            no_value="none seen, or the handler flows-to-world is off",
            links=(link_to("cilium-policy"),),
        ),
        collapsed=True,
        no_value=HANDLER_OFF,
    )
