"""Capacity: which map, pool or port range is fullest and where, what overflows, and when will it be full?

For the capacity planner, or for on-call after "map full". A table shows the configured sizes, which do not change over
time; entries of the NAT map are missing, because that metric is off by default and has no limit. All queries but the
forecasts read gauges only.
"""

from dashboards_py.model import TimeSeries
from dashboards_py.release import Release
from dashboards_py.style import (
    LIVE_IDENTITIES,
    Dashboard,
    Row,
    above,
    bargauge,
    cluster,
    dashboard,
    hour_ago,
    link_to,
    node,
    query,
    row,
    table,
    timeseries,
    unless_not_scraped,
)
from dashboards_py.style.fullness import (
    INSERTION_FAILURES,
    NEARLY_FULL,
    NODE_ADDRESSES,
    NODE_CAPACITY,
    NOT_CLOUD_IPAM,
    USED_ADDRESSES,
    named,
    nearly_full,
)
from dashboards_py.style.limits import (
    AGENT_API_FAILURES,
    FAILED_MAP_OPERATIONS,
    FORECAST,
    IDENTITY_SHARE,
    IP_POOLS,
    MAP_PRESSURE,
    NO_ROOM,
    OPEN_FILES,
    POD_ADDRESSES,
    SOURCE_PORTS,
)

MAPS = "max by (cluster, node, map_name) (cilium_bpf_map_pressure)"
PORTS = "max by (cluster, node, family) (cilium_nat_endpoint_max_connection)"


def board(_: Release) -> Dashboard:
    """Current usage first, then forecasts, connection tracking, rate limits and configured sizes."""
    return dashboard(
        uid="cilium-capacity",
        title="Cilium / Capacity",
        about='For the capacity planner, and on-call after "map full". Which map, pool or port range is fullest, '
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
    """Current usage of maps, addresses, ports and files."""
    return row(
        "How full?",
        bargauge(
            "Fullest maps",
            "The fullest BPF maps on their worst nodes. Raise bpf.mapDynamicSizeRatio or the map's own value; "
            "agents must restart for it.",
            query("topk(8, max by (map_name) (cilium_bpf_map_pressure))", "{{map_name}}"),
            unit="percentunit",
            thresholds=above(MAP_PRESSURE),
            h=8,
        ),
        table(
            "Nearly full",
            "Maps and ports above 70 %, addresses above 80 %, with the node: click it to see this board for it alone. "
            "Raise bpf.mapDynamicSizeRatio or the map's own value and restart the agent; addresses: a larger pod CIDR; "
            "ports: more egress addresses or keep-alive. Then find the client that needs so many.",
            unless_not_scraped(
                query(
                    f"topk(12, max by (cluster, node, map_name) (cilium_bpf_map_pressure) > {MAP_PRESSURE.warning}"
                    f" or {nearly_full()})",
                    "used",
                    levels=(MAP_PRESSURE.level("warning"), *NEARLY_FULL),
                ),
                "cilium_version",
            ),
            unit="percentunit",
            thresholds=above(MAP_PRESSURE),
            links=(link_to("cilium-agent", node="node"),),
            no_value="no outlier",
            w=16,
            h=8,
        ),
        bargauge(
            "Pod addresses used",
            "Addresses in use, on the worst node and in total. Give nodes a larger pod CIDR, or fewer pods. Without "
            "nodes with cloud IPAM, whose pools grow on demand: see the operator board.",
            query(f"max by (family) ({USED_ADDRESSES})", "{{family}} worst"),
            query(
                f"sum by (family) ({NODE_ADDRESSES} {NOT_CLOUD_IPAM})"
                f" / sum by (family) ({NODE_CAPACITY} {NOT_CLOUD_IPAM})",
                "{{family}} all",
            ),
            unit="percentunit",
            thresholds=above(POD_ADDRESSES),
            no_value="no address seen",
            links=(link_to("cilium-operator"),),
            w=6,
            h=4,
        ),
        bargauge(
            "Source ports used",
            "Share of source ports in use to one remote address, on the worst node. At 100 %, connections to that "
            "address fail: use more egress addresses, keep-alive, or no masquerading. 0 if there is no NAT map.",
            query("max by (family) (cilium_nat_endpoint_max_connection)", "{{family}} worst"),
            unit="percentunit",
            thresholds=above(SOURCE_PORTS),
            w=5,
            h=4,
        ),
        bargauge(
            "Identities",
            "Share of the 65280 identities that a cluster can have; with 511 meshed clusters the limit is half of "
            "that. Exclude labels from identities.",
            query(f"{LIVE_IDENTITIES} / 65280", "in use"),
            unit="percentunit",
            thresholds=above(IDENTITY_SHARE),
            w=4,
            h=4,
        ),
        bargauge(
            "LoadBalancer pools",
            "Share of a pool's addresses in use: extend the CiliumLoadBalancerIPPool before it is full.",
            query(
                "max by (cluster, pool) (cilium_operator_lbipam_ips_used) / (max by (cluster, pool) "
                "(cilium_operator_lbipam_ips_used) + max by (cluster, pool) (cilium_operator_lbipam_ips_available))",
                "{{pool}} {{cluster}}",
            ),
            unit="percentunit",
            thresholds=above(IP_POOLS),
            no_value="no pool seen",
            links=(link_to("cilium-operator"),),
            w=5,
            h=4,
        ),
        bargauge(
            "Open files",
            "Open files of the worst agent, relative to its limit: a leak, or a low limit of the container runtime.",
            query("max(cilium_process_open_fds / cilium_process_max_fds)", "worst", decimals=2),
            unit="percentunit",
            thresholds=above(OPEN_FILES),
            w=4,
            h=4,
        ),
        table(
            "Already failing",
            "Packets dropped because connection tracking or NAT has no room for them: new connections fail, at any "
            "rate. Raise the map's size (bpf.ctTcpMax, bpf.ctAnyMax, bpf.natMax), and find the client that opens so "
            "many connections. Without a full map, the source ports to one address are used up.",
            unless_not_scraped(
                query(
                    f"topk(10, sum by (cluster, node, reason) ({INSERTION_FAILURES}) > 0)",
                    "dropped",
                ),
                "cilium_version",
            ),
            query(f"topk(10, sum by (cluster, node, reason) ({hour_ago(INSERTION_FAILURES)}) > 0)", "an hour ago"),
            unit="count:pkt/s",
            thresholds=above(NO_ROOM),
            no_value="none seen",
            links=(link_to("hubble-network"),),
            widths={"reason": 180},
            w=12,
            h=8,
        ),
        timeseries(
            "Map pressure over time",
            "Maps above 10 %. Slow growth: plan ahead; steps: a change of policies or services.",
            query("max by (map_name) (cilium_bpf_map_pressure) > 0.1", "{{map_name}}"),
            unit="percentunit",
            legend="right",
            thresholds=above(MAP_PRESSURE, only="critical"),
            no_value="no such map seen",
            w=12,
            h=8,
        ),
        timeseries(
            "Failed map operations (agents)",
            "Only the agents' operations; entries that the datapath cannot add are in Already failing. update: the map "
            "is full, or a limit of the kernel was reached; delete: the entry no longer existed, harmless in small "
            "numbers.",
            query(
                'sum by (map_name, operation) (rate(cilium_bpf_map_ops_total{outcome="fail"}[$__rate_interval])) > 0',
                "{{map_name}} {{operation}}",
            ),
            unit="ops",
            legend="right",
            thresholds=above(FAILED_MAP_OPERATIONS),
            former_title="Failed map operations",
            w=12,
            h=6,
        ),
    )


def in_a_day(level: str) -> str:
    """The level in 24 hours, as the last six hours foretell."""
    return f"predict_linear({level}[6h:10m], 86400)"


def when() -> Row:
    """Forecasts of usage."""
    addresses = f"{in_a_day(NODE_ADDRESSES)} / {NODE_CAPACITY} {NOT_CLOUD_IPAM}"
    return row(
        "When?",
        bargauge(
            "Expected usage in 24 h",
            "Linear forecast of the worst node for the next day, from its last six hours; above 100 %: full before. "
            "Plan today for anything above 90 %. A younger node has the forecast of its first hours: too high.",
            # One query, which puts all in order. By node and not by pod: that of an agent which has just restarted
            # has no history.
            query(
                f"sort_desc(topk(6, max by (map_name) ({in_a_day(MAPS)}))"
                f" or {named('addresses $1', f'max by (family) ({addresses})', 'family')}"
                f" or {named('ports $1', f'max by (family) ({in_a_day(PORTS)})', 'family')})",
                "{{map_name}}",
            ),
            unit="percentunit",
            thresholds=above(FORECAST),
            former_title="In 24 h",
            w=24,
            h=10,
        ),
        collapsed=True,
    )


def entries(status: str, title: str, description: str) -> TimeSeries:
    """The entries of one status, by family and protocol."""
    of_status = f'max by (family, protocol) (cilium_datapath_conntrack_gc_entries{{status="{status}"}})'
    entries_query = query(of_status, "{{family}} {{protocol}}")
    return timeseries(title, description, entries_query, unit="none", legend="right", w=12, h=8)


def conntrack() -> Row:
    """Entries and garbage collection of connection tracking."""
    return row(
        "Conntrack",
        entries(
            "alive",
            "Entries",
            "Tracked connections on the worst node: compare them with the ct maps above, which name it.",
        ),
        entries(
            "deleted",
            "Entries deleted",
            "Entries that a run of the garbage collection deletes, on the worst node. Many, beside few that are alive: "
            "short connections, which need no larger map.",
        ),
        timeseries(
            "Collection time, mean",
            "Duration of garbage collection of the connection tracking tables. It must be shorter than the interval.",
            query(
                "sum by (family, protocol) "
                "(rate(cilium_datapath_conntrack_gc_duration_seconds_sum[$__rate_interval]))"
                " / sum by (family, protocol) "
                "(rate(cilium_datapath_conntrack_gc_duration_seconds_count[$__rate_interval]))",
                "{{family}} {{protocol}}",
            ),
            unit="s",
            legend="right",
            former_title="Collection time, mean and worst",
            w=12,
            h=8,
        ),
        timeseries(
            "Longest collection interval",
            "Seconds between two collections, on the node that waits longest: from ten seconds to half a day, longer "
            "the less there is to delete. A short interval costs CPU: see what opens so many connections.",
            query("max(cilium_datapath_conntrack_gc_interval_seconds)", "interval"),
            unit="s",
            w=12,
        ),
        timeseries(
            "Collection in trouble",
            "Unfinished runs, dumps that began again, or `ct_fill_up` signals: the table is too small for the rate of "
            "connections.",
            query(
                "sum by (family, protocol) "
                '(rate(cilium_datapath_conntrack_gc_runs_total{status="uncompleted"}[$__rate_interval])) * 60',
                "unfinished {{family}} {{protocol}}",
            ),
            query(
                "sum by (name, family) (rate(cilium_datapath_conntrack_dump_resets_total[$__rate_interval])) * 60",
                "{{name}} {{family}}",
            ),
            query(
                "sum by (signal, status) (rate(cilium_datapath_signals_handled_total[$__rate_interval])) * 60",
                "signal {{signal}} {{status}}",
            ),
            unit="count:/min",
            legend="right",
            w=24,
        ),
        collapsed=True,
    )


def rate_limits() -> Row:
    """Calls to the agent's API, such as those of the CNI plugin, and its rate limits."""
    duration = "rate(cilium_agent_api_process_time_seconds"
    return row(
        "Agent API and its limits",
        timeseries(
            "Agent API in flight",
            "Calls of the agent's API in flight on the busiest node, and their limit. At the limit, pods wait to "
            "start: tune apiRateLimit.",
            query(
                'max by (api_call) (cilium_api_limiter_requests_in_flight{value="in-flight"})',
                "{{api_call}} now",
            ),
            query('min by (api_call) (cilium_api_limiter_requests_in_flight{value="limit"})', "{{api_call}} limit"),
            unit="none",
            legend="right",
            w=12,
            h=9,
        ),
        timeseries(
            "Agent API wait",
            "Mean wait of calls for the API limit, on the worst node. Seconds: pods start slowly.",
            query('max by (api_call) (cilium_api_limiter_wait_duration_seconds{value="mean"})', "{{api_call}}"),
            unit="s",
            legend="right",
            w=12,
            h=9,
            no_value="no call seen",
            former_title="Agent API wait and refusals",
        ),
        table(
            "Agent API refusals",
            "Calls that the API limit did not let through. fail-limit-wait: pods fail to start with 429.",
            unless_not_scraped(
                query(
                    "topk(10, sum by (api_call, outcome) "
                    '(rate(cilium_api_limiter_processed_requests_total{outcome!="success"}[$__rate_interval])) > 0)',
                    "refused",
                ),
                "cilium_version",
                "api_call",
            ),
            unit="reqps",
            no_value="none seen",
            w=24,
            h=5,
        ),
        table(
            "Agent API calls",
            "Calls to the agent's own API, errors first. PUT and DELETE of endpoints are pods that start and stop; "
            "429: the API rate limit; 5xx: an error in the agent.",
            query(
                "topk(10, sum by (method, path, return_code) "
                f'({duration}_count{{return_code!~"2.."}}[$__rate_interval])) > 0)',
                "errors",
                thresholds=above(AGENT_API_FAILURES, lowest="text"),
            ),
            query(f"topk(10, sum by (method, path, return_code) ({duration}_count[$__rate_interval])) > 0)", "calls"),
            unit="reqps",
            rank="columns",
            w=12,
        ),
        table(
            "Agent API time",
            "The slowest calls first. If PUT endpoint is slow, pods start slowly: compare with the regeneration time. "
            "Worst far above the mean: choose that node above.",
            query(
                f"max by (method, path) ({duration}_sum[$__rate_interval]) / {duration}_count[$__rate_interval]))",
                "worst",
            ),
            query(
                f"sum by (method, path) ({duration}_sum[$__rate_interval]))"
                f" / sum by (method, path) ({duration}_count[$__rate_interval]))",
                "mean",
            ),
            unit="s",
            no_value="no call seen",
            w=12,
        ),
        collapsed=True,
    )


def sizes() -> Row:
    """Configured sizes of maps, and endpoints on the fullest node."""
    return row(
        "Sizes",
        table(
            "Configured map sizes",
            "Sizes differ between nodes with different memory if maps are sized dynamically.",
            query("max by (map_group) (cilium_bpf_map_capacity)", "largest"),
            query("min by (map_group) (cilium_bpf_map_capacity)", "smallest"),
            unit="short",
        ),
        timeseries(
            "Endpoints",
            "Endpoints on the fullest node: more than the node was sized for fill its maps.",
            query("max(sum by (cluster, node) (cilium_endpoint_state))", "fullest node"),
            unit="none",
            former_title="Endpoints and address churn",
        ),
        timeseries(
            "Address allocations",
            "Addresses that are allocated and released. High: pods that restart all the time.",
            query("sum(rate(cilium_ipam_events_total[$__rate_interval])) * 60", "all nodes"),
            unit="count:/min",
        ),
        collapsed=True,
    )
