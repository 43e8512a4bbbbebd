"""The cases of each rule: queries, panels and boards that it must report, and those that it must not."""

from typing import Any

from dashboards_py.catalog import NEWEST, RELEASES, Release

OLDEST, SECOND_OLDEST = RELEASES[:2]
PEERS = "hubble_relay_pool_peer_connection_status"
SYN, SYN_ACK = (f'rate(hubble_tcp_flags_total{{flag="{flag}"}}[5m])' for flag in ("SYN", "SYN-ACK"))

DELAY = "cilium_policy_implementation_delay"
RATE = "rate(x_count[5m])"
# Divisors of sum(rate(x_sum[5m])), and what replaces them ("" for those that are never 0).
UNGUARDED = {
    f"({RATE} + 0)": f"{RATE} + 0 > 0",
    f"({RATE} >= 0)": f"{RATE} > 0",
    f"({RATE} > bool 0)": f"{RATE} > 0",
    f"(0 < bool {RATE})": f"0 < bool {RATE} > 0",
    f"({RATE} < 100)": f"{RATE} < 100 > 0",
    f"({RATE} or vector(1))": f"({RATE} or vector(1)) > 0",
    f"(({RATE} > 0) or vector(0))": f"(({RATE} > 0) or vector(0)) > 0",
    f"({RATE} or histogram_count(rate(x[5m])))": f"({RATE} or histogram_count(rate(x[5m]))) > 0",
    f"clamp_min({RATE}, 0)": f"clamp_min({RATE}, 0) > 0",
    'sum(rate(x_bucket{le="+Inf"}[5m]))': 'sum(rate(x_bucket{le="+Inf"}[5m])) > 0',
    f"(0 < {RATE})": "",
    f"({RATE} >= 0.1)": "",
    f"({RATE} + 1)": "",
    f"({RATE} != 0)": "",
    f"({RATE} unless {RATE} == 0)": "",
    f"count({RATE})": "",
    'sum(rate(x_bucket{le="1"}[5m]))': "",
}

# rule: (query, legend, release, part of the message, or "" for no finding)
CASES: dict[str, list[tuple[str, str, Release, str]]] = {
    "invalid-promql": [
        ("sum(", "", NEWEST, "does not parse"),
        ("sum(rate(x[$__rate_interval])) by (le", "", NEWEST, "does not parse"),
        ('topk($n, cilium_version{a=~"$b"})', "", NEWEST, ""),
        ("rate(cilium_drop_count_total[${w:raw}])", "", NEWEST, ""),
        ("rate(cilium_drop_count_total[5m] offset $back) / cilium_version", "", NEWEST, ""),
        ("cilium_version offset -$back and cilium_version @ $__to", "", NEWEST, ""),
        ("cilium_version{$filters} / topk($n, $m)", "", NEWEST, ""),
        ("$agg(cilium_version)", "", NEWEST, ""),
        ("rate(cilium_drop_count_total[5m + 1m])", "", NEWEST, ""),
        ("(" * 500 + "cilium_version" + ")" * 500, "", NEWEST, ""),
        ("raet(cilium_drop_count_total[5m])", "", NEWEST, "unknown function"),
        (
            'cilium_drop_count_total{reason=~"(?!x)"}',
            "",
            NEWEST,
            "refuses the regular expression: invalid perl",
        ),
        ('cilium_drop_count_total{reason=~"[[:upper:]]|\\\\Qx\\\\E"}', "", NEWEST, ""),
        ('{pod=~".*"}', "", NEWEST, "an empty value does not match"),
    ],
    "unknown-metric": [
        ("cilium_services_events_total", "", NEWEST, "no code writes it"),
        ("sum(rate(cilium_triggers_policy_update_total[5m]))", "", SECOND_OLDEST, "Removed in 1.17"),
        ("sum(rate(cilium_triggers_policy_update_total[5m]))", "", OLDEST, ""),
        ("cilium_operator_unmanaged_pods", "", OLDEST, "has it since 1.17"),
        ("cilium_drop_cuont_total", "", NEWEST, "Did you mean cilium_drop_count_total"),
        ("cilium_version / cilium_services_events_total", "", NEWEST, "no code writes it"),
        ("cilium_services_events_total or cilium_version", "", NEWEST, ""),
        ("cilium_version unless cilium_services_events_total", "", NEWEST, ""),
        ("rate(hubble_flows_processed_total[5m])", "", NEWEST, ""),
        ("container_cpu_usage_seconds_total", "", NEWEST, ""),
        ("envoy_some_extension_total", "", NEWEST, ""),
        ("kvstore_operations_total", "", NEWEST, "No component of Cilium"),
        ("kubernetes_events_total", "", NEWEST, ""),
        ("$metric", "", NEWEST, ""),
        ("sum(rate(cilium_triggers_policy_update_total[5m])) or vector(0)", "", SECOND_OLDEST, "Removed in 1.17"),
        ("rate(cilium_policy_implementation_delay[5m])", "", NEWEST, "Use cilium_policy_implementation_delay_bucket, "),
        ('{__name__="cilium_services_events_total"}', "", NEWEST, "no code writes it"),
    ],
    "unknown-label": [
        ('cilium_drop_count_total{verdict="x"}', "", NEWEST, "has no label verdict"),
        ('cilium_drop_count_total{verdict=~"x.+"}', "", NEWEST, "has no label verdict"),
        ('cilium_operator_process_start_time_seconds{k8s_app="cilium"}', "", NEWEST, "has no label k8s_app"),
        ('cilium_version{k8s_app="cilium"}', "", NEWEST, ""),
        ('cilium_drop_count_total{verdict!="x"}', "", NEWEST, ""),
        ('cilium_drop_count_total{verdict!=""}', "", NEWEST, "has no label verdict"),
        ('cilium_drop_count_total{verdict=~"[[:alpha:]]+"}', "", NEWEST, "has no label verdict"),
        ('cilium_drop_count_total{verdict=~"x$"}', "", NEWEST, "has no label verdict"),
        ('cilium_drop_count_total{verdict="[[v]]"}', "", NEWEST, ""),
        ('cilium_drop_count_total{verdict=~".*"}', "", NEWEST, ""),
        ('cilium_drop_count_total{verdict=~"$v"}', "", NEWEST, ""),
        ('hubble_drop_total{source_namespace="shop"}', "", NEWEST, ""),
        ('cilium_version{cluster="a", pod="b"}', "", NEWEST, ""),
        ('cilium_policy_implementation_delay_bucket{le="1"}', "", NEWEST, ""),
        ('cilium_drop_count_total{le="1"}', "", NEWEST, "has no label le"),
        ('cilium_policy_implementation_delay_count{le="1"}', "", NEWEST, "has no label le"),
        ('cilium_version{verdict="x"} or cilium_version', "", NEWEST, ""),
        (
            "sum by (subnetId) (cilium_drop_count_total)",
            "",
            NEWEST,
            "sum by (subnetId): none of the series has subnetId",
        ),
        ("sum by (verdict, reason) (rate(cilium_drop_count_total[5m]))", "", NEWEST, "has verdict on"),
        ("sum by (a) (sum by (b) (foreign))", "", NEWEST, "has a on"),
        ("sum by (node) (sum by (pod) (cilium_version))", "", NEWEST, "has node on"),
        ("sum by (le) (rate(cilium_policy_implementation_delay_count[5m]))", "", NEWEST, "has le on"),
        ("sum by (verdict) (cilium_version or cilium_drop_count_total)", "", NEWEST, "has verdict on"),
        (
            "cilium_version * on (pod, verdict) cilium_endpoint_state",
            "",
            NEWEST,
            "on(pod, verdict): neither side has verdict",
        ),
        (
            "cilium_drop_count_total / on (reason) sum by (direction) (cilium_drop_count_total)",
            "",
            NEWEST,
            "the right side",
        ),
        ("sum(cilium_version) / on (pod) cilium_version", "", NEWEST, "on(pod): the left side never has pod"),
        ("cilium_drop_count_total and on (verdict) foreign", "", NEWEST, "the left side never has verdict"),
        (
            "foreign * on (pod) group_left(reason) cilium_version",
            "",
            NEWEST,
            "group_left(reason): the right side never has",
        ),
        (
            "cilium_version * on (pod) group_right(reason) foreign",
            "",
            NEWEST,
            "group_right(reason): the left side never has",
        ),
        ("sum by (reason, direction, node, pod, cluster) (rate(cilium_drop_count_total[5m]))", "", NEWEST, ""),
        ("sum by (source_namespace, query, source, destination_workload) (hubble_dns_queries_total)", "", NEWEST, ""),
        ('sum by (a) (label_replace(cilium_version, "a", "$1", "pod", "(.*)"))', "", NEWEST, ""),
        ('sum by (a) (label_join(sum by (pod) (cilium_version), "a", "-", "pod"))', "", NEWEST, ""),
        ('sum by (v) (count_values("v", cilium_version))', "", NEWEST, ""),
        ("sum by ($by) (cilium_version)", "", NEWEST, ""),
        ("sum by (a) (sum by (${by:csv}) (foreign))", "", NEWEST, ""),
        ("sum by (verdict) (foreign)", "", NEWEST, ""),
        ("sum without (verdict) (cilium_version)", "", NEWEST, ""),
        ("cilium_version / ignoring (verdict) cilium_version", "", NEWEST, ""),
        ("cilium_version * on (pod) group_left(workload) foreign", "", NEWEST, ""),
        ("sum by (reason) (cilium_drop_count_total) * 60 > bool time()", "", NEWEST, ""),
        ("sum by (workload) (cilium_version * on (pod) group_left(workload) foreign)", "", NEWEST, ""),
        ("sum by (pod) (cilium_version) or on (pod) vector(0)", "", NEWEST, ""),
        ("sum by (reason) (cilium_version or cilium_drop_count_total)", "", NEWEST, ""),
        ("topk by (pod) (3, sum by (pod, node) (cilium_version))", "", NEWEST, ""),
        ("sum by (a) (absent(cilium_version))", "", NEWEST, ""),
        ("sum by (quantile) (cilium_version)", "", NEWEST, "has quantile on"),
        ("sum by (le) (rate(cilium_policy_implementation_delay_bucket[5m]))", "", NEWEST, ""),
        ("sum by (verdict) (cilium_services_events_total)", "", NEWEST, ""),
    ],
    "impossible-label-value": [
        ('cilium_drop_count_total{direction="egress"}', "", NEWEST, "INGRESS, EGRESS"),
        ('cilium_drop_count_total{direction=~"in.*|eg.*"}', "", NEWEST, "matches none of"),
        ('cilium_drop_count_total{direction=~"(?i)egress"}', "", NEWEST, ""),
        ('cilium_drop_count_total{direction="EGRESS"}', "", NEWEST, ""),
        ('cilium_drop_count_total{direction=~"[[:upper:]]+"}', "", NEWEST, ""),
        ('cilium_drop_count_total{direction=~"\\\\QEGRESS\\\\E"}', "", NEWEST, ""),
        ('cilium_drop_count_total{direction=~"[[:lower:]]+"}', "", NEWEST, "matches none of"),
        ('cilium_drop_count_total{direction=~"(([a-z0-9-]+)+)+X"}', "", NEWEST, "matches none of"),
        ('cilium_drop_count_total{direction=~"(?=e)"}', "", NEWEST, ""),
        ('cilium_drop_count_total{direction="[[way]]"}', "", NEWEST, ""),
        ('cilium_api_limiter_processed_requests_total{api_call="anything"}', "", NEWEST, ""),
        ('cilium_drop_count_total{reason="POLICY_DENIED"}', "", NEWEST, "matches none of Policy denied"),
        ('hubble_drop_total{reason="Policy denied"}', "", NEWEST, "matches none of POLICY_DENIED"),
        ('hubble_drop_total{reason="POLICY_DENY"}', "", NEWEST, ""),
        ('hubble_dns_responses_total{rcode="NXDOMAIN"}', "", NEWEST, "others"),
        ('cilium_kubernetes_events_total{scope="Pod"}', "", NEWEST, "matches none of CiliumNetworkPolicy"),
        ('cilium_kubernetes_events_total{scope=~"Pod|Service"}', "", NEWEST, "matches none of"),
        ('cilium_kubernetes_events_total{scope=~"Pod|Node"}', "", NEWEST, ""),
        ('cilium_kubernetes_events_total{scope="Pod"}', "", SECOND_OLDEST, ""),
        ('cilium_kubernetes_events_total{scope="CiliumBGPPeerConfig"}', "", NEWEST, ""),
        ('hubble_icmp_total{family="IPv6"}', "", SECOND_OLDEST, "matches none of IPv4"),
        ('hubble_icmp_total{family="IPv6"}', "", NEWEST, ""),
        ('hubble_drop_total{traffic_direction="EGRESS"}', "", NEWEST, "egress, ingress"),
        ('cilium_errors_warnings_total{level="error"}', "", NEWEST, "matches none of"),
        ('cilium_errors_warnings_total{level="error"}', "", SECOND_OLDEST, ""),
        (
            'hubble_drop_total{traffic_direction="EGRESS"} or hubble_drop_total{traffic_direction="egress"}',
            "",
            NEWEST,
            "",
        ),
        ('cilium_version unless cilium_drop_count_total{direction="egress"}', "", NEWEST, "INGRESS, EGRESS"),
    ],
    "rate-of-a-gauge": [
        ("rate(cilium_bpf_map_pressure[5m])", "", NEWEST, "rate over cilium_bpf_map_pressure"),
        ("sum(increase(cilium_endpoint_state[5m]))", "", NEWEST, "increase over"),
        ("rate(cilium_drop_count_total[5m])", "", NEWEST, ""),
        ("delta(cilium_bpf_map_pressure[5m])", "", NEWEST, ""),
        ("rate(cilium_policy_implementation_delay_sum[5m])", "", NEWEST, ""),
        ("rate(go_gc_duration_seconds[5m])", "", NEWEST, "over the quantiles of go_gc_duration_seconds"),
        ("rate(go_gc_duration_seconds_count[5m])", "", NEWEST, ""),
    ],
    "classic-histogram-only": [
        (
            "sum(rate(cilium_policy_implementation_delay_count[5m]))",
            "",
            NEWEST,
            "write `sum(rate(cilium_policy_implementation_delay_count[5m]) or "
            "histogram_count(rate(cilium_policy_implementation_delay[5m])))`",
        ),
        (
            "histogram_quantile($q, sum by (le) (rate(cilium_policy_implementation_delay_bucket[$w])))",
            "",
            NEWEST,
            " or histogram_quantile($q, sum(rate(cilium_policy_implementation_delay[$w])))`",
        ),
        ("changes(cilium_policy_implementation_delay_count[5m])", "", NEWEST, "delay_count: use rate"),
        ("rate(cilium_policy_implementation_delay_count[5m]) / cilium_version", "", NEWEST, "are stored natively"),
        ("rate(cilium_policy_implementation_delay_count[5m])", "", OLDEST, ""),
        (
            "sum(rate(cilium_policy_implementation_delay_count[5m]) or "
            "histogram_count(rate(cilium_policy_implementation_delay[5m])))",
            "",
            NEWEST,
            "",
        ),
        ("histogram_quantile(0.9, sum(rate(cilium_policy_implementation_delay[5m])))", "", NEWEST, ""),
        ("rate(hubble_http_request_duration_seconds_count[5m])", "", NEWEST, ""),
        ("rate(go_gc_duration_seconds_count[5m])", "", NEWEST, ""),
        ("rate(cilium_xds_events_count[5m])", "", NEWEST, ""),
    ],
    "converted-histogram": [
        ("rate(hubble_http_request_duration_seconds_count[5m])", "", NEWEST, "classic histograms are converted"),
        ("rate(cilium_policy_implementation_delay_count[5m])", "", OLDEST, "classic histograms are converted"),
        ("histogram_quantile(0.9, rate(http_server_bucket[5m]))", "", NEWEST, "without http_server_bucket: write"),
        (
            "rate(http_server_count[5m]) > histogram_quantile(0.9, rate(http_server_bucket[5m]))",
            "",
            NEWEST,
            "without http_server_count, http_server_bucket",
        ),
        ("rate(cilium_policy_implementation_delay_count[5m])", "", NEWEST, ""),
        ("rate(http_server_count[5m])", "", NEWEST, ""),
        ("rate(go_gc_duration_seconds_count[5m])", "", NEWEST, ""),
        (
            "rate(hubble_http_request_duration_seconds_count[5m]) "
            "or histogram_count(rate(hubble_http_request_duration_seconds[5m]))",
            "",
            NEWEST,
            "",
        ),
    ],
    "unguarded-mean": [
        (
            "rate(x_sum[5m]) / rate(x_count[5m])",
            "",
            NEWEST,
            "write `rate(x_sum[5m]) / (rate(x_count[5m]) > 0)`",
        ),
        (
            "sum by (a) (increase(cilium_policy_implementation_delay_sum[$w])) * 1000"
            " / sum by (a) (increase(cilium_policy_implementation_delay_count[$w]))",
            "",
            NEWEST,
            " or histogram_count(increase(cilium_policy_implementation_delay[$w]))) > 0)`",
        ),
        ("rate(go_gc_duration_seconds_sum[5m]) / rate(go_gc_duration_seconds_count[5m])", "", NEWEST, "+Inf"),
        ("rate(x_sum[5m]) / (rate(x_count[5m]) > 0)", "", NEWEST, ""),
        ("rate(x_sum[5m]) / rate(y_count[5m])", "", NEWEST, ""),
        ("rate(x_total[5m]) / rate(x_count[5m])", "", NEWEST, ""),
        ("x_sum / clamp_min(x_count, 1)", "", NEWEST, ""),
        *(
            (f"sum(rate(x_sum[5m])) / {divisor}", "", NEWEST, f" / ({guarded})`" if guarded else "")
            for divisor, guarded in UNGUARDED.items()
        ),
        (
            f"sum(rate({DELAY}_sum[5m]) or histogram_sum(rate({DELAY}[5m])))"
            f" / sum(rate({DELAY}_count[5m]) or histogram_count(rate({DELAY}[5m])))",
            "",
            NEWEST,
            f" / (sum(rate({DELAY}_count[5m]) or histogram_count(rate({DELAY}[5m]))) > 0)`",
        ),
        (f"(rate(x_sum[5m]) / {RATE}) and {RATE} > 0", "", NEWEST, ""),
        (f"(rate(x_sum[5m]) / {RATE}) and {RATE} >= 0", "", NEWEST, "+Inf"),
        (f"(rate(x_sum[5m]) / {RATE}) and rate(y_count[5m]) > 0", "", NEWEST, "+Inf"),
        (f"rate(x_sum[5m]) / {RATE} unless {RATE} == 0", "", NEWEST, ""),
        (f"rate(x_sum[5m]) / {RATE} < +Inf", "", NEWEST, ""),
    ],
    "quantile-without-buckets": [
        ("histogram_quantile(0.9, rate(cilium_drop_count_total[5m]))", "", NEWEST, "which is a counter"),
        ("histogram_quantile(0.9, sum(rate(cilium_policy_implementation_delay_bucket[5m])))", "", NEWEST, "drops le"),
        (
            "histogram_quantile(0.9, sum without (le) (rate(cilium_policy_implementation_delay_bucket[5m])))",
            "",
            NEWEST,
            "drops le",
        ),
        ("histogram_quantile(0.9, sum by (le) (rate(cilium_policy_implementation_delay_bucket[5m])))", "", NEWEST, ""),
        (
            "histogram_quantile(0.9, sum without (a) (rate(hubble_http_request_duration_seconds_bucket[5m])))",
            "",
            NEWEST,
            "",
        ),
        ("histogram_quantile(0.9, rate(cilium_policy_implementation_delay_count[5m]))", "", NEWEST, "has no buckets"),
        ("histogram_quantile(0.9, clamp_min(sum by (a) (rate(x_bucket[5m])), 0))", "", NEWEST, "drops le"),
        ("histogram_quantile(0.9, sum by (le, a) (rate(x_bucket[5m])) * on (le) group_left() y)", "", NEWEST, ""),
        ("histogram_quantile(0.9, sum by (le, a) (rate(x_bucket[5m])) * on (a) y)", "", NEWEST, "drops le"),
        ("histogram_quantile(0.9, rate(apiserver_request_duration_seconds_bucket[5m]))", "", NEWEST, ""),
    ],
    "missing-legend-label": [
        ("sum(cilium_version)", "{{node}}", NEWEST, "keeps nothing"),
        ("sum by (a, b) (cilium_version)", "{{node}}", NEWEST, "keeps a, b"),
        ("sum by (a) (x)", "{{node}} {{pod}} {{a}}", NEWEST, "the legend names node, pod, but the query keeps a"),
        ("cilium_version", "{{verdict}}", NEWEST, "names verdict, which no series has on"),
        ("rate(cilium_drop_count_total[5m])", "{{reason}} {{node}}", NEWEST, ""),
        ("hubble_drop_total", "{{source}}", NEWEST, ""),
        ("a / on (b) c", "{{node}}", NEWEST, "keeps b"),
        ("sum by (node) (foreign) / cilium_version", "{{node}}", NEWEST, ""),
        ("topk(3, sum by (a) (cilium_version)) * 60", "{{node}}", NEWEST, "keeps a"),
        ("histogram_quantile(0.9, sum by (le, a) (x))", "{{le}}", NEWEST, "keeps a"),
        ("sum by (node) (cilium_version)", "{{node}} {{ node }}", NEWEST, ""),
        ("sum without (a) (cilium_version)", "{{node}}", NEWEST, ""),
        ("cilium_version", "{{node}}", NEWEST, ""),
        ('label_replace(sum by (a) (x), "node", "$1", "a", "(.*)")', "{{node}}", NEWEST, ""),
        ("sum by (a) (x) * on (a) group_left(node) y", "{{node}}", NEWEST, ""),
    ],
}

CASES |= {
    "counter-without-rate": [
        ("sum(cilium_drop_count_total)", "", NEWEST, "is a counter on"),
        ("cilium_forward_bytes_total / 2", "", NEWEST, "used without a rate"),
        ("rate(cilium_drop_count_total[5m])", "", NEWEST, ""),
        ("count(cilium_drop_count_total)", "", NEWEST, ""),
        (
            "sum(cilium_policy_implementation_delay_sum) / sum(cilium_policy_implementation_delay_count)",
            "",
            NEWEST,
            "cilium_policy_implementation_delay_sum is a counter of a histogram on",
        ),
        (
            "histogram_quantile(0.9, sum by (le) (cilium_policy_implementation_delay_bucket))",
            "",
            NEWEST,
            "_bucket is a counter",
        ),
        ("go_gc_duration_seconds_count", "", NEWEST, "a counter of a summary"),
        ("go_gc_duration_seconds", "", NEWEST, ""),
        ("sum(process_cpu_seconds_total)", "", NEWEST, "process_cpu_seconds_total is a counter"),
        ("count(cilium_policy_implementation_delay_bucket)", "", NEWEST, ""),
        ("cilium_bpf_map_pressure and on (pod) cilium_drop_count_total > 0", "", NEWEST, ""),
        ("cilium_bpf_map_pressure unless on (pod) cilium_drop_count_total", "", NEWEST, ""),
        ("cilium_drop_count_total and on (pod) cilium_bpf_map_pressure", "", NEWEST, "is a counter"),
        (
            "rate(cilium_policy_implementation_delay_sum[5m]) / rate(cilium_policy_implementation_delay_count[5m])",
            "",
            NEWEST,
            "",
        ),
        ("cilium_bpf_map_pressure", "", NEWEST, ""),
    ],
    "sum-before-rate": [
        (
            "rate(sum(cilium_drop_count_total)[5m:])",
            "",
            NEWEST,
            "rate over `sum` of cilium_drop_count_total: take the rate",
        ),
        ("increase(avg by (node) (foreign_total)[1h:1m])", "", NEWEST, "increase over `avg` of foreign_total"),
        ("sum(irate((sum by (a) (cilium_drop_count_total) * 8)[5m:]))", "", NEWEST, "irate over `sum`"),
        ('rate(label_replace(sum(x_count), "a", "b", "", "")[5m:])', "", NEWEST, "rate over `sum` of x_count"),
        ("rate((cilium_drop_count_total + cilium_forward_count_total)[5m:])", "", NEWEST, "rate over `+`"),
        ("rate(namespace:foreign_total:sum[5m])", "", NEWEST, "a recorded sum of namespace:foreign_total:sum"),
        ("rate(max_over_time(sum(x_total)[5m:])[1h:])", "", NEWEST, "rate over `sum` of x_total"),
        ("max_over_time(sum(rate(cilium_drop_count_total[5m]))[1h:])", "", NEWEST, ""),
        ("sum(rate(cilium_drop_count_total[5m]))", "", NEWEST, ""),
        ("rate(cilium_drop_count_total[5m:])", "", NEWEST, ""),
        ("rate(topk(3, cilium_drop_count_total)[5m:])", "", NEWEST, ""),
        ("rate((cilium_drop_count_total + 1)[5m:])", "", NEWEST, ""),
        ("rate((sum(x_total) and up)[5m:])", "", NEWEST, "rate over `sum` of x_total"),
        ("rate(sum(cilium_bpf_map_pressure)[5m:])", "", NEWEST, ""),
        ("rate(count(cilium_drop_count_total)[5m:])", "", NEWEST, ""),
        ("rate(namespace:foreign:rate5m_sum[5m])", "", NEWEST, ""),
        ("deriv(sum(rate(cilium_drop_count_total[5m]))[1h:])", "", NEWEST, ""),
    ],
    "fixed-window": [
        ("rate(cilium_drop_count_total[1m])", "", NEWEST, "over 1m: use $__rate_interval"),
        ("sum(increase(x[90s]))", "", NEWEST, "over 90s"),
        ("rate(cilium_drop_count_total[30s])", "", NEWEST, ""),
        ("sum(increase(x[1d]))", "", NEWEST, ""),
        ("rate(cilium_drop_count_total[$__rate_interval])", "", NEWEST, ""),
        ("increase(cilium_drop_count_total[$__range])", "", NEWEST, ""),
        ("predict_linear(cilium_bpf_map_pressure[6h], 86400)", "", NEWEST, ""),
    ],
    "short-window": [
        ("rate(cilium_drop_count_total[30s])", "", NEWEST, "scraped every 30s, it contains one sample"),
        ("irate(cilium_drop_count_total[$__interval])", "", NEWEST, "which may contain one sample"),
        ("delta(cilium_bpf_map_pressure[${__interval}])", "", NEWEST, "use $__rate_interval"),
        ("rate(cilium_drop_count_total[1m])", "", NEWEST, ""),
        ("rate(cilium_drop_count_total[1m30s])", "", NEWEST, ""),
        ("rate(cilium_drop_count_total[$__rate_interval])", "", NEWEST, ""),
        ("max_over_time(cilium_bpf_map_pressure[$__interval])", "", NEWEST, ""),
    ],
    "undefined-variable": [
        ('cilium_version{a="$b"}', "", NEWEST, "$b is not defined"),
        ('cilium_version{a="[[b]]"}', "", NEWEST, "$b is not defined"),
        ('label_replace(cilium_version, "a", "${1}x$2", "pod", "(.*)(.*)$")', "", NEWEST, ""),
        ("rate(cilium_drop_count_total[$__rate_interval])", "", NEWEST, ""),
    ],
    "compared-hubble-events": [
        (
            'sum(rate(hubble_tcp_flags_total{flag="SYN"}[5m])) - sum(rate(hubble_tcp_flags_total{flag="SYN-ACK"}[5m]))',
            "",
            NEWEST,
            "hubble_tcp_flags_total that differ by flag",
        ),
        (
            '1 - (sum(rate(hubble_tcp_flags_total{flag=~"SYN.ACK"}[5m])) or vector(0))'
            ' / (sum(rate(hubble_tcp_flags_total{flag="SYN"}[5m])) > 0)',
            "",
            NEWEST,
            "hubble_tcp_flags_total that differ by flag",
        ),
        (
            'rate(hubble_icmp_total{type="EchoRequest"}[5m])'
            ' - ignoring(type) rate(hubble_icmp_total{type="EchoReply"}[5m])',
            "",
            NEWEST,
            "hubble_icmp_total that differ by type",
        ),
        (
            'sum(rate(hubble_tcp_flags_total{flag="RST"}[5m])) / sum(rate(hubble_tcp_flags_total[5m]))',
            "",
            NEWEST,
            "flag",
        ),
        (f"sum({SYN_ACK}) < bool 0.9 * sum({SYN})", "", NEWEST, "flag"),
        (f"sum({SYN}) + -1 * sum({SYN_ACK})", "", NEWEST, "flag"),
        (f"sum({SYN}) + -sum({SYN_ACK})", "", NEWEST, "flag"),
        (f"sum({SYN}) + (0 - sum({SYN_ACK}))", "", NEWEST, "flag"),
        (f"sum({SYN}) + sum(-{SYN_ACK})", "", NEWEST, "flag"),
        (f"sum({SYN}) + (sum({SYN_ACK}) - 0)", "", NEWEST, ""),
        (
            'sum(cluster:hubble_tcp_flags_total:rate5m{flag="SYN"})'
            ' - sum(cluster:hubble_tcp_flags_total:rate5m{flag="SYN-ACK"})',
            "",
            NEWEST,
            "flag",
        ),
        (f'sum({SYN}) / sum(rate(hubble_tcp_flags_total{{flag=~"SYN"}}[5m] offset 1d))', "", NEWEST, ""),
        (f"sum({SYN}) + sum({SYN_ACK})", "", NEWEST, ""),
        (f"2 * sum({SYN}) + sum({SYN_ACK})", "", NEWEST, ""),
        (f"sum({SYN}) > 100", "", NEWEST, ""),
        ("sum by (flag) (rate(hubble_tcp_flags_total[5m]))", "", NEWEST, ""),
        (
            'rate(hubble_tcp_flags_total{flag="SYN"}[5m]) / rate(hubble_tcp_flags_total{flag="SYN"}[5m] offset 1d)',
            "",
            NEWEST,
            "",
        ),
        ('sum(rate(hubble_tcp_flags_total{flag="RST"}[5m])) or sum(rate(hubble_tcp_flags_total[5m]))', "", NEWEST, ""),
        ('sum(rate(hubble_drop_total{protocol="TCP"}[5m])) / sum(rate(hubble_drop_total[5m]))', "", NEWEST, ""),
    ],
    "idle-relay-peers": [
        (f'sum({PEERS}{{status!="READY"}})', "", NEWEST, "counts peers in IDLE"),
        (f'max({PEERS}{{status!~"READY|x"}}) > 0', "", NEWEST, "counts peers in IDLE"),
        (
            f'sum({PEERS}{{status="READY"}}) / sum({PEERS})',
            "",
            NEWEST,
            "with all",
        ),
        (
            f'sum({PEERS}) - sum({PEERS}{{status="READY"}})',
            "",
            NEWEST,
            "with all",
        ),
        (f'sum by (status) ({PEERS}{{status="READY"}}) / ignoring(status) sum({PEERS})', "", NEWEST, "with all"),
        (f'sum({PEERS}{{status="READY"}}) / count(cilium_version)', "", NEWEST, "with all"),
        (f'count(cilium_version) - sum({PEERS}{{status="READY"}})', "", NEWEST, "with all"),
        (f'sum({PEERS}{{status="READY"}}) == 0', "", NEWEST, "treats few peers in READY as a fault"),
        (f'3 > sum({PEERS}{{status="READY"}})', "", NEWEST, "treats few peers in READY as a fault"),
        (f'sum({PEERS}{{status="READY"}}) < count(cilium_version)', "", NEWEST, "treats few peers in READY as a fault"),
        (f'sum({PEERS}{{status="READY"}}) > 0', "", NEWEST, ""),
        (f'0 < sum({PEERS}{{status="READY"}})', "", NEWEST, ""),
        (f'sum(rate(grpc_server_handled_total[5m])) / sum({PEERS}{{status="READY"}})', "", NEWEST, ""),
        (f"sum by (status) ({PEERS}) / ignoring(status) group_left () sum({PEERS})", "", NEWEST, ""),
        (f'sum without (pod) ({PEERS}{{status!="READY"}})', "", NEWEST, ""),
        (f'sum without (status) ({PEERS}{{status!="READY"}})', "", NEWEST, "counts peers in IDLE"),
        (f'sum by (status) ({PEERS}{{status!="READY"}})', "", NEWEST, ""),
        (f'sum({PEERS}{{status!~"READY|IDLE"}})', "", NEWEST, ""),
        (f'sum({PEERS}{{status="READY"}})', "", NEWEST, ""),
        (f"sum({PEERS})", "", NEWEST, ""),
        (f'{PEERS}{{status=~"$status"}}', "", NEWEST, ""),
    ],
    "denials-by-drop-reason": [
        ('sum(rate(hubble_drop_total{reason="POLICY_DENIED"}[5m]))', "", NEWEST, "twice"),
        ('sum(rate(hubble_drop_total{reason=~"POLICY_DEN.*"}[5m]))', "", NEWEST, "twice"),
        ('sum(rate(hubble_drop_total{reason="POLICY_DENY"}[5m]))', "", NEWEST, "twice"),
        ('sum(rate(hubble_drop_total{reason=~"POLICY_DENIED|INVALID_SOURCE_IP"}[5m]))', "", NEWEST, "twice"),
        ('sum(cluster:hubble_drop_total:rate5m{reason="POLICY_DENIED"})', "", NEWEST, "twice"),
        ('sum(rate({__name__=~"hubble_drop_total", reason="POLICY_DENIED"}[5m]))', "", NEWEST, "twice"),
        ('sum(rate({__name__=~"hubble_d.*", reason="POLICY_DENIED"}[5m]))', "", NEWEST, "twice"),
        ('sum(rate({__name__=~"hubble_flow.*", reason="POLICY_DENIED"}[5m]))', "", NEWEST, ""),
        ("sum by (reason) (rate(hubble_drop_total[5m]))", "", NEWEST, ""),
        ('sum by (reason) (rate(hubble_drop_total{reason!="INVALID_SOURCE_IP"}[5m]))', "", NEWEST, ""),
        ('sum(rate(hubble_drop_total{reason!="POLICY_DENIED"}[5m]))', "", NEWEST, ""),
        ('sum(rate(hubble_drop_total{reason!="TTL_EXCEEDED"}[5m]))', "", NEWEST, ""),
        ('sum(rate(hubble_drop_total{reason=~"$reason"}[5m]))', "", NEWEST, ""),
        ('sum(rate(cilium_drop_count_total{reason="Policy denied"}[5m]))', "", NEWEST, ""),
    ],
    "remote-workload": [
        (
            "sum by (source_namespace, source_workload, destination_workload) (rate(hubble_drop_total[5m]))",
            "",
            NEWEST,
            "the workloads of both ends of hubble_drop_total",
        ),
        (
            "topk(5, sum(rate(hubble_flows_processed_total[5m])) by (source_workload, destination_workload))",
            "",
            NEWEST,
            "of hubble_flows_processed_total",
        ),
        (
            'sum by (destination_workload) (rate(hubble_drop_total{source_workload="shop"}[5m]))',
            "",
            NEWEST,
            "the workloads of both ends of hubble_drop_total",
        ),
        (
            'sum(rate(hubble_drop_total{source_workload="shop", destination_workload="bank"}[5m]))',
            "",
            NEWEST,
            "the workloads of both ends of hubble_drop_total",
        ),
        (
            "count(sum by (source_workload, destination_workload) (namespace:hubble_drop_total:rate5m))",
            "",
            NEWEST,
            "the workloads of both ends",
        ),
        (
            'sum(rate(hubble_drop_total{source_workload=~"$shop", destination_workload=~".*"}[5m]))',
            "",
            NEWEST,
            "",
        ),
        (
            "topk(5, sum without (source_pod, destination_pod, instance) (rate(hubble_drop_total[5m])))",
            "{{source_workload}} to {{ destination_workload }}",
            NEWEST,
            "the workloads of both ends of hubble_drop_total",
        ),
        ("sum without (source_pod, destination_pod) (rate(hubble_drop_total[5m]))", "{{source_workload}}", NEWEST, ""),
        (
            "sum without (source_workload) (rate(hubble_drop_total[5m]))",
            "{{source_workload}} to {{destination_workload}}",
            NEWEST,
            "",
        ),
        ('sum by (source_workload) (rate(hubble_drop_total{destination_app="bank"}[5m]))', "", NEWEST, ""),
        ("sum by (source_app, destination_app) (rate(hubble_drop_total[5m]))", "", NEWEST, ""),
        ("sum by (source_workload) (rate(hubble_dns_queries_total[5m]))", "", NEWEST, ""),
        ("sum by (source_workload, destination_workload) (rate(istio_requests_total[5m]))", "", NEWEST, ""),
    ],
    "relies-on-k8s-app": [
        ('cilium_version{k8s_app="cilium"}', "", NEWEST, 'requires k8s_app="cilium"'),
        ('cilium_operator_version{io_cilium_app="operator"}', "", NEWEST, "requires io_cilium_app"),
        ('cilium_version{k8s_app=~".*"}', "", NEWEST, ""),
    ],
}


def shown(unit: str, expr: str, **changes: Any) -> dict[str, Any]:
    """A panel's unit and its query."""
    return {"fieldConfig": {"defaults": {"unit": unit}}, "targets": [{"expr": expr}], **changes}


def by_ref(unit: str, own: str, expr: str) -> dict[str, Any]:
    """A panel's unit, and another that its only query has for itself."""
    override = {"matcher": {"id": "byFrameRefID", "options": "A"}, "properties": [{"id": "unit", "value": own}]}
    fields = {"defaults": {"unit": unit}, "overrides": [override]}
    return {"fieldConfig": fields, "targets": [{"refId": "A", "expr": expr}]}


def variables(*items: dict[str, Any]) -> dict[str, Any]:
    """A board's variables."""
    return {"templating": {"list": list(items)}}


def flags(*more: dict[str, Any]) -> dict[str, Any]:
    """A panel of SYN as A and of SYN-ACK as B, with more targets."""
    targets = [{"refId": "A", "expr": SYN}, {"refId": "B", "expr": SYN_ACK, "legendFormat": "answers"}]
    return {"targets": [*targets, *more]}


def math(ref: str, expression: str) -> dict[str, Any]:
    """A server-side expression of Grafana."""
    return {
        "refId": ref,
        "datasource": {"type": "__expr__", "uid": "__expr__"},
        "type": "math",
        "expression": expression,
    }


def calculated(left: Any, operator: str, right: Any) -> dict[str, Any]:
    """Grafana's transformation of two fields into a third."""
    binary = {"left": left, "operator": operator, "right": right}
    return {"transformations": [{"id": "calculateField", "options": {"mode": "binary", "binary": binary}}]}


def query_variable(query: str) -> dict[str, Any]:
    """A board with a variable that queries Prometheus."""
    return variables({"name": "a", "type": "query", "query": query})


SCOPED = {"templating": {"list": [{"name": "cluster", "type": "query"}, {"name": "node", "type": "query"}]}}
WRONG_UNIT: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (shown("ms", f"histogram_quantile(0.9, rate({DELAY}_bucket[5m]))"), {}, "the query returns seconds"),
    (shown("ms", f"1000 * histogram_quantile(0.9, rate({DELAY}_bucket[5m]))"), {}, ""),
    (shown("s", f"rate({DELAY}_sum[5m]) / rate({DELAY}_count[5m])"), {}, ""),
    (shown("ops", f"rate({DELAY}_sum[5m]) / rate({DELAY}_count[5m])"), {}, "the query returns seconds"),
    (shown("s", f"rate({DELAY}_count[5m])"), {}, "the query returns plain numbers per second"),
    (shown("percent", "max(cilium_bpf_map_pressure)"), {}, "the query returns plain numbers"),
    (shown("percentunit", "max(cilium_bpf_map_pressure)"), {}, ""),
    (shown("s", f"rate({DELAY}_sum[5m]) > bool 1"), {}, "the query returns plain numbers"),
    (shown("percent", "foreign > bool 1"), {}, "the query returns plain numbers"),
    (shown("percentunit", "avg(foreign > bool 1)"), {}, ""),
    (shown("percent", "100 * avg(foreign > bool 1)"), {}, ""),
    (shown("percent", "(foreign > bool 1) * 100 + 1"), {}, ""),
    (shown("s", "sum_over_time((foreign > bool 1)[1h:])"), {}, "the query returns plain numbers"),
    (shown("bytes", "container_memory_working_set_bytes * (foreign > bool 1)"), {}, ""),
    (shown("s", "container_memory_working_set_bytes / (foreign > bool 1)"), {}, "the query returns bytes"),
    (shown("bytes", "container_memory_working_set_bytes > 5"), {}, ""),
    (shown("KBs", "rate(cilium_forward_bytes_total[5m])"), {}, "the query returns bytes per second"),
    (shown("KBs", "rate(cilium_forward_bytes_total[5m]) / 1024"), {}, ""),
    (shown("KBs", "rate(cilium_forward_bytes_total[5m]) / 1000"), {}, ""),
    (shown("Mbits", "rate(cilium_forward_bytes_total[5m]) * 8 / 1e6"), {}, ""),
    (shown("Gbits", "rate(cilium_forward_bytes_total[5m]) * 8 / 1e6"), {}, "8e-06 x bytes per second"),
    (shown("mbytes", "container_memory_working_set_bytes / (1024 * 1024)"), {}, ""),
    (shown("decgbytes", "container_memory_working_set_bytes / 1024^2"), {}, "x bytes"),
    (shown("dtdhms", "container_memory_working_set_bytes"), {}, "the query returns bytes"),
    (shown("time:YYYY", "process_start_time_seconds"), {}, "the query returns Unix seconds"),
    (shown("rowsps", "rate(foreign_count[5m])"), {}, ""),
    (shown("percent", "max(cilium_bpf_map_pressure) * 100"), {}, ""),
    (shown("percentunit", "cilium_operator_identity_gc_entries / 65280"), {}, ""),
    (shown("bytes", "sum(rate(cilium_forward_bytes_total[5m]))"), {}, "the query returns bytes per second"),
    (shown("Bps", "sum(rate(cilium_forward_bytes_total[5m]))"), {}, ""),
    (shown("bps", "sum(rate(cilium_forward_bytes_total[5m])) * 8"), {}, ""),
    (shown("opm", "sum(rate(cilium_drop_count_total[5m]))"), {}, "plain numbers per second"),
    (shown("opm", "sum(rate(cilium_drop_count_total[5m])) * 60"), {}, ""),
    (shown("ops", "sum(rate(cilium_drop_count_total[5m])) * 60"), {}, "60 x plain numbers per second"),
    (shown("pps", "sum(rate(cilium_drop_count_total[5m])) or vector(0)"), {}, ""),
    (shown("pps", "sum(increase(cilium_drop_count_total[5m]))"), {}, "the query returns plain numbers"),
    (shown("percentunit", "rate(process_cpu_seconds_total[5m])"), {}, ""),
    (shown("s", "time() - process_start_time_seconds"), {}, ""),
    (shown("s", "process_start_time_seconds"), {}, "the query returns Unix seconds"),
    (shown("s", "container_memory_working_set_bytes"), {}, "the query returns bytes"),
    (shown("s", "rate(container_cpu_usage_seconds_total[5m])"), {}, "seconds per second"),
    (shown("bytes", "some_unknown_thing"), {}, ""),
    (shown("ms", "count(cilium_version)"), {}, "plain numbers"),
    (shown("lengthft", "count(cilium_version)"), {}, ""),
    (shown("ms", "count(cilium_version)", transformations=[{"id": "calculateField"}]), {}, ""),
    (shown("ms", "count(cilium_version)", seriesOverrides=[{"alias": "a", "yaxis": 2}]), {}, ""),
    (
        {
            "fieldConfig": {"defaults": {"unit": "ms"}, "overrides": [{"properties": [{"id": "unit", "value": "s"}]}]},
            "targets": [{"expr": "count(cilium_version)"}],
        },
        {},
        "",
    ),
    (by_ref("ms", "s", f"rate({DELAY}_sum[5m]) / rate({DELAY}_count[5m])"), {}, ""),
    (
        by_ref("s", "ms", f"rate({DELAY}_sum[5m]) / rate({DELAY}_count[5m])"),
        {},
        "unit ms, but the query returns seconds",
    ),
]

# rule: (changes to the panel, changes to the board, part of the message)
BOARDS: dict[str, list[tuple[dict[str, Any], dict[str, Any], str]]] = {
    "hardcoded-datasource": [
        ({"datasource": {"uid": "P1809F7CD0C75ACF3"}}, {}, "P1809F7CD0C75ACF3 is hard-coded"),
        ({"datasource": "Prometheus"}, {}, "Prometheus is hard-coded"),
        ({"datasource": {"uid": "${ds}"}}, {}, ""),
        ({"datasource": "-- Mixed --"}, {}, ""),
        ({"datasource": {"uid": "grafana"}, "targets": [{"datasource": {"uid": "__expr__"}}]}, {}, ""),
        ({}, variables({"name": "a", "type": "query", "datasource": "Mine"}), "Mine is hard-coded in the variable a"),
        ({}, variables({"name": "a", "type": "query", "datasource": {"uid": "$ds"}}), ""),
        ({}, {"annotations": {"list": [{"name": "x", "datasource": "Mine"}]}}, "hard-coded in the annotation x"),
        ({}, {"annotations": {"list": [{"name": "x", "datasource": "-- Grafana --"}]}}, ""),
    ],
    "unresolved-inputs": [
        ({}, {"__inputs": [{"name": "DS"}]}, "needs DS from an import dialog"),
        ({}, {"__inputs": [{"name": "DS"}], **variables({"name": "DS", "type": "datasource"})}, ""),
        ({}, {}, ""),
    ],
    "no-description": [({}, {}, "has no description"), ({"description": "Look."}, {}, "")],
    "no-unit": [
        ({}, {}, "has no unit"),
        ({"fieldConfig": {"defaults": {"unit": "s"}}}, {}, ""),
        ({"type": "heatmap"}, {}, ""),
    ],
    "removed-panel-type": [({"type": "graph"}, {}, "timeseries replaces it"), ({}, {}, "")],
    "duplicate-query": [
        ({"targets": [{"expr": "up"}, {"expr": " up "}]}, {}, "runs 2 times: up"),
        ({"targets": [{"expr": "up"}, {"expr": "up", "hide": True}]}, {}, ""),
        ({"targets": [{"expr": "up"}, {"expr": "up", "instant": True}]}, {}, ""),
    ],
    "board-is-too-large": [({"description": "x" * 80_000}, {}, "80 kB with 1 panels, over 80 kB"), ({}, {}, "")],
    "missing-scope-matcher": [
        ({"targets": [{"expr": "cilium_drop_count_total"}]}, SCOPED, 'has no cluster=~"$cluster"'),
        ({"targets": [{"expr": 'cilium_drop_count_total{cluster="a"}'}]}, SCOPED, 'has no node=~"$node"'),
        ({"targets": [{"expr": 'cilium_drop_count_total{cluster=~"$cluster", node=~"$node"}'}]}, SCOPED, ""),
        ({"targets": [{"expr": 'cilium_operator_version{cluster=~"$cluster"}'}]}, SCOPED, ""),
        ({"targets": [{"expr": "container_cpu_usage_seconds_total"}]}, SCOPED, ""),
        ({"targets": [{"expr": "cilium_drop_count_total"}]}, {}, ""),
    ],
    "wrong-unit": WRONG_UNIT,
    "duplicate-title": [
        ({}, {"more": [{"title": "P", "type": "stat", "targets": [{"expr": "up"}]}]}, "2 panels have this title"),
        ({}, {"more": [{"title": "P", "type": "text"}]}, ""),
        ({}, {"more": [{"title": "", "type": "stat", "targets": [{"expr": "up"}]}] * 2}, ""),
        ({}, {"more": [{"title": "P", "type": "text", "targets": [{"refId": "A"}]}]}, ""),
    ],
    "unused-variable": [
        ({}, variables({"name": "a", "type": "custom", "query": "x"}), "$a is defined but never used"),
        ({"title": "P $ab"}, variables({"name": "a", "type": "custom"}), "never used"),
        ({"title": "P $a"}, variables({"name": "a", "type": "custom", "query": "x"}), ""),
        ({"repeat": "a"}, variables({"name": "a", "type": "custom", "query": "x"}), ""),
        ({}, {"more": [{"type": "row", "title": "$a", "repeat": "a"}], **variables({"name": "a"})}, ""),
        ({}, variables({"name": "a", "type": "adhoc"}), ""),
        ({"datasource": "$b"}, variables({"name": "a"}, {"name": "b", "query": "label_values(x, ${a})"}), ""),
        ({"datasource": "$b"}, variables({"name": "a"}, {"name": "b", "regex": "/$a-.*/"}), ""),
        ({"datasource": "$b"}, variables({"name": "a"}, {"name": "b", "allValue": "[[a]].*"}), ""),
        ({"datasource": "$b"}, variables({"name": "a"}, {"name": "b", "current": {"text": "$a"}}), "$a is defined"),
        ({"datasource": "$b"}, variables({"name": "a"}, {"name": "b", "label": "$a"}), "$a is defined"),
        ({"links": [{"url": "/d/x?var-a=1"}]}, variables({"name": "a"}), ""),
    ],
    "fixed-window": [
        ({"targets": [{"expr": "rate(x[5m])", "instant": True}]}, {}, ""),
        ({"targets": [{"expr": "rate(x[5m])"}]}, {}, "x over 5m"),
    ],
    "undefined-variable": [
        ({"datasource": {"uid": "${DS_PROMETHEUS}"}}, {}, "$DS_PROMETHEUS is not defined"),
        ({"datasource": {"uid": "${DS_PROMETHEUS}"}}, {"__inputs": [{"name": "DS_PROMETHEUS"}]}, ""),
        ({}, variables({"name": "a", "type": "query", "query": 'label_values(x{b=~"$b"}, a)'}), "$b is not defined"),
        ({}, {"annotations": {"list": [{"name": "x", "expr": 'up{a="$b"}'}]}}, "$b is not defined"),
        ({"targets": [{"expr": "up", "legendFormat": "{{pod}} $b"}]}, {}, "$b is not defined"),
        ({"targets": [{"expr": "up", "legendFormat": "{{pod}} ${__series.name}"}]}, {}, ""),
        ({"repeat": "b"}, {}, "is repeated by $b"),
        ({"repeat": "b"}, variables({"name": "b", "type": "custom"}), ""),
        ({}, {"more": [{"type": "row", "title": "R", "repeat": "b"}]}, "is repeated by $b"),
        ({"interval": "$b"}, {}, "$b is not defined"),
        ({"links": [{"url": "/d/x?${__url_time_range}&${b:queryparam}"}]}, {}, "$b is not defined"),
        (
            {},
            variables({"name": "a", "type": "query", "query": "label_values(a)", "regex": "/$b/"}),
            "$b is not defined",
        ),
        ({"title": "In $USD"}, {}, ""),
    ],
    "unknown-metric": [
        ({}, query_variable("label_values(cilium_drop_cuont_total, pod)"), "Did you mean cilium_drop_count_total"),
        ({}, query_variable("query_result(cilium_services_events_total)"), "no code writes it"),
        (
            {},
            {"annotations": {"list": [{"name": "x", "expr": "cilium_services_events_total > 0"}]}},
            "no code writes it",
        ),
        ({}, query_variable("label_values(cilium_drop_count_total, pod)"), ""),
        (
            {},
            query_variable(" label_values ( cilium_drop_cuont_total , pod ) "),
            "Did you mean cilium_drop_count_total",
        ),
        ({}, query_variable("query_result(topk(3, cilium_drop_cuont_total))"), "Did you mean cilium_drop_count_total"),
        ({}, query_variable("cilium_drop_cuont_total{a='b'}"), "Did you mean cilium_drop_count_total"),
        (
            {},
            query_variable('label_values(cilium_drop_cuont_total{a="b,c"}, __name__)'),
            "Did you mean cilium_drop_count_total",
        ),
        ({}, query_variable("metrics(cilium_drop_cuont_total)"), ""),
        ({}, query_variable("label_names()"), ""),
        ({}, query_variable("SELECT cilium_drop_cuont_total, pod FROM x"), ""),
        ({}, query_variable("label_values(pod)"), ""),
        ({}, query_variable("label_values(cilium_drop_count_total{, pod)"), ""),
    ],
    "compared-hubble-events": [
        (flags(math("C", "$A - ${B}")), {}, "flag"),
        (
            flags({**math("C", "B"), "type": "reduce"}, math("D", "$C + 0"), math("E", "1 - $D / $A")),
            {},
            "flag",
        ),
        (flags(math("C", "$A + $B"), math("D", "$A - $A")), {}, ""),
        (flags() | calculated("A", "-", "answers"), {}, "flag"),
        (
            flags() | calculated({"matcher": {"id": "byName", "options": "Value #A"}}, "/", "Value #B"),
            {},
            "flag",
        ),
        (flags() | calculated("A", "+", "B"), {}, ""),
        (flags() | calculated("A", "-", "C"), {}, ""),
    ],
    "classic-histogram-only": [
        (
            {},
            query_variable("label_values(cilium_policy_implementation_delay_count, source)"),
            "from a counter or gauge",
        ),
        ({}, query_variable("label_values(cilium_drop_count_total, reason)"), ""),
        (
            {
                "type": "heatmap",
                "targets": [{"expr": "sum by (le) (rate(cilium_policy_implementation_delay_bucket[5m]))"}],
            },
            {},
            "or ignoring (le) sum(rate(cilium_policy_implementation_delay[5m]))`",
        ),
    ],
    "unknown-label": [
        (
            {},
            query_variable('label_values(cilium_drop_count_total{cluster=~"$c"}, verdict)'),
            "none of the series has verdict",
        ),
        ({}, query_variable("label_values(cilium_drop_count_total, reason)"), ""),
    ],
}
