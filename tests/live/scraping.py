"""The scrape configuration that prometheus-operator generates from ServiceMonitors, with simulated discovery.

Charts are rendered by the real Helm; discovery is static targets with `__meta_kubernetes_*` labels, and the relabeling
is that of the operator, so that a real Prometheus labels series as in a cluster.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.catalog import components
from dashboards_py.demo.cluster.topology import Target
from tests.synthetic.exposition import address

Object = Mapping[str, Any]
META = "__meta_kubernetes_"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One port of one pod behind a Service, as Kubernetes discovers it."""

    service: Object
    port: str
    number: int
    container: str
    target: Target

    def discovered(self) -> dict[str, Any]:
        """The entry of static_configs with the labels that discovery adds."""
        scraped = dict(self.target.labels)
        labels = {
            "namespace": self.service["metadata"]["namespace"],
            "service_name": self.service["metadata"]["name"],
            "endpoint_port_name": self.port,
            "endpoint_address_target_kind": "Pod",
            "endpoint_address_target_name": scraped["pod"],
            "pod_name": scraped["pod"],
            "pod_container_name": self.container,
            "pod_node_name": scraped.get("node", "node-1"),
            "pod_phase": "Running",
        }
        for name, value in self.service["metadata"]["labels"].items():
            labels |= {f"service_label_{_sanitized(name)}": value, f"service_labelpresent_{_sanitized(name)}": "true"}
        return {
            "targets": [f"{address(self.target)}:{self.number}"],
            "labels": {META + name: value for name, value in labels.items()},
        }


def endpoints(objects: Sequence[Object], targets: Sequence[Target]) -> Iterator[Endpoint]:
    """Every port of every rendered Service, for each target whose pod is behind it."""
    workloads = [obj for obj in objects if obj["kind"] in ("DaemonSet", "Deployment")]
    pods = {dict(target.labels)["pod"]: target for target in targets}  # agent and Hubble share one
    for service in (obj for obj in objects if obj["kind"] == "Service"):
        selected = (service["spec"].get("selector") or {}).items()
        for workload in workloads:
            template = workload["spec"]["template"]
            if not selected or not selected <= template["metadata"]["labels"].items():
                continue
            for port in service["spec"]["ports"]:
                for container, number in _behind(template, port):
                    for target in (pod_target for name, pod_target in pods.items() if _is_of(name, workload)):
                        yield Endpoint(service, port.get("name", ""), number, container, target)


def _behind(template: Object, port: Object) -> Iterator[tuple[str, int]]:
    """The containers and port numbers behind a Service's port."""
    target_port = port.get("targetPort", port["port"])
    for container in template["spec"]["containers"]:
        for container_port in container.get("ports") or ():
            if target_port in (container_port.get("name"), container_port["containerPort"]):
                yield container["name"], container_port["containerPort"]


def _is_of(pod: str, workload: Object) -> bool:
    """Whether a pod's name is of this workload."""
    name = workload["metadata"]["name"]
    return re.fullmatch(components()["cilium-agent" if name == "cilium" else name].pod, pod) is not None


def configuration(objects: Sequence[Object], targets: Sequence[Target], labels: Mapping[str, str]) -> dict[str, Any]:
    """Prometheus' configuration for the ServiceMonitors that have these labels."""
    static = [endpoint.discovered() for endpoint in endpoints(objects, targets)]
    jobs = [
        _job(monitor, number, endpoint, static)
        for monitor in objects
        if monitor["kind"] == "ServiceMonitor" and labels.items() <= (monitor["metadata"].get("labels") or {}).items()
        for number, endpoint in enumerate(monitor["spec"]["endpoints"])
    ]
    return {"global": {"scrape_interval": "30s"}, "scrape_configs": jobs}


def _job(monitor: Object, number: int, endpoint: Object, static: list[dict[str, Any]]) -> dict[str, Any]:
    meta, spec = monitor["metadata"], monitor["spec"]
    return {
        "job_name": f"serviceMonitor/{meta['namespace']}/{meta['name']}/{number}",
        "honor_labels": endpoint.get("honorLabels", False),
        "scrape_interval": endpoint["interval"],
        "scrape_timeout": endpoint["interval"],
        "metrics_path": endpoint.get("path", "/metrics"),
        "scheme": endpoint.get("scheme", "http"),
        "relabel_configs": [*_relabeling(monitor, endpoint), *map(_snake_case, endpoint.get("relabelings") or ())],
        "metric_relabel_configs": [*map(_snake_case, endpoint.get("metricRelabelings") or ())],
        "static_configs": [
            discovered
            for discovered in static
            if discovered["labels"][f"{META}namespace"] in spec["namespaceSelector"]["matchNames"]
        ],
    }


def _relabeling(monitor: Object, endpoint: Object) -> Iterator[dict[str, Any]]:
    """The operator's own rules, in its order."""
    yield _rule(["job"], "__tmp_prometheus_job_name")
    for name, value in monitor["spec"]["selector"].get("matchLabels", {}).items():
        sources = [f"{META}service_label_{_sanitized(name)}", f"{META}service_labelpresent_{_sanitized(name)}"]
        yield {"action": "keep", "source_labels": sources, "regex": f"({re.escape(value)});true"}
    yield {"action": "keep", "source_labels": [f"{META}endpoint_port_name"], "regex": endpoint["port"]}
    kind = [f"{META}endpoint_address_target_kind", f"{META}endpoint_address_target_name"]
    yield _rule(kind, "node", "Node;(.*)")
    yield _rule(kind, "pod", "Pod;(.*)")
    for source, label in (
        ("namespace", "namespace"),
        ("service_name", "service"),
        ("pod_name", "pod"),
        ("pod_container_name", "container"),
    ):
        yield _rule([META + source], label)
    yield {"action": "drop", "source_labels": [f"{META}pod_phase"], "regex": "(Failed|Succeeded)"}
    for name in monitor["spec"].get("targetLabels") or ():
        yield _rule([f"{META}service_label_{_sanitized(name)}"], _sanitized(name), "(.+)")
    yield _rule([f"{META}service_name"], "job")
    if job := monitor["spec"].get("jobLabel"):
        yield _rule([f"{META}service_label_{_sanitized(job)}"], "job", "(.+)")
    yield {"target_label": "endpoint", "replacement": endpoint["port"]}


def _rule(sources: list[str], label: str, regex: str = "(.*)") -> dict[str, Any]:
    return {"source_labels": sources, "target_label": label, "regex": regex, "replacement": "${1}"}


def _snake_case(rule: Object) -> dict[str, Any]:
    """A ServiceMonitor's rule in the spelling of Prometheus."""
    return {re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", key): value for key, value in rule.items()}


def _sanitized(label: str) -> str:
    """A label of Kubernetes as a name that Prometheus accepts."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", label)
