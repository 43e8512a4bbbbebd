"""Each rule's cases: queries, panels and boards where it must speak, and where it must stay quiet."""

from typing import Any

from dashboards_py.catalog import RELEASES, Release

R116, R117, R120 = RELEASES[0], RELEASES[1], RELEASES[-1]

# rule: (query, legend, release, what is said, or "" where it must be quiet)
CASES: dict[str, list[tuple[str, str, Release, str]]] = {
    "query-does-not-parse": [
        ("sum(", "", R120, "does not parse"),
        ("sum(rate(x[$__rate_interval])) by (le", "", R120, "does not parse"),
        ('topk($n, cilium_version{a=~"$b"})', "", R120, ""),
        ("rate(cilium_drop_count_total[${w:raw}])", "", R120, ""),
        ("rate(cilium_drop_count_total[5m] offset $back) / cilium_version", "", R120, ""),
        ("cilium_version offset -$back and cilium_version @ $__to", "", R120, ""),
    ],
    "metric-is-not-there": [
        ("cilium_services_events_total", "", R120, "no code writes it"),
        ("sum(rate(cilium_triggers_policy_update_total[5m]))", "", R117, "Removed in 1.17"),
        ("sum(rate(cilium_triggers_policy_update_total[5m]))", "", R116, ""),
        ("cilium_operator_unmanaged_pods", "", R116, "has it since 1.17"),
        ("cilium_drop_cuont_total", "", R120, "Did you mean cilium_drop_count_total"),
        ("cilium_version / cilium_services_events_total", "", R120, "no code writes it"),
        ("cilium_services_events_total or cilium_version", "", R120, ""),
        ("cilium_version unless cilium_services_events_total", "", R120, ""),
        ("rate(hubble_flows_processed_total[5m])", "", R120, ""),
        ("container_cpu_usage_seconds_total", "", R120, ""),
        ("envoy_some_extension_total", "", R120, ""),
        ("kvstore_operations_total", "", R120, "No component of Cilium"),
        ("kubernetes_events_total", "", R120, ""),
        ("$metric", "", R120, ""),
        ("sum(rate(cilium_triggers_policy_update_total[5m])) or vector(0)", "", R117, "Removed in 1.17"),
        ("rate(cilium_policy_implementation_delay[5m])", "", R120, "Use cilium_policy_implementation_delay_bucket, "),
        ('{__name__="cilium_services_events_total"}', "", R120, "no code writes it"),
    ],
    "label-is-not-there": [
        ('cilium_drop_count_total{verdict="x"}', "", R120, "has no label verdict"),
        ('cilium_drop_count_total{verdict=~"x.+"}', "", R120, "has no label verdict"),
        ('cilium_operator_process_start_time_seconds{k8s_app="cilium"}', "", R120, "has no label k8s_app"),
        ('cilium_version{k8s_app="cilium"}', "", R120, ""),
        ('cilium_drop_count_total{verdict!="x"}', "", R120, ""),
        ('cilium_drop_count_total{verdict=~".*"}', "", R120, ""),
        ('cilium_drop_count_total{verdict=~"$v"}', "", R120, ""),
        ('hubble_drop_total{source_namespace="shop"}', "", R120, ""),
        ('cilium_version{cluster="a", pod="b"}', "", R120, ""),
        ('cilium_policy_implementation_delay_bucket{le="1"}', "", R120, ""),
        ('cilium_drop_count_total{le="1"}', "", R120, "has no label le"),
        ('cilium_policy_implementation_delay_count{le="1"}', "", R120, "has no label le"),
        ('cilium_version{verdict="x"} or cilium_version', "", R120, ""),
        ("sum by (subnetId) (cilium_drop_count_total)", "", R120, "sum by (subnetId): none of the series has subnetId"),
        ("sum by (verdict, reason) (rate(cilium_drop_count_total[5m]))", "", R120, "has verdict on"),
        ("sum by (a) (sum by (b) (foreign))", "", R120, "has a on"),
        ("sum by (node) (sum by (pod) (cilium_version))", "", R120, "has node on"),
        ("sum by (le) (rate(cilium_policy_implementation_delay_count[5m]))", "", R120, "has le on"),
        ("sum by (verdict) (cilium_version or cilium_drop_count_total)", "", R120, "has verdict on"),
        (
            "cilium_version * on (pod, verdict) cilium_endpoint_state",
            "",
            R120,
            "on(pod, verdict): neither side has verdict",
        ),
        (
            "cilium_drop_count_total / on (reason) sum by (direction) (cilium_drop_count_total)",
            "",
            R120,
            "the right side",
        ),
        ("sum(cilium_version) / on (pod) cilium_version", "", R120, "on(pod): the left side never has pod"),
        ("cilium_drop_count_total and on (verdict) foreign", "", R120, "the left side never has verdict"),
        (
            "foreign * on (pod) group_left(reason) cilium_version",
            "",
            R120,
            "group_left(reason): the right side never has",
        ),
        (
            "cilium_version * on (pod) group_right(reason) foreign",
            "",
            R120,
            "group_right(reason): the left side never has",
        ),
        ("sum by (reason, direction, node, pod, cluster) (rate(cilium_drop_count_total[5m]))", "", R120, ""),
        ("sum by (source_namespace, query, source, destination_workload) (hubble_dns_queries_total)", "", R120, ""),
        ('sum by (a) (label_replace(cilium_version, "a", "$1", "pod", "(.*)"))', "", R120, ""),
        ('sum by (a) (label_join(sum by (pod) (cilium_version), "a", "-", "pod"))', "", R120, ""),
        ('sum by (v) (count_values("v", cilium_version))', "", R120, ""),
        ("sum by ($by) (cilium_version)", "", R120, ""),
        ("sum by (a) (sum by (${by:csv}) (foreign))", "", R120, ""),
        ("sum by (verdict) (foreign)", "", R120, ""),
        ("sum without (verdict) (cilium_version)", "", R120, ""),
        ("cilium_version / ignoring (verdict) cilium_version", "", R120, ""),
        ("cilium_version * on (pod) group_left(workload) foreign", "", R120, ""),
        ("sum by (reason) (cilium_drop_count_total) * 60 > bool time()", "", R120, ""),
        ("sum by (workload) (cilium_version * on (pod) group_left(workload) foreign)", "", R120, ""),
        ("sum by (pod) (cilium_version) or on (pod) vector(0)", "", R120, ""),
        ("sum by (reason) (cilium_version or cilium_drop_count_total)", "", R120, ""),
        ("topk by (pod) (3, sum by (pod, node) (cilium_version))", "", R120, ""),
        ("sum by (a) (absent(cilium_version))", "", R120, ""),
        ("sum by (quantile) (cilium_version)", "", R120, "has quantile on"),
        ("sum by (le) (rate(cilium_policy_implementation_delay_bucket[5m]))", "", R120, ""),
        ("sum by (verdict) (cilium_services_events_total)", "", R120, ""),
    ],
    "value-is-never-taken": [
        ('cilium_drop_count_total{direction="egress"}', "", R120, "INGRESS, EGRESS"),
        ('cilium_drop_count_total{direction=~"in.*|eg.*"}', "", R120, "matches none of"),
        ('cilium_drop_count_total{direction=~"(?i)egress"}', "", R120, ""),
        ('cilium_drop_count_total{direction="EGRESS"}', "", R120, ""),
        ('cilium_drop_count_total{reason="anything"}', "", R120, ""),
        ('cilium_kubernetes_events_total{scope="Pod"}', "", R120, "matches none of CiliumNetworkPolicy"),
        ('cilium_kubernetes_events_total{scope=~"Pod|Service"}', "", R120, "matches none of"),
        ('cilium_kubernetes_events_total{scope=~"Pod|Node"}', "", R120, ""),
        ('cilium_kubernetes_events_total{scope="Pod"}', "", R117, ""),
        ('cilium_kubernetes_events_total{scope="CiliumBGPPeerConfig"}', "", R120, ""),
        ('hubble_icmp_total{family="IPv6"}', "", R117, "matches none of IPv4"),
        ('hubble_icmp_total{family="IPv6"}', "", R120, ""),
        ('hubble_drop_total{traffic_direction="EGRESS"}', "", R120, "egress, ingress"),
        ('cilium_errors_warnings_total{level="error"}', "", R120, "matches none of"),
        ('cilium_errors_warnings_total{level="error"}', "", R117, ""),
        (
            'hubble_drop_total{traffic_direction="EGRESS"} or hubble_drop_total{traffic_direction="egress"}',
            "",
            R120,
            "",
        ),
        ('cilium_version unless cilium_drop_count_total{direction="egress"}', "", R120, "INGRESS, EGRESS"),
    ],
    "rate-of-a-gauge": [
        ("rate(cilium_bpf_map_pressure[5m])", "", R120, "rate over cilium_bpf_map_pressure"),
        ("sum(increase(cilium_endpoint_state[5m]))", "", R120, "increase over"),
        ("rate(cilium_drop_count_total[5m])", "", R120, ""),
        ("delta(cilium_bpf_map_pressure[5m])", "", R120, ""),
        ("rate(cilium_policy_implementation_delay_sum[5m])", "", R120, ""),
        ("rate(go_gc_duration_seconds[5m])", "", R120, "over the quantiles of go_gc_duration_seconds"),
        ("rate(go_gc_duration_seconds_count[5m])", "", R120, ""),
    ],
    "quantile-without-buckets": [
        ("histogram_quantile(0.9, rate(cilium_drop_count_total[5m]))", "", R120, "which is a counter"),
        ("histogram_quantile(0.9, sum(rate(cilium_policy_implementation_delay_bucket[5m])))", "", R120, "drops le"),
        (
            "histogram_quantile(0.9, sum without (le) (rate(cilium_policy_implementation_delay_bucket[5m])))",
            "",
            R120,
            "drops le",
        ),
        ("histogram_quantile(0.9, sum by (le) (rate(cilium_policy_implementation_delay_bucket[5m])))", "", R120, ""),
        (
            "histogram_quantile(0.9, sum without (a) (rate(hubble_http_request_duration_seconds_bucket[5m])))",
            "",
            R120,
            "",
        ),
        ("histogram_quantile(0.9, rate(cilium_policy_implementation_delay_count[5m]))", "", R120, "has no buckets"),
        ("histogram_quantile(0.9, clamp_min(sum by (a) (rate(x_bucket[5m])), 0))", "", R120, "drops le"),
        ("histogram_quantile(0.9, sum by (le, a) (rate(x_bucket[5m])) * on (le) group_left() y)", "", R120, ""),
        ("histogram_quantile(0.9, sum by (le, a) (rate(x_bucket[5m])) * on (a) y)", "", R120, "drops le"),
        ("histogram_quantile(0.9, rate(apiserver_request_duration_seconds_bucket[5m]))", "", R120, ""),
    ],
    "legend-is-lost": [
        ("sum(cilium_version)", "{{node}}", R120, "keeps nothing"),
        ("sum by (a, b) (cilium_version)", "{{node}}", R120, "keeps a, b"),
        ("sum by (a) (x)", "{{node}} {{pod}} {{a}}", R120, "the legend names node, pod, but the query keeps a"),
        ("cilium_version", "{{verdict}}", R120, "names verdict, which no series has on"),
        ("rate(cilium_drop_count_total[5m])", "{{reason}} {{node}}", R120, ""),
        ("hubble_drop_total", "{{source}}", R120, ""),
        ("a / on (b) c", "{{node}}", R120, "keeps b"),
        ("sum by (node) (foreign) / cilium_version", "{{node}}", R120, ""),
        ("topk(3, sum by (a) (cilium_version)) * 60", "{{node}}", R120, "keeps a"),
        ("histogram_quantile(0.9, sum by (le, a) (x))", "{{le}}", R120, "keeps a"),
        ("sum by (node) (cilium_version)", "{{node}} {{ node }}", R120, ""),
        ("sum without (a) (cilium_version)", "{{node}}", R120, ""),
        ("cilium_version", "{{node}}", R120, ""),
        ('label_replace(sum by (a) (x), "node", "$1", "a", "(.*)")', "{{node}}", R120, ""),
        ("sum by (a) (x) * on (a) group_left(node) y", "{{node}}", R120, ""),
    ],
}

CASES |= {
    "counter-without-rate": [
        ("sum(cilium_drop_count_total)", "", R120, "is a counter on"),
        ("cilium_forward_bytes_total / 2", "", R120, "no rate is taken"),
        ("rate(cilium_drop_count_total[5m])", "", R120, ""),
        ("count(cilium_drop_count_total)", "", R120, ""),
        (
            "sum(cilium_policy_implementation_delay_sum) / sum(cilium_policy_implementation_delay_count)",
            "",
            R120,
            "cilium_policy_implementation_delay_sum is a counter of a histogram on",
        ),
        (
            "histogram_quantile(0.9, sum by (le) (cilium_policy_implementation_delay_bucket))",
            "",
            R120,
            "_bucket is a counter",
        ),
        ("go_gc_duration_seconds_count", "", R120, "a counter of a summary"),
        ("go_gc_duration_seconds", "", R120, ""),
        ("sum(process_cpu_seconds_total)", "", R120, "process_cpu_seconds_total is a counter"),
        ("count(cilium_policy_implementation_delay_bucket)", "", R120, ""),
        ("cilium_bpf_map_pressure and on (pod) cilium_drop_count_total > 0", "", R120, ""),
        ("cilium_bpf_map_pressure unless on (pod) cilium_drop_count_total", "", R120, ""),
        ("cilium_drop_count_total and on (pod) cilium_bpf_map_pressure", "", R120, "is a counter"),
        (
            "rate(cilium_policy_implementation_delay_sum[5m]) / rate(cilium_policy_implementation_delay_count[5m])",
            "",
            R120,
            "",
        ),
        ("cilium_bpf_map_pressure", "", R120, ""),
    ],
    "sum-before-rate": [
        (
            "rate(sum(cilium_drop_count_total)[5m:])",
            "",
            R120,
            "rate over `sum` of cilium_drop_count_total: take the rate",
        ),
        ("increase(avg by (node) (foreign_total)[1h:1m])", "", R120, "increase over `avg` of foreign_total"),
        ("sum(irate((sum by (a) (cilium_drop_count_total) * 8)[5m:]))", "", R120, "irate over `sum`"),
        ('rate(label_replace(sum(x_count), "a", "b", "", "")[5m:])', "", R120, "rate over `sum` of x_count"),
        ("rate((cilium_drop_count_total + cilium_forward_count_total)[5m:])", "", R120, "rate over `+`"),
        ("rate(namespace:foreign_total:sum[5m])", "", R120, "a recorded sum of namespace:foreign_total:sum"),
        ("rate(max_over_time(sum(x_total)[5m:])[1h:])", "", R120, "rate over `sum` of x_total"),
        ("max_over_time(sum(rate(cilium_drop_count_total[5m]))[1h:])", "", R120, ""),
        ("sum(rate(cilium_drop_count_total[5m]))", "", R120, ""),
        ("rate(cilium_drop_count_total[5m:])", "", R120, ""),
        ("rate(topk(3, cilium_drop_count_total)[5m:])", "", R120, ""),
        ("rate((cilium_drop_count_total + 1)[5m:])", "", R120, ""),
        ("rate((sum(x_total) and up)[5m:])", "", R120, "rate over `sum` of x_total"),
        ("rate(sum(cilium_bpf_map_pressure)[5m:])", "", R120, ""),
        ("rate(count(cilium_drop_count_total)[5m:])", "", R120, ""),
        ("rate(namespace:foreign:rate5m_sum[5m])", "", R120, ""),
        ("deriv(sum(rate(cilium_drop_count_total[5m]))[1h:])", "", R120, ""),
    ],
    "fixed-window": [
        ("rate(cilium_drop_count_total[1m])", "", R120, "over 1m: use $__rate_interval"),
        ("sum(increase(x[90s]))", "", R120, "over 90s"),
        ("rate(cilium_drop_count_total[30s])", "", R120, ""),
        ("sum(increase(x[1d]))", "", R120, ""),
        ("rate(cilium_drop_count_total[$__rate_interval])", "", R120, ""),
        ("increase(cilium_drop_count_total[$__range])", "", R120, ""),
        ("predict_linear(cilium_bpf_map_pressure[6h], 86400)", "", R120, ""),
    ],
    "short-window": [
        ("rate(cilium_drop_count_total[30s])", "", R120, "scraped every 30s, it holds one sample"),
        ("irate(cilium_drop_count_total[$__interval])", "", R120, "which may hold one sample"),
        ("delta(cilium_bpf_map_pressure[${__interval}])", "", R120, "use $__rate_interval"),
        ("rate(cilium_drop_count_total[1m])", "", R120, ""),
        ("rate(cilium_drop_count_total[1m30s])", "", R120, ""),
        ("rate(cilium_drop_count_total[$__rate_interval])", "", R120, ""),
        ("max_over_time(cilium_bpf_map_pressure[$__interval])", "", R120, ""),
    ],
    "variable-is-not-there": [
        ('cilium_version{a="$b"}', "", R120, "$b is not defined"),
        ('cilium_version{a="[[b]]"}', "", R120, "$b is not defined"),
        ('label_replace(cilium_version, "a", "${1}x$2", "pod", "(.*)(.*)$")', "", R120, ""),
        ("rate(cilium_drop_count_total[$__rate_interval])", "", R120, ""),
    ],
    "relies-on-k8s-app": [
        ('cilium_version{k8s_app="cilium"}', "", R120, 'wants k8s_app="cilium"'),
        ('cilium_operator_version{io_cilium_app="operator"}', "", R120, "wants io_cilium_app"),
        ('cilium_version{k8s_app=~".*"}', "", R120, ""),
    ],
}

DELAY = "cilium_policy_implementation_delay"


def shown(unit: str, expr: str, **changes: Any) -> dict[str, Any]:
    """A panel's unit and its query."""
    return {"fieldConfig": {"defaults": {"unit": unit}}, "targets": [{"expr": expr}], **changes}


def by_ref(unit: str, own: str, expr: str) -> dict[str, Any]:
    """A panel's unit, and another that its only query has for itself."""
    override = {"matcher": {"id": "byFrameRefID", "options": "A"}, "properties": [{"id": "unit", "value": own}]}
    fields = {"defaults": {"unit": unit}, "overrides": [override]}
    return {"fieldConfig": fields, "targets": [{"refId": "A", "expr": expr}]}


def variables(*given: dict[str, Any]) -> dict[str, Any]:
    """A board's variables."""
    return {"templating": {"list": list(given)}}


def asking(query: str) -> dict[str, Any]:
    """A board with a variable that asks Prometheus."""
    return variables({"name": "a", "type": "query", "query": query})


SCOPED = {"templating": {"list": [{"name": "cluster", "type": "query"}, {"name": "node", "type": "query"}]}}
WRONG_UNIT: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (shown("ms", f"histogram_quantile(0.9, rate({DELAY}_bucket[5m]))"), {}, "the query gives seconds"),
    (shown("ms", f"1000 * histogram_quantile(0.9, rate({DELAY}_bucket[5m]))"), {}, ""),
    (shown("s", f"rate({DELAY}_sum[5m]) / rate({DELAY}_count[5m])"), {}, ""),
    (shown("ops", f"rate({DELAY}_sum[5m]) / rate({DELAY}_count[5m])"), {}, "the query gives seconds"),
    (shown("s", f"rate({DELAY}_count[5m])"), {}, "the query gives plain numbers a second"),
    (shown("percent", "max(cilium_bpf_map_pressure)"), {}, "the query gives plain numbers"),
    (shown("percentunit", "max(cilium_bpf_map_pressure)"), {}, ""),
    (shown("percent", "max(cilium_bpf_map_pressure) * 100"), {}, ""),
    (shown("percentunit", "cilium_operator_identity_gc_entries / 65280"), {}, ""),
    (shown("bytes", "sum(rate(cilium_forward_bytes_total[5m]))"), {}, "the query gives bytes a second"),
    (shown("Bps", "sum(rate(cilium_forward_bytes_total[5m]))"), {}, ""),
    (shown("bps", "sum(rate(cilium_forward_bytes_total[5m])) * 8"), {}, ""),
    (shown("opm", "sum(rate(cilium_drop_count_total[5m]))"), {}, "plain numbers a second"),
    (shown("opm", "sum(rate(cilium_drop_count_total[5m])) * 60"), {}, ""),
    (shown("ops", "sum(rate(cilium_drop_count_total[5m])) * 60"), {}, "60 x plain numbers a second"),
    (shown("pps", "sum(rate(cilium_drop_count_total[5m])) or vector(0)"), {}, ""),
    (shown("pps", "sum(increase(cilium_drop_count_total[5m]))"), {}, "the query gives plain numbers"),
    (shown("percentunit", "rate(process_cpu_seconds_total[5m])"), {}, ""),
    (shown("s", "time() - process_start_time_seconds"), {}, ""),
    (shown("s", "process_start_time_seconds"), {}, "the query gives Unix seconds"),
    (shown("s", "container_memory_working_set_bytes"), {}, "the query gives bytes"),
    (shown("s", "rate(container_cpu_usage_seconds_total[5m])"), {}, "seconds a second"),
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
    (by_ref("s", "ms", f"rate({DELAY}_sum[5m]) / rate({DELAY}_count[5m])"), {}, "unit ms, but the query gives seconds"),
]

# rule: (changes to the panel, changes to the board, what is said)
BOARDS: dict[str, list[tuple[dict[str, Any], dict[str, Any], str]]] = {
    "data-source-is-fixed": [
        ({"datasource": {"uid": "P1809F7CD0C75ACF3"}}, {}, "P1809F7CD0C75ACF3 is written out"),
        ({"datasource": "Prometheus"}, {}, "Prometheus is written out"),
        ({"datasource": {"uid": "${ds}"}}, {}, ""),
        ({"datasource": "-- Mixed --"}, {}, ""),
        ({"datasource": {"uid": "grafana"}, "targets": [{"datasource": {"uid": "__expr__"}}]}, {}, ""),
        ({}, variables({"name": "a", "type": "query", "datasource": "Mine"}), "Mine is written out in the variable a"),
        ({}, variables({"name": "a", "type": "query", "datasource": {"uid": "$ds"}}), ""),
        ({}, {"annotations": {"list": [{"name": "x", "datasource": "Mine"}]}}, "written out in the annotation x"),
        ({}, {"annotations": {"list": [{"name": "x", "datasource": "-- Grafana --"}]}}, ""),
    ],
    "inputs-in-file": [
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
    "panel-type-is-gone": [({"type": "graph"}, {}, "timeseries has taken its place"), ({}, {}, "")],
    "query-twice": [
        ({"targets": [{"expr": "up"}, {"expr": " up "}]}, {}, "asked 2 times: up"),
        ({"targets": [{"expr": "up"}, {"expr": "up", "hide": True}]}, {}, ""),
        ({"targets": [{"expr": "up"}, {"expr": "up", "instant": True}]}, {}, ""),
    ],
    "board-is-too-large": [({"description": "x" * 60_000}, {}, "60 kB with 1 panels, over 60 kB"), ({}, {}, "")],
    "scope-is-missing": [
        ({"targets": [{"expr": "cilium_drop_count_total"}]}, SCOPED, 'has no cluster=~"$cluster"'),
        ({"targets": [{"expr": 'cilium_drop_count_total{cluster="a"}'}]}, SCOPED, 'has no node=~"$node"'),
        ({"targets": [{"expr": 'cilium_drop_count_total{cluster=~"$cluster", node=~"$node"}'}]}, SCOPED, ""),
        ({"targets": [{"expr": 'cilium_operator_version{cluster=~"$cluster"}'}]}, SCOPED, ""),
        ({"targets": [{"expr": "container_cpu_usage_seconds_total"}]}, SCOPED, ""),
        ({"targets": [{"expr": "cilium_drop_count_total"}]}, {}, ""),
    ],
    "wrong-unit": WRONG_UNIT,
    "title-twice": [
        ({}, {"more": [{"title": "P", "type": "stat", "targets": [{"expr": "up"}]}]}, "2 panels have this title"),
        ({}, {"more": [{"title": "P", "type": "text"}]}, ""),
        ({}, {"more": [{"title": "P", "type": "text", "targets": [{"refId": "A"}]}]}, ""),
    ],
    "variable-is-not-used": [
        ({}, variables({"name": "a", "type": "custom", "query": "x"}), "$a is defined and used nowhere"),
        ({"title": "P $ab"}, variables({"name": "a", "type": "custom"}), "used nowhere"),
        ({"title": "P $a"}, variables({"name": "a", "type": "custom", "query": "x"}), ""),
        ({"repeat": "a"}, variables({"name": "a", "type": "custom", "query": "x"}), ""),
        ({}, {"more": [{"type": "row", "title": "$a", "repeat": "a"}], **variables({"name": "a"})}, ""),
        ({}, variables({"name": "a", "type": "adhoc"}), ""),
        ({"datasource": "$b"}, variables({"name": "a"}, {"name": "b", "query": "label_values(x, ${a})"}), ""),
    ],
    "fixed-window": [
        ({"targets": [{"expr": "rate(x[5m])", "instant": True}]}, {}, ""),
        ({"targets": [{"expr": "rate(x[5m])"}]}, {}, "x over 5m"),
    ],
    "variable-is-not-there": [
        ({"datasource": {"uid": "${DS_PROMETHEUS}"}}, {}, "$DS_PROMETHEUS is not defined"),
        ({"datasource": {"uid": "${DS_PROMETHEUS}"}}, {"__inputs": [{"name": "DS_PROMETHEUS"}]}, ""),
        ({}, variables({"name": "a", "type": "query", "query": 'label_values(x{b=~"$b"}, a)'}), "$b is not defined"),
        ({}, {"annotations": {"list": [{"name": "x", "expr": 'up{a="$b"}'}]}}, "$b is not defined"),
    ],
    "metric-is-not-there": [
        ({}, asking("label_values(cilium_drop_cuont_total, pod)"), "Did you mean cilium_drop_count_total"),
        ({}, asking("query_result(cilium_services_events_total)"), "no code writes it"),
        (
            {},
            {"annotations": {"list": [{"name": "x", "expr": "cilium_services_events_total > 0"}]}},
            "no code writes it",
        ),
        ({}, asking("label_values(cilium_drop_count_total, pod)"), ""),
        ({}, asking("label_values(pod)"), ""),
        ({}, asking("label_values(cilium_drop_count_total{, pod)"), ""),
    ],
    "label-is-not-there": [
        ({}, asking('label_values(cilium_drop_count_total{cluster=~"$c"}, verdict)'), "none of the series has verdict"),
        ({}, asking("label_values(cilium_drop_count_total, reason)"), ""),
    ],
}
