"""Alerting rules that lint must report, and those that it must not.

Each faulty one is an alert as people write it; the kinds of fault are those of public rule sets for Cilium.
"""

from typing import Any

from dashboards_py.catalog import NEWEST, Release

Alert = dict[str, Any]
RECORDS = {
    "cluster:ready:ratio": 'sum(cilium_endpoint_state{endpoint_state="ready"}) / sum(cilium_endpoint_state)',
    "cilium_ready_of_itself": 'cilium_endpoint_state{endpoint_state="ready"} / cilium_endpoint_state',
    "cluster:drops:total": "sum(cilium_drop_count_total)",
    "node:pressure:max": "max by (node) (cilium_bpf_map_pressure)",
    "cluster:drops:rate1m": "sum by (cluster) (rate(cilium_drop_count_total[1m]))",
    "cluster:drops:rate5m": "sum by (cluster, reason) (rate(cilium_drop_count_total[5m]))",
}


def alert(expr: str, **changes: Any) -> Alert:
    """An alert with all that one should have, but for the changes; None removes a key."""
    rule = {"alert": "A", "expr": expr, "for": "10m", "labels": {"severity": "warning"}, **changes}
    return {key: value for key, value in rule.items() if value is not None}


DROPS, READY = "cilium_drop_count_total", 'cilium_endpoint_state{endpoint_state="ready"}'
DELAY = "cilium_policy_implementation_delay"
OLD, NEW = Release(1, 16), NEWEST

# The rule of lint, the alert, and the release.
FAULTY: dict[str, list[tuple[Alert, Release]]] = {
    "no-comparison": [
        (alert(f"rate({DROPS}[5m])"), NEW),
        (alert("cilium_unreachable_nodes > bool 0"), NEW),
        (alert("max without (instance) ((cilium_controllers_failing))"), NEW),
        (alert("cluster:drops:rate5m"), NEW),
        (alert("sum by (node) (cilium_unreachable_nodes == bool 1)"), NEW),
    ],
    "never-fires": [
        (alert(f"{READY} / cilium_endpoint_state < 0.9"), NEW),
        (alert("0.9 > cilium_ready_of_itself"), NEW),
        (alert(f"sum({READY}) / sum(cilium_endpoint_state) > 1"), NEW),
        (alert("cluster:ready:ratio * 100 > 100"), NEW),
        (alert('count(up{job="cilium-agent"} == 1) < 1'), NEW),
        (alert("count(cilium_version) == 0"), NEW),
        (alert("cilium_bpf_map_pressure > 90"), NEW),
        (alert("95 < node:pressure:max"), NEW),
        (alert("rate(cilium_drop_count_total[5m]) < 0"), NEW),
        (alert('cilium_unreachable_nodes{node="a", node=~"b.*"} > 0'), NEW),
        (alert("absent(cilium_version) == 0"), NEW),
        (alert("cilium_controllers_failing unless (cilium_controllers_failing)"), NEW),
        (alert(f'sum(rate({DROPS}{{direction="EGRESS"}}[5m])) > sum(rate({DROPS}[5m]))'), NEW),
        (alert("(cilium_unreachable_nodes > 5) < 3"), NEW),
        (alert("cilium_unreachable_nodes > cilium_unreachable_nodes"), NEW),
        (alert("up > 1 and on (pod) cilium_version"), NEW),
        (alert("cilium_bpf_map_pressure > 0.9 and cilium_bpf_map_pressure < 0.5"), NEW),
        (alert("(5 < cilium_unreachable_nodes) and cilium_version and (cilium_unreachable_nodes == 5)"), NEW),
        (alert("cilium_bpf_map_pressure > 0.9 unless cilium_bpf_map_pressure"), NEW),
        (alert("cilium_unreachable_nodes >= 3 unless on (node) (cilium_unreachable_nodes > 2)"), NEW),
        (alert("cilium_version > 0"), NEW),
        (alert("sum(cilium_operator_version) >= 1"), NEW),
        (alert("go_info != 1"), NEW),
        (alert("cilium_process_max_fds < 1"), NEW),
        (alert("time() - max(cilium_process_start_time_seconds) < 0"), NEW),
        (alert("quantile by (node) (95, cilium_bpf_map_pressure) < 0.9"), NEW),
        (alert("sum by (node) (cilium_ip_addresses) / sum by (node) (cilium_ipam_capacity) > 1.5"), NEW),
        (alert("100 * (cilium_process_open_fds / cilium_process_max_fds) > 100"), NEW),
        (alert("max by (pod) (process_max_fds) < max by (pod) (process_open_fds)"), NEW),
        (alert('sum(cilium_ipam_capacity) - sum(cilium_ip_addresses{family="ipv4"}) < 0'), NEW),
    ],
    "always-fires": [
        (alert(f"rate({DROPS}[5m]) >= 0"), NEW),
        (alert("0 <= cilium_controllers_failing"), NEW),
        (alert("absent(cilium_operator_ipam_ips)"), NEW),
        (alert('absent_over_time(cilium_drop_count_total{reason="no such reason", verdict="x"}[10m]) == 1'), NEW),
        (alert(f"sum({READY}) / sum(cilium_endpoint_state) <= 1"), NEW),
        (alert("cilium_unreachable_nodes > 3 or cilium_unreachable_nodes <= cilium_unreachable_nodes"), NEW),
        (alert("cilium_process_start_time_seconds > 0"), NEW),
        (alert("max by (node) (cilium_operator_process_start_time_seconds) != 0"), NEW),
        (alert("cilium_process_virtual_memory_max_bytes > 0"), NEW),
        (alert("sum by (node) (cilium_bpf_map_capacity) > 0"), NEW),
        (alert('go_goroutines{pod=~"cilium-.*"} > 0'), NEW),
        (alert("count(cilium_version) > 0"), NEW),
        (alert("time() - cilium_process_start_time_seconds > 0"), NEW),
        (alert("0 < timestamp(cilium_unreachable_nodes)"), NEW),
        (alert("cilium_unreachable_nodes > 0 or vector(0)"), NEW),
        (alert("sum(rate(cilium_forward_count_total[5m])) or (cilium_controllers_failing > 3)"), NEW),
        (alert(f"histogram_quantile(99, sum by (le) (rate({DELAY}_bucket[5m]))) > 1"), NEW),
        (alert("quantile_over_time(50, cilium_bpf_map_pressure[5m]) >= 0.9"), NEW),
    ],
    "never-resolves": [
        (alert(f"{DROPS} > 0"), NEW),
        (alert(f'0 < sum by (reason) ({DROPS}{{reason!="Policy denied"}})'), NEW),
        (alert("cluster:drops:total > 100"), NEW),
        (alert("cilium_ipsec_xfrm_error != 0"), NEW),
        (alert("max without (node) (cilium_clustermesh_remote_cluster_failures offset 5m) >= 1"), NEW),
        (alert('cilium_hive_status{status="degraded"} > 0'), NEW),
        (alert('max_over_time(cilium_policy_change_total{outcome="fail"}[1h]) > 0'), NEW),
        (alert(f"{DELAY}_count > 1000"), NEW),
        (alert(f"({DROPS} > 10) and on (node) (cilium_unreachable_nodes == 0)"), NEW),
    ],
    "mismatched-vectors": [
        (alert(f"rate({DROPS}[5m]) / rate(cilium_forward_count_total[5m]) > 0.01"), NEW),
        (alert(f'rate({DROPS}{{direction="EGRESS"}}[5m]) / rate({DROPS}{{direction="INGRESS"}}[5m]) > 2'), NEW),
        (
            alert(f"sum by (node, reason) (rate({DROPS}[5m])) > sum by (node) (rate(cilium_forward_count_total[5m]))"),
            NEW,
        ),
        (alert("cilium_bpf_map_pressure * on (cluster) cilium_bpf_map_capacity > 3"), NEW),
        (alert(f"rate({DROPS}[5m]) / ignoring (direction) rate(cilium_forward_count_total[5m]) > 0.01"), NEW),
        (alert(f"sum(rate({DROPS}[5m])) / rate(cilium_forward_count_total[5m]) > 0.01"), NEW),
        (alert(f"sum by (pod) (rate({DROPS}[5m])) / sum by (node) (rate(cilium_forward_count_total[5m])) > 0.1"), NEW),
        (alert("max by (node) (cilium_unreachable_nodes) > 1 and max(cilium_nodes_all_num) > 3"), NEW),
        (
            alert(
                'cilium_policy_change_total{outcome="fail"} / on (node) group_left () cilium_policy_change_total > 0.1'
            ),
            NEW,
        ),
    ],
    "averaged-nodes": [
        (alert("avg(cilium_nat_endpoint_max_connection) > 0.85"), NEW),
        (alert("sum(cilium_ip_addresses) / sum(cilium_ipam_capacity) > 0.9"), NEW),
        (
            alert(
                "0.9 < sum by (cluster) (cilium_ip_addresses) / on (cluster) sum by (cluster) (cilium_ipam_capacity)"
            ),
            NEW,
        ),
        (alert("quantile by (cluster) (0.5, cilium_unreachable_nodes) > 2"), NEW),
        (alert("avg without (node, instance, pod) (cilium_controllers_failing) > 1"), NEW),
        (alert("sum(cilium_unreachable_nodes) / count(cilium_unreachable_nodes) > 0.5"), NEW),
    ],
    "averaged-pressure": [
        (alert("avg by (map_name) (cilium_bpf_map_pressure) > 0.9"), NEW),
        (alert("0.9 < avg(cilium_bpf_map_pressure)"), NEW),
    ],
    "averaged-over-time": [
        (alert("avg_over_time(cilium_bpf_map_pressure[1h]) > 0.9"), NEW),
        (alert("0.9 <= max by (node) (avg_over_time(node:pressure:max[6h]))"), NEW),
        (alert("quantile_over_time(0.5, cilium_nat_endpoint_max_connection[1h:]) > 0.85"), NEW),
    ],
    "summed-views": [
        (alert("sum(cilium_nodes_all_num) > 1000"), NEW),
        (alert("1000 < sum by (cluster) (cilium_nodes_all_num)"), NEW),
        (alert("sum without (node, pod, instance) (max_over_time(cilium_policy[10m])) > 5000"), NEW),
        (alert("sum(cilium_clustermesh_remote_cluster_nodes) - 100 > 3"), NEW),
    ],
    "summed-ratios": [
        (alert("sum by (node) (cilium_bpf_map_pressure) > 0.9"), NEW),
        (alert('1 < sum by (cluster) (cilium_bpf_map_pressure{map_name="ct4_global"})'), NEW),
        (alert("sum without (family) (max_over_time(cilium_nat_endpoint_max_connection[10m])) >= 0.8"), NEW),
        (alert("sum(max by (node) (cilium_bpf_map_pressure)) / 2 > 0.5"), NEW),
    ],
    "window-without-spare": [
        (alert(f"rate({DROPS}[1m]) > 5"), NEW),
        (alert(f"5 < sum by (node) (increase({DROPS}[75s]))"), NEW),
        (alert("cluster:drops:rate1m > 5"), NEW),
    ],
    "wrong-threshold": [
        (alert(f"100 * sum(rate({DROPS}[5m])) / sum(rate(cilium_forward_count_total[5m])) > 0.05"), NEW),
        (alert("0.9 < max by (node) (cilium_ip_addresses) / max by (node) (cilium_ipam_capacity) * 100"), NEW),
        (alert(f"histogram_quantile(0.99, sum by (le) (rate({DELAY}_bucket[10m]))) > 500"), NEW),
        (alert(f"sum(rate({DELAY}_sum[10m])) / sum(rate({DELAY}_count[10m])) >= 1000"), NEW),
    ],
    "unknown-template-label": [
        (alert("sum(cilium_controllers_failing) > 0", annotations={"summary": "on {{ $labels.node }}"}), NEW),
        (alert("max by (node) (cilium_unreachable_nodes) > 0", annotations={"d": "{{ .Labels.pod }}"}), NEW),
        (alert("absent(cilium_version)", annotations={"d": '{{ index $labels "node" }} is gone'}), NEW),
        (alert(f"rate({DROPS}[5m]) > 1", annotations={"d": "{{- if $labels.namespace_name }}x{{ end }}"}), NEW),
        (alert("cluster:drops:rate5m > 5", labels={"severity": "info", "host": "{{ $labels.node }}"}), NEW),
        (
            alert("cilium_clustermesh_remote_cluster_failures > 5", annotations={"d": "{{ $labels.source_cluster }}"}),
            NEW,
        ),
    ],
    "short-for": [
        (alert("cilium_unreachable_nodes > 0", **{"for": "30s"}), NEW),
        (alert(f"rate({DROPS}[5m]) > 3", **{"for": "1m"}), NEW),
        (alert("cilium_unreachable_nodes > 0", **{"for": None}), NEW),
        (alert("max by (node) (cilium_controllers_failing) > 0", **{"for": "0m"}), NEW),
    ],
    "no-severity": [
        (alert("cilium_unreachable_nodes > 0", labels=None), NEW),
        (alert("max by (node) (cilium_unreachable_nodes) > 0", labels={"team": "net"}), NEW),
        (alert("cilium_unreachable_nodes > 0", labels={"severity": ""}), NEW),
    ],
    "invalid-rule": [
        (alert("cilium_unreachable_nodes > 0", **{"for": "5 minutes"}), NEW),
        (alert("cilium_unreachable_nodes > 0", keep_firing_for="1m5h"), NEW),
        ({"record": "a:b", "expr": "cilium_version", "for": "5m"}, NEW),
    ],
    "unknown-metric": [
        (alert("rate(cilium_triggers_policy_update_total[5m]) > 1"), NEW),
        (alert("max(cilium_operator_unmanaged_pods) > 0"), OLD),
        (alert("sum(rate(cilium_policy_import_errors_total[5m])) > 0 or vector(0) > 1"), NEW),
    ],
    "unknown-label": [
        (alert('cilium_clustermesh_remote_cluster_readiness_status{source_cluster="a"} < 1'), NEW),
        (alert("sum by (source_cluster) (cilium_clustermesh_remote_cluster_failures) > 3"), NEW),
    ],
    "always-true-matcher": [
        (alert('sum(rate(cilium_policy_change_total{status!="success"}[5m])) > 0'), NEW),
        (alert('sum(rate(cilium_policy_change_total{outcome!="Success"}[5m])) > 0'), NEW),
        (alert('sum by (node) (increase(cilium_bpf_map_ops_total{outcome!~"ok|succeeded"}[5m])) > 0'), NEW),
    ],
    "impossible-label-value": [
        (alert(f'rate({DROPS}{{direction="egress"}}[5m]) > 1'), NEW),
        (alert('increase(cilium_policy_change_total{outcome=~"error|failed"}[30m]) > 0'), NEW),
    ],
    "classic-histogram-only": [
        (alert(f"histogram_quantile(0.99, sum by (le) (rate({DELAY}_bucket[10m]))) > 5"), NEW),
        (alert(f"rate({DELAY}_sum[10m]) / (rate({DELAY}_count[10m]) > 0) > 5"), NEW),
    ],
    "ratio-to-itself": [
        (alert(f"{READY} / cilium_endpoint_state < 0.9"), NEW),
        (
            alert('rate(cilium_policy_change_total{outcome="fail"}[5m]) / rate(cilium_policy_change_total[5m]) > 0.1'),
            NEW,
        ),
        (
            alert(
                '100 * rate(cilium_policy_change_total{outcome="fail"}[5m]) / rate(cilium_policy_change_total[5m]) > 5'
            ),
            NEW,
        ),
        (
            alert(
                'rate(cilium_policy_change_total{outcome="fail"}[5m])'
                " / (rate(cilium_policy_change_total[5m]) / 100) > 5"
            ),
            NEW,
        ),
    ],
    "invalid-promql": [(alert("sum(cilium_version"), NEW), (alert('up{a=~"(?!x)"} == 0'), NEW)],
    "short-window": [(alert(f"rate({DROPS}[30s]) > 1"), NEW), (alert(f"1 < increase({DROPS}[45s])"), NEW)],
    "rate-of-a-gauge": [
        (alert("rate(cilium_bpf_map_pressure[5m]) > 0.1"), NEW),
        (alert("increase(cilium_unreachable_nodes[10m]) > 0"), NEW),
        (alert("resets(cilium_bpf_map_pressure[1h]) > 0"), NEW),
    ],
    "delta-of-a-counter": [
        (alert("delta(cilium_clustermesh_remote_cluster_failures[15m]) > 3"), NEW),
        (alert('max by (cluster) (delta(cilium_operator_identity_gc_runs{outcome="fail"}[1h])) > 2'), NEW),
        (alert(f"delta({DROPS}[5m]) > 10"), NEW),
        (alert(f"0 < sum by (node) (idelta({DROPS}[5m]))"), NEW),
        (alert(f"deriv({DROPS}[10m]) * 60 > 5"), NEW),
        (alert(f"predict_linear({DROPS}[1h], 3600) > 1000"), NEW),
        (alert(f"delta({DELAY}_count[10m]) > 0"), NEW),
    ],
}

# Alerts that are right, and that other people's sets have in this form or another.
RIGHT: dict[str, Alert] = {
    "target down": alert('max by (cluster, namespace, pod) (up{pod=~"cilium-.*"} == bool 0) == 1'),
    "restarts": alert("changes(cilium_process_start_time_seconds[1h]) > 3", **{"for": "0m"}),
    "two versions": alert("count by (cluster) (count by (cluster, version) (cilium_version)) > 1", **{"for": "6h"}),
    "one bad version": alert('cilium_version{version!~"1[.]20[.].*"}'),
    "unreachable": alert(
        "max by (cluster) (cilium_unreachable_nodes) > 0",
        annotations={"summary": "{{ $labels.cluster }}: {{ $value }}"},
    ),
    "any node unreachable, as a sum": alert("sum(cilium_unreachable_nodes) > 0"),
    "controllers": alert(
        "sum by (cluster, namespace, pod) (cilium_controllers_failing) > 0",
        annotations={"d": "{{ $labels.namespace }}/{{ $labels.pod }}: {{ $value | humanize }}"},
    ),
    "share of drops": alert(
        f'sum by (cluster) (rate({DROPS}{{reason!~"Policy denied.*"}}[10m]))'
        " / sum by (cluster) (rate(cilium_forward_count_total[10m])) > 0.01"
    ),
    "share of drops in percent": alert(
        f"100 * sum(rate({DROPS}[10m])) / sum(rate(cilium_forward_count_total[10m])) > 5"
    ),
    "policy refused": alert('sum by (cluster) (increase(cilium_policy_change_total{outcome="fail"}[30m])) > 0'),
    "policy slow, both kinds of histogram": alert(
        f"sum by (cluster) (rate({DELAY}_sum[15m]) or histogram_sum(rate({DELAY}[15m])))"
        f" / (sum by (cluster) (rate({DELAY}_count[15m]) or histogram_count(rate({DELAY}[15m]))) > 0) > 10"
    ),
    "regeneration": alert(
        'sum by (cluster) (rate(cilium_endpoint_regenerations_total{outcome="fail"}[15m]))'
        " / sum by (cluster) (rate(cilium_endpoint_regenerations_total[15m])) > 0.05"
    ),
    "endpoints not ready": alert(
        'sum by (cluster) (cilium_endpoint_state{endpoint_state!="ready"})'
        " / sum by (cluster) (cilium_endpoint_state) > 0.05"
    ),
    "few endpoints ready": alert(f"sum({READY}) / sum(cilium_endpoint_state) < 0.95"),
    "few endpoints ready, the other way": alert(f"1 - sum({READY}) / sum(cilium_endpoint_state) > 0.05"),
    "drift": alert("max by (cluster, node) (cilium_drift_checker_config_delta) > 0", **{"for": "1h"}),
    "full map": alert(
        "max by (cluster, node, map_name) (cilium_bpf_map_pressure) > 0.9",
        annotations={"d": "{{ $labels.map_name }} on {{ $labels.node }}: {{ $value | humanizePercentage }}"},
    ),
    "map at its end": alert("cilium_bpf_map_pressure >= 1"),
    "addresses of a node": alert(
        "sum by (cluster, node, family) (cilium_ip_addresses)"
        " / sum by (cluster, node, family) (cilium_ipam_capacity) > 0.95"
    ),
    "source ports": alert("max by (cluster, node, family) (cilium_nat_endpoint_max_connection) > 0.85"),
    "identities": alert(
        'max by (cluster) (sum by (cluster, pod) (cilium_operator_identity_gc_entries{status="alive"})) > 55000'
    ),
    "DNS proxy": alert(
        'sum by (cluster) (rate(cilium_proxy_upstream_reply_seconds_count{scope="totalTime", error="timeout"}[10m])'
        ' or histogram_count(rate(cilium_proxy_upstream_reply_seconds{scope="totalTime", error="timeout"}[10m])))'
        ' / (sum by (cluster) (rate(cilium_proxy_upstream_reply_seconds_count{scope="totalTime"}[10m])'
        ' or histogram_count(rate(cilium_proxy_upstream_reply_seconds{scope="totalTime"}[10m]))) > 0) > 0.05'
    ),
    "no operator": alert(
        'absent(cilium_operator_process_start_time_seconds{cluster="a"})', annotations={"d": "{{ $labels.cluster }}"}
    ),
    "agents fewer than nodes": alert(
        "count by (cluster) (cilium_version) < on (cluster) count by (cluster) (kube_node_info)"
    ),
    "envoy without agent": alert("min by (cluster, node) (envoy_cilium_npds_control_plane_connected_state) == 0"),
    "lost events": alert("sum by (cluster, source) (rate(hubble_lost_events_total[10m])) > 10"),
    "remote cluster": alert(
        "min by (cluster, target_cluster) (cilium_clustermesh_remote_cluster_readiness_status) == 0",
        annotations={"d": "{{ $labels.target_cluster }}"},
    ),
    "BGP": alert("count by (cluster, neighbor) (cilium_bgp_control_plane_session_state == 0) > 0"),
    "BGP session that was up": alert(
        "cilium_bgp_control_plane_session_state == 0 and max_over_time(cilium_bgp_control_plane_session_state[1d]) == 1"
    ),
    "IPsec errors": alert("sum by (node, error) (increase(cilium_ipsec_xfrm_error[10m])) > 0"),
    "failures of a remote cluster": alert("increase(cilium_clustermesh_remote_cluster_failures[15m]) > 3"),
    "time since a failure": alert("time() - cilium_clustermesh_remote_cluster_last_failure_ts < 600"),
    "time since a start, on each node": alert(
        "cilium_unreachable_nodes > 0 and on (node) (time() - cilium_process_start_time_seconds) > 600"
    ),
    "share of a limit by a scalar": alert("cilium_controllers_failing / scalar(count(cilium_version)) > 0.5"),
    "certificate": alert("envoy_server_days_until_first_cert_expiring < 14"),
    "HTTP": alert(
        'sum by (destination_workload) (rate(hubble_http_requests_total{status=~"5.."}[5m]))'
        " / sum by (destination_workload) (rate(hubble_http_requests_total[5m])) > 0.05"
        " and sum by (destination_workload) (rate(hubble_http_requests_total[5m])) > 1"
    ),
    # What is normal is no fault of an alert that leaves it out.
    "DNS errors without NXDOMAIN of search domains": alert(
        'sum(rate(hubble_dns_responses_total{rcode!~"No Error|Non-Existent Domain"}[10m]))'
        " / sum(rate(hubble_dns_responses_total[10m])) > 0.05"
    ),
    "pool of ENIs": alert("min by (cluster) (cilium_operator_ipam_available_ips) == 0 and on (cluster) up == 1"),
    "dead man's switch": alert("vector(1)", labels={"severity": "none"}, **{"for": None}),
    "fast, in a fast group": alert("cilium_unreachable_nodes > 0", **{"for": "1m", "interval": "15s"}),
    "of a recording rule": alert("cluster:ready:ratio < 0.9"),
    "labels of a recording rule": alert("cluster:drops:rate5m > 5", annotations={"d": "{{ $labels.reason }}"}),
    "firing alerts": alert('ALERTS{alertname="CiliumTargetDown", alertstate="firing"}', **{"for": "5m"}),
    "value of another query in a template": alert(
        "max(cilium_unreachable_nodes) > 0",
        annotations={"d": '{{ range query "cilium_unreachable_nodes > 0" }}{{ .Labels.node }}{{ end }}'},
    ),
    "joined names": alert(
        "cilium_unreachable_nodes * on (node) group_left (kernel_version) kube_node_info > 0",
        annotations={"d": "{{ $labels.kernel_version }}"},
    ),
    "some, but not too many": alert(
        "cilium_unreachable_nodes > 0 and on (node) cilium_nodes_all_num > 3 and cilium_unreachable_nodes < 5"
    ),
    "one end down, the other up": alert(
        "cilium_bgp_control_plane_session_state == 0 and on (neighbor) cilium_bgp_control_plane_session_state == 1"
    ),
    "new since an hour": alert("cilium_bpf_map_pressure > 0.9 unless (cilium_bpf_map_pressure offset 1h > 0.9)"),
    "in a band": alert("cilium_bpf_map_pressure >= 0.8 unless cilium_bpf_map_pressure > 0.8"),
    "joined by one label of the target": alert(
        "sum by (node, pod) (cilium_controllers_failing) * on (node) sum by (node) (cilium_unreachable_nodes) > 3"
    ),
    "targets that are not looked at": alert(
        "sum by (cluster, node) (cilium_controllers_failing) > ignoring (node) group_left ()"
        " max by (cluster) (cilium_unreachable_nodes)"
    ),
    "young agents": alert("count by (cluster) (time() - cilium_process_start_time_seconds < 600) > 3"),
    "an old agent": alert("time() - min by (node) (cilium_process_start_time_seconds) > 86400 * 90"),
    "near the limit of open files": alert("cilium_process_open_fds / cilium_process_max_fds > 0.8"),
    "a small limit": alert("cilium_process_max_fds < 65536"),
    "memory": alert("max by (node) (cilium_process_resident_memory_bytes) > 2e9"),
    "goroutines": alert("go_goroutines{pod=~'cilium-.*'} > 20000"),
    "a small map": alert("cilium_bpf_map_capacity < 65536"),
    "too few agents": alert("count(cilium_version) < 3"),
    "one version of Go": alert('count by (version) (go_info{version=~"go1[.]2[01].*"}) > 0'),
    "failing for a while": alert("max_over_time(cilium_controllers_failing[10m]) > 0"),
    "a gauge that falls": alert("delta(cilium_endpoint_state[10m]) < -100"),
    "a gauge that will be full": alert("predict_linear(cilium_bpf_map_pressure[6h], 4 * 3600) > 1"),
    "some map": alert("sum by (node) (cilium_bpf_map_pressure) > 0"),
    "one map, summed": alert('sum by (node) (cilium_bpf_map_pressure{map_name="ct4_global"}) > 0.9'),
    "maps, each summed": alert("sum by (node, map_name) (cilium_bpf_map_pressure) > 0.9"),
    "how many are full": alert("sum by (node) (cilium_bpf_map_pressure > bool 0.9) > 1"),
    "three samples": alert("rate(cilium_drop_count_total[90s]) > 5"),
    "a window of the level": alert("max_over_time(cilium_bpf_map_pressure[1m]) > 0.9"),
    "addresses of another family": alert(
        'sum by (node) (cilium_ip_addresses) > sum by (node) (cilium_ipam_capacity{family="ipv4"})'
    ),
    "no address is left": alert("sum by (node) (cilium_ip_addresses) >= sum by (node) (cilium_ipam_capacity)"),
    "restarts, as resets": alert(f"resets({DROPS}[1h]) > 3"),
    "either of two": alert("cilium_unreachable_nodes > 3 or cilium_controllers_failing > 3"),
    "rate with a fallback": alert("(sum(rate(cilium_drop_count_total[5m])) or vector(0)) > 100"),
    "no traffic": alert("sum by (cluster) (rate(cilium_forward_count_total[10m])) == 0"),
    "nothing counted lately": alert("(time() - max by (source) (cilium_event_ts)) > 3600"),
    "the least quantile that counts as large": alert("quantile(0.95, cilium_unreachable_nodes) > 2"),
    "one percent": alert(f"100 * sum(rate({DROPS}[5m])) / sum(rate(cilium_forward_count_total[5m])) > 1"),
    "a large quantile": alert("quantile by (node) (0.99, cilium_bpf_map_pressure) > 0.95"),
    "no agent": alert("absent(cilium_version)"),
    "a version that is gone": alert('count(cilium_version{version=~"1[.]19[.].*"}) > 0'),
    "metrics of others": alert('kube_pod_status_phase{phase="Pending", pod=~"cilium-.*"} == 1'),
}
