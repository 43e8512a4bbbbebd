"""Reader: capacity planner, or on-call after "map full". Which map, pool or port range is fullest, and on which node? Does anything already overflow? When will it be full? Variables: datasource, cluster, node. Left out: absolute map sizes per node (a table of configured sizes suffices), NAT entries (metric off by default and no limit). Most expensive: open - map pressure over time (gauges only); closed - forecasts (instant, one range read). Samples: open 1.3 M, all 9.1 M."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board, above, bargauge, cluster, dashboard, node, query, row, table, timeseries, to


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster, node"""
    return dashboard(
        uid="cilium-capacity",
        title="Cilium / Capacity",
        about='For capacity planner, or on-call after "map full". Which map, pool or port range is fullest, and on which node? Does anything already overflow? When will it be full?',
        replaces=(),
        variables=(
            cluster("cilium_version"),
            node("cilium_version"),
        ),
        rows=(
            how_full(cilium),
            when(),
            conntrack(cilium),
            rate_limits(cilium),
            sizes(),
        ),
    )


def how_full(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "How full?",
        bargauge(
            "Fullest maps",
            "Worst node: raise bpf.mapDynamicSizeRatio or the map's own value, agent restart needed",
            query("topk(12, max by (map_name) (cilium_bpf_map_pressure))", "{{map_name}}"),
            unit="percentunit",
            limits=above(warning=0.7, critical=0.9),
        ),
        bargauge(
            "Pod addresses used",
            "Larger pod CIDR mask per node or fewer pods a node; cloud IPAM: Traps",
            query(
                "max by (family) (sum by (cluster, node, family) (cilium_ip_addresses) / sum by (cluster, node, family) (cilium_ipam_capacity))",
                "{{family}} worst",
            ),
            query("sum by (family) (cilium_ip_addresses) / sum by (family) (cilium_ipam_capacity)", "{{family}} all"),
            unit="percentunit",
            limits=above(warning=0.8, critical=0.95),
            links=(to("cilium-operator"),),
        ),
        bargauge(
            "Source ports used",
            "Connections to one remote address fail next: more egress addresses, keep-alive, or no masquerade [needs: a NAT map]",
            query("max by (family) (cilium_nat_endpoint_max_connection)", "{{family}} worst"),
            unit="percentunit",
            limits=above(warning=0.7, critical=0.9),
            no_value="no NAT map",
        ),
        bargauge(
            "Identities of the cluster",
            "Fewer labels in identities; half the limit with 511 meshed clusters",
            query(
                'max(sum by (cluster, pod) (cilium_operator_identity_gc_entries{status="alive"})) / 65280', "of 65280"
            ),
            unit="percentunit",
            limits=above(warning=0.7, critical=0.9),
        ),
        bargauge(
            "LoadBalancer pools",
            "Extend the pool [releases 1.17+]",
            query(
                "max by (pool) (cilium_operator_lbipam_ips_used) / (max by (pool) (cilium_operator_lbipam_ips_used) + max by (pool) (cilium_operator_lbipam_ips_available))",
                "{{pool}}",
            ),
            unit="percentunit",
            limits=above(warning=0.8, critical=0.95),
            no_value="no LoadBalancer pool",
            links=(to("cilium-operator"),),
        ),
        bargauge(
            "Open files",
            "A leak, or the limit of the container runtime",
            query("max(cilium_process_open_fds / cilium_process_max_fds)", "agent, worst"),
            unit="percentunit",
            limits=above(warning=0.7, critical=0.9),
        ),
        timeseries(
            "Map pressure over time",
            "Slow growth: plan; steps: a policy or service change",
            query("max by (map_name) (cilium_bpf_map_pressure) > 0.1", "{{map_name}}"),
            unit="percentunit",
            limits=above(critical=0.9),
            no_value="all below 10 %",
        ),
        timeseries(
            "Already failing",
            "update that fails = map full or kernel limit; delete that fails = entry was gone, harmless in small numbers",
            query(
                'sum by (map_name, operation) (rate(cilium_bpf_map_ops_total{outcome="fail"}[$__rate_interval]))',
                "{{map_name}} {{operation}}",
            ),
            unit="ops",
            limits=above(warning=1),
            no_value="none seen",
            points=60,
        ),
        table(
            "Tightest nodes",
            "Where to look first; click sets `$node`",
            query("topk(10, max by (node, map_name) (cilium_bpf_map_pressure))", "map"),
            query(
                "topk(10, sum by (node, family) (cilium_ip_addresses) / sum by (node, family) (cilium_ipam_capacity))",
                "addresses",
            ),
            query("topk(10, max by (node, family) (cilium_nat_endpoint_max_connection))", "ports"),
            unit="percentunit",
            limits=above(warning=0.7, critical=0.9),
            links=(to("cilium-agent"),),
        ),
    )


def when() -> RowPanel:
    """TODO"""
    return row(
        "When?",
        bargauge(
            "In 24 h",
            "Line through the range shown, choose at least 6 h: what passes 90 % needs a plan today",
            query(
                "topk(10, max by (map_name) (predict_linear(cilium_bpf_map_pressure[$__range], 86400)))", "{{map_name}}"
            ),
            query(
                "max by (family) (sum by (cluster, node, family) (predict_linear(cilium_ip_addresses[$__range], 86400)) / sum by (cluster, node, family) (cilium_ipam_capacity))",
                "addresses {{family}}",
            ),
            query(
                "max by (family) (predict_linear(cilium_nat_endpoint_max_connection[$__range], 86400))",
                "ports {{family}}",
            ),
            unit="percentunit",
            limits=above(warning=0.9, critical=1),
        ),
        closed=True,
    )


def conntrack(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Conntrack",
        timeseries(
            "Entries",
            "Alive against the ct maps above; deleted high each run: short connections, raise nothing",
            query(
                "max by (family, protocol, status) (cilium_datapath_conntrack_gc_entries)",
                "{{family}} {{protocol}} {{status}}, worst",
            ),
            query(
                'avg by (family, protocol) (cilium_datapath_conntrack_gc_entries{status="alive"})',
                "{{family}} {{protocol}}, mean",
            ),
            unit="short",
            points=60,
        ),
        timeseries(
            "Collection time, mean and worst",
            "Runs longer than the interval cannot keep up",
            query(
                "sum by (family, protocol) (rate(cilium_datapath_conntrack_gc_duration_seconds_sum[$__rate_interval])) / sum by (family, protocol) (rate(cilium_datapath_conntrack_gc_duration_seconds_count[$__rate_interval]))",
                "{{family}} {{protocol}}",
            ),
            query("max(cilium_datapath_conntrack_gc_interval_seconds)", "longest interval"),
            unit="s",
            points=60,
        ),
        timeseries(
            "Collection in trouble",
            "ct_fill_up signals or unfinished runs: the table is too small for the connection rate",
            query(
                'sum by (family, protocol) (rate(cilium_datapath_conntrack_gc_runs_total{status="uncompleted"}[$__rate_interval])) * 60',
                "unfinished {{family}} {{protocol}}",
            ),
            query(
                "sum by (area, name, family) (rate(cilium_datapath_conntrack_dump_resets_total[$__rate_interval])) * 60",
                "dump restarts {{name}} {{family}} {{area}}",
            ),
            query(
                "sum by (signal, status) (rate(cilium_datapath_signals_handled_total[$__rate_interval])) * 60",
                "signal {{signal}} {{status}}",
            ),
            unit="opm",
            no_value="none seen",
            points=60,
        ),
        closed=True,
    )


def rate_limits(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Rate limits",
        timeseries(
            "Agent API in flight",
            "At the limit: pod starts queue; tune apiRateLimit",
            query(
                'max by (api_call) (cilium_api_limiter_requests_in_flight{value="in-flight"})',
                "{{api_call}} now, worst",
            ),
            query('min by (api_call) (cilium_api_limiter_requests_in_flight{value="limit"})', "{{api_call}} limit"),
            unit="short",
        ),
        timeseries(
            "Agent API wait and refusals",
            "fail-limit-wait: pods fail with 429",
            query(
                'max by (api_call) (cilium_api_limiter_wait_duration_seconds{value="mean"})', "wait {{api_call}}, worst"
            ),
            query(
                'sum by (api_call, outcome) (rate(cilium_api_limiter_processed_requests_total{outcome!="success"}[$__rate_interval]))',
                "{{api_call}} {{outcome}} per s",
            ),
            unit="short",
            no_value="none seen",
        ),
        closed=True,
    )


def sizes() -> RowPanel:
    """TODO"""
    return row(
        "Sizes",
        table(
            "Configured map sizes",
            "Different sizes: nodes with different memory under dynamic sizing",
            query("max by (map_group) (cilium_bpf_map_capacity)", "largest"),
            query("min by (map_group) (cilium_bpf_map_capacity)", "smallest"),
            unit="short",
        ),
        timeseries(
            "Endpoints and address churn",
            "More endpoints than the node was sized for, or pods that never settle",
            query("max(sum by (cluster, node) (cilium_endpoint_state))", "endpoints, worst node"),
            query("sum(rate(cilium_ipam_events_total[$__rate_interval])) * 60", "address events per min"),
            unit="short",
        ),
        closed=True,
    )
