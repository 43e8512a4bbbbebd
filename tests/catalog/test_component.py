import pytest

from dashboards_py import regex
from dashboards_py.catalog import Setting, components


def test_components_with_port_service_monitor_pods_and_container() -> None:
    """Where each component is scraped, as the chart renders it from 1.16 to 1.20."""
    assert {
        name: (item.port, item.port_name, item.service_monitor, item.pod, item.container)
        for name, item in components().items()
    } == {
        "cilium-agent": (9962, "metrics", "cilium-agent", "cilium-[^-]+", "cilium-agent"),
        "cilium-envoy": (9964, "envoy-metrics", "cilium-envoy", "cilium-envoy.*", "cilium-envoy"),
        "cilium-operator": (9963, "metrics", "cilium-operator", "cilium-operator.*", "cilium-operator"),
        "clustermesh-apiserver": (
            9962,
            "apiserv-metrics",
            "clustermesh-apiserver",
            "clustermesh-apiserver.*",
            "apiserver",
        ),
        "clustermesh-apiserver-etcd": (
            9963,
            "etcd-metrics",
            "clustermesh-apiserver",
            "clustermesh-apiserver.*",
            "etcd",
        ),
        "hubble": (9965, "hubble-metrics", "hubble", "cilium-[^-]+", "cilium-agent"),
        "hubble-relay": (9966, "metrics", "hubble-relay", "hubble-relay.*", "hubble-relay"),
        "kvstoremesh": (9964, "kvmesh-metrics", "clustermesh-apiserver", "clustermesh-apiserver.*", "kvstoremesh"),
        "standalone-dns-proxy": (None, "", None, "standalone-dns-proxy.*", "standalone-dns-proxy"),
    }


def test_only_components_of_nodes_carry_the_label_node() -> None:
    """The chart relabels the node onto the series of agents, Envoy and Hubble, and of nothing else."""
    assert {name for name, item in components().items() if item.has_node} == {"cilium-agent", "cilium-envoy", "hubble"}


def test_scraping_adds_the_labels_that_prometheus_showed() -> None:
    """Names and fixed values of the labels that the ServiceMonitors of agent and operator add."""
    assert components()["cilium-agent"].scrape_values == {
        "container": "cilium-agent",
        "endpoint": "metrics",
        "instance": None,
        "job": "cilium-agent",
        "k8s_app": "cilium",
        "namespace": "kube-system",
        "node": None,
        "pod": None,
        "service": "cilium-agent",
    }
    assert components()["cilium-operator"].scrape_labels == (
        *("container", "endpoint", "instance", "io_cilium_app", "job", "namespace", "pod", "service"),
    )
    assert components()["standalone-dns-proxy"].scrape_labels == ()


@pytest.mark.parametrize(
    ("pattern", "owners"),
    [
        ("cilium-[^-]+", {"cilium-agent", "hubble"}),
        ("cilium-operator.*", {"cilium-operator"}),
        ("cilium-.*", {"cilium-agent", "hubble", "cilium-operator", "cilium-envoy"}),
        ("hubble-relay.*", {"hubble-relay"}),
        ("clustermesh-apiserver.*", {"clustermesh-apiserver", "clustermesh-apiserver-etcd", "kvstoremesh"}),
        ("cilium", set()),
        ("cilium-[", set()),
    ],
)
def test_a_pod_matcher_distinguishes_components(pattern: str, owners: set[str]) -> None:
    """The pattern is anchored, as in Prometheus, and each component's own pattern selects its pods."""
    assert {name for name, item in components().items() if regex.matches(pattern, item.sample_pod)} == owners


def test_every_component_has_the_pods_of_its_own_pattern() -> None:
    """The sample name fits the pattern that boards use."""
    assert all(regex.matches(item.pod, item.sample_pod) for item in components().values())


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        (Setting.read("bgpControlPlane.enabled=true"), "bgpControlPlane.enabled=true"),
        (Setting.read("ipam.mode=eni"), "ipam.mode=eni"),
        (Setting("prometheus.metrics", "+cilium_x", append=True), "prometheus.metrics: +cilium_x"),
    ],
)
def test_a_helm_value_reads_and_prints(setting: Setting, text: str) -> None:
    """Booleans are booleans; an element of a list differs from a value."""
    assert str(setting) == text


def test_true_is_a_boolean() -> None:
    """The chart's schema refuses the string."""
    assert Setting.read("a.b=true") == Setting("a.b", True)
    assert Setting.read("a.b=false") == Setting("a.b", False)
