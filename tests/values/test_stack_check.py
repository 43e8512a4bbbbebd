"""Values of kube-prometheus-stack and Prometheus objects: how histograms are stored, and the gaps of the boards."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import NEWEST, RELEASES, components
from dashboards_py.errors import DashboardsError
from dashboards_py.values.histograms import CLASSIC, CONVERTED, NATIVE, HistogramStorage
from dashboards_py.values.keys import merge_values
from dashboards_py.values.prometheus_spec import spec_of_values, specs_of_objects
from dashboards_py.values.render import as_tree
from dashboards_py.values.stack import stack
from dashboards_py.values.stack_check import selector_gaps, stack_gaps

SWITCHES = pytest.mark.fault("`values` does not look at how the Prometheus stores histograms")
GAPS = pytest.mark.fault("`values stack` cannot check the values that a stack has")
BOTH, CLASSIC_ONLY = "cilium_policy_implementation_delay", "hubble_http_request_duration_seconds"
REQUIRED = as_tree(stack(selected_by="kps", interval="30s"))
MONITORING = {"apiVersion": "monitoring.coreos.com/v1"}


def with_spec(**spec: Any) -> dict[str, Any]:
    """Values of the stack with this spec of its Prometheus."""
    return {"prometheus": {"prometheusSpec": spec}}


def gaps(values: dict[str, Any], **choice: str) -> dict[str, str]:
    """The gaps by key."""
    options = {"selected_by": "kps", "interval": "30s", **choice}
    rendered = spec_of_values(values, "kps")
    return {gap.key: gap.why for gap in stack_gaps(values, [rendered] if rendered else [], **options)}


def prometheus(spec: Mapping[str, Any], name: str = "k8s") -> dict[str, Any]:
    """A Prometheus object."""
    return {**MONITORING, "kind": "Prometheus", "metadata": {"namespace": "monitoring", "name": name}, "spec": spec}


@SWITCHES
@pytest.mark.parametrize(
    ("switches", "without"),
    [
        ({}, []),
        ({NATIVE: False}, []),
        ({NATIVE: True}, [BOTH]),
        ({NATIVE: True, CLASSIC: True}, []),
        ({CONVERTED: True}, [BOTH, CLASSIC_ONLY, "http_server"]),
        ({CONVERTED: True, NATIVE: True}, [BOTH, CLASSIC_ONLY, "http_server"]),
        ({CONVERTED: True, CLASSIC: True}, []),
    ],
    ids=str,
)
def test_which_histograms_have_no_classic_series(switches: dict[str, bool], without: list[str]) -> None:
    """The same by values and by an object: those that are exposed natively, all if they are converted, or none.

    As Prometheus 3.14 stores them in tests/live/test_scraped_histograms.py.
    """
    by_values = spec_of_values(with_spec(**switches), "kps")
    (by_object,) = specs_of_objects(prometheus(switches), "mine.yaml")
    assert by_values
    for spec in (by_values, by_object):
        names = [name for name in (BOTH, CLASSIC_ONLY, "http_server") if spec.storage.loses_classic(name, NEWEST)]
        assert names == without


@SWITCHES
def test_a_release_without_native_histograms_loses_none() -> None:
    """The agent of the oldest release exposes no native histogram: the switch for them changes nothing there."""
    storage = HistogramStorage({NATIVE: True})
    assert not storage.loses_classic(BOTH, RELEASES[0])
    agent = components()["cilium-agent"]
    assert storage.components_without_classic([agent], RELEASES[0]) == {}
    assert storage.components_without_classic([agent], NEWEST) == {NATIVE: ("cilium-agent",)}


@SWITCHES
def test_the_service_monitors_of_a_list_override_it() -> None:
    """That of the agent keeps its classic series, Hubble's are converted; foreign ServiceMonitors are ignored."""
    monitors = [
        {**MONITORING, "kind": "ServiceMonitor", "metadata": {"name": name}, "spec": {CLASSIC: True}}
        for name in ("cilium-agent", "somebody", None)
    ]
    document = {"apiVersion": "v1", "kind": "List", "items": [*monitors, prometheus({CONVERTED: True})]}
    (spec,) = specs_of_objects(document, "mine.yaml")
    assert not spec.storage.loses_classic(BOTH, NEWEST)
    assert spec.storage.loses_classic(CLASSIC_ONLY, NEWEST)


@GAPS
@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"prometheus": [1]}, "prometheus"),
        (with_spec() | {"grafana": False}, "grafana"),
        ({"prometheus": {"prometheusSpec": "x"}, "grafana": {"sidecar": 3}}, "grafana.sidecar"),
        (
            with_spec() | {"grafana": {"sidecar": {"dashboards": {"provider": "x"}}}},
            "grafana.sidecar.dashboards.provider",
        ),
    ],
)
def test_what_is_no_map_is_named(values: dict[str, Any], key: str) -> None:
    """As helm template does of kube-prometheus-stack 88; a null is a map without anything in it."""
    assert gaps(values)[key] == "is not a map: Helm refuses it, or leaves it out"
    assert key not in gaps({"prometheus": None, "grafana": {"sidecar": None}})


@GAPS
def test_the_output_of_values_stack_has_no_gaps() -> None:
    """Its output has no gap; without any values each of its keys is one, except for those with the chart's defaults."""
    assert gaps(REQUIRED) == {}
    assert gaps({}).keys() == {
        "grafana.sidecar.dashboards.folderAnnotation",
        "grafana.sidecar.dashboards.provider.foldersFromFilesStructure",
    }


@GAPS
@pytest.mark.parametrize(
    ("more", "key", "why"),
    [
        (
            {"grafana": {"sidecar": {"dashboards": {"folderAnnotation": "folder"}}}},
            "grafana.sidecar.dashboards.folderAnnotation",
            "is folder, not grafana_folder",
        ),
        (with_spec(scrapeInterval="10s"), "prometheus.prometheusSpec.scrapeInterval", "Grafana assumes 10s"),
        (
            {"grafana": {"sidecar": {"datasources": {"defaultDatasourceScrapeInterval": "5s"}}}},
            "grafana.sidecar.datasources.defaultDatasourceScrapeInterval",
            "Grafana assumes 5s",
        ),
        (
            with_spec(serviceMonitorSelector={"matchLabels": {"release": "other"}}),
            "prometheus.prometheusSpec",
            "label release: kps",
        ),
        ({"prometheus": {"enabled": False}}, "prometheus.enabled", "runs no Prometheus"),
        ({"prometheus": {"enabled": None}}, "prometheus.enabled", "runs no Prometheus"),
    ],
)
def test_gaps(more: dict[str, Any], key: str, why: str) -> None:
    """A value whose effect differs from ours is named, with the consequence."""
    actual = gaps(merge_values(REQUIRED, more))
    assert why in actual[key]
    assert len(actual) == 1


@GAPS
@pytest.mark.parametrize(
    "more",
    [
        with_spec(scrapeInterval="60s"),
        with_spec(scrapeInterval="1m"),
        with_spec(scrapeInterval=None),
        with_spec(serviceMonitorSelector={"matchLabels": None}),
        with_spec(serviceMonitorSelector={"matchLabels": {"release": "{{ .Release.Name }}"}}),
        with_spec(serviceMonitorSelector=None, serviceMonitorSelectorNilUsesHelmValues=False),
        with_spec(serviceMonitorSelector=None),
        {"grafana": {"enabled": False, "sidecar": {"dashboards": {"folderAnnotation": None}}}},
        {"grafana": {"sidecar": {"dashboards": {"enabled": False, "folderAnnotation": None}}}},
    ],
    ids=str,
)
def test_other_values_without_gaps(more: dict[str, Any]) -> None:
    """Longer intervals, selectors that match our label too, and a Grafana outside of the stack are no gaps."""
    assert gaps(merge_values(REQUIRED, more)) == {}


@GAPS
def test_one_prometheus_that_selects_cilium_is_enough() -> None:
    """Of several, those that scrape something else have no gaps; if none selects Cilium, all have."""
    objects = [prometheus({"serviceMonitorSelector": {}}, "a"), prometheus({}, "b")]
    specs = specs_of_objects({"apiVersion": "v1", "kind": "List", "items": objects}, "mine.yaml")
    assert selector_gaps(specs, "kps") == []
    assert [gap.key for gap in selector_gaps(specs[1:], "kps")] == ["Prometheus monitoring/b"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{apiVersion: apps/v1, kind: Deployment}", "contains no Prometheus, but Deployment of another API"),
        ("{apiVersion: v1, kind: List, items: []}", "contains no Prometheus"),
        ("{apiVersion: v1, kind: List, items: 7}", "contains no Prometheus"),
        ("{apiVersion: v1, kind: List, items: [7]}", "an item that is not an object"),
        ("{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, spec: 7}", "its spec is not a map"),
        (
            "{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, spec: {scrapeNativeHistograms: 'true'}}",
            "neither true nor false: 'true'",
        ),
        (
            "{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, spec: {serviceMonitorSelector: [a]}}",
            "is not a label selector",
        ),
        (
            "{apiVersion: monitoring.coreos.com/v1, kind: Prometheus,"
            " spec: {serviceMonitorSelector: {matchExpressions: [{key: a, operator: In}]}}}",
            "an expression that Kubernetes does not accept",
        ),
    ],
)
def test_objects_that_cannot_be_checked(text: str, why: str) -> None:
    """Each is named with its cause."""
    with pytest.raises(DashboardsError, match=why):
        specs_of_objects(yaml.safe_load(text), "mine.yaml")


@pytest.mark.parametrize(
    "spec", [{NATIVE: "maybe"}, {NATIVE: 1}, {"serviceMonitorSelector": "release"}, {"serviceMonitorSelector": [1]}]
)
def test_values_that_cannot_be_checked(spec: dict[str, Any]) -> None:
    """Values that the chart renders and the API server refuses are reported as bad input."""
    with pytest.raises(DashboardsError, match=r"prometheus\.prometheusSpec\.\w+: (is|has)"):
        spec_of_values(with_spec(**spec), "kps")
