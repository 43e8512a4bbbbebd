"""Hubble network: is my traffic denied or dropped, do my connections work, and who talks to whom?

For an application team: `$namespace` is mine, `$peer` the other side, leaving means that I am the source. Ports are
left out, because that handler has no namespaces. So is the share of connections without answer: Hubble counts events,
and with a policy at an end a SYN is one event more than its SYN-ACK. Flows are the most expensive panels: picking a
namespace divides the cost.
"""

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    CLIENT,
    DENIED,
    NOT_DENIED,
    PAIR,
    SERVER,
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


def board(_: Release) -> Dashboard:
    """Denials and drops first, then who talks to whom."""
    return dashboard(
        uid="hubble-network",
        title="Hubble / Network",
        about="**For an application team.** Is my traffic denied or dropped, and by what? Are my connections refused? "
        "Who talks to me, whom do I talk to? *Leaving* means that your namespace is the source. Hubble counts events: "
        "both ends report a flow. An empty namespace is outside of the cluster, or a node.",
        folder="Hubble",
        replaces=(19424,),
        variables=(
            cluster("hubble_metrics_http_handler_requests_total"),
            namespace("namespace", "Namespace", "source_namespace"),
            namespace("peer", "Peer", "destination_namespace"),
        ),
        rows=(denials_and_drops(), flows()),
    )


def leaving(metric: str, *also: str) -> str:
    """The rate of a counter from my namespace to the peer; `also` are further matchers."""
    matchers = ", ".join((*also, 'source_namespace=~"$namespace"', 'destination_namespace=~"$peer"'))
    return f"rate({metric}{{{matchers}}}[$__rate_interval])"


def arriving(metric: str, *also: str) -> str:
    """The rate of a counter from the peer to my namespace; `also` are further matchers."""
    matchers = ", ".join((*also, 'destination_namespace=~"$namespace"', 'source_namespace=~"$peer"'))
    return f"rate({metric}{{{matchers}}}[$__rate_interval])"


def denials_and_drops() -> Row:
    """Is my traffic denied or dropped, and are my connections refused?"""
    syn = leaving("hubble_tcp_flags_total", 'flag="SYN"')
    syn_in = arriving("hubble_tcp_flags_total", 'flag="SYN"')
    syn_ack = arriving("hubble_tcp_flags_total", 'flag="SYN-ACK"')
    reset = arriving("hubble_tcp_flags_total", 'flag="RST"')
    denied_leaving = leaving("hubble_policy_verdicts_total", DENIED)
    denied_arriving = arriving("hubble_policy_verdicts_total", DENIED)
    dropped_leaving = leaving("hubble_drop_total", NOT_DENIED)
    dropped_arriving = arriving("hubble_drop_total", NOT_DENIED)
    return row(
        "Is my traffic denied or dropped?",
        stat(
            "Denied by policy",
            "Attempts that a policy denied, L3/L4 and L7: the pairs below say whose, and which side's policy. Needs "
            "the Hubble handler `policy`.",
            query(f"sum({denied_leaving})", "leaving"),
            query(f"sum({denied_arriving})", "arriving"),
            unit="ops",
            thresholds=above(warning=1),
            no_value="none seen",
            h=3,
        ),
        stat(
            "Other drops",
            "Packets of your namespace that were dropped for any reason but policy. The reasons are below: they are "
            "for the platform team. Needs the Hubble handler `drop`.",
            query(f"sum({dropped_leaving})", "leaving"),
            query(f"sum({dropped_arriving})", "arriving"),
            unit="pps",
            thresholds=above(warning=1),
            no_value="none seen",
            h=3,
        ),
        stat(
            "Peers",
            "Applications that you open connections to, and applications that open connections to you; all that is "
            "outside of the cluster is one. The row Flows names them. Needs the Hubble handler `tcp`.",
            query(f"count(sum by ({SERVER}) ({syn}) > 0)", "I talk to"),
            query(f"count(sum by ({CLIENT}) ({syn_in}) > 0)", "talk to me"),
            no_value="no connection opened",
            h=3,
        ),
        timeseries(
            "Denied by direction",
            "egress: the policy of the client denies it; ingress: that of the server. A step after a policy change is "
            "its effect: see the policy board. Needs the Hubble handler `policy`.",
            query(f"sum by (direction) ({denied_leaving})", "leaving, {{direction}}"),
            query(f"sum by (direction) ({denied_arriving})", "arriving, {{direction}}"),
            unit="ops",
            no_value="none seen",
            links=(link_to("cilium-policy"),),
            max_data_points=30,
            h=7,
        ),
        timeseries(
            "Other drops by reason",
            "Packets dropped for any reason but policy. CT, NAT and FIB reasons: the capacity board; "
            "STALE_OR_UNROUTABLE_IP: the peer is gone. Needs the Hubble handler `drop`.",
            query(f"sum by (reason) ({dropped_leaving})", "leaving {{reason}}"),
            query(f"sum by (reason) ({dropped_arriving})", "arriving {{reason}}"),
            unit="pps",
            no_value="none seen",
            links=(link_to("cilium-capacity"),),
            max_data_points=30,
            h=7,
        ),
        timeseries(
            "Connections",
            "SYN that you send, and SYN-ACK and RST that come back, as events: each end reports one, a policy on "
            "either end one SYN more. Compare each line with its own past: a fall of SYN-ACK alone, or a rise of RST, "
            "is news. Needs the Hubble handler `tcp`.",
            query(f"sum({syn})", "SYN sent"),
            query(f"sum({syn_ack})", "SYN-ACK received"),
            query(f"sum({reset})", "RST received"),
            unit="ops",
            no_value="no connection opened",
            max_data_points=30,
            h=7,
        ),
        table(
            "Denied pairs",
            "Who is denied, and by the policy of which side: egress is the client's, ingress the server's. Allow it, "
            "or find out why it is tried. Needs the Hubble handler `policy`.",
            query(f"topk(20, sum by ({PAIR}, direction, match) ({denied_leaving}))", "leaving"),
            query(f"topk(20, sum by ({PAIR}, direction, match) ({denied_arriving}))", "arriving"),
            unit="ops",
            no_value="none seen",
            links=(link_to("cilium-policy"),),
            w=24,
            h=7,
        ),
        table(
            "Dropped pairs",
            "Whose packets are dropped for another reason than policy: egress means at the source, ingress at the "
            "destination. `hubble observe --verdict DROPPED` shows the packets.",
            query(f"topk(20, sum by ({PAIR}, traffic_direction, reason) ({dropped_leaving}))", "leaving"),
            query(f"topk(20, sum by ({PAIR}, traffic_direction, reason) ({dropped_arriving}))", "arriving"),
            unit="pps",
            no_value="none seen",
            links=(link_to("cilium-agent"),),
            w=24,
            h=7,
        ),
        no_value=HANDLER_OFF,
    )


def flows() -> Row:
    """Who talks to whom?"""
    return row(
        "Flows",
        table(
            "Who talks to whom",
            "The pairs with most events: packets, verdicts and L7 records, from both ends. It ranks; it does not "
            "measure traffic. A pair that nobody expects is a policy to write. Needs the Hubble handler `flow`.",
            query(f"topk(25, sum by ({PAIR}) ({leaving('hubble_flows_processed_total')}))", "leaving"),
            query(f"topk(25, sum by ({PAIR}) ({arriving('hubble_flows_processed_total')}))", "arriving"),
            unit="ops",
            no_value="no flow seen, or the handler flow is off",
            links=(link_to("hubble-http", namespace="destination_namespace"), link_to("cilium-policy")),
            w=24,
        ),
        timeseries(
            "Flows by verdict and type",
            "Events of flows from your namespace to the peer. DROPPED lines are explained above; only Trace lines: no "
            "L7 rule makes requests visible. Needs the Hubble handler `flow`.",
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
            "Applications that leave the cluster: candidates for an FQDN policy or the egress gateway. Events, not "
            "packets: a policy's verdict is one, too. Needs the Hubble handler `flows-to-world`.",
            query(
                f"topk(20, sum by ({CLIENT}, verdict)"
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
