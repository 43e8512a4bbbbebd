"""Cilium agent: which nodes are unhealthy, what does the datapath drop, and what is the agent waiting for?

For the network on-call. Maps, conntrack and addresses are on cilium-capacity; L7, the DNS proxy and policy on
cilium-policy; the kvstore on cilium-clustermesh; the
agent's API on cilium-capacity. No graph has a line per node: tables list the worst nodes. The most
expensive panels are drops by reason and errors in the open row, and regeneration p99 (half of the board) in the
collapsed rows.
"""

from dashboards_py.release import Release
from dashboards_py.style import (
    Dashboard,
    Row,
    above,
    bargauge,
    cluster,
    dashboard,
    link_to,
    missing_agents,
    node,
    not_scraped_on_nodes,
    quantile,
    query,
    row,
    stat,
    table,
    timeseries,
    unless_not_scraped,
)
from dashboards_py.style.fullness import INSERTION_FAILURES, USED_ADDRESSES
from dashboards_py.style.limits import (
    AGENTS_MISSING,
    CLIENT_THROTTLING,
    ENDPOINTS_NOT_READY,
    FAILING_CONTROLLERS,
    MAP_PRESSURE,
    NODE_DROPS,
    POD_ADDRESSES,
    SILENCE,
    SLICE_TIME,
    UNREACHABLE,
)


def board(cilium: Release) -> Dashboard:
    """Unhealthy nodes first, then the parts of the agent."""
    return dashboard(
        uid="cilium-agent",
        title="Cilium / Agent",
        about="For the network on-call. Which nodes are unhealthy? Is the datapath forwarding, what does it drop? "
        "What is the agent waiting for: Kubernetes, itself?",
        replaces=(21431,),
        variables=(cluster("cilium_version"), node("cilium_version")),
        rows=(
            unhealthy_nodes(),
            datapath(),
            endpoints(cilium),
            control_loops(),
            kubernetes(),
            connectivity(),
            resources(),
        ),
    )


def unhealthy_nodes() -> Row:
    """Unhealthy agents and nodes, with errors and drops."""
    everywhere = 'node=~".*"'  # a node is compared with all others also where $node chooses it alone
    drops, all_drops = (
        f"sum by (cluster, node) (rate(cilium_drop_count_total{{{matchers}}}[$__rate_interval]))"
        for matchers in ('reason!~"Policy denied.*"', f'reason!~"Policy denied.*", {everywhere}')
    )
    unreachable = "sum by (cluster, node) (cilium_unreachable_{})".format
    peers, quantile = "on (cluster) group_left ()", "quantile by (cluster)"
    return row(
        "Which nodes are unhealthy?",
        stat(
            "Agents",
            "Nodes known for 5 minutes without a scraped agent; agents that are scraped, and started in the last "
            "hour. Restarts without a rollout: read the pod's previous log.",
            query(missing_agents('node=~".*"'), "missing"),
            query("count(cilium_version)", "up", secondary=True),
            query("count(time() - cilium_process_start_time_seconds < 3600)", "started", secondary=True),
            thresholds=above(AGENTS_MISSING),
            h=3,
        ),
        stat(
            "Failing controllers",
            "Loops whose last run failed, and their nodes: `cilium-dbg status --all-controllers` there shows why.",
            query("sum(cilium_controllers_failing)", "controllers"),
            query("count(cilium_controllers_failing > 0)", "nodes"),
            thresholds=above(FAILING_CONTROLLERS),
            h=3,
        ),
        stat(
            "Unreachable",
            "Nodes and endpoints that the worst agent cannot reach. An agent that misses more than others is below: "
            "its uplink; else all miss one node. Only endpoints: overlay, encryption or datapath. Needs "
            "healthChecking.",
            query("max(cilium_unreachable_nodes)", "nodes"),
            query("max(cilium_unreachable_health_endpoints)", "endpoints"),
            thresholds=above(UNREACHABLE),
            h=3,
        ),
        stat(
            "Endpoints not ready",
            "Pods whose datapath is not ready yet: see Endpoints.",
            query('sum(cilium_endpoint_state{endpoint_state!="ready"}) or 0 * sum(cilium_endpoint_state)', "endpoints"),
            thresholds=above(ENDPOINTS_NOT_READY),
            h=3,
        ),
        table(
            "Not scraped",
            "Pods of Cilium that do not answer (down), and agents and Envoys of an hour ago that are gone, or removed "
            "with their node. See `kubectl -n kube-system get pods -o wide --field-selector spec.nodeName=NODE`. Not "
            "Running: read the log, `--previous` too; all Running: check the port, a firewall or TLS; no pod: the node "
            "is NotReady, or was removed.",
            not_scraped_on_nodes(),
            links=(link_to("cilium-overview"),),
            no_value="no missing target",
            w=10,
            h=8,
        ),
        timeseries(
            "Drops by reason and direction",
            "Denials: policy board; affected clients: network board; full maps: capacity board.",
            query(
                "sum by (reason, direction) (rate(cilium_drop_count_total[$__rate_interval]))",
                "{{reason}} {{direction}}",
            ),
            unit="count:pkt/s",
            rare=True,
            legend="list",
            links=(link_to("cilium-policy"), link_to("hubble-network"), link_to("cilium-capacity")),
            w=14,
            h=8,
        ),
        table(
            "Nodes that need a look",
            "Only outliers, the worst first: click a node to see it alone. No room: packets dropped "
            "by full maps. Drops (other than denials), lost nodes and endpoints (probes without an answer): "
            "more than on other nodes. The fullest map from 90 %, pod addresses from 95 %. Endpoints not ready, "
            "failing loops: for five minutes. Silent: no word from Kubernetes for ten.",
            unless_not_scraped(
                query(f"topk(8, sum by (cluster, node) ({INSERTION_FAILURES}) > 0)", "no room", unit="count:pkt/s"),
                "cilium_version",
            ),
            query(
                f"topk(8, {drops} > {NODE_DROPS.warning} > {peers} clamp_max(3 * {quantile} (0.25, {all_drops}), 100))",
                "drops",
                unit="count:pkt/s",
                levels=(NODE_DROPS.level("warning"),),
                thresholds=above(NODE_DROPS),
            ),
            query(
                f"topk(8, max by (cluster, node) (cilium_bpf_map_pressure) > {MAP_PRESSURE.critical})",
                "map",
                unit="percentunit",
                levels=(MAP_PRESSURE.level("critical"),),
            ),
            query(
                f"topk(8, max by (cluster, node) ({USED_ADDRESSES}) > {POD_ADDRESSES.critical})",
                "addresses",
                unit="percentunit",
                levels=(POD_ADDRESSES.level("critical"),),
            ),
            *(
                query(
                    f"topk(8, {unreachable(what)} > {peers} {quantile}"
                    f" (0.5, {unreachable(what + '{' + everywhere + '}')}))",
                    heading,
                )
                for what, heading in (("nodes", "lost nodes"), ("health_endpoints", "endpoints"))
            ),
            query(
                "topk(8, sum by (cluster, node)"
                ' (min_over_time(cilium_endpoint_state{endpoint_state!="ready"}[5m])) > 0)',
                "not ready",
                thresholds=above(ENDPOINTS_NOT_READY),
            ),
            query(
                f"topk(8, time() - max by (cluster, node) (cilium_event_ts) > {SILENCE.critical})",
                "silent",
                unit="s",
                levels=(SILENCE.level("critical"),),
            ),
            query(
                "topk(8, sum by (cluster, node) (min_over_time(cilium_controllers_failing[5m])) > 0)",
                "loops",
                thresholds=above(FAILING_CONTROLLERS),
            ),
            thresholds=above(critical=0),
            links=(link_to("cilium-capacity", node="node"),),
            rank="columns",
            no_value="no outlier",
            w=24,
            h=8,
        ),
        bargauge(
            "Loudest subsystems",
            "Log lines within the time range. Read the agent's log of the subsystem on top.",
            query(
                "topk(8, sum by (subsystem, level) (increase(cilium_errors_warnings_total[$__range])) > 0)",
                "{{subsystem}} {{level}}",
            ),
            unit="none",
            w=10,
            h=6,
        ),
        timeseries(
            "Errors and warnings",
            "The loudest subsystems show which log to read.",
            query("sum by (level) (rate(cilium_errors_warnings_total[$__rate_interval])) * 60", "{{level}}"),
            unit="count:/min",
            bars=True,
            legend="list",
            w=7,
            h=6,
        ),
        timeseries(
            "Forwarded packets",
            "A fall without drops is loss before Cilium: check the NIC and the underlay.",
            query("sum by (direction) (rate(cilium_forward_count_total[$__rate_interval]))", "{{direction}}"),
            unit="count:pkt/s",
            legend="list",
            w=7,
            h=6,
        ),
    )


def datapath() -> Row:
    """Forwarded and dropped traffic, BPF map operations and system calls."""
    return row(
        "Datapath",
        timeseries(
            "Forwarded traffic",
            "Bandwidth that Cilium handles. Near the limit of the NIC, packets are dropped.",
            query("sum by (direction) (rate(cilium_forward_bytes_total[$__rate_interval])) * 8", "{{direction}}"),
            unit="bps",
            legend="list",
            w=10,
        ),
        timeseries(
            "Dropped traffic",
            "Many bits in few packets are bulk transfers: check the MTU and the overhead of encryption.",
            query(
                "sum by (reason, direction) (rate(cilium_drop_bytes_total[$__rate_interval])) * 8",
                "{{reason}} {{direction}}",
            ),
            unit="bps",
            legend="list",
            w=14,
        ),
        timeseries(
            "Fragments and MTU errors",
            "Fragmented packets, and messages that a packet was too big. With MTU messages, lower the MTU or "
            "fix path MTU discovery.",
            query(
                "sum by (direction) (rate(cilium_fragmented_count_total[$__rate_interval]))", "fragments {{direction}}"
            ),
            query(
                "sum by (direction) (rate(cilium_mtu_error_message_total[$__rate_interval]))", "too big {{direction}}"
            ),
            unit="count:pkt/s",
            legend="list",
            no_value="no fragment seen",
        ),
        timeseries(
            "BPF map operations",
            "Writes of agents to all BPF maps, and to the maps of services. Bursts follow churn of services or "
            "endpoints.",
            query("sum by (operation) (rate(cilium_bpf_map_ops_total[$__rate_interval]))", "{{operation}}"),
            query(
                'sum by (operation) (rate(cilium_bpf_map_ops_total{map_name=~".*lb[46]_.*"}[$__rate_interval]))',
                "services {{operation}}",
            ),
            unit="ops",
            legend="right",
            links=(link_to("cilium-capacity"),),
        ),
        bargauge(
            "Busiest maps",
            "Maps with the most writes: `ipcache` is churn of identities, `lb` of services, `policy` of policies.",
            query(
                "topk(8, sum by (map_name, operation) (rate(cilium_bpf_map_ops_total[$__rate_interval])) > 0)",
                "{{map_name}} {{operation}}",
            ),
            unit="ops",
            former_title="Busiest maps and nodes",
            w=12,
        ),
        bargauge(
            "Busiest nodes",
            "Nodes with the most writes to BPF maps: choose one above to see what changes there.",
            query(
                "topk(8, sum by (cluster, node) (rate(cilium_bpf_map_ops_total[$__rate_interval])))",
                "{{node}} {{cluster}}",
            ),
            unit="ops",
            w=12,
        ),
        timeseries(
            "BPF system call time",
            "Mean time of a call on the slowest node. Slow: memory pressure or a large map. Needs "
            "`+cilium_bpf_syscall_duration_seconds` in prometheus.metrics.",
            query(
                "max by (operation) (rate(cilium_bpf_syscall_duration_seconds_sum[$__rate_interval])"
                " / rate(cilium_bpf_syscall_duration_seconds_count[$__rate_interval]))",
                "{{operation}}",
            ),
            unit="s",
            legend="right",
            no_value="no call seen",
        ),
        timeseries(
            "BPF system calls",
            "Calls of all agents: many lookups or getNextKey are dumps of maps. Needs "
            "`+cilium_bpf_syscall_duration_seconds` in prometheus.metrics.",
            query(
                "sum by (operation) (rate(cilium_bpf_syscall_duration_seconds_count[$__rate_interval]))",
                "{{operation}}",
            ),
            unit="ops",
            legend="right",
            no_value="no call seen",
        ),
        collapsed=True,
    )


def endpoints(cilium: Release) -> Row:
    """States and regenerations of endpoints."""
    mean_by_scope = (
        'sum by (scope) (rate(cilium_endpoint_regeneration_time_stats_seconds_sum{scope!="total"}[$__rate_interval]))'
        " / sum by (scope) "
        '(rate(cilium_endpoint_regeneration_time_stats_seconds_count{scope!="total"}[$__rate_interval]))'
    )
    why = table(
        "Why endpoints regenerate",
        "Regenerations within the time range. Many `LabelsUpdate`: something changes labels of pods; an error names "
        "the failed stage.",
        *(
            query(
                "topk(15, sum by (reason, error)"
                f' (increase(cilium_endpoint_regenerations_total{{outcome="{outcome}"}}[$__range])) > 0)',
                heading,
                thresholds=colored,
            )
            for outcome, heading, colored in (("fail", "failed", above(critical=0)), ("success", "done", ()))
        ),
        unit="none",
        rank="columns",
        w=24,
    )
    return row(
        "Endpoints",
        timeseries(
            "Endpoint states",
            "Long in `waiting-for-identity`: identity allocation hangs; long in "
            "`regenerating`: builds are slow; BPF or Policy not OK: read `cilium-dbg endpoint log`.",
            query("sum by (endpoint_state) (cilium_endpoint_state)", "{{endpoint_state}}"),
            query('sum by (type, status) (cilium_endpoint_component_status{status!="OK"})', "{{type}} {{status}}"),
            unit="none",
            legend="right",
            h=10,
        ),
        timeseries(
            "Regenerations",
            "Rebuilds of endpoints' datapath. After a failure the old policy remains in force: the agent's "
            "log has the reason.",
            query("sum by (outcome) (rate(cilium_endpoint_regenerations_total[$__rate_interval])) * 60", "{{outcome}}"),
            unit="count:/min",
            h=10,
        ),
        *([why] if cilium >= (1, 20) else []),
        timeseries(
            "Regeneration time by stage, mean",
            "`bpfCompilation` or `bpfLoadProg`: CPU; `waitingForLock` or "
            "`buildPermitAcquisition`: a queue; `proxyWaitForAck`: Envoy.",
            query(mean_by_scope, "{{scope}}"),
            unit="s",
            legend="right",
            h=10,
            links=(link_to("cilium-envoy"),),
            w=14,
        ),
        table(
            "Regeneration time by stage, p90",
            "The stages that the slowest pods wait for before they have network, in the time range. Of ten "
            "rebuilds or more.",
            query(
                quantile(
                    0.9,
                    "cilium_endpoint_regeneration_time_stats_seconds",
                    by="scope",
                    matchers='scope!="total"',
                    window="$__range",
                ),
                "p90",
            ),
            unit="s",
            headings={"scope": "stage"},
            h=10,
            former_title="Regeneration time by stage, p99",
            w=10,
        ),
        table(
            "Endpoint restore",
            "Endpoints that could not be restored after the agents' last start lost their state: restart those pods.",
            query(
                'sum by (phase) (cilium_endpoint_restoration_endpoints{outcome="failed"}) > 0',
                "failed",
                thresholds=above(critical=0),
            ),
            query("max by (phase) (cilium_endpoint_restoration_duration_seconds)", "worst", unit="s"),
            rank="columns",
            w=8,
        ),
        timeseries(
            "Slice round trip",
            "Time until a new endpoint appears in a CiliumEndpointSlice. Seconds: the operator's queue is long or "
            "the API server is slow. Needs ciliumEndpointSlice.enabled.",
            query(
                "sum(rate(cilium_endpoint_propagation_delay_seconds_sum[$__rate_interval]))"
                " / sum(rate(cilium_endpoint_propagation_delay_seconds_count[$__rate_interval]))",
                "mean",
            ),
            unit="s",
            thresholds=above(SLICE_TIME),
            no_value="no slice seen",
            links=(link_to("cilium-operator"),),
        ),
        collapsed=True,
    )


def control_loops() -> Row:
    """The agent's controllers and modules."""
    return row(
        "Control loops",
        timeseries(
            "Controller runs",
            "Runs of reconcile loops. A failed loop is retried with increasing delays.",
            query("sum by (status) (rate(cilium_controllers_runs_total[$__rate_interval])) * 60", "{{status}}"),
            unit="count:/min",
        ),
        timeseries(
            "Controller run time",
            "Mean time of a run. Slow failures are time-outs of the API server or the kvstore.",
            query(
                "sum by (status) (rate(cilium_controllers_runs_duration_seconds_sum[$__rate_interval]))"
                " / sum by (status) (rate(cilium_controllers_runs_duration_seconds_count[$__rate_interval]))",
                "{{status}}",
            ),
            unit="s",
        ),
        table(
            "Failing loops by name",
            "Failures within the time range: search the agent's log for the name. Set "
            "prometheus.controllerGroupMetrics to `{all}` to see all groups.",
            query(
                "topk(10, (sum by (cluster, group_name)"
                ' (increase(cilium_controllers_group_runs_total{status="failure"}[$__range]))'
                " or sum by (cluster, module_id, job_name) (increase(cilium_hive_jobs_runs_failed[$__range]))) > 0)",
                "failures",
            ),
            unit="none",
            w=24,
        ),
        timeseries(
            "Module health",
            "`degraded` remains after a recovery until the agent restarts: a rise is "
            "an event, and `cilium-dbg status --verbose` shows the current health.",
            query('sum by (status) (cilium_hive_status{pod=~"cilium-[^-]+"})', "{{status}}"),
            unit="none",
            legend="list",
        ),
        collapsed=True,
    )


def kubernetes() -> Row:
    """Calls to the API server, and events from it."""
    latency = "rate(cilium_k8s_client_api_latency_time_seconds"
    return row(
        "Kubernetes",
        timeseries(
            "API latency by call, mean",
            "Slow for every path: the API server; slow for one: that resource.",
            query(
                f"sum by (method, path) ({latency}_sum[$__rate_interval]))"
                f" / sum by (method, path) ({latency}_count[$__rate_interval]))",
                "{{method}} {{path}}",
            ),
            unit="s",
            legend="right",
            w=24,
        ),
        table(
            "API calls: slowest and most frequent",
            "Slow on the worst node: choose a node above to see if only that one is, then check its connection to the "
            "API server. Cache or throttle the most frequent calls.",
            query(
                "topk(10, max by (method, path)"
                f" (sum by (cluster, node, method, path) ({latency}_sum[$__rate_interval]))"
                f" / sum by (cluster, node, method, path) ({latency}_count[$__rate_interval]))))",
                "mean, worst node",
                unit="s",
            ),
            query(
                f"topk(10, sum by (method, path) ({latency}_count[$__rate_interval])))",
                "calls, all nodes",
                unit="reqps",
            ),
            w=24,
        ),
        timeseries(
            "API calls",
            "Calls by response. 409: write conflicts; 429: the API server is throttling; 5xx: it is failing.",
            query(
                "sum by (return_code) (rate(cilium_k8s_client_api_calls_total[$__rate_interval]))",
                "{{return_code}}",
            ),
            unit="reqps",
            legend="list",
        ),
        timeseries(
            "Client throttling",
            "Time that calls wait for the agent's own rate limit. When it grows, raise k8sClientRateLimit.",
            query(
                "sum(rate(cilium_k8s_client_rate_limiter_duration_seconds_sum[$__rate_interval]))"
                " / sum(rate(cilium_k8s_client_rate_limiter_duration_seconds_count[$__rate_interval]))",
                "mean wait",
            ),
            unit="s",
            thresholds=above(CLIENT_THROTTLING),
        ),
        timeseries(
            "Workqueue depth",
            "The longest queue of any agent, by name. If a queue only grows, its handler hangs.",
            query('max by (name) (cilium_k8s_workqueue_depth{pod=~"cilium-[^-]+"})', "{{name}} worst"),
            unit="none",
            legend="list",
        ),
        timeseries(
            "Events received",
            "Changes of Kubernetes objects that agents receive. A storm costs CPU on all nodes.",
            query("sum by (scope) (rate(cilium_kubernetes_events_received_total[$__rate_interval]))", "{{scope}}"),
            unit="eps",
            legend="list",
            w=12,
        ),
        table(
            "Events now, by action",
            "Changes that agents could not apply come first, then the most frequent ones.",
            query(
                "topk(15, sum by (scope, action)"
                ' (rate(cilium_kubernetes_events_total{status="failed"}[$__rate_interval])) > 0)',
                "failed",
                thresholds=above(critical=0),
            ),
            query(
                "topk(15, sum by (scope, action)"
                " (rate(cilium_kubernetes_events_received_total[$__rate_interval])) > 0)",
                "received",
            ),
            rank="columns",
            unit="eps",
            w=24,
        ),
        collapsed=True,
    )


def connectivity() -> Row:
    """Nodes known to the agents, and connectivity between nodes."""
    return row(
        "Nodes and connectivity",
        timeseries(
            "Node events",
            "Constant updates: something keeps writing to CiliumNode objects.",
            query(
                "sum by (event_type, source) (rate(cilium_nodes_all_events_received_total[$__rate_interval])) * 60",
                "{{event_type}} {{source}}",
            ),
            unit="count:/min",
            bars=True,
            legend="right",
            w=10,
        ),
        timeseries(
            "Nodes known",
            "The two lines should be equal: an agent that knows fewer has lost its watch of nodes.",
            query("min(cilium_nodes_all_num)", "fewest"),
            query("max(cilium_nodes_all_num)", "most"),
            unit="none",
        ),
        timeseries(
            "Probe results",
            "The health mesh. Unreachable endpoints on reachable nodes: tunnel, encryption or a policy on the "
            "host. Needs healthChecking.",
            query("sum by (type, status) (cilium_node_health_connectivity_status)", "{{type}} {{status}}"),
            unit="none",
            legend="right",
        ),
        timeseries(
            "Probe latency",
            "Latency to nodes is that of the underlay; the difference between endpoints and nodes is Cilium's share.",
            query(
                "sum by (type, protocol) "
                "(rate(cilium_node_health_connectivity_latency_seconds_sum[$__rate_interval]))"
                " / sum by (type, protocol) "
                "(rate(cilium_node_health_connectivity_latency_seconds_count[$__rate_interval]))",
                "{{type}} {{protocol}}",
            ),
            unit="s",
            legend="right",
        ),
        collapsed=True,
    )


def resources() -> Row:
    """CPU and memory of agents, memory of BPF maps, and the state of IPsec."""
    memory = "cilium_bpf_maps_virtual_memory_max_bytes + cilium_bpf_progs_virtual_memory_max_bytes"
    return row(
        "Resources and IPsec",
        timeseries(
            "CPU",
            "100 % is one core. A worst value far above the mean: churn of endpoints or identities on that node, which "
            "the table Largest agents shows.",
            query("avg(rate(cilium_process_cpu_seconds_total[$__rate_interval]))", "mean"),
            query("max(rate(cilium_process_cpu_seconds_total[$__rate_interval]))", "worst"),
            unit="percentunit",
            w=8,
        ),
        timeseries(
            "Resident memory",
            "Steady growth: compare with endpoints here, and with identities and selectors on the policy board.",
            query("avg(cilium_process_resident_memory_bytes)", "mean"),
            query("max(cilium_process_resident_memory_bytes)", "worst"),
            unit="bytes",
            links=(link_to("cilium-policy"),),
            w=8,
        ),
        timeseries(
            "BPF memory",
            "Memory of Cilium's own BPF maps and programs on a node; 1.16 also counts those of other programs. Jumps "
            "are changes of map sizes.",
            query(f"avg({memory})", "mean"),
            query(f"max({memory})", "worst"),
            unit="bytes",
            w=8,
        ),
        table(
            "Largest agents",
            "Nodes with the worst values. Open files that only increase are a leak.",
            query("topk(10, sum by (cluster, node) (cilium_process_resident_memory_bytes))", "memory", unit="bytes"),
            query(
                "topk(10, sum by (cluster, node) (rate(cilium_process_cpu_seconds_total[$__rate_interval])))",
                "CPU",
                unit="percentunit",
            ),
            query("topk(10, sum by (cluster, node) (cilium_process_open_fds))", "files"),
            links=(link_to("cilium-capacity", node="node"),),
            w=24,
        ),
        table(
            "IPsec errors",
            "XFRM errors of the kernel since the node started. `no_state` after a rotation: nodes have different keys. "
            "Needs encryption.type `ipsec`.",
            query("topk(10, sum by (type, error) (cilium_ipsec_xfrm_error) > 0)", "errors"),
            w=12,
            h=6,
        ),
        timeseries(
            "IPsec keys and states",
            "Two keys for a long time: a rotation did not finish. Needs encryption.type `ipsec`.",
            query("min(cilium_ipsec_keys)", "fewest keys"),
            query("max(cilium_ipsec_keys)", "most keys"),
            query("max by (direction) (cilium_ipsec_xfrm_states)", "states {{direction}}"),
            unit="none",
            no_value="no IPsec seen",
            former_title="IPsec",
            w=12,
            h=6,
        ),
        collapsed=True,
    )
