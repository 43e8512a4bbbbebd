"""Whether a release was rendered from the chart that an upgrade would use."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboards_py.cluster.charts import HelmCharts
from dashboards_py.cluster.provenance import LOOKED_UP_PLACEHOLDER, foreign_objects
from dashboards_py.kubernetes.helm import HelmRelease
from tests.cluster.plans import clients_of, with_cilium

Json = dict[str, Any]
NOW = "v1.36.0"
_random = itertools.count()


def config_object(kind: str, name: str, **rest: Any) -> Json:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "n"}, **rest}


def chart(kubernetes: str) -> list[Json]:
    """A certificate, an image, a field for older clusters, an address of the cluster, and a hook."""
    hook = config_object("Job", "hook")
    hook["metadata"]["annotations"] = {"helm.sh/hook": "post-install"}
    return [
        config_object("Secret", "ca", data={"key": str(next(_random)), "kind": "tls"}),
        config_object("Deployment", "app", image="quay.io/app:1", armor=kubernetes < "v1.30"),
        config_object("ConfigMap", "address", data={"host": LOOKED_UP_PLACEHOLDER}),
        hook,
    ]


def installed(change: Callable[[list[Json]], object] = list, kubernetes: str = NOW) -> list[Json]:
    """The objects of the release in Helm: no hook, the real address, and a change."""
    objects = chart(kubernetes)[:-1]
    objects[2]["data"]["host"] = "10.1.2.3"
    change(objects)
    return objects


def edit(index: int, **changes: Any) -> Callable[[list[Json]], object]:
    return lambda objects: objects[index].update(changes)


SAME = [
    pytest.param(installed(), id="as installed"),
    pytest.param(installed(kubernetes="v1.29.4"), id="installed on an older Kubernetes"),
]


@pytest.mark.parametrize("manifest", SAME)
def test_the_same_chart(manifest: list[Json]) -> None:
    """Certificates, hooks, looked-up objects and an upgrade of Kubernetes do not make it a different chart."""
    assert foreign_objects(manifest, chart(NOW), chart, NOW) == ()


OTHER = [
    pytest.param(edit(1, image="mirror.example.org/app:1"), ("Deployment n/app",), id="another image"),
    pytest.param(edit(0, data={"key": "x", "kind": "opaque"}), ("Secret n/ca",), id="next to a random value"),
    pytest.param(lambda objects: objects.pop(1), ("Deployment n/app (not in the release)",), id="one object fewer"),
    pytest.param(
        lambda objects: objects.append(config_object("Role", "extra")),
        ("Role n/extra (only in the release)",),
        id="one more",
    ),
]


@pytest.mark.fault("a chart of a mirror or fork with the same version is replaced by the repository's")
@pytest.mark.parametrize(("change", "names"), OTHER)
def test_another_chart(change: Callable[[list[Json]], object], names: tuple[str, ...]) -> None:
    """Each object that is rendered differently is listed."""
    assert foreign_objects(installed(change), chart(NOW), chart, NOW) == names


def test_lookups_of_a_chart_are_placeholders() -> None:
    """`helm template` cannot read the cluster: host and port of the API server are placeholders in all renderings."""
    cluster = with_cilium()
    options: list[str] = []
    charts = HelmCharts(clients_of(cluster), frozenset())
    release = HelmRelease("cilium", "kube-system", "cilium", "1.20.0", 1, "deployed")
    original = cluster.helm

    def spy(argv: list[str], stdin: str) -> Any:
        options.append(stdin)
        return original(argv, stdin)

    cluster._programs["helm"] = spy
    charts.render(release, {"k8sServiceHost": "auto", "k8sServicePort": 1}, NOW)
    charts.render(release, {"k8sServiceHost": "10.0.0.1"}, NOW)
    assert [json.loads(option) for option in options] == [
        dict.fromkeys(("k8sServiceHost", "k8sServicePort"), LOOKED_UP_PLACEHOLDER),
        {"k8sServiceHost": "10.0.0.1"},
    ]
