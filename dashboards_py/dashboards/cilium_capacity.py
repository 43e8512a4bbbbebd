"""Capacity: which map, pool or port range is fullest and where, what overflows, and when will it be full?

For the capacity planner, or on-call after "map full". A table of configured sizes replaces sizes over time; entries of
the NAT map are left out, because that metric is off by default and has no limit. Gauges only, except for the forecasts.
"""

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    Dashboard,
    Row,
    above,
    bargauge,
    cluster,
    dashboard,
    link_to,
    node,
    query,
    row,
    table,
    timeseries,
)


def board(_: Release) -> Dashboard:
    """What is full now, when it will be, and what was configured."""
    return dashboard(
        uid="cilium-capacity",
        title="Cilium / Capacity",
        about='**For the capacity planner, and on-call after "map full".** Which map, pool or port range is fullest, '
        "and on which node? Does anything already overflow? When will it be full?",
        replaces=(),
        variables=(cluster("cilium_version"), node("cilium_version")),
        rows=(
            how_full(),
            when(),
            conntrack(),
            rate_limits(),
            sizes(),
        ),
    )


def how_full() -> Row:
    """What is full, and where?"""
    return row(
        "How full?",
        bargauge(
            "Fullest maps",
            "The fullest BPF maps on their worst nodes. Raise bpf.mapDynamicSizeRatio or the map's own value; "
            "agents must restart for it.",
            query("topk(12, max by (map_name) (cilium_bpf_map_pressure))", "{{map_name}}"),
            unit="percentunit",
            thresholds=above(warning=0.7, critical=0.9),
            h=7,
        ),
        table(
            "Tightest nodes",
            "Where to look first: click a node to see this board for it alone.",
            query("topk(10, max by (node) (cilium_bpf_map_pressure))", "fullest map"),
            query(
                "topk(10, max by (node) (sum by (node, family) (cilium_ip_addresses)"
                " / sum by (node, family) (cilium_ipam_capacity)))",
                "addresses",
            ),
            query("topk(10, max by (node) (cilium_nat_endpoint_max_connection))", "ports"),
            unit="percentunit",
            thresholds=above(warning=0.7, critical=0.9),
            links=(link_to("cilium-agent"),),
            w=16,
            h=7,
        ),
        bargauge(
            "Pod addresses used",
            "Addresses in use on the worst node and over all. Give nodes a larger pod CIDR, or fewer pods. With "
            "IPAM of a cloud the pool grows on demand: see the operator board.",
            query(
                "max by (family) (sum by (cluster, node, family) (cilium_ip_addresses)"
                " / sum by (cluster, node, family) (cilium_ipam_capacity))",
                "{{family}} worst",
            ),
            query("sum by (family) (cilium_ip_addresses) / sum by (family) (cilium_ipam_capacity)", "{{family}} all"),
            unit="percentunit",
            thresholds=above(warning=0.8, critical=0.95),
            links=(link_to("cilium-operator"),),
            w=6,
            h=5,
        ),
        bargauge(
            "Source ports used",
            "Ports to one remote address that are used up on the worst node. When it is full, connections to "
            "that address fail: more egress addresses, keep-alive, or no masquerading. 0 where there is no NAT map.",
            query("max by (family) (cilium_nat_endpoint_max_connection)", "{{family}} worst"),
            unit="percentunit",
            thresholds=above(warning=0.7, critical=0.9),
            w=5,
            h=5,
        ),
        bargauge(
            "Identities",
            "Share of the 65280 identities that a cluster may have; with 511 meshed clusters it is half of that. "
            "Let fewer labels take part in identity.",
            query(
                'max(sum by (cluster, pod) (cilium_operator_identity_gc_entries{status="alive"})) / 65280', "of 65280"
            ),
            unit="percentunit",
            thresholds=above(warning=0.7, critical=0.9),
            w=4,
            h=5,
        ),
        bargauge(
            "LoadBalancer pools",
            "Share of a pool's addresses in use: extend the CiliumLoadBalancerIPPool before it is full.",
            query(
                "max by (pool) (cilium_operator_lbipam_ips_used) / (max by (pool) "
                "(cilium_operator_lbipam_ips_used) + max by (pool) (cilium_operator_lbipam_ips_available))",
                "{{pool}}",
            ),
            unit="percentunit",
            thresholds=above(warning=0.8, critical=0.95),
            no_value="no LoadBalancer pool",
            links=(link_to("cilium-operator"),),
            w=5,
            h=5,
        ),
        bargauge(
            "Open files",
            "Open files of the worst agent against its limit: a leak, or the limit of the container runtime.",
            query("max(cilium_process_open_fds / cilium_process_max_fds)", "agent, worst"),
            unit="percentunit",
            thresholds=above(warning=0.7, critical=0.9),
            w=4,
            h=5,
        ),
        timeseries(
            "Map pressure over time",
            "Maps above 10 %. Slow growth: plan; steps: a change of policies or services.",
            query("max by (map_name) (cilium_bpf_map_pressure) > 0.1", "{{map_name}}"),
            unit="percentunit",
            thresholds=above(critical=0.9),
            no_value="all below 10 %",
            w=12,
            h=7,
        ),
        timeseries(
            "Already failing",
            "Operations on maps that fail. update: the map is full, or a limit of the kernel; delete: the entry "
            "was gone, harmless in small numbers.",
            query(
                'sum by (map_name, operation) (rate(cilium_bpf_map_ops_total{outcome="fail"}[$__rate_interval]))',
                "{{map_name}} {{operation}}",
            ),
            unit="ops",
            thresholds=above(warning=1),
            no_value="none seen",
            max_data_points=60,
            w=12,
            h=7,
        ),
    )


def when() -> Row:
    """When will it be full?"""
    return row(
        "When?",
        bargauge(
            "In 24 h",
            "A line through the time range, read a day ahead: choose at least 6 h. What passes 90 % needs a plan "
            "today.",
            query(
                "topk(10, max by (map_name) (predict_linear(cilium_bpf_map_pressure[$__range], 86400)))", "{{map_name}}"
            ),
            query(
                "max by (family) (sum by (cluster, node, family)"
                " (predict_linear(cilium_ip_addresses[$__range], 86400))"
                " / sum by (cluster, node, family) (cilium_ipam_capacity))",
                "addresses {{family}}",
            ),
            query(
                "max by (family) (predict_linear(cilium_nat_endpoint_max_connection[$__range], 86400))",
                "ports {{family}}",
            ),
            unit="percentunit",
            thresholds=above(warning=0.9, critical=1),
        ),
        collapsed=True,
    )


def conntrack() -> Row:
    """Does connection tracking keep up?"""
    return row(
        "Conntrack",
        timeseries(
            "Entries",
            "Connections that are tracked, on the worst node and on average. Compare alive ones with the ct maps "
            "above; many deleted at each run are short connections, which need no larger map.",
            query(
                "max by (family, protocol, status) (cilium_datapath_conntrack_gc_entries)",
                "{{family}} {{protocol}} {{status}}, worst",
            ),
            query(
                'avg by (family, protocol) (cilium_datapath_conntrack_gc_entries{status="alive"})',
                "{{family}} {{protocol}}, mean",
            ),
            unit="short",
            max_data_points=60,
        ),
        timeseries(
            "Collection time, mean and worst",
            "Time of a collection of the connection tracking tables. Runs longer than the interval cannot keep up.",
            query(
                "sum by (family, protocol) "
                "(rate(cilium_datapath_conntrack_gc_duration_seconds_sum[$__rate_interval]))"
                " / sum by (family, protocol) "
                "(rate(cilium_datapath_conntrack_gc_duration_seconds_count[$__rate_interval]))",
                "{{family}} {{protocol}}",
            ),
            query("max(cilium_datapath_conntrack_gc_interval_seconds)", "longest interval"),
            unit="s",
            max_data_points=60,
        ),
        timeseries(
            "Collection in trouble",
            "Unfinished runs or `ct_fill_up` signals: the table is too small for the rate of connections.",
            query(
                "sum by (family, protocol) "
                '(rate(cilium_datapath_conntrack_gc_runs_total{status="uncompleted"}[$__rate_interval])) * 60',
                "unfinished {{family}} {{protocol}}",
            ),
            query(
                "sum by (area, name, family) "
                "(rate(cilium_datapath_conntrack_dump_resets_total[$__rate_interval])) * 60",
                "dump restarts {{name}} {{family}} {{area}}",
            ),
            query(
                "sum by (signal, status) (rate(cilium_datapath_signals_handled_total[$__rate_interval])) * 60",
                "signal {{signal}} {{status}}",
            ),
            unit="opm",
            no_value="none seen",
            max_data_points=60,
        ),
        collapsed=True,
    )


def rate_limits() -> Row:
    """Does the agent's API limit hold anything up?"""
    return row(
        "Rate limits",
        timeseries(
            "Agent API in flight",
            "Calls of the agent's API in flight, and their limit. At the limit, starts of pods queue: tune "
            "apiRateLimit.",
            query(
                'max by (api_call) (cilium_api_limiter_requests_in_flight{value="in-flight"})',
                "{{api_call}} now, worst",
            ),
            query('min by (api_call) (cilium_api_limiter_requests_in_flight{value="limit"})', "{{api_call}} limit"),
            unit="short",
        ),
        timeseries(
            "Agent API wait and refusals",
            "Waits for the API limit, and refusals on the right axis. fail-limit-wait: pods fail to start with 429.",
            query(
                'max by (api_call) (cilium_api_limiter_wait_duration_seconds{value="mean"})', "wait {{api_call}}, worst"
            ),
            query(
                "sum by (api_call, outcome) "
                '(rate(cilium_api_limiter_processed_requests_total{outcome!="success"}[$__rate_interval]))',
                "{{api_call}} {{outcome}}",
                unit="ops",
                right_axis=True,
            ),
            unit="short",
            no_value="none seen",
        ),
        collapsed=True,
    )


def sizes() -> Row:
    """What was configured?"""
    return row(
        "Sizes",
        table(
            "Configured map sizes",
            "Sizes that differ: nodes with different memory under dynamic sizing.",
            query("max by (map_group) (cilium_bpf_map_capacity)", "largest"),
            query("min by (map_group) (cilium_bpf_map_capacity)", "smallest"),
            unit="short",
        ),
        timeseries(
            "Endpoints and address churn",
            "Endpoints on the fullest node, and allocations of addresses on the right axis. More endpoints than "
            "the node was sized for, or pods that never settle.",
            query("max(sum by (cluster, node) (cilium_endpoint_state))", "endpoints, worst node"),
            query(
                "sum(rate(cilium_ipam_events_total[$__rate_interval])) * 60",
                "address events",
                unit="opm",
                right_axis=True,
            ),
            unit="short",
        ),
        collapsed=True,
    )
