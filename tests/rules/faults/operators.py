"""Faults of the operator and of BGP."""

from dashboards_py.catalog import RELEASES
from tests.rules.faults._fault import NODE, Fault, changing, counted, down, level, on, rate, removed, restarting, times

OPERATOR = "cilium-operator"
SESSIONS = "cilium_bgp_control_plane_session_state"

FAULTS = (
    Fault(
        name="operator-scaled-to-zero",
        story="Somebody scaled the operator to 0 for a test and forgot it: targets and series are gone.",
        fires=("CiliumOperatorAbsent",),
        played=on(".*", removed, component=OPERATOR),
    ),
    Fault(
        name="operators-crash",
        story="Both operators end at their start: their targets are down.",
        fires=("CiliumOperatorAbsent", "CiliumTargetDown"),
        played=on(".*", down, component=OPERATOR),
    ),
    Fault(
        name="operator-restarts-again-and-again",
        story="One operator loses its lease every eight minutes and ends.",
        fires=("CiliumOperatorRestarting",),
        played=on(".*", restarting(480.0, 8), component=OPERATOR, pod=".*op01"),
    ),
    Fault(
        name="operator-is-refused",
        story="The API server answers a third of the operator's calls with 429 or 500.",
        fires=("CiliumOperatorCallsFailing",),
        played=changing(
            on("cilium_operator_k8s_client_api_calls_total", times(100.0), return_code="429|500"),
            on("rest_client_requests_total", times(100.0), code="429|500", pod="cilium-operator.*"),
        ),
    ),
    Fault(
        name="identities-not-collected",
        story="The garbage collection of identities fails at each run: an identity cannot be deleted "
        "(operator/identitygc/gc.go).",
        fires=("CiliumIdentityCollectionFailing",),
        played=on("cilium_operator_identity_gc_runs", counted(1 / 900), outcome="fail"),
    ),
    Fault(
        name="service-without-address",
        story="Two Services ask for an address that no pool has.",
        fires=("CiliumLoadBalancerWithoutAddress",),
        played=on("cilium_operator_lbipam_services_unsatisfied(_total)?", level(2.0)),
    ),
    Fault(
        name="pods-of-another-cni",
        story="A node was added with another CNI configuration in front: seven pods have no Cilium.",
        fires=("CiliumUnmanagedPods",),
        played=on("cilium_operator_unmanaged_pods", level(7.0)),
    ),
    Fault(
        name="slices-not-written",
        story="Writes of CiliumEndpointSlices are rejected by a webhook (operator/pkg/ciliumendpointslice).",
        fires=("CiliumEndpointSlicesNotWritten",),
        played=on("cilium_operator_ces_sync_total", times(100.0), outcome="fail"),
    ),
    Fault(
        name="operator-pending",
        story="A new pod of the operator finds no node with the ports that it needs.",
        fires=("CiliumPodsPending",),
        played=changing(
            on("kube_pod_status_phase", level(1.0), pod="cilium-operator.*", phase="Pending"),
            on("kube_pod_status_phase", level(0.0), pod="cilium-operator.*", phase="Running"),
        ),
    ),
    Fault(
        name="other-pod-pending",
        story="A pod of CoreDNS is pending, which is no fault of Cilium's.",
        played=on("kube_pod_status_phase", level(1.0), pod="coredns.*", phase="Pending"),
    ),
    Fault(
        name="node-loses-all-routers",
        story="One node loses both of its BGP sessions: a cable.",
        fires=("CiliumBGPNodeWithoutSession", "CiliumBGPSessionDown"),
        played=on(SESSIONS, level(0.0), node=NODE),
    ),
    Fault(
        name="bgp-not-configured",
        story="A CiliumBGPPeerConfig names a Secret that does not exist: each reconciliation fails.",
        fires=("CiliumBGPReconcileErrors",),
        played=on("cilium_bgp_control_plane_reconcile_error(s_total|_count)", rate(0.05), node=NODE),
    ),
    Fault(
        name="operator-bgp-not-configured",
        story="Two CiliumBGPClusterConfigs select the same node: the operator counts an error each time.",
        fires=("CiliumBGPReconcileErrors",),
        releases=tuple(release for release in RELEASES if release >= (1, 18)),
        played=on("cilium_operator_bgp_control_plane_reconcile_errors_total", rate(0.05)),
    ),
)
