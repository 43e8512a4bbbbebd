"""Scrapers other than prometheus-operator: a cluster with one of these needs no second stack."""

import re
from collections.abc import Sequence

from dashboards_py.kubernetes import Json

# By image: names and labels are up to the user.
IMAGES = re.compile(
    r"(?:^|/)(?:prom/prometheus|prometheus/prometheus|bitnami/prometheus|victoriametrics/(?:vmagent|vmsingle|"
    r"victoria-metrics)|grafana/(?:alloy|agent)|opentelemetry-collector[\w-]*|otel/[\w-]+|datadog/agent|"
    r"gke\.gcr\.io/prometheus-engine/prometheus)(?=[:@]|$)"
)


def scrapers(workloads: Sequence[Json]) -> tuple[str, ...]:
    """Kind, namespace and name of the workloads that run a Prometheus, a VictoriaMetrics, an Alloy or the like.

    A Prometheus that an operator created is not one of these: its object is checked instead.
    """
    names = []
    for item in workloads:
        metadata = item["metadata"]
        if any(owner.get("kind") == "Prometheus" for owner in metadata.get("ownerReferences") or ()):
            continue
        images = [str(container.get("image", "")) for container in item["spec"]["template"]["spec"]["containers"]]
        if any(IMAGES.search(image) for image in images):
            names.append(f"{item['kind']} {metadata['namespace']}/{metadata['name']}")
    return tuple(names)
