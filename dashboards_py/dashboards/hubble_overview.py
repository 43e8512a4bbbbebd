"""Hubble at a glance: does it see everything, how much is dropped and why, do HTTP and DNS fail?

For the platform on-call. No graph has a line per node. Left out are Kafka, which Cilium 1.20 removed, SCTP, which is
rarely enabled, and shares of unanswered connections or pings: Hubble counts events of both ends, including policy
verdicts, and aggregates repeated ones. The most expensive panels are flows by verdict in the open row, and DNS by type
and ICMP in the collapsed rows. Quantiles are only current values, because their buckets are most of Hubble's series.
All panels need a handler in hubble.metrics.enabled, which their descriptions name.
"""

from dashboards_py.model import State
from dashboards_py.release import Release
from dashboards_py.style import (
    DENIED,
    ENOUGH,
    FROM_HOST,
    HUBBLE_SCRAPED,
    NOT_DENIED,
    PAIR,
    SERVER,
    Dashboard,
    Row,
    above,
    answered_by_client_namespace,
    bargauge,
    below,
    cluster,
    dashboard,
    http_by_server_namespace,
    link_to,
    more_than_an_hour_ago,
    namespaces_in_trouble,
    node,
    quantile,
    query,
    row,
    share,
    stat,
    table,
    timeseries,
    unless_not_scraped,
    unless_not_seen,
)
from dashboards_py.style.agents import hubbles_too_few, nodes_without_hubble
from dashboards_py.style.hubble import HAS_NO_ROOM
from dashboards_py.style.limits import (
    DENIALS,
    DNS_ERRORS,
    DNS_UNANSWERED,
    DROPS,
    ENDPOINT_TIME,
    EVENTS_DROPPED,
    EVENTS_LOST,
    HTTP_5XX_RISE,
    HTTP_SUCCESS,
    HUBBLE_MISSING,
    NO_ROOM,
)

EVERYWHERE = 'node=~".*"'  # nodes are counted, whichever of them are chosen
MISSING = State(text="missing", color="yellow", low=1, high=1)
# Events of packets and requests: a packet that policy denies is an event of its verdict as well.
TRAFFIC = 'type!="PolicyVerdict"'


def board(_: Release) -> Dashboard:
    """Lost events, drops and errors first, then details of traffic."""
    return dashboard(
        uid="hubble-overview",
        title="Hubble / Overview",
        about="For the platform on-call. Does Hubble see everything? How much is dropped, and why? Do HTTP and "
        "DNS fail?",
        folder="Hubble",
        replaces=(16613,),
        variables=(
            cluster(HUBBLE_SCRAPED),
            node(HUBBLE_SCRAPED),
        ),
        rows=(
            lost_and_wrong(),
            processing(),
            network(),
            denials(),
            requests_and_lookups(),
        ),
    )


def lost_and_wrong() -> Row:
    """Lost events, drops and failed requests."""
    flows = "sum(rate(hubble_flows_processed_total[$__rate_interval]))"
    of_client, of_server = "sum by (cluster, source_namespace)", "sum by (cluster, destination_namespace)"
    client, server = "{{source_namespace}} {{cluster}}", "{{destination_namespace}} {{cluster}}"
    in_cluster = 'source_namespace!="", '  # a host, or who is outside of the cluster, has no namespace
    events, dropped = (
        f"{of_client} (rate(hubble_flows_processed_total{{{matchers}}}[$__rate_interval]))"
        for matchers in (in_cluster + TRAFFIC, f'{in_cluster}{TRAFFIC}, verdict="DROPPED"')
    )
    failed, requests = http_by_server_namespace('status=~"5.."'), http_by_server_namespace()
    failed_share = share(failed, requests, more_than=ENOUGH)
    answers = f"{of_server} (rate(hubble_dns_responses_total[$__rate_interval]))"
    errors = f'{of_server} (rate(hubble_dns_responses_total{{rcode!="No Error"}}[$__rate_interval]))'
    return row(
        "Can I trust it, and what is wrong?",
        stat(
            "Flows",
            "Events of flows, in total and on the busiest node, which loses events first. Both ends report a flow, and "
            "policies add verdicts. Needs the Hubble handler `flow`.",
            query(flows, "all"),
            query("max(sum by (cluster, node) (rate(hubble_flows_processed_total[$__rate_interval])))", "busiest node"),
            unit="eps",
            no_value="no flow seen",
            w=8,
            h=3,
        ),
        stat(
            "Hubble missing",
            "Nodes that Cilium has known for 5 minutes, in clusters that have Hubble and without those of meshed ones, "
            "minus those whose Hubble is scraped: all panels lack their flows. The table below names them.",
            query(f"sum(clamp_min({hubbles_too_few(EVERYWHERE)}, 0))", "nodes"),
            thresholds=above(HUBBLE_MISSING),
            links=(link_to("cilium-overview"),),
            w=5,
            h=3,
        ),
        stat(
            "Events lost",
            "Events lost in Hubble, and before it in the kernel: all panels lack them. If they are many, the graph "
            "below describes which value to raise.",
            query(
                "sum(rate(hubble_lost_events_total[$__rate_interval])"
                ' or rate(cilium_bpf_ratelimit_dropped_total{usage="events"}[$__rate_interval]))'
                f" and count({HUBBLE_SCRAPED}) or 0 * count({HUBBLE_SCRAPED})",
                "lost",
            ),
            unit="eps",
            thresholds=above(EVENTS_LOST),
            w=5,
            h=3,
        ),
        stat(
            "Dropped share",
            "Share of drops and L7 denials among Hubble's events of the worst client's namespace; events are not "
            "packets, as packets of a connection are aggregated. See the reasons below. Needs the Hubble handler "
            "`flow`.",
            query(f"topk(1, {share(dropped, events, more_than=ENOUGH)})", client),
            unit="percentunit",
            thresholds=above(EVENTS_DROPPED),
            no_value="no flow seen",
            links=(link_to("hubble-network"),),
            w=6,
            h=3,
            decimals=2,
        ),
        stat(
            "HTTP without 5xx",
            "Share of HTTP requests without a server error, in the worst server's namespace. If it falls, the HTTP "
            "board shows the service. Needs the Hubble handler `httpV2`, and an L7 rule or a Gateway that makes HTTP "
            "visible.",
            query(f"bottomk(1, 1 - {failed_share})", server),
            unit="percentunit",
            thresholds=below(HTTP_SUCCESS),
            no_value="no HTTP seen",
            links=(link_to("hubble-http"),),
            decimals=2,
            w=6,
            h=3,
        ),
        stat(
            "DNS unanswered",
            "Share of DNS lookups without an answer, in the worst client's namespace, whether policy denies them, "
            f"packets are dropped, or a server is overloaded. The DNS board names the clients. {FROM_HOST} Needs the "
            "Hubble handlers `dns`, `policy` and `drop`, and a DNS rule in a policy that makes lookups visible.",
            query(f"topk(1, clamp_min(1 - {answered_by_client_namespace()}, 0))", client),
            unit="percentunit",
            thresholds=above(DNS_UNANSWERED),
            no_value="no DNS seen",
            links=(link_to("hubble-dns"),),
            w=6,
            h=3,
        ),
        stat(
            "DNS errors",
            "Share of DNS answers with an error, in the worst client's namespace. Non-existent names are normal, from "
            "search paths: changes matter, not the level. Needs the Hubble handler `dns`, and a DNS rule in a policy "
            "that makes lookups visible.",
            query(f"topk(1, {share(errors, answers, more_than=ENOUGH)})", server),
            unit="percentunit",
            thresholds=above(DNS_ERRORS),
            no_value="no DNS seen",
            links=(link_to("hubble-dns"),),
            w=5,
            h=3,
        ),
        stat(
            "Denials against an hour ago",
            "Denied attempts per second more than an hour ago, of the client's namespace where they rose most: a "
            f"change of policy, or a new client. {FROM_HOST} Needs the Hubble handler `policy`.",
            query(
                more_than_an_hour_ago(
                    f"{of_client} (rate(hubble_policy_verdicts_total{{{DENIED}}}[$__rate_interval]))"
                ),
                client,
            ),
            unit="eps",
            thresholds=above(DENIALS),
            links=(link_to("cilium-policy"), link_to("hubble-network")),
            w=7,
            h=3,
        ),
        stat(
            "Other drops against an hour ago",
            "Drop events for reasons other than policy, more than an hour ago, of the sender's namespace where they "
            "rose most. No room, at any rate: a map is full, see the capacity board. Needs the Hubble handler `drop`.",
            query(
                more_than_an_hour_ago(f"{of_client} (rate(hubble_drop_total{{{NOT_DENIED}}}[$__rate_interval]))"),
                client,
            ),
            query(
                f"sum(rate(hubble_drop_total{{{HAS_NO_ROOM}}}[$__rate_interval])) > 0",
                "no room",
                thresholds=above(NO_ROOM),
            ),
            unit="eps",
            thresholds=above(DROPS),
            links=(link_to("hubble-network"),),
            former_title="Drops against an hour ago",
            w=12,
            h=3,
        ),
        stat(
            "5xx against an hour ago",
            "Share of HTTP requests with a server error, less that of an hour ago, of the server's namespace that got "
            "worst. At 0, no namespace got worse; ignore the name. The HTTP board shows the workload. Needs the Hubble "
            "handler `httpV2`.",
            query(more_than_an_hour_ago(f"({failed_share})"), server),
            unit="percentunit",
            thresholds=above(HTTP_5XX_RISE),
            no_value="no HTTP seen",
            links=(link_to("hubble-http"),),
            w=12,
            h=3,
        ),
        namespaces_in_trouble(w=16, h=5),
        table(
            "Nodes without Hubble",
            "Nodes that have an agent, or had one an hour ago, and whose Hubble is not scraped. All: "
            "`hubble.metrics.enabled` is empty, or its ServiceMonitor is not selected; one: see the overview's table "
            "Not scraped.",
            unless_not_seen(
                unless_not_scraped(
                    query(nodes_without_hubble(EVERYWHERE), "Hubble", states=(MISSING,)), HUBBLE_SCRAPED
                ),
                "cilium_version",
                "no agent seen",
            ),
            links=(link_to("cilium-agent", node="node"), link_to("cilium-overview")),
            no_value="no missing target",
            w=8,
            h=5,
        ),
        timeseries(
            "Events lost by place",
            "Lost events by location. Raise `hubble.eventQueueSize` for the events queue, or "
            "`hubble.eventBufferCapacity` for Hubble's ring buffer; or aggregate more with "
            "`bpf.monitorAggregation`.",
            query("sum by (source) (rate(hubble_lost_events_total[$__rate_interval]))", "{{source}}"),
            query(
                'sum by (usage) (rate(cilium_bpf_ratelimit_dropped_total{usage="events"}[$__rate_interval]))',
                "held back in kernel",
            ),
            unit="eps",
            rare=True,
            legend="list",
            thresholds=above(EVENTS_LOST),
        ),
        timeseries(
            "Drops by reason",
            "Events: packets dropped, by reason, and verdicts that deny, which the policy board explains, and which "
            "are more than the packets that agents, which call it `Policy denied`, count. The network "
            "board shows the others. "
            f"{FROM_HOST} Needs the Hubble handlers `drop` and `policy`.",
            query(f"sum by (reason) (rate(hubble_drop_total{{{NOT_DENIED}}}[$__rate_interval]))", "{{reason}}"),
            query(
                f"sum by (direction) (rate(hubble_policy_verdicts_total{{{DENIED}}}[$__rate_interval]))",
                "denied by policy, {{direction}}",
            ),
            unit="eps",
            rare=True,
            legend="list",
            links=(
                link_to("cilium-policy"),
                link_to("hubble-network"),
            ),
        ),
    )


def processing() -> Row:
    """Hubble's load and cost."""
    return row(
        "Processing",
        timeseries(
            "Flows by verdict",
            "Events of packets and requests; verdicts of policies are left out, since a denied packet is also a drop. "
            "ERROR is reported by the L7 proxy. The policy board shows what audit mode lets pass. Needs the Hubble "
            "handler `flow`.",
            query(
                f"sum by (verdict) (rate(hubble_flows_processed_total{{{TRAFFIC}}}[$__rate_interval]))", "{{verdict}}"
            ),
            unit="eps",
            links=(link_to("cilium-policy"),),
        ),
        bargauge(
            "Flow types",
            "Events that Hubble receives. Without L7 events, no L7 or DNS policy makes requests visible. Needs the "
            "Hubble handler `flow`.",
            query(
                "sort_desc(sum by (type, subtype) (rate(hubble_flows_processed_total[$__rate_interval])))",
                "{{type}} {{subtype}}",
            ),
            no_value="no flow seen",
            unit="eps",
        ),
        bargauge(
            "Busiest nodes",
            "Nodes with most flows, which lose events first: compare with the events lost. Needs the Hubble handler "
            "`flow`.",
            query(
                "topk(10, sum by (cluster, node) (rate(hubble_flows_processed_total[$__rate_interval])))",
                "{{node}} {{cluster}}",
            ),
            no_value="no flow seen",
            unit="eps",
            links=(link_to("hubble-overview", "Only this node", node="node"), link_to("cilium-agent", node="node")),
        ),
        timeseries(
            "Time of a scrape",
            "Duration of a scrape of Hubble metrics, on the worst node. Near the scrape time-out there are too many "
            "series: reduce `labelsContext`, or remove the option `query` of the handler `dns`.",
            query(
                "max(rate(hubble_metrics_http_handler_request_duration_seconds_sum[$__rate_interval])"
                " / rate(hubble_metrics_http_handler_request_duration_seconds_count[$__rate_interval]))",
                "worst node",
            ),
            unit="s",
            thresholds=above(ENDPOINT_TIME),
            former_title="Cost of the endpoint",
        ),
        timeseries(
            "Flow exporters",
            "Dynamic flow exporters that are up, and their number by status. 0: the exporter's configuration is "
            "wrong or has expired. Needs hubble.export.dynamic.enabled.",
            query("min by (name) (hubble_dynamic_exporter_up)", "{{name}}"),
            query("sum by (status) (hubble_dynamic_exporter_exporters_total)", "{{status}}"),
            unit="none",
            no_value="no exporter seen",
        ),
        collapsed=True,
    )


def network() -> Row:
    """Protocols, TCP flags, ICMP and traffic out of the cluster."""
    return row(
        "Network",
        bargauge(
            "Protocols",
            "Protocols by events; a connection has several, including policy verdicts and L7 records. Needs the Hubble "
            "handler `port-distribution`.",
            query(
                "topk(8, sum by (protocol) (rate(hubble_port_distribution_total[$__rate_interval])))", "{{protocol}}"
            ),
            unit="eps",
            w=12,
        ),
        bargauge(
            "Busiest ports",
            "Ports by events; a connection has several, including policy verdicts and L7 records. For an unknown port, "
            "see the network board. Needs the Hubble handler `port-distribution`.",
            query(
                'topk(8, sum by (port, protocol) (rate(hubble_port_distribution_total{port!="0"}[$__rate_interval])))',
                "{{port}}/{{protocol}}",
            ),
            unit="eps",
            links=(link_to("hubble-network"),),
            w=12,
            former_title="Protocols and ports",
        ),
        timeseries(
            "TCP flags",
            "Events with these flags: both ends report one, and a policy that selects an end adds a SYN. Compare a "
            "line with its own past. Rising RST: connections are refused or reset; the network board shows which. "
            "Needs the Hubble handler `tcp`.",
            query("sum by (family, flag) (rate(hubble_tcp_flags_total[$__rate_interval]))", "{{family}} {{flag}}"),
            unit="eps",
            legend="list",
            links=(link_to("hubble-network"),),
            w=7,
        ),
        timeseries(
            "ICMP",
            "Rising DestinationUnreachable: a wrong route or a closed UDP port. Numbers of requests and replies "
            "differ, because repeated pings are aggregated. Up to Cilium 1.18 ICMPv6 counts as IPv4. Needs the Hubble "
            "handler `icmp`.",
            query("sum by (family, type) (rate(hubble_icmp_total[$__rate_interval]))", "{{family}} {{type}}"),
            unit="eps",
            legend="list",
            w=10,
        ),
        timeseries(
            "Traffic out of the cluster",
            "Events of flows to addresses outside of the cluster, including policy verdicts. For new flows, the "
            "network board shows the application. Needs the Hubble handler `flows-to-world`.",
            query(
                "sum by (protocol, verdict) (rate(hubble_flows_to_world_total[$__rate_interval]))",
                "{{protocol}} {{verdict}}",
            ),
            unit="eps",
            legend="list",
            links=(link_to("hubble-network"),),
            w=7,
        ),
        collapsed=True,
        no_value="no flow seen",
    )


def denials() -> Row:
    """Connections and requests denied by policy."""
    return row(
        "Denied by policy",
        timeseries(
            "Denied by match",
            "Denials by kind of rule. none: no rule allows the traffic; l3-l4 and similar: a deny rule, or mutual "
            "authentication is not done yet; l7/http, l7/dns: an L7 rule. A step after a policy change is its effect: "
            f"see the policy board. {FROM_HOST} Needs the Hubble handler `policy`.",
            query(
                f"sum by (direction, match) (rate(hubble_policy_verdicts_total{{{DENIED}}}[$__rate_interval]))",
                "{{match}} {{direction}}",
            ),
            unit="eps",
            rare=True,
            legend="list",
            links=(link_to("cilium-policy"),),
        ),
        table(
            "Who is denied, and by whom",
            "Denied connections and requests by source and destination. Allow them by policy, or stop the caller. "
            f"{FROM_HOST} Needs the Hubble handler `policy` with source and destination in `labelsContext`.",
            unless_not_seen(
                query(
                    f"topk(20, sum by ({PAIR}) (rate(hubble_policy_verdicts_total{{{DENIED}}}[$__rate_interval])) > 0)",
                    "denied",
                ),
                "hubble_policy_verdicts_total",
                "no verdict seen",
                "source_namespace",
            ),
            unit="eps",
            thresholds=above(DENIALS, lowest="text"),
            no_value="none seen",
            links=(
                link_to("hubble-network", namespace="source_namespace", peer="destination_namespace"),
                link_to("cilium-policy"),
            ),
            w=16,
        ),
        collapsed=True,
    )


def requests_and_lookups() -> Row:
    """HTTP requests and DNS lookups."""
    return row(
        "HTTP and DNS",
        timeseries(
            "HTTP responses by status",
            "If 5xx rise, the HTTP board shows service and caller. Needs the Hubble handler `httpV2`.",
            query("sum by (status) (rate(hubble_http_requests_total[$__rate_interval]))", "{{status}}"),
            unit="reqps",
            legend="right",
            links=(link_to("hubble-http"),),
        ),
        timeseries(
            "DNS answers by code",
            "Server Failure or Refused: check the DNS servers; the DNS board shows clients and names. Needs the "
            "Hubble handler `dns`.",
            query("sum by (rcode) (rate(hubble_dns_responses_total[$__rate_interval]))", "{{rcode}}"),
            unit="reqps",
            legend="right",
            links=(link_to("hubble-dns"),),
            w=11,
        ),
        bargauge(
            "HTTP methods and protocols",
            "Requests by method and protocol. A new one indicates a changed client. Needs the Hubble handler `httpV2`.",
            query(
                "sort_desc(sum by (method, protocol) (rate(hubble_http_requests_total[$__rate_interval])))",
                "{{method}} {{protocol}}",
            ),
            no_value="no HTTP seen",
            unit="reqps",
            w=6,
        ),
        timeseries(
            "HTTP duration, mean",
            "Mean by method, over all services. If it rises but the tail does not, all services are slower; the HTTP "
            "board has mean and tail by service. Needs the Hubble handler `httpV2`.",
            query(
                "sum by (method) (rate(hubble_http_request_duration_seconds_sum[$__rate_interval]))"
                " / sum by (method) (rate(hubble_http_request_duration_seconds_count[$__rate_interval]))",
                "{{method}}",
            ),
            unit="s",
            legend="list",
            links=(link_to("hubble-http"),),
            w=6,
        ),
        stat(
            "HTTP duration, p99",
            "Current p99 of requests, over all services. It is not shown over time, because its buckets are most of "
            "Hubble's series; the HTTP board shows it over time and by service. Needs the Hubble handler `httpV2`, and "
            "100 requests in some minutes.",
            query(quantile(0.99, "hubble_http_request_duration_seconds"), "p99"),
            unit="s",
            links=(link_to("hubble-http"),),
            no_value="no HTTP seen",
            w=4,
            h=8,
            former_title="HTTP tail",
        ),
        timeseries(
            "DNS queries and answers by type",
            "The difference of asked and answered is queries that policy rejected or no server answered: the DNS board "
            "shows the clients. Needs the Hubble handler `dns`.",
            query("sum by (qtypes) (rate(hubble_dns_queries_total[$__rate_interval]))", "asked {{qtypes}}"),
            query("sum by (qtypes) (rate(hubble_dns_responses_total[$__rate_interval]))", "answered {{qtypes}}"),
            unit="reqps",
            legend="list",
            links=(link_to("hubble-dns"),),
        ),
        bargauge(
            "DNS answers by record",
            "Record types of answers; an answer may have several. Needs the Hubble handler `dns`.",
            query("topk(8, sum by (type) (rate(hubble_dns_response_types_total[$__rate_interval])))", "{{type}}"),
            no_value="no DNS seen",
            unit="reqps",
            w=12,
            former_title="DNS answers: records and addresses",
        ),
        bargauge(
            "DNS answers by addresses",
            "Addresses in each answer. Answers with many addresses make FQDN policies large: see the policy board. "
            "Needs the Hubble handler `dns`.",
            query(
                'topk(8, sum by (ips_returned) (rate(hubble_dns_responses_total{rcode="No Error"}[$__rate_interval])))',
                "{{ips_returned}} addresses",
            ),
            no_value="no DNS seen",
            unit="reqps",
            links=(link_to("cilium-policy"),),
            w=12,
        ),
        table(
            "DNS errors by code and type",
            "Errors by record type. If only AAAA fails, clients ask for IPv6 addresses that do not exist. Needs the "
            "Hubble handler `dns`.",
            unless_not_seen(
                query(
                    "topk(10, sum by (rcode, qtypes)"
                    ' (rate(hubble_dns_responses_total{rcode!="No Error"}[$__rate_interval])) > 0)',
                    "errors",
                ),
                "hubble_dns_responses_total",
                "no DNS seen",
                "rcode",
            ),
            unit="reqps",
            no_value="none seen",
            links=(link_to("hubble-dns"),),
        ),
        table(
            "DNS errors by client",
            "Clients that ask for names that do not exist, or use servers that fail. Needs the Hubble handler `dns`.",
            unless_not_seen(
                query(
                    f"topk(10, sum by ({SERVER})"
                    ' (rate(hubble_dns_responses_total{rcode!="No Error"}[$__rate_interval])) > 0)',
                    "errors",
                ),
                "hubble_dns_responses_total",
                "no DNS seen",
                "destination_namespace",
            ),
            unit="reqps",
            no_value="none seen",
            links=(link_to("hubble-dns", namespace="destination_namespace"),),
        ),
        table(
            "Names asked most",
            "The most frequent names: cache them in the client or on the node. If rows have no name, the Hubble "
            "handler `dns` lacks the option `query`.",
            query(
                "topk(10, sum by (query, qtypes) (rate(hubble_dns_queries_total[$__rate_interval])) > 0)",
                "asked",
            ),
            unit="reqps",
            no_value="no DNS seen",
            links=(link_to("hubble-dns"),),
        ),
        collapsed=True,
    )
