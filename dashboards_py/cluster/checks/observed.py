"""Cilium's settings from its objects, for users who may not read the values of the Helm release."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards_py.cluster.clients import Clients
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.helm import HelmRelease


def observed_values(
    clients: Clients, helm: HelmRelease, workloads: Sequence[Json], config: Mapping[str, str]
) -> dict[str, Any]:
    """Helm values equivalent to cilium-config and the workloads; ServiceMonitors are assumed to be enabled."""
    services = {item["metadata"]["name"] for item in clients.at(helm.namespace).objects("services")}
    running = {item["metadata"]["name"] for item in workloads if item["metadata"]["namespace"] == helm.namespace}

    def exposed(on: bool) -> dict[str, Any]:
        return {"enabled": on, "serviceMonitor": {"enabled": on}}

    hubble = exposed("hubble-metrics" in config)
    hubble["enabled"] = str(config.get("hubble-metrics", "")).split()
    hubble["enableOpenMetrics"] = config.get("enable-hubble-open-metrics") == "true"
    agent = exposed("prometheus-serve-addr" in config)
    agent |= {"metrics": config["metrics"].split()} if config.get("metrics") else {}
    relay = {"enabled": "hubble-relay" in running, "prometheus": exposed("hubble-relay-metrics" in services)}
    return {
        "prometheus": agent,
        "operator": {"prometheus": exposed("operator-prometheus-serve-addr" in config)},
        "envoy": {"enabled": "cilium-envoy" in running, "prometheus": exposed("cilium-envoy" in services)},
        "hubble": {"enabled": config.get("enable-hubble") == "true", "metrics": hubble, "relay": relay},
    }
