"""Cilium at a glance: is it up, is traffic getting through, what is near a limit, and which board is next?

For on-call, as the first board to open. Details of policy, Envoy and Hubble are on their own boards; the most expensive
panels are drops by reason and errors logged.
"""

from dashboards_py.model import Table
from dashboards_py.release import Release
from dashboards_py.style import (
    FAILING_PEERS,
    HUBBLE_SCRAPED,
    LIVE_IDENTITIES,
    MESH_AGENTS,
    NO_MESH,
    OPERATORS_UP,
    Dashboard,
    Row,
    above,
    bargauge,
    below,
    cluster,
    dashboard,
    envoys_not_serving,
    failed_operator_calls,
    firing_alerts,
    firing_alerts_count,
    hour_ago,
    link_to,
    link_to_next,
    mesh_ready,
    missing_agents,
    namespaces_in_trouble,
    not_scraped,
    query,
    row,
    stat,
    table,
    timeseries,
    unless_not_scraped,
    with_next_boards,
)
from dashboards_py.style.bgp import lost_sessions
from dashboards_py.style.fullness import INSERTION_FAILURES, NEARLY_FULL, USED_ADDRESSES, nearly_full
from dashboards_py.style.limits import (
    AGENTS_MISSING,
    API_CALLS_FAILED,
    BGP_SESSIONS_DOWN,
    CONFIG_DRIFT,
    CONFIGURATION_REFUSED,
    DROP_SHARE,
    ENVOYS_DOWN,
    FAILING_CONTROLLERS,
    IDENTITIES,
    MAP_PRESSURE,
    NO_ROOM,
    OPERATORS,
    POD_ADDRESSES,
    POLICY_DELAY,
    RELAY_PEERS,
    REMOTE_CLUSTERS,
    SOURCE_PORTS,
    UNREACHABLE,
)

TROUBLE = "What is wrong?"
ENVOYS_NOT_SERVING = envoys_not_serving('cluster=~"$cluster"')


def board(cilium: Release) -> Dashboard:
    """Health, traffic, limits and enabled features; each stat links to the board with the details."""
    return dashboard(
        uid="cilium-overview",
        title="Cilium / Overview",
        about="For on-call. Is Cilium up and the same everywhere? Is traffic getting through? "
        "What is broken or near a limit, and which board is next?",
        variables=(cluster("cilium_version"),),
        rows=(trouble(cilium), alerts(), traffic(), limits(), enabled_features()),
        row_components={TROUBLE: HUBBLE_SCRAPED},
    )


def trouble(cilium: Release) -> Row:
    """The components, then who is affected: targets, namespaces, nodes; full maps and drops.

    Numbers come first: the tables are empty while all is well.
    """
    return row(
        TROUBLE,
        firing_alerts_count(w=5, h=3),
        stat(
            "Agents missing",
            "Nodes that Cilium has known for 5 minutes, without those of meshed clusters, minus the agents that were "
            "scraped in them. The table Not scraped names the nodes, for an hour.",
            query(missing_agents(), "agents"),
            thresholds=above(AGENTS_MISSING),
            links=(link_to("cilium-agent"),),
            w=5,
            h=3,
        ),
        stat(
            "Operators",
            "Operators that Prometheus scrapes. Without one there is no garbage collection, and no LoadBalancer "
            "addresses, pod CIDRs or identities are assigned.",
            query(OPERATORS_UP, "up"),
            thresholds=below(OPERATORS),
            links=(link_to("cilium-operator"),),
            w=4,
            h=3,
        ),
        stat(
            "Identities",
            "Identities in use in the cluster, which can have about 65,000. Near that, too many labels are part of "
            "identities.",
            query(LIVE_IDENTITIES, "alive"),
            thresholds=above(IDENTITIES),
            links=(link_to("cilium-operator"), link_to("cilium-policy")),
            w=5,
            h=3,
        ),
        stat(
            "Unreachable",
            "Failed health probes of the worst node. Nodes: the underlay or a firewall; only endpoints: overlay, "
            "encryption or datapath. Needs healthChecking, which is on by default.",
            query("max(cilium_unreachable_nodes)", "nodes"),
            query("max(cilium_unreachable_health_endpoints)", "endpoints"),
            thresholds=above(UNREACHABLE),
            links=(link_to("cilium-agent"),),
            w=5,
            h=3,
        ),
        stat(
            "Versions running",
            "Agents and operators by version. Two agent versions for longer than a rollout: it is stuck, and the table "
            "Nodes on another version names the nodes. The operator should have the same version as the agents.",
            query("count by (version) (cilium_version)", "agents {{version}}"),
            query("count by (version) (cilium_operator_version)", "operator {{version}}"),
            links=(link_to("cilium-agent"),),
            w=8,
            h=3,
        ),
        stat(
            "Operator calls failed",
            "Share of the operator's calls that the API server refuses or does not answer. Without writes there are no "
            "new identities, addresses or slices, and nothing is collected.",
            *(query(share, "of calls") for share in failed_operator_calls(cilium)),
            unit="percentunit",
            thresholds=above(API_CALLS_FAILED),
            links=(link_to("cilium-operator"),),
            w=6,
            h=3,
        ),
        stat(
            "Failing controllers",
            "Reconcile loops of agents whose last run failed. The agent board shows the node; on it, "
            "`cilium-dbg status --all-controllers` shows the error.",
            query("sum(cilium_controllers_failing)", "controllers"),
            thresholds=above(FAILING_CONTROLLERS),
            links=(link_to("cilium-agent"),),
            w=5,
            h=3,
        ),
        stat(
            "Envoys not live",
            "Envoys that do not serve requests or do not answer Prometheus, beside those that it scrapes. For minutes: "
            "they wait for a response of the agent, drain, or their node is down.",
            query(f"sum({ENVOYS_NOT_SERVING})", "not serving"),
            query("count(envoy_server_live)", "scraped", secondary=True),
            thresholds=above(ENVOYS_DOWN),
            links=(link_to("cilium-envoy"),),
            w=5,
            h=3,
            former_title="Envoy live",
        ),
        stat(
            "Envoy refuses updates",
            "Updates that Envoys rejected within the time range: they keep the old configuration. The Envoy board "
            "shows of which kind.",
            query(refused_updates(), "updates"),
            thresholds=above(CONFIGURATION_REFUSED),
            links=(link_to("cilium-envoy"),),
            w=6,
            h=3,
        ),
        stat(
            "Relay peers failing",
            "Agents that the worst relay could not connect to in the last five minutes: their flows are missing from "
            "`hubble observe` and from the UI. Needs hubble.relay.prometheus.enabled.",
            query(FAILING_PEERS, "worst relay"),
            thresholds=above(RELAY_PEERS),
            links=(link_to("hubble-relay"),),
            w=6,
            h=3,
        ),
        stat(
            "Remote clusters failing",
            "Remote clusters that an agent, an operator or kvstoremesh is not connected to: their services and "
            "endpoints are stale. The next board names the clusters.",
            query(f"count({mesh_ready()} == 0) or 0 * count({MESH_AGENTS})", "clusters"),
            thresholds=above(REMOTE_CLUSTERS),
            no_value=NO_MESH,
            links=(link_to("cilium-clustermesh"),),
            w=6,
            h=3,
        ),
        stat(
            "BGP sessions",
            "BGP sessions that are not established, and for an hour those of nodes whose agent does not answer any "
            "more. The routes of a session that is down are withdrawn.",
            query(f"sum(cilium_bgp_control_plane_session_state == bool 0 or {lost_sessions()} ^ 0)", "down"),
            query(f"count(cilium_bgp_control_plane_session_state or {lost_sessions()})", "configured", secondary=True),
            thresholds=above(BGP_SESSIONS_DOWN),
            no_value="no BGP seen",
            links=(link_to("cilium-bgp"),),
            w=6,
            h=3,
        ),
        table(
            "Not scraped",
            "Targets of Cilium that do not answer (down), and those of an hour ago that are targets no more (gone; "
            "removed: with their node). See `kubectl -n kube-system get pods -o wide --field-selector "
            "spec.nodeName=NODE`. Not Running: read the log, `--previous` too; all Running: check the port, a firewall "
            "or TLS; no pod: the node is NotReady, or was removed. Last are components without any target: maybe off, "
            "if Cilium does not report them.",
            with_next_boards(not_scraped()),
            links=(link_to_next(),),
            no_value="no missing target",
            w=13,
            h=6,
        ),
        namespaces_in_trouble(w=11, h=6),
        table(
            "Fullest maps and addresses",
            "The fullest BPF maps, each on its worst node. A full one drops connections, services or policy entries. "
            "Also source ports above 70 %, and pod addresses above 80 %: without one, pods hang in ContainerCreating.",
            query(
                "topk(4, topk(1, max by (map_name, cluster, node) (cilium_bpf_map_pressure)"
                f" or {nearly_full()}) by (map_name))",
                "used",
                levels=NEARLY_FULL,
            ),
            unit="percentunit",
            thresholds=above(MAP_PRESSURE),
            links=(link_to("cilium-capacity", node="node"),),
            widths={"map_name": 150},
            former_title="Fullest BPF maps",
            h=6,
            w=8,
        ),
        nodes_on_another_version(),
        timeseries(
            "Drops by reason",
            "Packets that the datapath drops. For `Policy denied` (in Hubble POLICY_DENIED) see the policy board, for "
            "conntrack, NAT and FIB reasons the capacity board, for the affected clients the network board.",
            query("sum by (reason) (rate(cilium_drop_count_total[$__rate_interval]))", "{{reason}}"),
            unit="count:pkt/s",
            rare=True,
            links=(link_to("cilium-policy"), link_to("cilium-capacity"), link_to("hubble-network")),
            legend="list",
            h=6,
            w=10,
        ),
    )


def nodes_on_another_version() -> Table:
    """The nodes whose version half of the others or more do not run, if agents have several versions."""
    agents, same = "count by (cluster) (cilium_version)", "count by (cluster, version) (cilium_version)"
    others = f"({agents} - on (cluster) group_right () {same})"
    rare = f"({others} >= on (cluster) group_left () ({agents} / 2))"
    nodes = "count by (cluster, node, version) (cilium_version)"
    return table(
        "Nodes on another version",
        "Agents whose version half of the others or more do not run, the rarest first. For longer than a rollout: "
        "`kubectl -n kube-system rollout status ds/cilium` shows what it waits for; then look at the pod of the node.",
        unless_not_scraped(
            query(
                f"topk(10, {nodes} * on (cluster, version) group_left () {rare})",
                "others",  # without a color: a rollout is not bad
            ),
            "cilium_version",
        ),
        no_value="no outlier",
        links=(link_to("cilium-agent", node="node"),),
        w=6,
        h=6,
    )


def refused_updates() -> str:
    """Updates of any kind that Envoys refused; an Envoy without a policy filter counts none of policy."""
    kinds = ("cilium_npds", "listener_manager_lds", "cluster_manager_cds")
    of_each = (
        f'label_replace(sum(increase(envoy_{kind}_update_rejected[$__range])), "kind", "{kind}", "", "")'
        for kind in kinds
    )
    return f"sum({' or '.join(of_each)})"


def alerts() -> Row:
    """The alerts that fire, each with the board that shows why."""
    return row("Which alerts fire?", firing_alerts(w=24, h=7))


def traffic() -> Row:
    """Packets that are dropped and forwarded, the delay of policy, and errors in logs."""
    drops = "sum by (cluster, node) (rate(cilium_drop_count_total[$__rate_interval]))"
    forwards = "sum by (cluster, node) (rate(cilium_forward_count_total[$__rate_interval]))"
    drop_share = f"({drops} or 0 * {forwards}) / ((({drops} or 0 * {forwards}) + {forwards}) > 0)"
    return row(
        "Traffic and logs",
        stat(
            "Drop share",
            "Share of packets that the datapath drops, on the worst node. Drops by reason, above, shows why. No room: "
            "drops because a map of connection tracking, NAT or a proxy is full, whatever their share.",
            query(f"topk(1, {drop_share})", "{{node}} {{cluster}}"),
            query(f"max({hour_ago(drop_share)})", "1 h ago", secondary=True),
            query(
                f"sum({INSERTION_FAILURES}) > 0",
                "no room",
                unit="count:pkt/s",
                decimals=1,
                thresholds=above(NO_ROOM),
            ),
            unit="percentunit",
            thresholds=above(DROP_SHARE),
            links=(link_to("cilium-agent"), link_to("cilium-capacity")),
            w=16,
            h=3,
            decimals=3,
        ),
        stat(
            "Policy delay",
            "Mean time from a policy change to its enforcement. Seconds: agents are short of CPU or regeneration "
            "is stuck.",
            query(
                "sum(rate(cilium_policy_implementation_delay_sum[$__rate_interval]))"
                " / sum(rate(cilium_policy_implementation_delay_count[$__rate_interval]))",
                "mean",
            ),
            unit="s",
            thresholds=above(POLICY_DELAY),
            no_value="no change seen",
            links=(link_to("cilium-policy"),),
            w=8,
            h=3,
        ),
        timeseries(
            "Forwarded",
            "Packets that the datapath forwards. A sudden fall at steady load is an outage: compare with the drops.",
            query("sum by (direction) (rate(cilium_forward_count_total[$__rate_interval]))", "{{direction}}"),
            unit="count:pkt/s",
            legend="list",
            w=12,
            h=6,
        ),
        timeseries(
            "Errors logged",
            "Errors and warnings in the logs of agents and operators. If they rise after an upgrade or a change of "
            "policy, the component's board shows the subsystem.",
            query("sum by (level) (rate(cilium_errors_warnings_total[$__rate_interval])) * 60", "agent {{level}}"),
            query(
                "sum by (level) (rate(cilium_operator_errors_warnings_total[$__rate_interval])) * 60",
                "operator {{level}}",
            ),
            unit="count:/min",
            links=(link_to("cilium-agent"), link_to("cilium-operator")),
            legend="list",
            w=12,
            h=6,
        ),
    )


def limits() -> Row:
    """Usage of maps, addresses, ports and identities."""
    return row(
        "Limits",
        bargauge(
            "Pod addresses used",
            "Share of a node's pod addresses in use, on the worst node. At 100 % its pods hang in ContainerCreating. "
            "Without nodes with cloud IPAM, whose pools grow on demand and are always nearly used.",
            query(f"max by (family) ({USED_ADDRESSES})", "{{family}} worst node"),
            unit="percentunit",
            thresholds=above(POD_ADDRESSES),
            no_value="no address seen",
            links=(link_to("cilium-capacity"),),
            w=6,
            h=4,
        ),
        bargauge(
            "Source ports used",
            "Share of source ports that masquerading uses to one remote address, on the worst node. At 100 %, new "
            "connections to that address fail. 0 if there is no NAT map, which BPF masquerading, egress gateway and "
            "kube-proxy replacement create.",
            query("max by (family) (cilium_nat_endpoint_max_connection)", "{{family}} worst node"),
            unit="percentunit",
            thresholds=above(SOURCE_PORTS),
            links=(link_to("cilium-capacity"),),
            w=6,
            h=4,
        ),
    )


def enabled_features() -> Row:
    """Modes and features of the agents, and nodes with a different configuration."""
    return row(
        "Enabled features",
        stat(
            "Modes",
            "Agents by mode. Two modes of one kind mean that nodes differ: restart the agents that missed the change.",
            query("count by (mode) (cilium_feature_datapath_network == 1)", "routing {{mode}}"),
            query("count by (mode) (cilium_feature_controlplane_ipam == 1)", "IPAM {{mode}}"),
            query("count by (mode) (cilium_feature_controlplane_identity_allocation == 1)", "identities {{mode}}"),
            query(
                "count by (mode) (cilium_feature_adv_connect_and_lb_transparent_encryption == 1)", "encryption {{mode}}"
            ),
            query("sum(cilium_feature_adv_connect_and_lb_kube_proxy_replacement_enabled)", "no kube-proxy"),
            w=24,
            h=4,
        ),
        stat(
            "Nodes with config drift",
            "Agents that still run with an older ConfigMap: restart them. Needs enable-drift-checker on 1.17.",
            query(
                "count(cilium_drift_checker_config_delta > 0) or 0 * count(cilium_drift_checker_config_delta)", "nodes"
            ),
            thresholds=above(CONFIG_DRIFT),
            no_value="not checked",
            links=(link_to("cilium-agent"),),
            w=24,
            h=3,
        ),
        collapsed=True,
    )
