"""Faults of agents: the process, its endpoints, its policy and its API."""

from dashboards_py.demo.scenes._size import KNOWN_NODES
from tests.rules.faults._fault import (
    NODE,
    Fault,
    changing,
    down,
    labeled,
    level,
    node_by_node,
    on,
    rate,
    reconfigured,
    removed,
    restarting,
    rising,
    times,
    upgraded,
)

OF_AGENT = "cilium-agent|hubble"  # one process
CYCLES = 8  # restarts of a container that ends after some minutes: back-off is five minutes at most

FAULTS = (
    Fault(
        name="agent-does-not-start",
        story="The agent of a node ends in CrashLoopBackOff: nothing answers at its two ports, Envoy on the node keeps "
        "its policy without a stream, and relay cannot connect to it.",
        fires=("CiliumTargetDown", "CiliumAgentsMissing"),
        also={
            "CiliumEnvoyWithoutPolicy": "Envoy's policy stream is to that agent",
            "HubbleRelayPeersFailing": "relay connects to that agent, one of six",
            "CiliumAgentsNotReady": "the DaemonSet counts the pod as not ready",
        },
        played=changing(
            on(".*", down, component=OF_AGENT, node=NODE),
            on("envoy_cilium_npds_control_plane_connected_state", level(0.0), node=NODE),
            on("hubble_relay_pool_peer_connection_status", level(5.0), status="READY"),
            on("hubble_relay_pool_peer_connection_status", level(1.0), status="TRANSIENT_FAILURE"),
            on("kube_daemonset_status_number_ready", level(5.0)),
        ),
    ),
    Fault(
        name="agent-restarts-again-and-again",
        story="The agent of a node is killed every eight minutes, since it is out of memory: all its counters begin at "
        "0 again.",
        fires=("CiliumAgentRestarting",),
        played=on(".*", restarting(480.0, CYCLES), component=OF_AGENT, node=NODE),
    ),
    Fault(
        name="agent-scrape-fails",
        story="A NetworkPolicy keeps Prometheus from port 9965 of one node: Hubble works, and is not seen.",
        fires=("CiliumTargetDown",),
        played=on(".*", down, component="hubble", node=NODE),
    ),
    Fault(
        name="rollout-stuck",
        story="Two pods of the DaemonSet do not become ready after an upgrade, and the rollout waits for them.",
        fires=("CiliumAgentsNotReady",),
        played=on("kube_daemonset_status_number_ready", level(4.0)),
    ),
    Fault(
        name="rollout-interrupted",
        story="A node still runs the old version seven hours later: its pod was not replaced (OnDelete).",
        fires=("CiliumVersionSkew",),
        played=on("cilium_version", labeled(version="1.15.9", revision="0ld"), node=NODE),
    ),
    Fault(
        name="slow-upgrade",
        story="Agents are upgraded one after the other, for longer than the alert waits: no fault.",
        played=on("cilium_version", node_by_node(100 * 60, upgraded)),
    ),
    Fault(
        name="slow-restart",
        story="Agents restart one after the other with a new configuration, for longer than the alert waits: no fault.",
        played=on("cilium_drift_checker_config_delta", node_by_node(50 * 60, reconfigured)),
    ),
    Fault(
        name="health-endpoints-unreachable",
        story="A firewall drops the tunnel's UDP packets to one node: its address answers, its health endpoint does "
        "not (pkg/health/server).",
        fires=("CiliumEndpointsUnreachable",),
        played=on("cilium_unreachable_health_endpoints", level(1.0), node="node-[12456]"),
    ),
    Fault(
        name="node-cut-off",
        story="One node's network is broken: its agent reaches no other node, and the others do not reach it.",
        fires=("CiliumNodesUnreachable",),
        played=changing(
            on("cilium_unreachable_(nodes|health_endpoints)", level(1.0), node="node-[12456]"),
            on("cilium_unreachable_(nodes|health_endpoints)", level(KNOWN_NODES - 1.0), node=NODE),
        ),
    ),
    Fault(
        name="controllers-fail",
        story="Two controllers of one agent fail at each run (sync-to-k8s-ciliumendpoint: an admission webhook).",
        fires=("CiliumControllersFailing",),
        played=on("cilium_controllers_failing", level(2.0), node=NODE),
    ),
    Fault(
        name="endpoints-stuck",
        story="Three endpoints wait for an identity that cannot be allocated.",
        fires=("CiliumEndpointsNotReady",),
        played=on("cilium_endpoint_state", level(3.0), node=NODE, endpoint_state="waiting-for-identity"),
    ),
    Fault(
        name="regenerations-fail",
        story="The kernel's verifier rejects the program of new endpoints on one node.",
        fires=("CiliumRegenerationFailing",),
        played=on("cilium_endpoint_regenerations_total", times(1000.0), node=NODE, outcome="fail"),
    ),
    Fault(
        name="endpoints-not-created",
        story="The CNI plug-in asks for endpoints faster than the API's rate limit lets it: requests wait and fail.",
        fires=("CiliumEndpointCreationFailing",),
        played=on(
            "cilium_api_limiter_processed_requests_total",
            rate(0.02),
            node=NODE,
            api_call="endpoint-create",
            outcome="fail.*",
        ),
    ),
    Fault(
        name="agent-api-errors",
        story="The agent answers 500 to the CNI plug-in (PutEndpointIDFailed is 500 in api/v1/server).",
        fires=("CiliumAgentAPIErrors",),
        played=on("cilium_agent_api_process_time_seconds_(count|sum|bucket)", rate(0.05), node=NODE, return_code="5.."),
    ),
    Fault(
        name="api-server-overloaded",
        story="The API server answers half of an agent's calls with 429 or 500.",
        fires=("CiliumAgentCallsFailing",),
        played=on("cilium_k8s_client_api_calls_total", times(200.0), node=NODE, return_code="429|500"),
    ),
    Fault(
        name="api-server-refuses-agents",
        story="The ClusterRole of agents was pruned: all calls of all agents are answered with 403.",
        fires=("CiliumAgentCallsFailing",),
        played=on("cilium_k8s_client_api_calls_total", labeled(return_code="403"), return_code="20."),
    ),
    Fault(
        name="configuration-not-applied",
        story="cilium-config was changed, and the agents were not restarted (pkg/dynamicconfig).",
        fires=("CiliumConfigDrift",),
        played=on("cilium_drift_checker_config_delta", level(3.0)),
    ),
    Fault(
        name="file-descriptors-leak",
        story="An agent keeps a file open for each proxy connection.",
        fires=("CiliumOpenFilesNearLimit",),
        played=on("cilium_process_open_fds", level(1e6), node=NODE),
    ),
    Fault(
        name="policy-not-loaded",
        story="A rule that the agents' version does not know is rejected by each of them.",
        fires=("CiliumPolicyImportFailing",),
        played=on("cilium_policy_change_total", rate(0.01), outcome="fail"),
    ),
    Fault(
        name="policy-slow",
        story="The agent of a node lacks CPU: from a change of policy to its enforcement it takes 20 seconds.",
        fires=("CiliumPolicySlow",),
        played=on("cilium_policy_implementation_delay_sum", times(400.0), node=NODE),
    ),
    Fault(
        name="dns-proxy-times-out",
        story="A node cannot reach CoreDNS: one in four lookups that its DNS proxy forwards gets no answer "
        "(error=timeout in pkg/fqdn/dnsproxy).",
        fires=("CiliumDNSProxyTimeouts",),
        played=on("cilium_proxy_upstream_reply_seconds_count", times(100.0), node=NODE, error="timeout"),
    ),
    Fault(
        name="dns-proxy-overloaded",
        story="A pod asks for 5,000 names a second: the DNS proxy rejects some (dnsProxy.concurrencyLimit).",
        fires=("CiliumDNSProxyOverloaded",),
        played=on("cilium_fqdn_semaphore_rejected_total", rate(40.0), node=NODE),
    ),
    Fault(
        name="node-pool-removed",
        story="Half of the nodes are removed at once: their targets go, and one after the other their CiliumNodes. "
        "No fault.",
        played=changing(
            on(".*", removed, node="node-[345]"),
            on("cilium_nodes_all_num", rising(KNOWN_NODES, KNOWN_NODES - 3.0, 300)),
            on("kube_daemonset_status_.*", level(3.0)),
            on("hubble_relay_pool_peer_connection_status", level(3.0), status="READY"),
        ),
    ),
    Fault(
        name="agent-restarted-once",
        story="One agent restarts, its counters begin again at 0: nobody has to get up for that.",
        played=on(".*", restarting(480.0, 1), component=OF_AGENT, node=NODE),
    ),
)
