from collections.abc import Callable
from typing import TypeVar

import pytest

from dashboards_py.catalog import RELEASES, Release, Setting, entries

T = TypeVar("T")


def steps(on: Callable[[Release], T]) -> dict[str, T]:
    """A fact as the values that it takes, each by the release from which it holds: a new release adds nothing."""
    values: dict[str, T] = {}
    for release in RELEASES:
        if not values or on(release) != list(values.values())[-1]:
            values[str(release)] = on(release)
    return values


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("cilium_drop_count_total", {"1.16": "counter"}),
        ("cilium_agent_bootstrap_seconds", {"1.16": "histogram", "1.18": "gauge"}),
        ("cilium_controllers_runs_duration_seconds", {"1.16": "histogram"}),
    ],
)
def test_types_by_release(name: str, types: dict[str, str]) -> None:
    """A type that changed is known for each release."""
    (metric,) = entries(name)
    assert steps(metric.type_on) == types


# The default of pkg/metrics/metric/histogram.go:23 (1.20) holds for what is made with Cilium's own package; what comes
# from client_golang directly (pkg/policy/metrics.go:35) or is Hubble's, Envoy's or etcd's stays classic, and the two of
# pkg/clustermesh/endpointslicesync/metrics.go:76 have always had only native buckets.
@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("cilium_policy_implementation_delay", {"1.16": "classic", "1.20": "classic native"}),
        ("cilium_operator_ces_queueing_delay_seconds", {"1.16": "classic", "1.20": "classic native"}),
        ("cilium_operator_clustermesh_endpoints_added_per_sync", {"1.16": "native"}),
        ("cilium_policy_selector_cache_operation_duration_seconds", {"1.16": "classic"}),
        ("hubble_http_request_duration_seconds", {"1.16": "classic"}),
        ("envoy_cluster_upstream_rq_time", {"1.16": "classic"}),
        ("cilium_agent_bootstrap_seconds", {"1.16": "classic", "1.18": ""}),
        ("go_gc_duration_seconds", {"1.16": ""}),
        ("cilium_drop_count_total", {"1.16": ""}),
    ],
)
def test_kinds_of_histogram_by_release(name: str, kinds: dict[str, str]) -> None:
    """Whether a histogram has classic buckets, native ones or both; what is not a histogram has neither."""
    metric = entries(name)[0]
    assert steps(lambda release: " ".join(metric.histogram_kinds_on(release))) == kinds


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("cilium_endpoint_regenerations_total", {"1.16": "outcome", "1.20": "reason outcome error"}),
        (
            "cilium_bgp_control_plane_session_state",
            {
                "1.16": "vrouter neighbor",
                "1.17": "vrouter neighbor neighbor_asn",
                "1.20": "instance_name local_asn neighbor neighbor_asn",
            },
        ),
        ("cilium_k8s_client_rate_limiter_duration_seconds", {"1.16": "path method", "1.19": ""}),
        ("cilium_operator_identity_gc_entries", {"1.16": "status", "1.17": "status identity_type"}),
    ],
)
def test_labels_by_release(name: str, labels: dict[str, str]) -> None:
    """A label that was added, removed or renamed is known for each release."""
    (metric,) = entries(name)
    assert steps(lambda release: " ".join(metric.labels_on(release))) == labels


@pytest.mark.parametrize(
    ("name", "label", "closed", "values"),
    [
        ("cilium_errors_warnings_total", "level", True, {"1.16": "error warning", "1.18": "ERROR WARN"}),
        ("cilium_operator_errors_warnings_total", "level", True, {"1.16": "error warning", "1.18": "ERROR WARN"}),
        ("cilium_policy_change_total", "outcome", True, {"1.16": "success fail failure", "1.19": "success fail"}),
        ("cilium_operator_identity_gc_entries", "status", True, {"1.16": "alive deleted"}),
        ("hubble_icmp_total", "family", True, {"1.16": "IPv4", "1.19": "IPv4 IPv6"}),
        ("envoy_http_downstream_rq_xx", "envoy_response_code_class", True, {"1.16": "1 2 3 4 5"}),
        ("cilium_proxy_upstream_reply_seconds", "error", True, {"1.16": "allow denied timeout proxyErr"}),
        ("cilium_proxy_upstream_reply_seconds", "protocol_l7", True, {"1.16": "dns"}),
        ("cilium_errors_warnings_total", "subsystem", False, {"1.16": ""}),
        ("cilium_drop_count_total", "no_such_label", False, {"1.16": ""}),
    ],
)
def test_values_by_release(name: str, label: str, closed: bool, values: dict[str, str]) -> None:
    """Known values of a label on each release, and whether there can be no others."""
    (metric,) = entries(name)
    assert steps(lambda release: " ".join(metric.values_on(label, release))) == values
    assert metric.is_closed(label) == closed


def test_examples_are_not_all_values() -> None:
    """Calls of the API differ from cluster to cluster: those known are examples. Drop reasons are all in one list."""
    (calls,) = entries("cilium_api_limiter_processed_requests_total")
    assert "endpoint-create" in calls.values_on("api_call", RELEASES[-1])
    assert not calls.is_closed("api_call")
    (drops,) = entries("cilium_drop_count_total")
    assert drops.is_closed("reason")
    assert len(drops.values_on("reason", RELEASES[-1])) > len(drops.values_on("reason", RELEASES[0]))


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("cilium_version", ("cilium_version",)),
        (
            "hubble_http_request_duration_seconds",
            (
                *("hubble_http_request_duration_seconds_bucket", "hubble_http_request_duration_seconds_sum"),
                "hubble_http_request_duration_seconds_count",
            ),
        ),
        (
            "go_gc_duration_seconds",
            ("go_gc_duration_seconds", "go_gc_duration_seconds_sum", "go_gc_duration_seconds_count"),
        ),
    ],
)
def test_series_on_the_wire(name: str, series: tuple[str, ...]) -> None:
    """A histogram has no series of its plain name, a summary has."""
    assert entries(name)[0].series_on(RELEASES[-1]) == series


@pytest.mark.parametrize(
    ("name", "exists"),
    [
        ("cilium_version", {"1.16": True}),
        ("cilium_operator_lbipam_ips_used_total", {"1.16": True, "1.17": False}),
        ("cilium_operator_lbipam_ips_used", {"1.16": False, "1.17": True}),
        ("cilium_bgp_control_plane_reconcile_error_count", {"1.16": False, "1.17": True, "1.18": False}),
        ("cilium_operator_workqueue_depth", {"1.16": False, "1.18": True, "1.19": False}),
        ("cilium_policy_missing_proxy_redirects", {"1.16": False, "1.20": True}),
    ],
)
def test_releases(name: str, exists: dict[str, bool]) -> None:
    """From its first release to the last before its removal."""
    (metric,) = entries(name)
    assert steps(metric.exists_on) == exists
    assert metric.releases == tuple(filter(metric.exists_on, RELEASES))


AGENT = ("prometheus.enabled=true", "prometheus.serviceMonitor.enabled=true")
OPERATOR = ("operator.prometheus.enabled=true", "operator.prometheus.serviceMonitor.enabled=true")


@pytest.mark.parametrize(
    ("name", "release", "settings"),
    [
        ("cilium_version", (1, 20), AGENT),
        ("cilium_fqdn_active_names", (1, 20), (*AGENT, "prometheus.metrics: +cilium_fqdn_active_names")),
        ("cilium_bgp_control_plane_session_state", (1, 16), (*AGENT, "bgpControlPlane.enabled=true")),
        ("cilium_operator_mcsapi_serviceexport_info", (1, 19), (*OPERATOR, "clustermesh.mcsapi.enabled=true")),
        (
            "cilium_operator_clustermesh_global_service_exports",
            (1, 17),
            (*OPERATOR, "clustermesh.enableMCSAPISupport=true"),
        ),
        ("cilium_drift_checker_config_delta", (1, 17), (*AGENT, "extraConfig.enable-drift-checker=true")),
        (
            "cilium_drift_checker_config_delta",
            (1, 18),
            (*AGENT, "configDriftDetection.enabled=true", "configDriftDetection.driftChecker=true"),
        ),
        (
            "hubble_dns_queries_total",
            (1, 20),
            ("hubble.enabled=true", "hubble.metrics.serviceMonitor.enabled=true", "hubble.metrics.enabled: dns"),
        ),
    ],
)
def test_helm_values_by_release(name: str, release: tuple[int, int], settings: tuple[str, ...]) -> None:
    """All Helm values that the chart of that release needs: of the component, the metric and its features."""
    assert tuple(map(str, entries(name)[0].enabled_by_on(Release(*release)))) == settings


def test_enabled_by_is_that_of_the_newest_release_that_has_it() -> None:
    """A removed metric still lists what enabled it."""
    (metric,) = entries("cilium_operator_clustermesh_global_service_exports")
    assert metric.enabled_by[-1] == Setting("clustermesh.enableMCSAPISupport", True)


def test_shared_names_have_an_entry_for_each_component() -> None:
    """The component follows from the pods, never from the name."""
    assert [metric.component for metric in entries("cilium_hive_status")] == [
        *("cilium-agent", "cilium-operator", "clustermesh-apiserver", "kvstoremesh"),
    ]
    assert [metric.component for metric in entries("grpc_server_handled_total")] == ["hubble", "hubble-relay"]
    assert [metric.exposed_by.pod for metric in entries("cilium_k8s_workqueue_depth")] == [
        *("cilium-[^-]+", "cilium-operator.*"),
    ]
