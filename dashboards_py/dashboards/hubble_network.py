"""Hubble network: is my traffic denied or dropped, do my connections work, and who talks to whom?

For application teams: `$namespace` is the team's namespace, `$peer` the other side; leaving means that `$namespace` is
the source. Ports are left out, because that handler has no namespaces, and the share of unanswered connections, because
Hubble counts events, and a policy at one end adds an event for a SYN. Flows are the most expensive panels; selecting a
namespace reduces their cost.
"""

from dashboards_py.release import Release
from dashboards_py.style import (
    CLIENT,
    DENIED,
    FROM_HOST,
    HUBBLE_SCRAPED,
    NOT_DENIED,
    PAIR,
    SERVER,
    Dashboard,
    Row,
    above,
    busiest,
    cluster,
    dashboard,
    denied_share,
    link_to,
    more_than_an_hour_ago,
    namespace,
    query,
    row,
    stat,
    table,
    timeseries,
    unless_not_scraped,
    unless_not_seen,
)
from dashboards_py.style.hubble import HAS_NO_ROOM, OF_NO_ROOM
from dashboards_py.style.limits import DENIALS, DROPPED_FLOWS, DROPS, NAMESPACE_FAILURES, NO_ROOM

NAMESPACES = "cluster, source_namespace, destination_namespace"
OF_PAIR = f"{PAIR}, traffic_direction, reason"
HAS_ROOM = f"{NOT_DENIED}, reason!~{OF_NO_ROOM}"
DROPPED, PASSED = 'verdict=~"DROPPED|ERROR"', 'verdict!~"DROPPED|ERROR"'


def board(_: Release) -> Dashboard:
    """Denials and drops first, then flows."""
    return dashboard(
        uid="hubble-network",
        title="Hubble / Network",
        about="For application teams. Is my traffic denied or dropped, and by what? Are my connections refused? "
        "Who talks to me, and who do I talk to? Leaving means that your namespace is the source. Hubble counts "
        "events, and both ends report a flow. An empty namespace is outside of the cluster, or a node.",
        folder="Hubble",
        replaces=(19424,),
        variables=(
            cluster(HUBBLE_SCRAPED),
            busiest("namespace", "Namespace", "hubble_flows_processed_total", "source_namespace"),
            namespace("peer", "Peer", "destination_namespace"),
        ),
        rows=(denials_and_drops(), flows()),
    )


def leaving(metric: str, *also: str) -> str:
    """The rate of a counter from `$namespace` to `$peer`; `also` are additional matchers."""
    matchers = ", ".join((*also, 'source_namespace=~"$namespace"', 'destination_namespace=~"$peer"'))
    return f"rate({metric}{{{matchers}}}[$__rate_interval])"


def arriving(metric: str, *also: str) -> str:
    """The rate of a counter from `$peer` to `$namespace`; `also` are additional matchers."""
    matchers = ", ".join((*also, 'destination_namespace=~"$namespace"', 'source_namespace=~"$peer"'))
    return f"rate({metric}{{{matchers}}}[$__rate_interval])"


def dropped_pairs(matcher: str, labels: str) -> str:
    """The rate of drops from and to `$namespace`, by these labels; pairs that are both have the same rate in either.

    Both namespaces are among the labels.
    """
    by = f"sum by ({labels})"
    return f"{by} ({leaving('hubble_drop_total', matcher)}) or {by} ({arriving('hubble_drop_total', matcher)})"


def denials_and_drops() -> Row:
    """Denials, drops and connections of the namespace."""
    syn = leaving("hubble_tcp_flags_total", 'flag="SYN"')
    syn_in = arriving("hubble_tcp_flags_total", 'flag="SYN"')
    syn_ack = arriving("hubble_tcp_flags_total", 'flag="SYN-ACK"')
    reset = arriving("hubble_tcp_flags_total", 'flag="RST"')
    denied_leaving = leaving("hubble_policy_verdicts_total", DENIED)
    denied_arriving = arriving("hubble_policy_verdicts_total", DENIED)
    dropped_leaving = leaving("hubble_drop_total", NOT_DENIED)
    dropped_arriving = arriving("hubble_drop_total", NOT_DENIED)
    denied = denied_share('source_namespace=~"$namespace", destination_namespace=~"$peer"')
    return row(
        "Is my traffic denied or dropped?",
        stat(
            "Denied by policy",
            "Attempts that policy denied, at L3/L4 and L7: the pairs below show client, server and which side's "
            f"policy. {FROM_HOST} Needs the Hubble handler `policy`.",
            query(f"sum({denied_leaving})", "leaving"),
            query(f"sum({denied_arriving})", "arriving"),
            unit="eps",
            thresholds=above(DENIALS, lowest="text"),
            w=9,
            h=3,
        ),
        stat(
            "Denied share",
            "Share of the policy verdicts on what your namespace sends that deny, in the worst namespace. From 5 % on "
            f"it is in trouble: see the pairs below. {FROM_HOST} Needs the Hubble handler `policy`.",
            query(
                f"topk(1, {denied})",
                "{{source_namespace}} {{cluster}}",
            ),
            unit="percentunit",
            thresholds=above(NAMESPACE_FAILURES),
            no_value="no verdict seen",
            w=6,
            h=3,
        ),
        stat(
            "Denials against an hour ago",
            "Denied attempts per second more than an hour ago, of the namespace where they rose most: a change of "
            f"policy, or a new client. The pairs below show which. {FROM_HOST} Needs the Hubble handler `policy`.",
            query(
                more_than_an_hour_ago(f"sum by (cluster, source_namespace) ({denied_leaving})"),
                "leaving",
            ),
            query(
                more_than_an_hour_ago(f"sum by (cluster, destination_namespace) ({denied_arriving})"),
                "arriving",
            ),
            unit="eps",
            thresholds=above(DENIALS),
            w=9,
            h=3,
        ),
        stat(
            "Other drops",
            "Drop events of your namespace's packets for reasons other than policy, which are below. Contact the "
            "platform team, and at once if `no room` appears: a map is full. Needs the Hubble handler `drop`.",
            query(f"sum({dropped_leaving})", "leaving"),
            query(f"sum({dropped_arriving})", "arriving"),
            query(
                f"sum({dropped_pairs(HAS_NO_ROOM, NAMESPACES)}) > 0",
                "no room",
                thresholds=above(NO_ROOM),
            ),
            unit="eps",
            thresholds=above(DROPS),
            w=11,
            h=3,
        ),
        stat(
            "Other drops against an hour ago",
            "Drop events for reasons other than policy, more than an hour ago, of the namespace where they rose "
            "most. Below are the reasons and pairs. Needs the Hubble handler `drop`.",
            query(
                more_than_an_hour_ago(f"sum by (cluster, source_namespace) ({dropped_leaving})"),
                "leaving",
            ),
            query(
                more_than_an_hour_ago(f"sum by (cluster, destination_namespace) ({dropped_arriving})"),
                "arriving",
            ),
            unit="eps",
            thresholds=above(DROPS),
            w=9,
            h=3,
        ),
        stat(
            "Peers",
            "Applications that you open connections to, and applications that open connections to you; everything "
            "outside of the cluster counts as one. The row Flows lists them. Needs the Hubble handler `tcp`.",
            query(f"count(sum by ({SERVER}) ({syn}) > 0)", "I talk to"),
            query(f"count(sum by ({CLIENT}) ({syn_in}) > 0)", "talk to me"),
            w=4,
            h=3,
        ),
        timeseries(
            "Denied by direction",
            "egress: denied by the policy of the client; ingress: by that of the server. A step after a policy change "
            f"is its effect: see the policy board. {FROM_HOST} Needs the Hubble handler `policy`.",
            query(f"sum by (direction) ({denied_leaving})", "leaving, {{direction}} policy"),
            query(f"sum by (direction) ({denied_arriving})", "arriving, {{direction}} policy"),
            unit="eps",
            rare=True,
            legend="list",
            links=(link_to("cilium-policy"),),
            w=7,
            h=9,
        ),
        timeseries(
            "Other drops by reason",
            "Drop events for reasons other than policy. CT, NAT and FIB reasons: see the capacity board, where they "
            "are words (CT_MAP_INSERTION_FAILED is `CT: Map insertion failed`); STALE_OR_UNROUTABLE_IP: the peer no "
            "longer exists. Needs the Hubble handler `drop`.",
            query(f"sum by (reason) ({dropped_leaving})", "leaving {{reason}}"),
            query(f"sum by (reason) ({dropped_arriving})", "arriving {{reason}}"),
            unit="eps",
            rare=True,
            legend="list",
            links=(link_to("cilium-capacity"),),
            w=11,
            h=9,
        ),
        timeseries(
            "Connections",
            "Events of SYN that you send, and of SYN-ACK and RST that you receive: each end reports one, and a policy "
            "at an end adds a SYN. Compare each line with its own past: look into a fall of SYN-ACK alone, or a rise "
            "of RST. Needs the Hubble handler `tcp`.",
            query(f"sum({syn})", "SYN sent"),
            query(f"sum({syn_ack})", "SYN-ACK received"),
            query(f"sum({reset})", "RST received"),
            unit="eps",
            legend="list",
            no_value="no connection seen",
            w=6,
            h=9,
        ),
        table(
            "Denied pairs",
            "Denied clients and servers, and the side whose policy denied: egress is the client's, ingress the "
            "server's. Allow the traffic, or find out why clients attempt it. "
            f"{FROM_HOST} Needs the Hubble handler `policy`.",
            unless_not_seen(
                query(f"topk(20, sum by ({PAIR}, direction, match) ({denied_leaving}) > 0)", "leaving"),
                "hubble_policy_verdicts_total",
                "no verdict seen",
                "source_namespace",
            ),
            query(f"topk(20, sum by ({PAIR}, direction, match) ({denied_arriving}) > 0)", "arriving"),
            thresholds=above(DENIALS, lowest="text"),
            rank="max",
            unit="eps",
            no_value="none seen",
            links=(link_to("cilium-policy"),),
            w=24,
            h=7,
        ),
        table(
            "Dropped pairs",
            "Sources and destinations of packets dropped for reasons other than policy: egress means at the source, "
            "ingress at the destination. First those for which connection tracking or NAT has no room: see the "
            "capacity board. `hubble observe --verdict DROPPED` shows the packets.",
            unless_not_scraped(
                query(f"topk(20, ({dropped_pairs(HAS_NO_ROOM, OF_PAIR)}) > 0)", "no room", thresholds=above(NO_ROOM)),
                HUBBLE_SCRAPED,
                "source_namespace",
            ),
            query(f"topk(20, ({dropped_pairs(HAS_ROOM, OF_PAIR)}) > 0)", "other"),
            rank="columns",
            unit="eps",
            no_value="no drop seen",
            links=(link_to("cilium-agent"), link_to("cilium-capacity")),
            widths={"reason": 215},
            w=24,
            h=7,
        ),
    )


def flows() -> Row:
    """Flows by source and destination."""
    dropped, passed = (leaving("hubble_flows_processed_total", verdict) for verdict in (DROPPED, PASSED))
    return row(
        "Flows",
        table(
            "Who talks to whom",
            "The pairs with most events: packets, verdicts and L7 records, from both ends. This ranks pairs; it does "
            "not measure traffic. Write a policy for unexpected pairs. Needs the Hubble handler `flow`.",
            query(f"topk(25, sum by ({PAIR}) ({leaving('hubble_flows_processed_total')}))", "leaving"),
            query(f"topk(25, sum by ({PAIR}) ({arriving('hubble_flows_processed_total')}))", "arriving"),
            rank="max",
            unit="eps",
            no_value="no flow seen",
            links=(link_to("hubble-http", namespace="destination_namespace"), link_to("cilium-policy")),
            w=24,
        ),
        table(
            "Flows by verdict and type",
            "Events of flows from your namespace to the peer, dropped ones first: the row above explains them. If "
            "there is only Trace, no L7 rule makes requests visible. Needs the Hubble handler `flow`.",
            query(
                f"topk(15, sum by (verdict, type, subtype) ({dropped}) > 0)",
                "dropped",
                thresholds=above(DROPPED_FLOWS, lowest="text"),
            ),
            query(f"topk(15, sum by (verdict, type, subtype) ({passed}) > 0)", "passed"),
            unit="eps",
            rank="columns",
            no_value="no flow seen",
            w=14,
        ),
        table(
            "Flows to the world",
            "Applications with traffic out of the cluster, dropped traffic first: candidates for an FQDN policy or the "
            "egress gateway. Counts events, including policy verdicts, not packets. Needs the Hubble handler "
            "`flows-to-world`.",
            *(
                query(
                    f"topk(20, sum by ({CLIENT}) (rate(hubble_flows_to_world_total"
                    f'{{source_namespace=~"$namespace", {verdict}}}[$__rate_interval])) > 0)',
                    heading,
                    thresholds=colored,
                )
                for verdict, heading, colored in (
                    (DROPPED, "dropped", above(DROPPED_FLOWS)),
                    (PASSED, "passed", ()),
                )
            ),
            rank="columns",
            unit="eps",
            no_value="no flow seen",
            links=(link_to("cilium-policy"),),
            w=10,
        ),
        collapsed=True,
    )
