"""Expected values of the panels of Hubble / Overview."""

from tests.truth.agents import HUBBLES_TOO_FEW, NODES_WITHOUT_HUBBLE
from tests.truth.namespaces import BY_CLIENT, BY_SERVER, answers, in_trouble, lookups, share
from tests.truth.values import Value, mean, more_than_an_hour_ago, now, quantile, rate

NO_ROOM = "reason~CT_MAP_INSERTION_FAILED|NO_MAPPING_FOR_NAT_MASQUERADE|FAILED_TO_INSERT_.*"
REQUESTS = rate("hubble_http_requests_total", "destination_namespace!=").sum("cluster", "destination_namespace")
FAILED = rate("hubble_http_requests_total", "destination_namespace!=", "status~5..").sum(
    "cluster", "destination_namespace"
)

TRUTH: dict[str, dict[str, Value]] = {
    "Flows": {
        "A": rate("hubble_flows_processed_total").sum(),
        "B": rate("hubble_flows_processed_total").sum("cluster", "node").max(),
    },
    "Events lost": {
        "A": (rate("hubble_lost_events_total") | rate("cilium_bpf_ratelimit_dropped_total", "usage=events"))
        .sum()
        .where(now("hubble_metrics_http_handler_requests_total").count())
        | (0 * now("hubble_metrics_http_handler_requests_total").count()),
    },
    "Hubble missing": {
        "A": HUBBLES_TOO_FEW.clamp_min(0).sum(),
    },
    "Nodes without Hubble": {
        "A": NODES_WITHOUT_HUBBLE.or_not_scraped("hubble_metrics_http_handler_requests_total"),
    },
    "DNS unanswered": {
        "A": (1 - share(answers("destination_namespace!="), lookups("source_namespace!="))).clamp_min(0).top(1),
    },
    "Dropped share": {
        "A": share(
            rate("hubble_flows_processed_total", "source_namespace!=", "type!=PolicyVerdict", "verdict=DROPPED").sum(
                *BY_CLIENT
            ),
            rate("hubble_flows_processed_total", "source_namespace!=", "type!=PolicyVerdict").sum(*BY_CLIENT),
        ).top(1),
    },
    "Namespaces in trouble": {**in_trouble()},
    "Denials against an hour ago": {
        "A": more_than_an_hour_ago(
            rate("hubble_policy_verdicts_total", "action=dropped").sum("cluster", "source_namespace")
        ),
    },
    "Other drops against an hour ago": {
        "B": rate("hubble_drop_total", NO_ROOM).sum().nonzero(),
        "A": more_than_an_hour_ago(
            rate(
                "hubble_drop_total",
                "reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED",
                "protocol!~DNS|HTTP|Kafka|Unknown L7",
            ).sum("cluster", "source_namespace")
        ),
    },
    "5xx against an hour ago": {
        "A": more_than_an_hour_ago(share(FAILED, REQUESTS)),
    },
    "Drops by reason": {
        "A": rate(
            "hubble_drop_total",
            "reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED",
            "protocol!~DNS|HTTP|Kafka|Unknown L7",
        ).sum("reason"),
        "B": rate("hubble_policy_verdicts_total", "action=dropped").sum("direction"),
    },
    "Denied by match": {
        "A": rate("hubble_policy_verdicts_total", "action=dropped").sum("direction", "match"),
    },
    "Who is denied, and by whom": {
        "A": (
            rate("hubble_policy_verdicts_total", "action=dropped")
            .sum("cluster", "source_namespace", "source_app", "destination_namespace", "destination_app")
            .nonzero()
            .top(20)
        ).or_not_scraped("hubble_policy_verdicts_total", "source_namespace"),
    },
    "TCP flags": {
        "A": rate("hubble_tcp_flags_total").sum("family", "flag"),
    },
    "ICMP": {
        "A": rate("hubble_icmp_total").sum("family", "type"),
    },
    "HTTP without 5xx": {
        "A": (1 - share(FAILED, REQUESTS)).bottom(1),
    },
    "DNS errors": {
        "A": share(
            rate("hubble_dns_responses_total", "rcode!=No Error").sum(*BY_SERVER),
            rate("hubble_dns_responses_total").sum(*BY_SERVER),
        ).top(1),
    },
    "Events lost by place": {
        "A": rate("hubble_lost_events_total").sum("source"),
        "B": rate("cilium_bpf_ratelimit_dropped_total", "usage=events").sum("usage"),
    },
    "Flows by verdict": {
        "A": rate("hubble_flows_processed_total", "type!=PolicyVerdict").sum("verdict"),
    },
    "HTTP responses by status": {
        "A": rate("hubble_http_requests_total").sum("status"),
    },
    "DNS answers by code": {
        "A": rate("hubble_dns_responses_total").sum("rcode"),
    },
    "Flow types": {
        "A": rate("hubble_flows_processed_total").sum("type", "subtype"),
    },
    "Busiest nodes": {
        "A": rate("hubble_flows_processed_total").sum("cluster", "node").top(10),
    },
    "Time of a scrape": {
        "A": (
            rate("hubble_metrics_http_handler_request_duration_seconds_sum")
            / rate("hubble_metrics_http_handler_request_duration_seconds_count")
        ).max(),
    },
    "Flow exporters": {
        "A": now("hubble_dynamic_exporter_up").min("name"),
        "B": now("hubble_dynamic_exporter_exporters_total").sum("status"),
    },
    "Protocols": {
        "A": rate("hubble_port_distribution_total").sum("protocol").top(8),
    },
    "Busiest ports": {
        "A": rate("hubble_port_distribution_total", "port!=0").sum("port", "protocol").top(8),
    },
    "Traffic out of the cluster": {
        "A": rate("hubble_flows_to_world_total").sum("protocol", "verdict"),
    },
    "HTTP methods and protocols": {
        "A": rate("hubble_http_requests_total").sum("method", "protocol"),
    },
    "HTTP duration, mean": {"A": mean("hubble_http_request_duration_seconds", by=("method",))},
    "HTTP duration, p99": {"A": quantile(0.99, "hubble_http_request_duration_seconds", least=100)},
    "DNS queries and answers by type": {
        "A": rate("hubble_dns_queries_total").sum("qtypes"),
        "B": rate("hubble_dns_responses_total").sum("qtypes"),
    },
    "DNS answers by record": {
        "A": rate("hubble_dns_response_types_total").sum("type").top(8),
    },
    "DNS answers by addresses": {
        "A": rate("hubble_dns_responses_total", "rcode=No Error").sum("ips_returned").top(8),
    },
    "DNS errors by code and type": {
        "A": (
            (rate("hubble_dns_responses_total", "rcode!=No Error").sum("rcode", "qtypes") > 0).top(10)
        ).or_not_scraped("hubble_dns_responses_total", "rcode"),
    },
    "DNS errors by client": {
        "A": (
            (
                rate("hubble_dns_responses_total", "rcode!=No Error").sum(
                    "cluster", "destination_namespace", "destination_app"
                )
                > 0
            ).top(10)
        ).or_not_scraped("hubble_dns_responses_total", "destination_namespace"),
    },
    "Names asked most": {
        "A": (rate("hubble_dns_queries_total").sum("query", "qtypes") > 0).top(10),
    },
}
