"""Which component of Cilium a target is: by the labels that scraping adds, or by its port."""

import re
from collections.abc import Mapping
from functools import cache

from dashboards_py.catalog import Component, components

# Labels of the chart's ServiceMonitors; `endpoint` tells agent from Hubble, `container` the parts of Cluster Mesh.
TELLING = ("job", "service", "endpoint", "container", "k8s_app", "io_cilium_app")
CILIUM = re.compile(r"cilium|hubble|clustermesh")


def component_of(labels: Mapping[str, str]) -> str:
    """The component whose target has these labels, "" if it is none of Cilium."""
    key = (*(labels.get(label, "") for label in (*TELLING, "pod", "namespace")), _port(labels.get("instance", "")))
    return _component(key)


@cache
def _component(key: tuple[str, ...]) -> str:
    *telling, pod, namespace, port = key
    labels = dict(zip(TELLING, telling, strict=True))
    text = " ".join((*telling, pod, namespace))
    if not CILIUM.search(text):
        return ""
    scores = {name: _score(component, labels, pod, port) for name, component in components().items()}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] >= 2 else ""


def _score(component: Component, labels: Mapping[str, str], pod: str, port: str) -> int:
    same = sum(
        bool(value) and labels.get(label) == value
        for label, value in component.scrape_values.items()
        if label in TELLING
    )
    pods = bool(pod and re.fullmatch(component.pod, pod))
    ports = 2 * bool(port and port == str(component.port))
    named = CILIUM.search(labels.get("job", "")) is not None and component.name in labels["job"]
    return same + pods + ports + named


def _port(instance: str) -> str:
    return instance.rpartition(":")[2] if ":" in instance else ""
