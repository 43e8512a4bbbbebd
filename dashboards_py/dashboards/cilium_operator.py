"""Cilium operator: is it up, does the API server answer, do garbage collection, identities and addresses keep up?

For the platform on-call. The row for clouds is collapsed and shows a text if it does not apply. Cheap: one or two pods;
only graphs per subnet and per call have many series.
"""

from dashboards_py.release import Release
from dashboards_py.style import (
    FAILED_CALLS,
    LIVE_IDENTITIES,
    OPERATORS_UP,
    Dashboard,
    Row,
    above,
    bargauge,
    below,
    cluster,
    dashboard,
    failed_operator_calls,
    link_to,
    query,
    row,
    stat,
    table,
    timeseries,
    unless_not_scraped,
)
from dashboards_py.style.limits import (
    API_CALLS_FAILED,
    FAILED_COLLECTIONS,
    FAILING_LOOPS,
    FREE_ADDRESSES,
    IDENTITIES,
    IP_POOLS,
    OPERATORS,
    PODS_WITHOUT_CILIUM,
    REFUSED_CALLS,
    SERVICES_WAITING,
    SLICE_TIME,
)

# Of each pod; an increase would read all samples of the hour.
COLLECTOR_FAILURES = 'cilium_operator_controllers_group_runs_total{group_name="crd-identity-gc", status="failure"}'
# These are 0 without a cloud as well, the nodes by state are not there (operator/pkg/ipam/metrics/metrics.go).
IN_A_CLOUD = "and on (cluster) cilium_operator_ipam_nodes"

# 0 unless identities are kept in both (operator/doublewrite/metrics.go).
DOUBLE_WRITE = "and on (cluster) (cilium_operator_doublewrite_kvstore_identities > 0)"


def board(cilium: Release) -> Dashboard:
    """The operator's health first, then its tasks for the cluster."""
    return dashboard(
        uid="cilium-operator",
        title="Cilium / Operator",
        about="For the platform on-call. Is the operator up and free of errors, and does the API server answer? Do "
        "garbage collection, identities and LoadBalancer addresses keep up? With cloud IPAM: do nodes get "
        "addresses in time?",
        replaces=(16612,),
        variables=(cluster("cilium_operator_process_start_time_seconds"),),
        rows=(
            health(cilium),
            api_server_and_queues(cilium),
            garbage_collection_and_slices(),
            loadbalancer_addresses(cilium),
            cloud_ipam(),
        ),
    )


def health(cilium: Release) -> Row:
    """Running operators, failures and resources."""
    return row(
        "Is it doing its work?",
        stat(
            "Operators",
            "Operators that are scraped, and the age of the youngest. If it is young repeatedly, it crashes: read the "
            "log of the pod's previous container.",
            query(OPERATORS_UP, "up"),
            query("time() - max(cilium_operator_process_start_time_seconds)", "youngest", unit="s", secondary=True),
            thresholds=below(OPERATORS),
            w=8,
            h=3,
        ),
        stat(
            "Services waiting",
            "Services that LB-IPAM has no address for. A pool is full, disabled or selects no service: `kubectl "
            "describe service` shows the condition.",
            query("max(cilium_operator_lbipam_services_unsatisfied)", "services"),
            *(
                [query("max(cilium_operator_lbipam_services_unsatisfied_total)", "services")]
                if cilium < (1, 17)
                else []
            ),
            thresholds=above(SERVICES_WAITING),
            w=8,
            h=3,
        ),
        stat(
            "Pods without Cilium",
            "Pods started before Cilium or by another CNI. No policy applies to them: restart them.",
            query("max(cilium_operator_unmanaged_pods)", "pods"),
            thresholds=above(PODS_WITHOUT_CILIUM),
            w=8,
            h=3,
        ),
        stat(
            "API calls failed",
            "Share of calls that the API server refuses (401, 403, 429, 5xx) or does not answer. The table of refused "
            "calls shows which. Until 1.18 from controller-runtime.",
            *(query(share, "of calls") for share in failed_operator_calls(cilium)),
            unit="percentunit",
            thresholds=above(API_CALLS_FAILED),
            no_value="no call seen",
            w=8,
            h=3,
        ),
        stat(
            "Failed identity collections",
            "Failed runs of the identity collector since the operator started, or those of its loop in the last "
            "hour, if these are five or more. Each leaves stale identities. The operator's log has the reason. Runs "
            "that end at an identity that cannot be written are counted only if prometheus.controllerGroupMetrics has "
            "crd-identity-gc.",
            query(
                f'max(cilium_operator_identity_gc_runs{{outcome="fail"}} or '
                f"({COLLECTOR_FAILURES} - ({COLLECTOR_FAILURES} offset 1h or 0 * {COLLECTOR_FAILURES}) >= 0 or "
                f"{COLLECTOR_FAILURES}) >= {FAILING_LOOPS.warning})"
                " or 0 * max(cilium_operator_identity_gc_runs)",
                "runs",
                levels=(FAILING_LOOPS.level("warning"),),
            ),
            thresholds=above(FAILED_COLLECTIONS),
            former_title="Failed collections",
            excuses={"counter-without-rate": "less those of an hour ago, or all since a restart: those of the hour"},
            w=8,
            h=3,
        ),
        stat(
            "Live identities",
            "Identities of the cluster, of 65280 that it can have. If the number grows, `kubectl get ciliumidentities` "
            "shows of which namespace, and `--show-labels` by which label: exclude it from identities (`labels`).",
            query(LIVE_IDENTITIES, "identities"),
            query('max(cilium_operator_identity_gc_entries{status="alive"} offset 1h)', "an hour ago", secondary=True),
            thresholds=above(IDENTITIES),
            links=(link_to("cilium-capacity"),),
            w=8,
            h=3,
        ),
        table(
            "Refused calls",
            "Calls that the API server refuses or does not answer, from 0.05 a second. 403 on PUT, POST, PATCH or "
            "DELETE: the operator may not write: compare its ClusterRole with the chart's (`helm get manifest`), then "
            "look for an admission webhook; 401: its token; 429, 5xx: the API server; `<error>`: the network to it.",
            unless_not_scraped(
                query(
                    "topk(10, sum by (cluster, method, return_code) (rate(cilium_operator_k8s_client_api_calls_total"
                    f'{{return_code=~"{FAILED_CALLS}"}}[$__rate_interval])) > {REFUSED_CALLS.critical})',
                    "calls",
                    levels=(REFUSED_CALLS.level("critical"),),
                ),
                "cilium_operator_process_start_time_seconds",
                "method",
            ),
            unit="reqps",
            thresholds=above(REFUSED_CALLS),
            no_value="no outlier",
            w=8,
            h=6,
        ),
        table(
            "Failing loops",
            "Loops with five failures or more in the last hour: search the operator's log for the name. Set "
            "prometheus.controllerGroupMetrics to `{all}` to see all groups.",
            unless_not_scraped(
                query(
                    "topk(10, (sum by (cluster, group_name)"
                    ' (increase(cilium_operator_controllers_group_runs_total{status="failure"}[1h]))'
                    " or sum by (cluster, group_name) (label_replace("
                    "increase(cilium_operator_hive_jobs_runs_failed[1h]),"
                    ' "group_name", "$1", "job_name", "(.*)")))'
                    f" >= {FAILING_LOOPS.warning})",
                    "failures",
                    levels=(FAILING_LOOPS.level("warning"),),
                ),
                "cilium_operator_process_start_time_seconds",
                "group_name",
            ),
            unit="none",
            thresholds=above(FAILING_LOOPS),
            no_value="no outlier",
            w=16,
            h=6,
        ),
        timeseries(
            "Errors and warnings",
            "Log lines of operators by level. When it rises, the loudest subsystems show what to search the log for.",
            query("sum by (level) (rate(cilium_operator_errors_warnings_total[$__rate_interval])) * 60", "{{level}}"),
            unit="count:/min",
            bars=True,
            w=12,
            h=7,
        ),
        bargauge(
            "Loudest subsystems",
            "Log lines by subsystem within the time range. Search the operator's log for the subsystem on top.",
            query(
                "topk(8, sum by (subsystem, level) (increase(cilium_operator_errors_warnings_total[$__range])) > 0)",
                "{{subsystem}} {{level}}",
            ),
            unit="none",
            w=12,
            h=7,
        ),
        timeseries(
            "CPU",
            "CPU of operators; 100 % is one core. The busiest is the leader, which `kubectl -n kube-system get lease "
            "cilium-operator-resource-lock` names: its load grows with identities and endpoints.",
            query(
                "max by (cluster) (rate(cilium_operator_process_cpu_seconds_total[$__rate_interval]))",
                "busiest {{cluster}}",
            ),
            query(
                "min by (cluster) (rate(cilium_operator_process_cpu_seconds_total[$__rate_interval]))",
                "idlest {{cluster}}",
            ),
            unit="percentunit",
            w=12,
            h=7,
        ),
        timeseries(
            "Resident memory",
            "Memory of operators. If it is near the pod's limit, raise the limit before the cluster grows.",
            query("max by (cluster) (cilium_operator_process_resident_memory_bytes)", "largest {{cluster}}"),
            query("min by (cluster) (cilium_operator_process_resident_memory_bytes)", "smallest {{cluster}}"),
            unit="bytes",
            w=12,
            h=7,
        ),
    )


def api_server_and_queues(cilium: Release) -> Row:
    """Calls to the API server, and work queues."""
    return row(
        "API server and queues",
        timeseries(
            "API calls",
            "Calls to the API server by response. 429: it is throttling; 409: two writers change the same object. "
            "Until 1.18 from controller-runtime.",
            query(
                "sum by (return_code) (rate(cilium_operator_k8s_client_api_calls_total[$__rate_interval]))",
                "{{return_code}}",
            ),
            *(
                [
                    query(
                        'sum by (code) (rate(rest_client_requests_total{pod=~"cilium-operator.*"}[$__rate_interval]))',
                        "{{code}}",
                    )
                ]
                if (1, 17) <= cilium <= (1, 18)
                else []
            ),
            unit="reqps",
            legend="right",
            w=12,
        ),
        timeseries(
            "Workqueue depth",
            "If a queue only grows, its handler hangs, or the API server rejects its writes.",
            query('sum by (name) (cilium_k8s_workqueue_depth{pod=~"cilium-operator.*"})', "{{name}}"),
            *(
                [query('sum by (name) (workqueue_depth{pod=~"cilium-operator.*"})', "{{name}}")]
                if (1, 17) <= cilium <= (1, 18)
                else []
            ),
            unit="none",
            legend="right",
            w=12,
        ),
        timeseries(
            "API call time and throttling",
            "Time of calls, and their wait for the operator's own rate limit. If that wait grows, raise "
            "k8sClientRateLimit.operator.",
            query(
                "sum by (method, path) "
                "(rate(cilium_operator_k8s_client_api_latency_time_seconds_sum[$__rate_interval]))"
                " / sum by (method, path) "
                "(rate(cilium_operator_k8s_client_api_latency_time_seconds_count[$__rate_interval]))",
                "{{method}} {{path}}",
            ),
            query(
                "sum(rate(cilium_operator_k8s_client_rate_limiter_duration_seconds_sum[$__rate_interval]))"
                " / sum(rate(cilium_operator_k8s_client_rate_limiter_duration_seconds_count[$__rate_interval]))",
                "own throttle",
            ),
            unit="s",
            legend="right",
            w=24,
        ),
        collapsed=True,
    )


def garbage_collection_and_slices() -> Row:
    """Garbage collection of identities and endpoints, and CiliumEndpointSlices."""
    return row(
        "Garbage collection and slices",
        timeseries(
            "Identities",
            "Identities by state: alive ones are in use. Many deleted in each run are churn by a label that should be "
            "excluded: see the policy board.",
            query("max by (status) (cilium_operator_identity_gc_entries)", "{{status}}"),
            unit="none",
            links=(link_to("cilium-policy"),),
        ),
        timeseries(
            "Identity collector runs",
            "Runs of the identity collector since the operator started. Success should rise every 15 minutes, failures "
            "should not, or stale identities pile up.",
            query("max by (outcome) (cilium_operator_identity_gc_runs)", "{{outcome}}"),
            unit="none",
            former_title="Identity collector",
        ),
        timeseries(
            "Identity collector time",
            "Duration of the last run of the identity collector. If it grows, there are too many identities.",
            query("max by (outcome) (cilium_operator_identity_gc_latency)", "{{outcome}}"),
            unit="s",
        ),
        timeseries(
            "Endpoint collector",
            "CiliumEndpoints removed after their pods. Failures: those of deleted pods remain and keep their policy.",
            query("sum by (outcome) (rate(cilium_operator_endpoint_gc_objects[$__rate_interval])) * 60", "{{outcome}}"),
            unit="count:/min",
            no_value="no removal seen",
        ),
        timeseries(
            "Slices written",
            "Writes of CiliumEndpointSlices. Failures: other nodes see old addresses of pods. Needs "
            "ciliumEndpointSlice.enabled.",
            query("sum by (outcome) (rate(cilium_operator_ces_sync_total[$__rate_interval]))", "{{outcome}}"),
            unit="ops",
            no_value="no slice seen",
        ),
        timeseries(
            "Endpoints per slice",
            "Endpoints in a slice that is written. Few: many small slices, which load the API server. Needs "
            "ciliumEndpointSlice.enabled.",
            query(
                "sum(rate(cilium_operator_number_of_ceps_per_ces_sum[$__rate_interval]))"
                " / sum(rate(cilium_operator_number_of_ceps_per_ces_count[$__rate_interval]))",
                "mean",
            ),
            unit="short",
            no_value="no slice seen",
        ),
        timeseries(
            "Slice queue wait",
            "Time until a change is written to its slice. If it is long, raise ciliumEndpointSlice.rateLimits. "
            "Needs ciliumEndpointSlice.enabled.",
            query(
                "sum(rate(cilium_operator_ces_queueing_delay_seconds_sum[$__rate_interval]))"
                " / sum(rate(cilium_operator_ces_queueing_delay_seconds_count[$__rate_interval]))",
                "mean",
            ),
            unit="s",
            thresholds=above(SLICE_TIME),
            no_value="no slice seen",
        ),
        timeseries(
            "Identity controller",
            "Events of the identity controller by result. Failures: pods wait for their identity; the operator's log "
            "has the reason. Needs identityManagementMode `operator`.",
            query(
                "sum by (resource, outcome) "
                "(rate(cilium_operator_cid_controller_work_queue_event_count[$__rate_interval]))",
                "{{resource}} {{outcome}}",
            ),
            unit="eps",
            no_value="no event seen",
            w=12,
        ),
        timeseries(
            "Identities in one store only",
            "While identityAllocationMode is a double write: identities that the other store lacks. Both lines must "
            "reach 0 before you switch.",
            query(f"max(cilium_operator_doublewrite_crd_only_identities {DOUBLE_WRITE})", "only in CRDs"),
            query(f"max(cilium_operator_doublewrite_kvstore_only_identities {DOUBLE_WRITE})", "only in kvstore"),
            unit="none",
            no_value="no double write seen",
            former_title="Identity controller and migration",
            w=12,
        ),
        collapsed=True,
    )


def loadbalancer_addresses(cilium: Release) -> Row:
    """Usage of LoadBalancer pools, and services without an address."""
    return row(
        "LoadBalancer addresses",
        bargauge(
            "Pool use",
            "Share of a pool's addresses in use. Before it is full, extend the CiliumLoadBalancerIPPool. Before "
            "1.16.17, 1.17.10 and 1.18.4 the values are wrong.",
            query(
                "max by (cluster, pool) (cilium_operator_lbipam_ips_used) / (max by (cluster, pool) "
                "(cilium_operator_lbipam_ips_used) + max by (cluster, pool) (cilium_operator_lbipam_ips_available))",
                "{{pool}} {{cluster}}",
            ),
            *(
                [
                    query(
                        "max by (cluster, pool) (cilium_operator_lbipam_ips_used_total) / (max by (cluster, pool) "
                        "(cilium_operator_lbipam_ips_used_total) + max by (cluster, pool) "
                        "(cilium_operator_lbipam_ips_available_total))",
                        "{{pool}} {{cluster}}",
                    )
                ]
                if cilium < (1, 17)
                else []
            ),
            unit="percentunit",
            thresholds=above(IP_POOLS),
            h=6,
        ),
        timeseries(
            "Services and conflicts",
            "Services that match a pool, and those without an address. Pools in conflict, whose ranges overlap, do not "
            "assign addresses.",
            query("max(cilium_operator_lbipam_services_matching)", "matching"),
            query("max(cilium_operator_lbipam_services_unsatisfied)", "unsatisfied"),
            query("max(cilium_operator_lbipam_conflicting_pools)", "pools in conflict"),
            unit="none",
            legend="list",
            h=6,
        ),
        collapsed=True,
        no_value="no pool seen",
    )


def cloud_ipam() -> Row:
    """Addresses and interfaces with cloud IPAM."""
    return row(
        "Cloud IPAM",
        timeseries(
            "Addresses",
            "Addresses of all nodes. Missing above 0 for minutes: pods wait for addresses; see the subnets and API "
            "calls below.",
            query("sum(cilium_operator_ipam_used_ips)", "used"),
            query("sum(cilium_operator_ipam_available_ips)", "available"),
            query("sum(cilium_operator_ipam_needed_ips)", "missing"),
            unit="none",
        ),
        timeseries(
            "Nodes by state",
            "in-deficit: nodes that wait for addresses; at-capacity: nodes whose instance type has no more.",
            query("max by (category) (cilium_operator_ipam_nodes)", "{{category}}"),
            unit="none",
        ),
        bargauge(
            "Subnets nearly empty",
            "Addresses left in the emptiest subnets. Add a subnet, or delegate prefixes.",
            query(
                "bottomk(8, min by (subnet_id, availability_zone) (cilium_operator_ipam_available_ips_per_subnet))",
                "{{subnet_id}} {{availability_zone}}",
            ),
            unit="short",
            thresholds=below(FREE_ADDRESSES),
            w=24,
            h=6,
        ),
        timeseries(
            "Interfaces",
            "Interfaces with free addresses, and free slots for more interfaces. Both 0 in a cloud: nodes are full.",
            query(f"max(cilium_operator_ipam_interface_candidates {IN_A_CLOUD})", "with free addresses"),
            query(f"max(cilium_operator_ipam_empty_interface_slots {IN_A_CLOUD})", "free slots"),
            unit="none",
        ),
        timeseries(
            "Interfaces created",
            "New interfaces by subnet. Many: nodes are added, or pods come and go; none while addresses run out: see "
            "the operator's log.",
            query(
                "sum by (subnet_id) (rate(cilium_operator_ipam_interface_creation_ops[$__rate_interval])) * 60",
                "{{subnet_id}}",
            ),
            unit="count:/min",
        ),
        timeseries(
            "Cloud API time and throttle",
            "Time of calls to the cloud's API, and their wait for our own limit. Errors or seconds: check permissions "
            "and the provider's quota; own throttle: raise the operator's limits if the provider allows it.",
            query(
                "sum by (operation, response_code)"
                " (rate(cilium_operator_ec2_api_duration_seconds_sum[$__rate_interval]))"
                " / sum by (operation, response_code)"
                " (rate(cilium_operator_ec2_api_duration_seconds_count[$__rate_interval]))",
                "EC2 {{operation}} {{response_code}}",
            ),
            query(
                "sum by (operation, response_code)"
                " (rate(cilium_operator_azure_api_duration_seconds_sum[$__rate_interval]))"
                " / sum by (operation, response_code)"
                " (rate(cilium_operator_azure_api_duration_seconds_count[$__rate_interval]))",
                "Azure {{operation}} {{response_code}}",
            ),
            query(
                "sum by (operation) "
                "(rate(cilium_operator_ec2_api_rate_limit_duration_seconds_sum[$__rate_interval]))"
                " / sum by (operation) "
                "(rate(cilium_operator_ec2_api_rate_limit_duration_seconds_count[$__rate_interval]))",
                "EC2 own throttle {{operation}}",
            ),
            query(
                "sum by (operation) "
                "(rate(cilium_operator_azure_api_rate_limit_duration_seconds_sum[$__rate_interval]))"
                " / sum by (operation) "
                "(rate(cilium_operator_azure_api_rate_limit_duration_seconds_count[$__rate_interval]))",
                "Azure own throttle {{operation}}",
            ),
            unit="s",
        ),
        timeseries(
            "Allocation time",
            "Mean time of allocations of addresses by result. The operator's log has the cause of failures.",
            query(
                "sum by (type, status) "
                "(rate(cilium_operator_ipam_allocation_duration_seconds_sum[$__rate_interval]))"
                " / sum by (type, status) "
                "(rate(cilium_operator_ipam_allocation_duration_seconds_count[$__rate_interval]))",
                "{{type}} {{status}}",
            ),
            unit="s",
            former_title="Allocation and resync",
        ),
        timeseries(
            "Cloud resyncs",
            "Full reads of the cloud's instances and interfaces. Many: the cloud's API is used up by them.",
            query(f"sum(rate(cilium_operator_ipam_resync_total[$__rate_interval]) {IN_A_CLOUD}) * 60", "all"),
            unit="count:/min",
        ),
        collapsed=True,
        no_value="no cloud seen",
    )
