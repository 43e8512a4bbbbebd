"""Expected values of the panels of Cilium / Operator."""

from tests.truth.limits import limit
from tests.truth.values import Value, earlier, increase, mean, now, rate, time

CALLS, FAILED = "cilium_operator_k8s_client_api_calls_total", "401|403|429|5..|<error>"
ALL_CALLS = rate(CALLS, "pod~cilium-operator.*").sum()
FAILED_SHARE = (rate(CALLS, "pod~cilium-operator.*", f"return_code~{FAILED}").sum() | (0 * ALL_CALLS)) / (ALL_CALLS > 0)
LOOP_RUNS, FAILED_COLLECTIONS = (
    "cilium_operator_controllers_group_runs_total",
    ("group_name=crd-identity-gc", "status=failure"),
)
COLLECTOR_FAILURES = now(LOOP_RUNS, *FAILED_COLLECTIONS)
OF_THE_HOUR = COLLECTOR_FAILURES - (earlier(LOOP_RUNS, 3600, *FAILED_COLLECTIONS) | (0 * COLLECTOR_FAILURES)) >= 0

IN_A_CLOUD = now("cilium_operator_ipam_nodes")
DOUBLE_WRITE = now("cilium_operator_doublewrite_kvstore_identities") > 0
TRUTH: dict[str, dict[str, Value]] = {
    "Operators": {
        "A": now("cilium_operator_process_start_time_seconds").count()
        | (0 * earlier("cilium_operator_process_start_time_seconds", 3600).count()),
        "B": time() - now("cilium_operator_process_start_time_seconds").max(),
    },
    "Services waiting": {
        "A": now("cilium_operator_lbipam_services_unsatisfied").max(),
    },
    "Pods without Cilium": {
        "A": now("cilium_operator_unmanaged_pods").max(),
    },
    "API calls failed": {
        "A": FAILED_SHARE,
    },
    "Failed identity collections": {
        "A": (
            now("cilium_operator_identity_gc_runs", "outcome=fail")
            | (limit("failing-loops.warning") <= (OF_THE_HOUR | COLLECTOR_FAILURES))
        ).max()
        | (0 * now("cilium_operator_identity_gc_runs").max()),
    },
    "Live identities": {
        "A": now("cilium_operator_identity_gc_entries", "status=alive").max(),
        "B": earlier("cilium_operator_identity_gc_entries", 3600, "status=alive").max(),
    },
    "Refused calls": {
        "A": (
            (
                rate(CALLS, f"return_code~{FAILED}").sum("cluster", "method", "return_code")
                > limit("refused-operator-calls.critical")
            ).top(10)
        ).or_not_scraped("cilium_operator_process_start_time_seconds", "method"),
    },
    "Errors and warnings": {
        "A": rate("cilium_operator_errors_warnings_total").sum("level") * 60,
    },
    "Loudest subsystems": {
        "A": increase("cilium_operator_errors_warnings_total").sum("subsystem", "level").nonzero().top(8),
    },
    "CPU": {
        "A": rate("cilium_operator_process_cpu_seconds_total").max("cluster"),
        "B": rate("cilium_operator_process_cpu_seconds_total").min("cluster"),
    },
    "Resident memory": {
        "A": now("cilium_operator_process_resident_memory_bytes").max("cluster"),
        "B": now("cilium_operator_process_resident_memory_bytes").min("cluster"),
    },
    "Failing loops": {
        "A": (
            (
                increase("cilium_operator_controllers_group_runs_total", "status=failure", seconds=3600).sum(
                    "cluster", "group_name"
                )
                | increase("cilium_operator_hive_jobs_runs_failed", seconds=3600)
                .label_replace("group_name", "$1", "job_name", "(.*)")
                .sum("cluster", "group_name")
                >= limit("failing-loops.warning")
            ).top(10)
        ).or_not_scraped("cilium_operator_process_start_time_seconds", "group_name"),
    },
    "API calls": {
        "A": rate("cilium_operator_k8s_client_api_calls_total").sum("return_code"),
    },
    "API call time and throttling": {
        "A": mean("cilium_operator_k8s_client_api_latency_time_seconds", by=("method", "path")),
        "B": mean("cilium_operator_k8s_client_rate_limiter_duration_seconds"),
    },
    "Workqueue depth": {
        "A": now("cilium_k8s_workqueue_depth", "pod~cilium-operator.*").sum("name"),
    },
    "Identities": {
        "A": now("cilium_operator_identity_gc_entries").max("status"),
    },
    "Identity collector runs": {
        "A": now("cilium_operator_identity_gc_runs").max("outcome"),
    },
    "Identity collector time": {
        "A": now("cilium_operator_identity_gc_latency").max("outcome"),
    },
    "Endpoint collector": {
        "A": rate("cilium_operator_endpoint_gc_objects").sum("outcome") * 60,
    },
    "Slices written": {
        "A": rate("cilium_operator_ces_sync_total").sum("outcome"),
    },
    "Endpoints per slice": {
        "A": mean("cilium_operator_number_of_ceps_per_ces"),
    },
    "Slice queue wait": {
        "A": mean("cilium_operator_ces_queueing_delay_seconds"),
    },
    "Identity controller": {
        "A": rate("cilium_operator_cid_controller_work_queue_event_count").sum("resource", "outcome"),
    },
    "Identities in one store only": {
        "A": now("cilium_operator_doublewrite_crd_only_identities").where(DOUBLE_WRITE, "cluster").max(),
        "B": now("cilium_operator_doublewrite_kvstore_only_identities").where(DOUBLE_WRITE, "cluster").max(),
    },
    "Pool use": {
        "A": (
            now("cilium_operator_lbipam_ips_used").max("cluster", "pool")
            / (
                now("cilium_operator_lbipam_ips_used").max("cluster", "pool")
                + now("cilium_operator_lbipam_ips_available").max("cluster", "pool")
            )
        ),
    },
    "Services and conflicts": {
        "A": now("cilium_operator_lbipam_services_matching").max(),
        "B": now("cilium_operator_lbipam_services_unsatisfied").max(),
        "C": now("cilium_operator_lbipam_conflicting_pools").max(),
    },
    "Addresses": {
        "A": now("cilium_operator_ipam_used_ips").sum(),
        "B": now("cilium_operator_ipam_available_ips").sum(),
        "C": now("cilium_operator_ipam_needed_ips").sum(),
    },
    "Nodes by state": {
        "A": now("cilium_operator_ipam_nodes").max("category"),
    },
    "Subnets nearly empty": {
        "A": now("cilium_operator_ipam_available_ips_per_subnet").min("subnet_id", "availability_zone").bottom(8),
    },
    "Interfaces": {
        "A": now("cilium_operator_ipam_interface_candidates").where(IN_A_CLOUD, "cluster").max(),
        "B": now("cilium_operator_ipam_empty_interface_slots").where(IN_A_CLOUD, "cluster").max(),
    },
    "Interfaces created": {
        "A": rate("cilium_operator_ipam_interface_creation_ops").sum("subnet_id") * 60,
    },
    "Cloud API time and throttle": {
        "A": mean("cilium_operator_ec2_api_duration_seconds", by=("operation", "response_code")),
        "B": mean("cilium_operator_azure_api_duration_seconds", by=("operation", "response_code")),
        "C": mean("cilium_operator_ec2_api_rate_limit_duration_seconds", by=("operation",)),
        "D": mean("cilium_operator_azure_api_rate_limit_duration_seconds", by=("operation",)),
    },
    "Allocation time": {
        "A": mean("cilium_operator_ipam_allocation_duration_seconds", by=("type", "status")),
    },
    "Cloud resyncs": {
        "A": rate("cilium_operator_ipam_resync_total").where(IN_A_CLOUD, "cluster").sum() * 60,
    },
}

REST = "rest_client_requests_total"

# Expected values of queries that only the boards of older releases have.
ALL_REST = rate(REST, "pod~cilium-operator.*").sum()
OLDER_FAILED_SHARE = (rate(REST, "pod~cilium-operator.*", f"code~{FAILED}").sum() | (0 * ALL_REST)) / (ALL_REST > 0)

OLDER: dict[str, dict[str, Value]] = {
    "Services waiting": {
        "A": now("cilium_operator_lbipam_services_unsatisfied_total").max(),
    },
    "Pool use": {
        "A": (
            now("cilium_operator_lbipam_ips_used_total").max("cluster", "pool")
            / (
                now("cilium_operator_lbipam_ips_used_total").max("cluster", "pool")
                + now("cilium_operator_lbipam_ips_available_total").max("cluster", "pool")
            )
        ),
    },
    "API calls failed": {
        "A": OLDER_FAILED_SHARE,
    },
    "API calls": {
        "A": rate(REST, "pod~cilium-operator.*").sum("code"),
    },
    "Workqueue depth": {
        "A": now("workqueue_depth", "pod~cilium-operator.*").sum("name"),
    },
}
