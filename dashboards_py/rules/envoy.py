"""Envoy: does it serve, and does it get its configuration?"""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.alert_limits import LISTENER_5XX
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.limits import CERTIFICATE, CONFIGURATION_REFUSED
from dashboards_py.style.shares import share

REFUSED = ("cilium_npds", "listener_manager_lds", "cluster_manager_cds")
NO_CERTIFICATE = 10000  # days: what Envoy reports without one is far above
RESPONSES = "envoy_http_downstream_rq_xx"
LISTENER = "cluster, envoy_http_conn_manager_prefix"


def rules(_: Release) -> RuleGroup:
    """Envoys, as a DaemonSet."""
    return group(
        "cilium-envoy",
        alert(
            "CiliumEnvoyNotServing",
            "min by (cluster, node) (envoy_server_live) == 0",
            hold="5m",
            severity="critical",
            summary="Envoy on {{ $labels.node }} does not serve",
            description="Envoy on {{ $labels.node }} is draining or starting for five minutes: L7 policy, Ingress and "
            "Gateway traffic through this node fails.",
            action="Look at the pod cilium-envoy on that node, and at its log.",
            panel=panel("cilium-envoy", "Envoys", node="node"),
        ),
        alert(
            "CiliumEnvoyWithoutPolicy",
            "min by (cluster, node) (envoy_cilium_npds_control_plane_connected_state) == 0",
            hold="10m",
            severity="critical",
            summary="Envoy on {{ $labels.node }} gets no policy",
            description="Envoy on {{ $labels.node }} has lost its connection to the agent and keeps the policy that it "
            "had: changes and new pods are not covered.",
            action="See whether the agent on that node runs; restart cilium-envoy there if it does.",
            panel=panel("cilium-envoy", "Policy stream down", node="node"),
        ),
        alert(
            "CiliumEnvoyRefusesConfiguration",
            *(f"sum by (cluster, node) (increase(envoy_{kind}_update_rejected[15m]))" for kind in REFUSED),
            above=CONFIGURATION_REFUSED.level("critical"),
            hold="5m",
            keep_firing_for="10m",
            severity="critical",
            summary="Envoy on {{ $labels.node }} refuses its configuration",
            description="Envoy on {{ $labels.node }} refused {{ $value | humanize }} configurations in 15 minutes and "
            "keeps the old one.",
            action="Its log names the field; look at the CiliumEnvoyConfig, Gateway, Ingress or L7 rule that changed.",
            panel=panel("cilium-envoy", "Configuration refused", node="node"),
        ),
        alert(
            "CiliumEnvoyCertificateExpiring",
            f"min by (cluster, node) (envoy_server_days_until_first_cert_expiring < {NO_CERTIFICATE})",
            below=CERTIFICATE.level("warning"),
            hold="1h",
            severity="warning",
            summary="A certificate of Envoy on {{ $labels.node }} expires in {{ $value }} days",
            description="The first certificate of Envoy on {{ $labels.node }} expires in {{ $value }} days; the limit "
            "is [limit]. After that TLS of this Ingress or Gateway fails.",
            action="Renew the Secret that the listener names; see why cert-manager, if it is used, has not.",
            panel=panel("cilium-envoy", "First certificate expires", node="node"),
        ),
        alert(
            "CiliumEnvoyServerErrors",
            share(
                f'sum by ({LISTENER}) (rate({RESPONSES}{{envoy_response_code_class="5"}}[$__rate_interval]))',
                f"sum by ({LISTENER}) (rate({RESPONSES}[$__rate_interval]))",
                more_than=LISTENER_5XX.floor or 0,
            ),
            above=LISTENER_5XX.level("warning"),
            levels=(LISTENER_5XX.level("floor"),),
            hold="10m",
            severity="warning",
            summary="Envoy answers {{ $value | humanizePercentage }} of requests with 5xx",
            description="{{ $value | humanizePercentage }} of the responses of listener "
            "{{ $labels.envoy_http_conn_manager_prefix }} are 5xx; the limit is [limit].",
            action="See whether backends or Envoy itself fail: the panels Worst backends and Refused in Envoy.",
            panel=panel("cilium-envoy", "Responses by class", listener="envoy_http_conn_manager_prefix"),
        ),
    )
