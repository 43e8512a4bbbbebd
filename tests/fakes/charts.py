"""Charts as functions from values to objects: as much of Cilium's chart and the stack's as the tests need."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.objects import Json

GROUP = "monitoring.coreos.com"
OPERATOR_KINDS = {
    "AlertmanagerConfig": "alertmanagerconfigs",
    "Alertmanager": "alertmanagers",
    "PodMonitor": "podmonitors",
    "Probe": "probes",
    "PrometheusAgent": "prometheusagents",
    "Prometheus": "prometheuses",
    "PrometheusRule": "prometheusrules",
    "ScrapeConfig": "scrapeconfigs",
    "ServiceMonitor": "servicemonitors",
    "ThanosRuler": "thanosrulers",
}
OPERATOR = {"io.cilium/app": "operator", "name": "cilium-operator"}  # labels of its pods and Service
_random = itertools.count(1)


class ChartError(Exception):
    """An error of a chart, as Helm prints it."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """The inputs of a rendering: the release's name and namespace, the chart's version, values, and whether the cluster
    has the operator's CRDs."""

    name: str
    namespace: str
    version: str
    values: Mapping[str, Any]
    has_crds: bool

    def get(self, key: str, default: Any = None) -> Any:
        """The value at a dotted key."""
        value: Any = self.values
        for step in key.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        return default if value is None else value


def cilium(chart: Rendering) -> list[Json]:
    """The agent, the operator, Envoy, Hubble and its relay, with their ServiceMonitors."""
    monitors = _cilium_monitors(chart)
    if monitors and not chart.has_crds:
        location = "execution error at (cilium/templates/validate.yaml:79:13)"
        raise ChartError(f"{location}: Service Monitor requires monitoring.coreos.com/v1 CRDs. Please refer to ...")
    own = chart.namespace
    config = {
        "debug": str(chart.get("debug.enabled", False)).lower(),
        "operator-prometheus-serve-addr": ":9963",
        "enable-hubble": str(chart.get("hubble.enabled", True)).lower(),
        "hubble-disable-tls": "false",
    }
    if chart.get("prometheus.enabled"):
        config["prometheus-serve-addr"] = ":9962"
        if metrics := chart.get("prometheus.metrics"):
            config["metrics"] = " ".join(metrics)
    if handlers := chart.get("hubble.metrics.enabled"):
        config |= {"hubble-metrics-server": ":9965", "hubble-metrics": " ".join(handlers)}
        config["enable-hubble-open-metrics"] = str(chart.get("hubble.metrics.enableOpenMetrics", False)).lower()
    agent = {"k8s-app": "cilium"}
    # The agents read all of it when they start; one key is also in their environment.
    reference = {"name": "DEBUG", "valueFrom": {"configMapKeyRef": {"name": "cilium-config", "key": "debug"}}}
    ports = [{"name": "prometheus", "containerPort": 9962}] if chart.get("prometheus.enabled") else []
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
    objects = [
        new_object("Namespace", "v1", "cilium-secrets", None),
        new_object("ServiceAccount", "v1", "cilium", own),
        new_object("Secret", "v1", "cilium-ca", own, data={"ca.key": str(next(_random))}),
        new_object("ConfigMap", "v1", "cilium-config", own, data=config),
        new_object("ClusterRole", "rbac.authorization.k8s.io/v1", "cilium", None, rules=[rule]),
        new_object(
            "Role", "rbac.authorization.k8s.io/v1", "cilium-tlsinterception-secrets", "cilium-secrets", rules=[]
        ),
        labelled(workload("DaemonSet", "cilium", own, agent, ports=ports, env=[reference]), chart),
        operator(chart),
        service("cilium-operator", own, OPERATOR, "metrics", 9963, OPERATOR),
        *_envoy(chart),
        *_hubble(chart),
    ]
    if chart.get("prometheus.enabled") and chart.get("prometheus.serviceMonitor.enabled"):
        objects.append(service("cilium-agent", own, agent, "metrics", 9962, {"app.kubernetes.io/name": "cilium-agent"}))
    return [*objects, *monitors]


def operator(chart: Rendering) -> Json:
    """The operator's Deployment, which mounts the agents' configuration."""
    labels = OPERATOR
    return workload(
        "Deployment",
        "cilium-operator",
        chart.namespace,
        labels,
        replicas=chart.get("operator.replicas", 2),
        config_map="cilium-config",
        ports=[{"name": "prometheus", "containerPort": 9963}] if chart.get("operator.prometheus.enabled", True) else [],
    )


def _envoy(chart: Rendering) -> list[Json]:
    if chart.get("envoy.enabled", True) is False:
        return []
    labels, own = {"k8s-app": "cilium-envoy"}, chart.namespace
    objects = [
        new_object("ConfigMap", "v1", "cilium-envoy-config", own, data={"bootstrap-config.json": "{}"}),
        workload("DaemonSet", "cilium-envoy", own, labels, config_map="cilium-envoy-config"),
    ]
    if chart.get("envoy.prometheus.enabled", True):
        objects.append(service("cilium-envoy", own, labels, "envoy-metrics", 9964, labels))
    return objects


def _hubble(chart: Rendering) -> list[Json]:
    own, objects = chart.namespace, []
    if chart.get("hubble.metrics.enabled"):
        objects.append(
            service("hubble-metrics", own, {"k8s-app": "cilium"}, "hubble-metrics", 9965, {"k8s-app": "hubble"})
        )
    if chart.get("hubble.relay.enabled"):
        labels = {"k8s-app": "hubble-relay"}
        on = chart.get("hubble.relay.prometheus.enabled")
        ports = [{"name": "prometheus", "containerPort": 9966}] if on else []
        objects.append(
            new_object("ConfigMap", "v1", "hubble-relay-config", own, data={"config.yaml": f"metrics: {on}\n"})
        )
        objects.append(
            workload(
                "Deployment",
                "hubble-relay",
                own,
                labels,
                replicas=chart.get("hubble.relay.replicas", 1),
                config_map="hubble-relay-config",
                ports=ports,
            )
        )
        if on:
            objects.append(service("hubble-relay-metrics", own, labels, "metrics", 9966, labels))
    return objects


def _cilium_monitors(chart: Rendering) -> list[Json]:
    relay = bool(chart.get("hubble.relay.enabled"))
    agent = {"app.kubernetes.io/name": "cilium-agent"}
    table: list[tuple[str, str, str, dict[str, str], bool]] = [
        ("cilium-agent", "prometheus", "metrics", agent, True),
        ("cilium-operator", "operator.prometheus", "metrics", OPERATOR, True),
        ("cilium-envoy", "envoy.prometheus", "envoy-metrics", {"k8s-app": "cilium-envoy"}, True),
        ("hubble", "hubble.metrics", "hubble-metrics", {"k8s-app": "hubble"}, True),
        ("hubble-relay", "hubble.relay.prometheus", "metrics", {"k8s-app": "hubble-relay"}, relay),
    ]
    objects = []
    for name, key, port, selector, component in table:
        enabled = chart.get(f"{key}.enabled", name in ("cilium-operator", "cilium-envoy"))
        if name == "cilium-envoy" and chart.get("envoy.enabled", True) is False:
            component = False
        if not (component and enabled and chart.get(f"{key}.serviceMonitor.enabled")):
            continue
        labels = {"app.kubernetes.io/part-of": "cilium"} | dict(chart.get(f"{key}.serviceMonitor.labels", {}))
        endpoint = {"port": port, "interval": chart.get(f"{key}.serviceMonitor.interval", "10s"), "path": "/metrics"}
        spec = {
            "endpoints": [endpoint],
            "selector": {"matchLabels": selector},
            "namespaceSelector": {"matchNames": [chart.namespace]},
        }
        namespace = chart.get(f"{key}.serviceMonitor.namespace", chart.namespace)
        objects.append(new_object("ServiceMonitor", f"{GROUP}/v1", name, namespace, labels, spec=spec))
    return objects


def stack(chart: Rendering) -> list[Json]:
    """kube-prometheus-stack: the operator, a Prometheus and an Alertmanager, Grafana with its sidecar."""
    own = chart.namespace
    full = _full_name(chart)
    labels = {"release": chart.name}
    spec_key = "prometheus.prometheusSpec"
    selector = chart.get(f"{spec_key}.serviceMonitorSelector")
    if not selector:
        helm_values = chart.get(f"{spec_key}.serviceMonitorSelectorNilUsesHelmValues", True)
        selector = {"matchLabels": labels} if helm_values else {}
    prometheus = {
        "replicas": 1,
        "serviceMonitorSelector": selector,
        "serviceMonitorNamespaceSelector": {},
        "ruleSelector": {"matchLabels": labels},
        "scrapeInterval": chart.get(f"{spec_key}.scrapeInterval", "30s"),
    }
    sidecar = {
        "LABEL": "grafana_dashboard",
        "NAMESPACE": chart.get("grafana.sidecar.dashboards.searchNamespace", "ALL"),
        "FOLDER_ANNOTATION": chart.get("grafana.sidecar.dashboards.folderAnnotation", ""),
    }
    env = [{"name": key, "value": value} for key, value in sidecar.items() if value]
    grafana = {"app.kubernetes.io/name": "grafana", "app.kubernetes.io/instance": chart.name}
    return [
        new_object("Secret", "v1", f"{chart.name}-grafana", own, data={"admin-password": str(next(_random))}),
        new_object("ServiceAccount", "v1", f"{full}-operator", own),
        workload("Deployment", f"{full}-operator", own, {"app": f"{full}-operator"}),
        workload("Deployment", f"{chart.name}-grafana", own, grafana, env=env),
        service(f"{chart.name}-grafana", own, grafana, "http-web", 80, grafana),
        new_object("Prometheus", f"{GROUP}/v1", f"{full}-prometheus", own, labels, spec=prometheus),
        new_object("Alertmanager", f"{GROUP}/v1", f"{full}-alertmanager", own, labels, spec={"replicas": 1}),
    ]


def stack_hooks(chart: Rendering) -> list[Json]:
    """The stack's job that creates the Secret of the operator's webhook, if the chart is to create it."""
    if not chart.get("prometheusOperator.admissionWebhooks.patch.enabled", True):
        return []
    name = f"{_full_name(chart)}-admission"
    container = {"name": "create", "args": ["create", f"--namespace={chart.namespace}", f"--secret-name={name}"]}
    spec = {"template": {"spec": {"containers": [container]}}}
    return [new_object("Job", "batch/v1", f"{name}-create", chart.namespace, spec=spec)]


def operator_crds(chart: Rendering) -> list[Json]:
    """prometheus-operator-crds: the operator's kinds, as templates."""
    return crds()


def crds() -> list[Json]:
    """The kinds of prometheus-operator."""
    return [
        new_object(
            "CustomResourceDefinition",
            "apiextensions.k8s.io/v1",
            f"{plural}.{GROUP}",
            None,
            spec={
                "group": GROUP,
                "names": {"kind": kind, "plural": plural},
                "scope": "Namespaced",
                "versions": [{"name": "v1"}],
            },
        )
        for kind, plural in OPERATOR_KINDS.items()
    ]


def _full_name(chart: Rendering) -> str:
    return f"{chart.name}-kube-prometheus-stack"[:26].rstrip("-")


CHARTS: dict[str, Callable[[Rendering], list[Json]]] = {
    "cilium": cilium,
    "kube-prometheus-stack": stack,
    "prometheus-operator-crds": operator_crds,
}
HOOKS: dict[str, Callable[[Rendering], list[Json]]] = {"kube-prometheus-stack": stack_hooks}


def new_object(kind: str, api: str, name: str, namespace: str | None, labels: Any = None, **rest: Any) -> Json:
    """An object with its metadata."""
    metadata: Json = {"name": name}
    metadata |= {"namespace": namespace} if namespace else {}
    metadata |= {"labels": dict(labels)} if labels else {}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **rest}


def labelled(item: Json, chart: Rendering) -> Json:
    """An object with the label that names its chart and version."""
    item["metadata"]["labels"]["helm.sh/chart"] = f"cilium-{chart.version}"
    return item


def service(name: str, namespace: str, selector: Json, port: str, number: int, labels: Json) -> Json:
    """A Service with one port."""
    ports = [{"name": port, "port": number, "protocol": "TCP", "targetPort": port}]
    return new_object("Service", "v1", name, namespace, labels, spec={"selector": dict(selector), "ports": ports})


def workload(
    kind: str,
    name: str,
    namespace: str,
    labels: Json,
    *,
    replicas: int = 1,
    config_map: str = "",
    ports: Any = (),
    env: Any = (),
) -> Json:
    """A DaemonSet or Deployment whose one container may mount a ConfigMap."""
    container: Json = {"name": name, "image": "example.org/x:1", "ports": list(ports), "env": list(env)}
    pod: Json = {"containers": [container]}
    if config_map:
        pod["volumes"] = [{"name": "config", "configMap": {"name": config_map}}]
    spec: Json = {"selector": {"matchLabels": dict(labels)}}
    spec |= {"replicas": replicas} if kind != "DaemonSet" else {}
    spec["template"] = {"metadata": {"labels": dict(labels)}, "spec": pod}
    return new_object(kind, "apps/v1", name, namespace, labels, spec=spec)
