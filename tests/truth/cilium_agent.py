"""Expected values of the panels of Cilium / Agent."""

from tests.truth.agents import MISSING
from tests.truth.cilium_capacity import INSERTION_FAILURES, USED_ADDRESSES
from tests.truth.limits import limit
from tests.truth.not_scraped import not_scraped_on_nodes
from tests.truth.values import Value, increase, lowest, mean, now, quantile, rate, time

DROPS = rate("cilium_drop_count_total", "reason!~Policy denied.*").sum("cluster", "node")
NODES = now("cilium_unreachable_nodes").sum("cluster", "node")
ENDPOINTS = now("cilium_unreachable_health_endpoints").sum("cluster", "node")

TRUTH: dict[str, dict[str, Value]] = {
    "Agents": {
        "A": MISSING.of_all_nodes(),
        "B": now("cilium_version").count(),
        "C": ((time() - now("cilium_process_start_time_seconds")) < 3600).count(),
    },
    "Failing controllers": {
        "A": now("cilium_controllers_failing").sum(),
        "B": (now("cilium_controllers_failing") > 0).count(),
    },
    "Unreachable": {
        "A": now("cilium_unreachable_nodes").max(),
        "B": now("cilium_unreachable_health_endpoints").max(),
    },
    "Endpoints not ready": {
        "A": now("cilium_endpoint_state", "endpoint_state!=ready").sum() | (0 * now("cilium_endpoint_state").sum()),
    },
    "Not scraped": {
        "A": not_scraped_on_nodes(),
    },
    "Nodes that need a look": {
        "A": INSERTION_FAILURES.sum("cluster", "node").nonzero().top(8).or_not_scraped("cilium_version"),
        "B": (limit("node-drops.warning") < DROPS)
        .above((DROPS.of_all_nodes().share(0.25, "cluster") * 3).clamp_max(100), "cluster")
        .top(8),
        "C": (now("cilium_bpf_map_pressure").max("cluster", "node") > limit("map-pressure.critical")).top(8),
        "D": (USED_ADDRESSES.max("cluster", "node") > limit("pod-addresses.critical")).top(8),
        "E": NODES.above(NODES.of_all_nodes().share(0.5, "cluster"), "cluster").top(8),
        "F": ENDPOINTS.above(ENDPOINTS.of_all_nodes().share(0.5, "cluster"), "cluster").top(8),
        "G": (lowest("cilium_endpoint_state", 300, "endpoint_state!=ready").sum("cluster", "node") > 0).top(8),
        "H": ((time() - now("cilium_event_ts").max("cluster", "node")) > limit("agent-silence.critical")).top(8),
        "I": (lowest("cilium_controllers_failing", 300).sum("cluster", "node") > 0).top(8),
    },
    "Loudest subsystems": {
        "A": increase("cilium_errors_warnings_total").sum("subsystem", "level").nonzero().top(8),
    },
    "Errors and warnings": {
        "A": rate("cilium_errors_warnings_total").sum("level") * 60,
    },
    "Drops by reason and direction": {
        "A": rate("cilium_drop_count_total").sum("reason", "direction"),
    },
    "Forwarded packets": {
        "A": rate("cilium_forward_count_total").sum("direction"),
    },
    "CPU": {
        "A": rate("cilium_process_cpu_seconds_total").avg(),
        "B": rate("cilium_process_cpu_seconds_total").max(),
    },
    "Resident memory": {
        "A": now("cilium_process_resident_memory_bytes").avg(),
        "B": now("cilium_process_resident_memory_bytes").max(),
    },
    "Forwarded traffic": {
        "A": rate("cilium_forward_bytes_total").sum("direction") * 8,
    },
    "Dropped traffic": {
        "A": rate("cilium_drop_bytes_total").sum("reason", "direction") * 8,
    },
    "Fragments and MTU errors": {
        "A": rate("cilium_fragmented_count_total").sum("direction"),
        "B": rate("cilium_mtu_error_message_total").sum("direction"),
    },
    "BPF map operations": {
        "A": rate("cilium_bpf_map_ops_total").sum("operation"),
        "B": rate("cilium_bpf_map_ops_total", "map_name~.*lb[46]_.*").sum("operation"),
    },
    "Busiest maps": {
        "A": rate("cilium_bpf_map_ops_total").sum("map_name", "operation").nonzero().top(8),
    },
    "Busiest nodes": {
        "A": rate("cilium_bpf_map_ops_total").sum("cluster", "node").top(8),
    },
    "BPF system call time": {
        "A": (rate("cilium_bpf_syscall_duration_seconds_sum") / rate("cilium_bpf_syscall_duration_seconds_count")).max(
            "operation"
        ),
    },
    "BPF system calls": {
        "A": rate("cilium_bpf_syscall_duration_seconds_count").sum("operation"),
    },
    "Endpoint states": {
        "A": now("cilium_endpoint_state").sum("endpoint_state"),
        "B": now("cilium_endpoint_component_status", "status!=OK").sum("type", "status"),
    },
    "Regenerations": {
        "A": rate("cilium_endpoint_regenerations_total").sum("outcome") * 60,
    },
    "Why endpoints regenerate": {
        "A": increase("cilium_endpoint_regenerations_total", "outcome=fail").sum("reason", "error").nonzero().top(15),
        "B": increase("cilium_endpoint_regenerations_total", "outcome=success")
        .sum("reason", "error")
        .nonzero()
        .top(15),
    },
    "Regeneration time by stage, mean": {
        "A": mean("cilium_endpoint_regeneration_time_stats_seconds", "scope!=total", by=("scope",)),
    },
    "Regeneration time by stage, p90": {
        "A": quantile(
            0.9,
            "cilium_endpoint_regeneration_time_stats_seconds",
            "scope!=total",
            by=("scope",),
            least=10,
            over="range",
        ),
    },
    "Endpoint restore": {
        "A": now("cilium_endpoint_restoration_endpoints", "outcome=failed").sum("phase").nonzero(),
        "B": now("cilium_endpoint_restoration_duration_seconds").max("phase"),
    },
    "Slice round trip": {
        "A": mean("cilium_endpoint_propagation_delay_seconds"),
    },
    "Controller runs": {
        "A": rate("cilium_controllers_runs_total").sum("status") * 60,
    },
    "Controller run time": {
        "A": mean("cilium_controllers_runs_duration_seconds", by=("status",)),
    },
    "Failing loops by name": {
        "A": (
            increase("cilium_controllers_group_runs_total", "status=failure").sum("cluster", "group_name")
            | increase("cilium_hive_jobs_runs_failed").sum("cluster", "module_id", "job_name")
        )
        .nonzero()
        .top(10),
    },
    "Module health": {
        "A": now("cilium_hive_status", "pod~cilium-[^-]+").sum("status"),
    },
    "API latency by call, mean": {
        "A": mean("cilium_k8s_client_api_latency_time_seconds", by=("method", "path")),
    },
    "API calls: slowest and most frequent": {
        "A": (mean("cilium_k8s_client_api_latency_time_seconds", by=("cluster", "node", "method", "path")))
        .max("method", "path")
        .top(10),
        "B": rate("cilium_k8s_client_api_latency_time_seconds_count").sum("method", "path").top(10),
    },
    "API calls": {
        "A": rate("cilium_k8s_client_api_calls_total").sum("return_code"),
    },
    "Client throttling": {
        "A": mean("cilium_k8s_client_rate_limiter_duration_seconds"),
    },
    "Workqueue depth": {
        "A": now("cilium_k8s_workqueue_depth", "pod~cilium-[^-]+").max("name"),
    },
    "Events received": {
        "A": rate("cilium_kubernetes_events_received_total").sum("scope"),
    },
    "Events now, by action": {
        "A": (rate("cilium_kubernetes_events_total", "status=failed").sum("scope", "action") > 0).top(15),
        "B": (rate("cilium_kubernetes_events_received_total").sum("scope", "action") > 0).top(15),
    },
    "Node events": {
        "A": rate("cilium_nodes_all_events_received_total").sum("event_type", "source") * 60,
    },
    "Nodes known": {
        "A": now("cilium_nodes_all_num").min(),
        "B": now("cilium_nodes_all_num").max(),
    },
    "Probe results": {
        "A": now("cilium_node_health_connectivity_status").sum("type", "status"),
    },
    "Probe latency": {
        "A": mean("cilium_node_health_connectivity_latency_seconds", by=("type", "protocol")),
    },
    "BPF memory": {
        "A": (now("cilium_bpf_maps_virtual_memory_max_bytes") + now("cilium_bpf_progs_virtual_memory_max_bytes")).avg(),
        "B": (now("cilium_bpf_maps_virtual_memory_max_bytes") + now("cilium_bpf_progs_virtual_memory_max_bytes")).max(),
    },
    "Largest agents": {
        "A": now("cilium_process_resident_memory_bytes").sum("cluster", "node").top(10),
        "B": rate("cilium_process_cpu_seconds_total").sum("cluster", "node").top(10),
        "C": now("cilium_process_open_fds").sum("cluster", "node").top(10),
    },
    "IPsec errors": {
        "A": (now("cilium_ipsec_xfrm_error").sum("type", "error") > 0).top(10),
    },
    "IPsec keys and states": {
        "A": now("cilium_ipsec_keys").min(),
        "B": now("cilium_ipsec_keys").max(),
        "C": now("cilium_ipsec_xfrm_states").max("direction"),
    },
}
