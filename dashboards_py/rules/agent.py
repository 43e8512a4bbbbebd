"""Agents: are they there, of one version, in reach of each other, and at work?"""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.agents import nodes_without_agent, started_lately
from dashboards_py.style.alert_limits import (
    AGENT_API_ERRORS,
    AGENT_CALLS_FAILED,
    AGENTS_NOT_READY,
    ENDPOINT_CREATIONS,
    FAILED_REGENERATIONS,
    REGENERATIONS_FAILED,
    RESTARTS,
)
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.limits import (
    AGENTS_MISSING,
    CONFIG_DRIFT,
    ENDPOINTS_NOT_READY,
    FAILING_CONTROLLERS,
    OPEN_FILES,
    UNREACHABLE,
)
from dashboards_py.style.operator import FAILED_CALLS
from dashboards_py.style.shares import share

PODS = "(cilium|hubble-relay|clustermesh-apiserver)-.*"
DESIRED = 'kube_daemonset_status_desired_number_scheduled{daemonset="cilium"}'
READY = 'kube_daemonset_status_number_ready{daemonset="cilium"}'
DRIFTED = "count by (cluster) (cilium_drift_checker_config_delta > 0)"
UPDATED = 'kube_daemonset_status_updated_number_scheduled{daemonset="cilium"}'
WORKLOAD = "cluster, namespace, daemonset"
LOST_NODES = "max by (cluster) (cilium_unreachable_nodes)"
LOST_ENDPOINTS = "max by (cluster) (cilium_unreachable_health_endpoints)"
# A node that restarts is not reached until it is probed again, which takes minutes in a large cluster.
STARTED = started_lately("cluster", 1200)
CALLS = "cilium_k8s_client_api_calls_total"
REGENERATIONS = "cilium_endpoint_regenerations_total"


def _of_version(offset: str = "") -> str:
    """The agents of each version; one that is not scraped for a moment still counts."""
    return f"count by (cluster, version) (last_over_time(cilium_version[10m]{offset}))"


def _rate(metric: str, matchers: str = "") -> str:
    braces = f"{{{matchers}}}" if matchers else ""
    return f"sum by (cluster, node) (rate({metric}{braces}[$__rate_interval]))"


def rules(_: Release) -> RuleGroup:
    """Agents, their endpoints and their API."""
    return group(
        "cilium-agent",
        alert(
            "CiliumTargetDown",
            f'min by (cluster, namespace, node, job, pod) (up{{pod=~"{PODS}"}}) == 0',
            hold="10m",
            severity="warning",
            summary="{{ $labels.pod }} cannot be scraped for {{ $labels.job }}",
            description="Prometheus does not reach the metrics of {{ $labels.namespace }}/{{ $labels.pod }} "
            "({{ $labels.job }}): all that boards and alerts say of this pod is missing.",
            action="See whether the pod runs; if it does, read the error of the target in Prometheus.",
            panel=panel("cilium-overview", "Not scraped"),
        ),
        alert(
            "CiliumAgentsMissing",
            nodes_without_agent(),
            above=AGENTS_MISSING.level("critical"),
            hold="15m",
            severity="critical",
            summary="{{ $value }} nodes have no agent that is scraped",
            description="Agents know {{ $value }} more nodes than there are agents in Prometheus. On such a node pods "
            "keep their connections, but new pods do not start and policy does not change.",
            action="The table Not scraped on the board Cilium / Overview names the nodes: read the events and logs "
            "of their Cilium pods. Without a row, Prometheus has not scraped them for an hour: list the nodes "
            "without such a pod.",
            panel=panel("cilium-overview", "Agents missing"),
        ),
        alert(
            "CiliumAgentsNotReady",
            f"max by ({WORKLOAD}) ({DESIRED}) - max by ({WORKLOAD}) ({READY}) "
            f"unless changes(max by ({WORKLOAD}) ({UPDATED})[15m:1m]) > 0",
            above=AGENTS_NOT_READY.level("warning"),
            hold="15m",
            severity="warning",
            summary="{{ $value }} agents are not ready",
            description="Of the pods that DaemonSet {{ $labels.namespace }}/{{ $labels.daemonset }} wants, {{ $value "
            "}} "
            "are not ready, while no rollout makes progress.",
            action="Look at the pods that are not ready: their events, and the log of cilium-agent and its init "
            "containers.",
            panel=panel("cilium-agent", "Agents"),
        ),
        alert(
            "CiliumAgentRestarting",
            "max by (cluster, node, pod) (changes(cilium_process_start_time_seconds[1h]))",
            above=RESTARTS.level("warning"),
            hold="2m",
            severity="warning",
            summary="The agent on {{ $labels.node }} restarts again and again",
            description="{{ $labels.pod }} started {{ $value }} times in the last hour.",
            action="Read the log of the container before its last start; if it ran out of memory, raise its limit.",
            panel=panel("cilium-agent", "Agents", node="node"),
        ),
        alert(
            "CiliumVersionSkew",
            "min_over_time(count by (cluster) (count by (cluster, version) (cilium_version))[15m:1m]) > 1 "
            f"unless on (cluster) max by (cluster) ({_of_version(' offset 2h')} - {_of_version()}) > 0",
            hold="4h",
            severity="info",
            summary="Agents of {{ $value }} versions run",
            description="For six hours agents of {{ $value }} versions have been running, and none was replaced: a "
            "rollout was interrupted.",
            action="Finish the rollout, or roll it back.",
            panel=panel("cilium-overview", "Versions running"),
        ),
        alert(
            "CiliumNodesUnreachable",
            f"{LOST_NODES} unless on (cluster) {LOST_NODES} <= {STARTED}",
            above=UNREACHABLE.level("critical"),
            hold="15m",
            severity="critical",
            summary="Agents do not reach {{ $value }} nodes",
            description="The agent that is worst off reaches {{ $value }} nodes neither by ICMP nor at TCP 4240.",
            action="The table Not scraped on the board Cilium / Overview names a node that is down. If it does not, "
            "find out whether one node is lost to all, or all nodes are to one; then look at that node and at the "
            "network between.",
            panel=panel("cilium-overview", "Unreachable"),
        ),
        alert(
            "CiliumEndpointsUnreachable",
            f"{LOST_ENDPOINTS} unless on (cluster) {LOST_NODES} > 0 unless on (cluster) {LOST_ENDPOINTS} <= {STARTED}",
            above=UNREACHABLE.level("critical"),
            hold="15m",
            severity="critical",
            summary="Pods on {{ $value }} nodes are not reached, although the nodes are",
            description="The agent that is worst off reaches all nodes, but not the health endpoints of {{ $value }} "
            "of "
            "them: traffic of pods between nodes is lost.",
            action="Look at tunnels, routes, MTU and encryption between the nodes, and at the reasons of drops.",
            panel=panel("cilium-overview", "Unreachable"),
        ),
        alert(
            "CiliumControllersFailing",
            "sum by (cluster, node) (cilium_controllers_failing)",
            above=FAILING_CONTROLLERS.level("warning"),
            hold="30m",
            keep_firing_for="10m",
            severity="warning",
            summary="{{ $value }} control loops of the agent on {{ $labels.node }} fail",
            description="{{ $value }} controllers of the agent on {{ $labels.node }} failed when they last ran.",
            action="List them with cilium-dbg status --all-controllers in that pod: the last error names the cause.",
            panel=panel("cilium-agent", "Failing controllers", node="node"),
        ),
        alert(
            "CiliumEndpointsNotReady",
            'sum by (cluster, node) (min_over_time(cilium_endpoint_state{endpoint_state!="ready"}[5m]))',
            above=ENDPOINTS_NOT_READY.level("warning"),
            hold="15m",
            keep_firing_for="5m",
            severity="warning",
            summary="{{ $value }} endpoints on {{ $labels.node }} do not become ready",
            description="{{ $value }} endpoints on {{ $labels.node }} stay in a state other than ready: their pods may "
            "have an old policy, or none.",
            action="List them with cilium-dbg endpoint list, and read the log of one of them.",
            panel=panel("cilium-agent", "Endpoints not ready", node="node"),
        ),
        alert(
            "CiliumRegenerationFailing",
            share(_rate(REGENERATIONS, 'outcome="fail"'), _rate(REGENERATIONS))
            + f' and sum by (cluster, node) (increase({REGENERATIONS}{{outcome="fail"}}[$__rate_interval])) '
            f">= {FAILED_REGENERATIONS.floor}",
            above=REGENERATIONS_FAILED.level("critical"),
            levels=(FAILED_REGENERATIONS.level("floor"),),
            window="10m",
            hold="15m",
            severity="critical",
            summary="{{ $value | humanizePercentage }} of endpoint regenerations on {{ $labels.node }} fail",
            description="{{ $value | humanizePercentage }} of the regenerations on {{ $labels.node }} failed in 10 "
            "minutes; the limit is [limit]. These endpoints keep the policy and the datapath that they had.",
            action="Read the log of an endpoint that failed with cilium-dbg endpoint log.",
            panel=panel("cilium-agent", "Regenerations", node="node"),
        ),
        alert(
            "CiliumEndpointCreationFailing",
            "sum by (cluster, node) (increase(cilium_api_limiter_processed_requests_total"
            '{api_call="endpoint-create", outcome!="success"}[15m]))',
            above=ENDPOINT_CREATIONS.level("warning"),
            hold="5m",
            keep_firing_for="10m",
            severity="warning",
            summary="The agent on {{ $labels.node }} does not create endpoints",
            description="In 15 minutes {{ $value | humanize }} requests to create an endpoint on {{ $labels.node }} "
            "failed or were refused: the pods stay in ContainerCreating.",
            action="Read the events of the pods that do not start, and the agent's log at the same time.",
            panel=panel("cilium-capacity", "Agent API refusals", node="node"),
        ),
        alert(
            "CiliumAgentAPIErrors",
            'sum by (cluster, node) (increase(cilium_agent_api_process_time_seconds_count{return_code=~"5.."}[15m]))',
            above=AGENT_API_ERRORS.level("warning"),
            hold="5m",
            keep_firing_for="10m",
            severity="warning",
            summary="The API of the agent on {{ $labels.node }} answers with errors",
            description="The agent on {{ $labels.node }} answered {{ $value | humanize }} requests with 5xx in 15 "
            "minutes.",
            action="See which path and method on the panel: PUT of an endpoint is the CNI plug-in.",
            panel=panel("cilium-capacity", "Agent API calls", node="node"),
        ),
        alert(
            "CiliumAgentCallsFailing",
            share(
                _rate(CALLS, f'return_code=~"{FAILED_CALLS}"'),
                _rate(CALLS),
                more_than=AGENT_CALLS_FAILED.floor or 0,
            ),
            above=AGENT_CALLS_FAILED.level("warning"),
            levels=(AGENT_CALLS_FAILED.level("floor"),),
            hold="15m",
            severity="warning",
            summary="The agent on {{ $labels.node }} cannot work with the API server",
            description="{{ $value | humanizePercentage }} of the calls of the agent on {{ $labels.node }} to the API "
            "server are refused or not answered; the limit is [limit]. It may miss changes of pods, services and "
            "policy.",
            action="429 and 5xx: the API server is overloaded. 401 and 403: the agent's rights. No answer: the "
            "network.",
            panel=panel("cilium-agent", "API calls", node="node"),
        ),
        alert(
            "CiliumConfigDrift",
            f"{DRIFTED} unless {DRIFTED} < count by (cluster) (cilium_drift_checker_config_delta offset 1h > 0)",
            above=CONFIG_DRIFT.level("warning"),
            hold="2h",
            severity="warning",
            summary="{{ $value }} agents run an older configuration",
            description="{{ $value }} agents have not applied a change of the ConfigMap cilium-config, and for an hour "
            "none was restarted.",
            action="Restart them: kubectl rollout restart daemonset/cilium.",
            panel=panel("cilium-overview", "Nodes with config drift"),
        ),
        alert(
            "CiliumOpenFilesNearLimit",
            "max by (cluster, node) (cilium_process_open_fds / cilium_process_max_fds)",
            above=OPEN_FILES.level("critical"),
            hold="15m",
            severity="critical",
            summary="The agent on {{ $labels.node }} runs out of file descriptors",
            description="The agent on {{ $labels.node }} uses {{ $value | humanizePercentage }} of its file "
            "descriptors; "
            "the limit is [limit].",
            action="Restart the agent before it fails, and report what kept the files open: list /proc/1/fd in the "
            "pod.",
            panel=panel("cilium-capacity", "Open files", node="node"),
        ),
    )
