"""Reader: platform on-call. Does Hubble see everything? How much is dropped and why? Do HTTP and DNS fail? Variables: datasource, cluster, node. Needs the Hubble set (rule 8); every panel: nv `handler not enabled in hubble.metrics.enabled`. Left out: flows of each node over time (instant top ten instead), Kafka (gone in 1.20), SCTP (1.20 only, rarely on). Most expensive: open - flows by verdict (half), HTTP by status; closed - HTTP quantiles, flows by type, TCP flags. Samples: open 19 M, all 89 M (upstream 680 M)."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    Board,
    above,
    bargauge,
    below,
    cluster,
    dashboard,
    node,
    query,
    row,
    stat,
    table,
    timeseries,
    to,
)


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster, node"""
    return dashboard(
        uid="hubble-overview",
        title="Hubble / Overview",
        about="For platform on-call. Does Hubble see everything? How much is dropped and why? Do HTTP and DNS fail?",
        folder="Hubble",
        replaces=(16613,),
        variables=(
            cluster("hubble_metrics_http_handler_requests_total"),
            node("hubble_metrics_http_handler_requests_total"),
        ),
        rows=(
            can_i_trust_it_and_what_is_wrong(cilium),
            processing(),
            network(),
            denied_by_policy(),
            http_and_dns(),
        ),
    )


def can_i_trust_it_and_what_is_wrong(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Can I trust it, and what is wrong?",
        stat(
            "Flows",
            "Load on Hubble: the worst node loses events first [needs: H:flow]",
            query("sum(rate(hubble_flows_processed_total[$__rate_interval]))", "all"),
            query("max(sum by (cluster, node) (rate(hubble_flows_processed_total[$__rate_interval])))", "worst node"),
            unit="ops",
        ),
        stat(
            "Dropped share",
            "Flows, not packets: see reasons [needs: H:flow]",
            query(
                'sum(rate(hubble_flows_processed_total{verdict="DROPPED"}[$__rate_interval])) / sum(rate(hubble_flows_processed_total[$__rate_interval]))',
                "of flows",
            ),
            unit="percentunit",
            limits=above(warning=0.01, critical=0.05),
        ),
        stat(
            "HTTP without 5xx",
            "Which service [needs: H:httpV2]",
            query(
                'sum(rate(hubble_http_requests_total{status!~"5.."}[$__rate_interval])) / sum(rate(hubble_http_requests_total[$__rate_interval]))',
                "share",
            ),
            unit="percentunit",
            limits=below(warning=0.999, critical=0.99),
            links=(to("hubble-http"),),
        ),
        stat(
            "DNS errors",
            "Search paths make NXDOMAIN normal: a change matters [needs: H:dns]",
            query(
                'sum(rate(hubble_dns_responses_total{rcode!="No Error"}[$__rate_interval])) / sum(rate(hubble_dns_responses_total[$__rate_interval]))',
                "of answers",
            ),
            unit="percentunit",
            limits=above(warning=0.3),
            links=(to("hubble-dns"),),
        ),
        timeseries(
            "Events lost",
            "Every graph here misses these: raise hubble.eventQueueSize or eventBufferCapacity, or bpf.monitorAggregation",
            query("sum by (source) (rate(hubble_lost_events_total[$__rate_interval]))", "{{source}}"),
            query(
                'sum by (usage) (rate(cilium_bpf_ratelimit_dropped_total{usage="events"}[$__rate_interval]))',
                "held back in kernel",
            ),
            unit="ops",
            limits=above(warning=1),
            no_value="nothing lost",
        ),
        timeseries(
            "Flows by verdict",
            "DROPPED: reasons beside; AUDIT: policy audit mode is on; ERROR: L7 proxy [needs: H:flow]",
            query("sum by (verdict) (rate(hubble_flows_processed_total[$__rate_interval]))", "{{verdict}}"),
            unit="ops",
            points=60,
        ),
        timeseries(
            "Drops by reason",
            "POLICY_DENIED; others by workload [needs: H:drop]",
            query("sum by (reason) (rate(hubble_drop_total[$__rate_interval]))", "{{reason}}"),
            unit="pps",
            no_value="none seen",
            links=(
                to("cilium-policy"),
                to("hubble-network"),
            ),
            points=60,
        ),
        timeseries(
            "HTTP responses by status",
            "5xx rising [needs: H:httpV2]",
            query("sum by (status) (rate(hubble_http_requests_total[$__rate_interval]))", "{{status}}"),
            unit="reqps",
            links=(to("hubble-http"),),
            points=60,
        ),
        timeseries(
            "DNS answers by code",
            "Server Failure or Refused: DNS servers [needs: H:dns]",
            query("sum by (rcode) (rate(hubble_dns_responses_total[$__rate_interval]))", "{{rcode}}"),
            unit="reqps",
            links=(to("hubble-dns"),),
            points=60,
        ),
    )


def processing() -> RowPanel:
    """TODO"""
    return row(
        "Processing",
        timeseries(
            "Flow types",
            "No L7 lines: no L7 or DNS policy makes them visible [needs: H:flow]",
            query(
                "sum by (type, subtype) (rate(hubble_flows_processed_total[$__rate_interval]))", "{{type}} {{subtype}}"
            ),
            unit="ops",
            points=60,
        ),
        bargauge(
            "Busiest nodes",
            "Where losses begin first: compare with events lost [needs: H:flow]",
            query("topk(10, sum by (node) (rate(hubble_flows_processed_total[$__rate_interval])))", "{{node}}"),
            unit="ops",
        ),
        timeseries(
            "Cost of the endpoint",
            "Time to render one scrape: near the scrape timeout means too many labels, cut labelsContext or `query`",
            query(
                "max(rate(hubble_metrics_http_handler_request_duration_seconds_sum[$__rate_interval]) / rate(hubble_metrics_http_handler_request_duration_seconds_count[$__rate_interval]))",
                "worst node",
            ),
            unit="s",
            limits=above(warning=2, critical=8),
        ),
        timeseries(
            "Flow exporters",
            "0: its configuration is wrong or expired [needs: hubble.export.dynamic.enabled]",
            query("min by (name) (hubble_dynamic_exporter_up)", "{{name}}"),
            query("sum by (status) (hubble_dynamic_exporter_exporters_total)", "{{status}}"),
            unit="short",
            no_value="no dynamic exporter",
        ),
        closed=True,
    )


def network() -> RowPanel:
    """TODO"""
    return row(
        "Network",
        bargauge(
            "Protocols and ports",
            "What the cluster talks: an unknown port on top is worth a look [needs: H:port-distribution]",
            query("sum by (protocol) (rate(hubble_port_distribution_total[$__rate_interval]))", "{{protocol}}"),
            query(
                'topk(10, sum by (port, protocol) (rate(hubble_port_distribution_total{port!="0"}[$__rate_interval])))',
                "{{port}}/{{protocol}}",
            ),
            unit="pps",
            links=(to("hubble-network"),),
        ),
        timeseries(
            "TCP flags",
            "SYN without answer: dead backends or silent drops; RST near SYN: refused or cut; who [needs: H:tcp]",
            query("sum by (family, flag) (rate(hubble_tcp_flags_total[$__rate_interval]))", "{{family}} {{flag}}"),
            query(
                'sum by (family) (rate(hubble_tcp_flags_total{flag="SYN"}[$__rate_interval])) - sum by (family) (rate(hubble_tcp_flags_total{flag="SYN-ACK"}[$__rate_interval]))',
                "{{family}} SYN without answer",
            ),
            unit="pps",
            links=(to("hubble-network"),),
            points=60,
        ),
        timeseries(
            "ICMP",
            "DestinationUnreachable rising: wrong route or closed UDP port. Up to 1.18 ICMPv6 counts as IPv4 [needs: H:icmp]",
            query("sum by (family, type) (rate(hubble_icmp_total[$__rate_interval]))", "{{family}} {{type}}"),
            query(
                'sum by (family) (rate(hubble_icmp_total{type="EchoRequest"}[$__rate_interval])) - sum by (family) (rate(hubble_icmp_total{type="EchoReply"}[$__rate_interval]))',
                "{{family}} ping without answer",
            ),
            unit="pps",
        ),
        timeseries(
            "Traffic out of the cluster",
            "New flows to the world: who [needs: H:flows-to-world]",
            query(
                "sum by (protocol, verdict) (rate(hubble_flows_to_world_total[$__rate_interval]))",
                "{{protocol}} {{verdict}}",
            ),
            unit="ops",
            links=(to("hubble-network"),),
            points=60,
        ),
        closed=True,
    )


def denied_by_policy() -> RowPanel:
    """TODO"""
    return row(
        "Denied by policy",
        timeseries(
            "Denied by protocol",
            "A step after a policy change [needs: H:drop]",
            query(
                'sum by (protocol) (rate(hubble_drop_total{reason="POLICY_DENIED"}[$__rate_interval]))', "{{protocol}}"
            ),
            unit="pps",
            no_value="none seen",
            links=(to("cilium-policy"),),
            points=60,
        ),
        table(
            "Denied, by source and by destination",
            "Who knocks, and at whose door: allow it or stop the caller [needs: H:drop]",
            query(
                'topk(10, sum by (source_namespace, source_workload) (rate(hubble_drop_total{reason="POLICY_DENIED"}[$__rate_interval])))',
                "as source",
            ),
            query(
                'topk(10, sum by (destination_namespace, destination_workload) (rate(hubble_drop_total{reason="POLICY_DENIED"}[$__rate_interval])))',
                "as destination",
            ),
            unit="pps",
            no_value="none seen",
            links=(to("cilium-policy"),),
        ),
        closed=True,
    )


def http_and_dns() -> RowPanel:
    """TODO"""
    return row(
        "HTTP and DNS",
        timeseries(
            "HTTP methods and protocols",
            "Mix of requests: a new method or protocol is a changed client [needs: H:httpV2]",
            query(
                "sum by (method, protocol) (rate(hubble_http_requests_total[$__rate_interval]))",
                "{{method}} {{protocol}}",
            ),
            unit="reqps",
            points=60,
        ),
        timeseries(
            "HTTP duration",
            "Median and tail: by service [needs: H:httpV2]",
            query(
                "histogram_quantile(0.5, sum by (le) (rate(hubble_http_request_duration_seconds_bucket[$__rate_interval])))",
                "p50",
            ),
            query(
                "histogram_quantile(0.99, sum by (le) (rate(hubble_http_request_duration_seconds_bucket[$__rate_interval])))",
                "p99",
            ),
            unit="s",
            links=(to("hubble-http"),),
            points=60,
        ),
        timeseries(
            "DNS queries and answers by type",
            "The gap is unanswered queries [needs: H:dns]",
            query("sum by (qtypes) (rate(hubble_dns_queries_total[$__rate_interval]))", "asked {{qtypes}}"),
            query("sum by (qtypes) (rate(hubble_dns_responses_total[$__rate_interval]))", "answered {{qtypes}}"),
            unit="reqps",
            links=(to("hubble-dns"),),
            points=60,
        ),
        bargauge(
            "DNS answers: records and addresses",
            "Answers with many addresses make FQDN policies large [needs: H:dns]",
            query("sum by (type) (rate(hubble_dns_response_types_total[$__rate_interval]))", "{{type}}"),
            query(
                'topk(10, sum by (ips_returned) (rate(hubble_dns_responses_total{rcode="No Error"}[$__rate_interval])))',
                "{{ips_returned}} addresses",
            ),
            unit="reqps",
        ),
        table(
            "DNS errors by type, clients and names",
            "Who asks for names that do not exist, and the busiest names [needs: H:dns with `query`]",
            query(
                'topk(10, sum by (rcode, qtypes) (rate(hubble_dns_responses_total{rcode!="No Error"}[$__rate_interval])))',
                "by code",
            ),
            query(
                'topk(10, sum by (destination_namespace, destination_workload) (rate(hubble_dns_responses_total{rcode!="No Error"}[$__rate_interval])))',
                "by client",
            ),
            query(
                "topk(10, sum by (query, qtypes) (rate(hubble_dns_queries_total[$__rate_interval])) * 60)",
                "asked per min",
            ),
            unit="reqps",
            no_value="none seen",
            links=(to("hubble-dns"),),
        ),
        closed=True,
    )
