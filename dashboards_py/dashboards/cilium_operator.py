"""Reader: platform on-call. Is the operator up, error-free and heard by the API server? Do garbage collection, identities and LoadBalancer addresses keep up? On cloud IPAM: do nodes get addresses in time? Variables: datasource, cluster. Needs the operator ServiceMonitor. Left out: minimum and mean over one or two pods. Rows of other people's clouds stay closed and say so. Cheap: one or two pods; the only long legends are per subnet and per call. Samples: open 0.01 M, all 0.8 M (upstream 0.005 M)."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    Board,
    above,
    bargauge,
    below,
    cluster,
    dashboard,
    query,
    row,
    stat,
    table,
    timeseries,
    to,
)


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster"""
    return dashboard(
        uid="cilium-operator",
        title="Cilium / Operator",
        about="For platform on-call. Is the operator up, error-free and heard by the API server? Do garbage collection, identities and LoadBalancer addresses keep up? On cloud IPAM: do nodes get addresses in time?",
        replaces=(16612,),
        variables=(cluster("cilium_operator_process_start_time_seconds"),),
        rows=(
            is_it_doing_its_work(cilium),
            api_server_and_queues(cilium),
            garbage_collection_and_slices(),
            loadbalancer_addresses(cilium),
            cloud_ipam(),
        ),
    )


def is_it_doing_its_work(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Is it doing its work?",
        stat(
            "Operators",
            "Young and again young: crash loop, read its previous log",
            query("count(cilium_operator_process_start_time_seconds)", "up"),
            query("time() - max(cilium_operator_process_start_time_seconds)", "youngest, s"),
            limits=below(critical=1),
        ),
        stat(
            "LoadBalancer services without address",
            "A pool is full, disabled or matches nobody: describe the Service [needs: LB-IPAM on (default since 1.17)]",
            query("max(cilium_operator_lbipam_services_unsatisfied)", "services"),
            *(
                [query("max(cilium_operator_lbipam_services_unsatisfied_total)", "services")]
                if cilium < (1, 17)
                else []
            ),
            limits=above(critical=1),
        ),
        stat(
            "Pods without Cilium",
            "Started before Cilium or by another CNI: no policy applies, restart them [releases 1.17+]",
            query("max(cilium_operator_unmanaged_pods)", "pods"),
            limits=above(warning=1),
        ),
        timeseries(
            "Errors and warnings",
            "The subsystem says which controller to read in the log",
            query(
                "sum by (level, subsystem) (rate(cilium_operator_errors_warnings_total[$__rate_interval])) * 60",
                "{{level}} {{subsystem}}",
            ),
            unit="opm",
            no_value="none seen",
        ),
        timeseries(
            "CPU",
            "100 % = one core; the busy pod is the leader: growth follows identities and endpoints",
            query("sum by (pod) (rate(cilium_operator_process_cpu_seconds_total[$__rate_interval]))", "{{pod}}"),
            unit="percentunit",
        ),
        timeseries(
            "Resident memory",
            "Near the pod's limit: raise it before the cluster grows",
            query("sum by (pod) (cilium_operator_process_resident_memory_bytes)", "{{pod}}"),
            unit="bytes",
        ),
    )


def api_server_and_queues(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "API server and queues",
        timeseries(
            "API calls",
            "429: API server sheds load; 409: two writers [releases 1.17-1.18 1.20]",
            query(
                "sum by (method, return_code) (rate(cilium_operator_k8s_client_api_calls_total[$__rate_interval]))",
                "{{method}} {{return_code}}",
            ),
            *(
                [
                    query(
                        'sum by (method, code) (rate(rest_client_requests_total{pod=~"cilium-operator.*"}[$__rate_interval]))',
                        "{{method}} {{code}}",
                    )
                ]
                if (1, 17) <= cilium <= (1, 18)
                else []
            ),
            unit="ops",
        ),
        timeseries(
            "API call time and throttling",
            "Own throttle above zero: raise k8sClientRateLimit.operator [releases 1.20]",
            query(
                "sum by (method, path) (rate(cilium_operator_k8s_client_api_latency_time_seconds_sum[$__rate_interval])) / sum by (method, path) (rate(cilium_operator_k8s_client_api_latency_time_seconds_count[$__rate_interval]))",
                "{{method}} {{path}}",
            ),
            query(
                "sum(rate(cilium_operator_k8s_client_rate_limiter_duration_seconds_sum[$__rate_interval])) / sum(rate(cilium_operator_k8s_client_rate_limiter_duration_seconds_count[$__rate_interval]))",
                "own throttle",
            ),
            unit="s",
        ),
        timeseries(
            "Workqueue depth",
            "Only grows: the handler hangs or the API server refuses writes [releases 1.17+]",
            query('sum by (name) (cilium_k8s_workqueue_depth{pod=~"cilium-operator.*"})', "{{name}}"),
            *(
                [query('sum by (name) (workqueue_depth{pod=~"cilium-operator.*"})', "{{name}}")]
                if (1, 17) <= cilium <= (1, 18)
                else []
            ),
            unit="short",
        ),
        table(
            "Failing loops",
            "In the range: grep the log for the name [needs: prometheus.controllerGroupMetrics]",
            query(
                'topk(10, sum by (group_name) (increase(cilium_operator_controllers_group_runs_total{status="failure"}[$__range])))',
                "controller groups",
            ),
            query(
                "topk(10, sum by (module_id, job_name) (increase(cilium_operator_hive_jobs_runs_failed[$__range])))",
                "jobs",
            ),
            unit="short",
            no_value="none seen",
        ),
        closed=True,
    )


def garbage_collection_and_slices() -> RowPanel:
    """TODO"""
    return row(
        "Garbage collection and slices",
        timeseries(
            "Identities",
            "alive = identities of the cluster; deleted high each run = churn by a label that should be excluded",
            query("max by (status) (cilium_operator_identity_gc_entries)", "{{status}}"),
            unit="short",
            links=(to("cilium-policy"),),
        ),
        timeseries(
            "Identity collector",
            "The fail line must be flat: else stale identities pile up",
            query("max by (outcome) (cilium_operator_identity_gc_runs)", "runs {{outcome}}"),
            query("max by (outcome) (cilium_operator_identity_gc_latency)", "s per run, {{outcome}}"),
            unit="short",
        ),
        timeseries(
            "Endpoint collector",
            "fail: CiliumEndpoints of dead pods remain and keep their policy",
            query("sum by (outcome) (rate(cilium_operator_endpoint_gc_objects[$__rate_interval])) * 60", "{{outcome}}"),
            unit="opm",
            no_value="nothing collected",
        ),
        timeseries(
            "Slices written",
            "fail: remote nodes see old pod addresses [needs: ciliumEndpointSlice.enabled]",
            query("sum by (outcome) (rate(cilium_operator_ces_sync_total[$__rate_interval]))", "{{outcome}}"),
            query(
                "sum(rate(cilium_operator_number_of_ceps_per_ces_sum[$__rate_interval])) / sum(rate(cilium_operator_number_of_ceps_per_ces_count[$__rate_interval]))",
                "endpoints per slice",
            ),
            unit="ops",
            no_value="CiliumEndpointSlice is off",
        ),
        timeseries(
            "Slice queue wait",
            "Long: raise ciliumEndpointSlice.rateLimits [needs: ciliumEndpointSlice.enabled]",
            query(
                "sum(rate(cilium_operator_ces_queueing_delay_seconds_sum[$__rate_interval])) / sum(rate(cilium_operator_ces_queueing_delay_seconds_count[$__rate_interval]))",
                "mean",
            ),
            unit="s",
            limits=above(warning=5, critical=30),
            no_value="CiliumEndpointSlice is off",
        ),
        timeseries(
            "Identity controller and migration",
            'During a double-write migration both "only" lines must reach 0 before the switch [needs: identityManagementMode=operator or identityAllocationMode=doublewrite] [releases 1.17+]',
            query(
                "sum by (resource, outcome) (rate(cilium_operator_cid_controller_work_queue_event_count[$__rate_interval]))",
                "{{resource}} {{outcome}}",
            ),
            query("max(cilium_operator_doublewrite_crd_only_identities)", "only in CRDs"),
            query("max(cilium_operator_doublewrite_kvstore_only_identities)", "only in kvstore"),
            unit="short",
            no_value="off",
        ),
        closed=True,
    )


def loadbalancer_addresses(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "LoadBalancer addresses",
        bargauge(
            "Pool use",
            "Full: extend the CiliumLoadBalancerIPPool. Values are wrong before 1.16.17, 1.17.10, 1.18.4 [needs: `pool` here is the pool's name]",
            query(
                "max by (pool) (cilium_operator_lbipam_ips_used) / (max by (pool) (cilium_operator_lbipam_ips_used) + max by (pool) (cilium_operator_lbipam_ips_available))",
                "{{pool}}",
            ),
            *(
                [
                    query(
                        "max by (pool) (cilium_operator_lbipam_ips_used_total) / (max by (pool) (cilium_operator_lbipam_ips_used_total) + max by (pool) (cilium_operator_lbipam_ips_available_total))",
                        "{{pool}}",
                    )
                ]
                if cilium < (1, 17)
                else []
            ),
            unit="percentunit",
            limits=above(warning=0.8, critical=0.95),
        ),
        timeseries(
            "Services and conflicts",
            "Pools in conflict hand out nothing: their ranges overlap [needs: 1.16: the same names with `_total`] [releases 1.17+]",
            query("max(cilium_operator_lbipam_services_matching)", "matching"),
            query("max(cilium_operator_lbipam_services_unsatisfied)", "unsatisfied"),
            query("max(cilium_operator_lbipam_conflicting_pools)", "pools in conflict"),
            unit="short",
        ),
        closed=True,
        no_value="no LoadBalancer pool",
    )


def cloud_ipam() -> RowPanel:
    """TODO"""
    return row(
        "Cloud IPAM",
        timeseries(
            "Addresses",
            "Missing above 0 for minutes: pods wait for addresses, see subnets and API [needs: ipam.mode cloud]",
            query("sum(cilium_operator_ipam_used_ips)", "used"),
            query("sum(cilium_operator_ipam_available_ips)", "available"),
            query("sum(cilium_operator_ipam_needed_ips)", "missing"),
            unit="short",
        ),
        timeseries(
            "Nodes by state",
            "in-deficit: waiting for addresses; at-capacity: instance type too small [needs: ipam.mode cloud]",
            query("max by (category) (cilium_operator_ipam_nodes)", "{{category}}"),
            unit="short",
        ),
        bargauge(
            "Subnets nearly empty",
            "Add a subnet or prefix delegation [needs: ipam.mode cloud]",
            query(
                "bottomk(10, min by (subnet_id, availability_zone) (cilium_operator_ipam_available_ips_per_subnet))",
                "{{subnet_id}} {{availability_zone}}",
            ),
            unit="short",
            limits=below(warning=51, critical=11),
        ),
        timeseries(
            "Interfaces",
            "No candidate and no slot: nodes are full [needs: ipam.mode cloud]",
            query("max(cilium_operator_ipam_interface_candidates)", "with free addresses"),
            query("max(cilium_operator_ipam_empty_interface_slots)", "free slots"),
            query(
                "sum by (subnet_id) (rate(cilium_operator_ipam_interface_creation_ops[$__rate_interval])) * 60",
                "created per min {{subnet_id}}",
            ),
            unit="short",
        ),
        timeseries(
            "Cloud API time and throttle",
            "Errors or seconds: permissions and the provider's quota; waiting on our own throttle: raise the operator's limits if the provider allows [needs: ipam.mode cloud; alibabacloud has the same names]",
            query(
                "sum by (operation, response_code) (rate(cilium_operator_ec2_api_duration_seconds_sum[$__rate_interval])) / sum by (operation, response_code) (rate(cilium_operator_ec2_api_duration_seconds_count[$__rate_interval]))",
                "EC2 {{operation}} {{response_code}}",
            ),
            query(
                "sum by (operation, response_code) (rate(cilium_operator_azure_api_duration_seconds_sum[$__rate_interval])) / sum by (operation, response_code) (rate(cilium_operator_azure_api_duration_seconds_count[$__rate_interval]))",
                "Azure {{operation}} {{response_code}}",
            ),
            query(
                "sum by (operation) (rate(cilium_operator_ec2_api_rate_limit_duration_seconds_sum[$__rate_interval])) / sum by (operation) (rate(cilium_operator_ec2_api_rate_limit_duration_seconds_count[$__rate_interval]))",
                "EC2 own throttle {{operation}}",
            ),
            query(
                "sum by (operation) (rate(cilium_operator_azure_api_rate_limit_duration_seconds_sum[$__rate_interval])) / sum by (operation) (rate(cilium_operator_azure_api_rate_limit_duration_seconds_count[$__rate_interval]))",
                "Azure own throttle {{operation}}",
            ),
            unit="s",
        ),
        timeseries(
            "Allocation and resync",
            "Failed allocations name the cause in the log [needs: ipam.mode cloud]",
            query(
                "sum by (type, status) (rate(cilium_operator_ipam_allocation_duration_seconds_sum[$__rate_interval])) / sum by (type, status) (rate(cilium_operator_ipam_allocation_duration_seconds_count[$__rate_interval]))",
                "{{type}} {{status}}, s",
            ),
            query("sum(rate(cilium_operator_ipam_resync_total[$__rate_interval])) * 60", "resyncs per min"),
            unit="short",
        ),
        closed=True,
        no_value="only with ipam.mode eni, azure or alibabacloud",
    )
