"""Calls that clients make, not combinations that no API has: of a metric labels, with their values before and after."""

from collections.abc import Mapping

CALLS: Mapping[str, tuple[tuple[str, ...], Mapping[tuple[str, ...], tuple[str, ...]]]] = {
    "cilium_agent_api_process_time_seconds": (
        ("method", "path", "return_code"),
        {
            ("PUT", "/v1/healthz", "201"): ("GET", "/v1/healthz", "200"),
            ("PATCH", "/v1/config", "404"): ("GET", "/v1/endpoint", "404"),
            ("DELETE", "/v1/ipam", "429"): ("PUT", "/v1/endpoint", "429"),
            ("PATCH", "/v1/healthz", "404"): ("DELETE", "/v1/endpoint", "404"),
            ("DELETE", "/v1/config", "429"): ("PATCH", "/v1/endpoint", "429"),
            ("GET", "/v1/ipam", "500"): ("POST", "/v1/ipam", "500"),
            ("PATCH", "/v1/endpoint", "200"): ("PUT", "/v1/endpoint", "201"),
            ("DELETE", "/v1/healthz", "201"): ("DELETE", "/v1/endpoint", "200"),
            ("PUT", "/v1/ipam", "200"): ("POST", "/v1/ipam", "201"),
        },
    ),
    "cilium_k8s_client_api_latency_time_seconds": (
        ("method", "path"),
        {
            ("PUT", "/api/v1/nodes/{name}"): ("PATCH", "/api/v1/nodes/{name}/status"),
            ("DELETE", "/apis/cilium.io/v2/ciliumnodes/{name}"): ("PUT", "/apis/cilium.io/v2/ciliumnodes/{name}"),
            ("PATCH", "/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{name}"): (
                "PATCH",
                "/apis/cilium.io/v2/namespaces/{namespace}/ciliumendpoints/{name}",
            ),
        },
    ),
}
