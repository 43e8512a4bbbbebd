"""The operator: is it there, and does it do its work?"""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.alert_limits import IDENTITY_COLLECTIONS, RESTARTS, SLICE_SYNCS_FAILED, TRAFFIC
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.limits import API_CALLS_FAILED, PODS_WITHOUT_CILIUM, SERVICES_WAITING
from dashboards_py.style.operator import FAILED_CALLS
from dashboards_py.style.shares import share

STARTED = "cilium_operator_process_start_time_seconds"
WAITING = "cilium_operator_lbipam_services_unsatisfied"
SYNCS = "cilium_operator_ces_sync_total"
PODS = "(cilium|hubble-relay|clustermesh-apiserver)-.*"
OF_POD = "cluster, namespace, pod"


def _rate(metric: str, matchers: str = "") -> str:
    braces = f"{{{matchers}}}" if matchers else ""
    return f"sum by (cluster) (rate({metric}{braces}[$__rate_interval]))"


def _failed_calls(metric: str, code: str) -> str:
    pod = 'pod=~"cilium-operator.*"'
    failed = f'{pod}, {code}=~"{FAILED_CALLS}"'
    return share(_rate(metric, failed), _rate(metric, pod), more_than=TRAFFIC.floor or 0)


def rules(_: Release) -> RuleGroup:
    """The operator and what it cares for."""
    return group(
        "cilium-operator",
        # Of clusters whose operator has been scraped within a day: elsewhere its metrics are off.
        alert(
            "CiliumOperatorAbsent",
            f"count by (cluster) (last_over_time({STARTED}[1d])) unless count by (cluster) ({STARTED})",
            hold="15m",
            severity="critical",
            summary="No operator runs, or none is scraped",
            description="For 15 minutes no operator has been scraped. Without one no identity is cleaned up, no node "
            "gets addresses for pods, and no LoadBalancer gets an address.",
            action="Look at the pods of Deployment cilium-operator, then at its ServiceMonitor.",
            panel=panel("cilium-operator", "Operators"),
        ),
        alert(
            "CiliumOperatorRestarting",
            f"max by (cluster, pod) (changes({STARTED}[1h]))",
            above=RESTARTS.level("warning"),
            hold="2m",
            severity="warning",
            summary="{{ $labels.pod }} restarts again and again",
            description="{{ $labels.pod }} started {{ $value }} times in the last hour.",
            action="Read the log of the container before its last start: lost leases and missing rights end it.",
            panel=panel("cilium-operator", "Operators"),
        ),
        alert(
            "CiliumOperatorCallsFailing",
            _failed_calls("cilium_operator_k8s_client_api_calls_total", "return_code"),
            _failed_calls("rest_client_requests_total", "code"),
            above=API_CALLS_FAILED.level("critical"),
            levels=(TRAFFIC.level("floor"),),
            hold="15m",
            severity="critical",
            summary="The operator cannot work with the API server",
            description="{{ $value | humanizePercentage }} of the operator's calls to the API server are refused or "
            "not answered; the limit is [limit].",
            action="429 and 5xx: the API server is overloaded. 401 and 403: the operator's ClusterRole. See its log.",
            panel=panel("cilium-operator", "API calls failed"),
        ),
        alert(
            "CiliumIdentityCollectionFailing",
            'max by (cluster) (increase(cilium_operator_identity_gc_runs{outcome="fail"}[1h]))',
            above=IDENTITY_COLLECTIONS.level("warning"),
            hold="2m",
            severity="warning",
            summary="Unused identities are not removed",
            description="{{ $value | humanize }} runs of the identity collector failed in the last hour: identities "
            "pile up until none is free.",
            action="The operator's log names the error; most often its rights or the API server.",
            panel=panel("cilium-operator", "Failed identity collections"),
        ),
        alert(
            "CiliumLoadBalancerWithoutAddress",
            f"max by (cluster) ({WAITING})",
            f"max by (cluster) ({WAITING}_total)",
            above=SERVICES_WAITING.level("warning"),
            hold="15m",
            severity="warning",
            summary="{{ $value }} Services wait for an address",
            description="{{ $value }} Services of type LoadBalancer did not get the addresses that they ask for.",
            action="The condition cilium.io/IPAMRequestSatisfied of the Service names the cause: no pool fits, or it "
            "is full.",
            panel=panel("cilium-operator", "Services waiting"),
        ),
        alert(
            "CiliumUnmanagedPods",
            "max by (cluster) (cilium_operator_unmanaged_pods)",
            above=PODS_WITHOUT_CILIUM.level("warning"),
            hold="30m",
            severity="warning",
            summary="{{ $value }} pods are not managed by Cilium",
            description="{{ $value }} pods were started by another CNI plug-in, or before Cilium: no policy applies to "
            "them.",
            action="Restart these pods; if new ones appear, look at the CNI configuration of their nodes.",
            panel=panel("cilium-operator", "Pods without Cilium"),
        ),
        alert(
            "CiliumEndpointSlicesNotWritten",
            share(_rate(SYNCS, 'outcome="fail"'), _rate(SYNCS), more_than=SLICE_SYNCS_FAILED.floor or 0),
            above=SLICE_SYNCS_FAILED.level("warning"),
            levels=(SLICE_SYNCS_FAILED.level("floor"),),
            hold="15m",
            severity="warning",
            summary="CiliumEndpointSlices are not written",
            description="{{ $value | humanizePercentage }} of the writes of CiliumEndpointSlices fail; the limit is "
            "[limit]. Nodes do not learn of new pods on other nodes.",
            action="The operator's log names the error; look at its calls to the API server as well.",
            panel=panel("cilium-operator", "Slices written"),
        ),
        alert(
            "CiliumPodsPending",
            f'max by ({OF_POD}) (kube_pod_status_phase{{phase="Pending", pod=~"{PODS}"}}) == 1',
            hold="15m",
            severity="warning",
            summary="{{ $labels.namespace }}/{{ $labels.pod }} does not start",
            description="{{ $labels.namespace }}/{{ $labels.pod }} has been pending for 15 minutes.",
            action="kubectl describe pod names the cause: no node fits, an image, a Secret or a volume is missing.",
            panel=panel("cilium-overview", "Not scraped"),
        ),
    )
