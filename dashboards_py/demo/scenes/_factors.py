"""How much slower than in the synthetic cluster some counters count: errors are few where people look."""

# Rates of counters, times what the synthetic cluster has: (metric, label, its values, factor).
FACTORS: tuple[tuple[str, str, str, float], ...] = (
    (r"operator_ipam_", "", "", 0.0),
    # All runs, of which those of groups are a part.
    (r"controllers_runs", "status", "success", 100.0),
    (r"controllers_runs", "status", "failure", 6.0),
    (r"controllers_group_runs", "status", "failure", 0.05),
    (r"cilium_k8s_client_api_calls", "", "", 1.56),  # as many as their latencies are counted
    (r"operator_endpoint_gc_objects", "", "", 0.1),
    (r"agent_api_process_time", "return_code", "^5", 0.0),
    (r"envoy_.*_rq_xx", "envoy_response_code_class", "^1$", 0.0),
    (r"envoy_.*_rq_xx", "envoy_response_code_class", "^2$", 1.6),
    (r"envoy_.*_rq_xx", "envoy_response_code_class", "^3$", 0.06),
    (r"envoy_.*_rq_xx", "envoy_response_code_class", "^4$", 6.0),
    (r"envoy_listener_manager_listener_create_failure", "", "", 0.0),
    (r"xds_events", "status", "cancel", 0.0),
    (r"envoy_.*(lds|cds|npds)_update_|xds_events", "", "", 0.02),
    (r"conntrack_gc_runs", "status", "uncompleted", 0.0),
    (r"api_limiter_processed", "outcome", "^(?!success)", 0.003),
    (r"signals_handled", "signal", "fill_up", 0.0),
    (r"ipam_events|fqdn_gc_deletions", "", "", 0.02),
    (r"bpf_map_ops|bpf_syscall", "outcome", "fail", 0.01),
    (r"cilium_forward_bytes", "", "", 620.0),
    (r"bpf_ratelimit_dropped", "", "", 0.0),
    (r"ipcache_errors|kvstore_sync_errors|jobs_runs_failed|reconcile_errors|rate_limit|ratelimit", "", "", 0.01),
    (r"fragmented", "", "", 0.2),
    (r"mtu_error|semaphore_rejected|update_timeout|dump_resets", "", "", 0.00004),
    (r"regeneration_time|policy_implementation_delay", "", "", 0.06),
    # What Envoy refuses is denied by policy: the other causes are faults of their own.
    (r"envoy_http_(no_route|no_cluster|downstream_rq_(timeout|too_large))", "", "", 0.0),
    (r"envoy_.*(fail|reset|timeout|overflow|denied|no_route|no_cluster|error|too_large|retry)", "", "", 0.004),
    (r"signals_handled|conntrack_gc_duration", "", "", 0.1),
    (r"hubble_lost_events", "", "", 0.01),
    (r"hubble_flows_to_world", "verdict", "DROPPED|ERROR", 0.02),
)
