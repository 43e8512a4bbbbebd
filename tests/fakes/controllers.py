"""What Kubernetes' controllers do after a change: pods, endpoints, the objects that every namespace has."""

import hashlib
import json
from typing import TYPE_CHECKING

from tests.fakes.kinds import Kind
from tests.fakes.objects import Json, Stored

if TYPE_CHECKING:
    from tests.fakes.kubernetes import FakeKubernetes

Key = tuple[str, str, str]  # kind, namespace ("" if it has none), name
NODES = 3
WORKLOADS = ("DaemonSet", "Deployment", "StatefulSet")


def collect(api: "FakeKubernetes", uid: str) -> None:
    """Garbage collection: delete what an object owned."""
    for key, stored in list(api.objects.items()):
        owners = stored.body["metadata"].get("ownerReferences") or ()
        if key in api.objects and any(owner["uid"] == uid for owner in owners):
            del api.objects[key]
            collect(api, stored.body["metadata"]["uid"])


def settle(api: "FakeKubernetes", key: Key) -> None:
    """Renew the resourceVersion, and do what controllers do after a change."""
    api.version += 1
    stored = api.objects[key]
    stored.body["metadata"]["resourceVersion"] = str(api.version)
    kind, namespace, name = key
    if kind == "Namespace":
        stored.body.setdefault("status", {"phase": "Active"})
        for inner in (("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")):
            if (inner[0], name, inner[1]) not in api.objects:
                meta = {"name": inner[1], "namespace": name}
                body = {"apiVersion": "v1", "kind": inner[0], "metadata": meta}
                api.create(body, "kube-controller-manager")
    elif kind == "CustomResourceDefinition":
        spec = stored.body["spec"]
        names, scope = spec["names"], spec.get("scope", "Namespaced") == "Namespaced"
        version = spec["versions"][0]["name"]
        api.kinds[names["kind"]] = Kind(names["kind"], names["plural"], spec["group"], version, scope)
    elif kind == "Service" and stored.body.get("spec", {}).get("selector"):
        if ("Endpoints", namespace, name) not in api.objects:
            body = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": name, "namespace": namespace}}
            api.create(body, "kube-controller-manager")
    elif kind in WORKLOADS:
        _roll_out(api, key, stored)


def _roll_out(api: "FakeKubernetes", key: Key, stored: Stored) -> None:
    """Pods for the workload as it is now; those of an older template are replaced."""
    kind, namespace, name = key
    body = stored.body
    count = NODES if kind == "DaemonSet" else body["spec"].setdefault("replicas", 1)
    template = hashlib.sha256(json.dumps(body["spec"]["template"], sort_keys=True).encode()).hexdigest()[:8]
    owner = {"kind": kind, "name": name, "uid": body["metadata"]["uid"], "controller": True}
    pod_names = {f"{name}-{template}-{number}" for number in range(count)}
    for pod in [pod for pod in api.objects if pod[0] == "Pod" and pod[1] == namespace]:
        owners = api.objects[pod].body["metadata"].get("ownerReferences") or ()
        if any(candidate["uid"] == owner["uid"] for candidate in owners) and pod[2] not in pod_names:
            del api.objects[pod]
    for pod_name in sorted(pod_names):
        if ("Pod", namespace, pod_name) not in api.objects:
            labels = body["spec"]["template"]["metadata"]["labels"]
            meta = {"name": pod_name, "namespace": namespace, "labels": labels, "ownerReferences": [owner]}
            pod_body = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "status": {"phase": "Running"}}
            pod_body["spec"] = body["spec"]["template"].get("spec", {})
            api.create(pod_body, "kube-controller-manager")
    ready = 0 if name in api.unready else count
    if kind == "DaemonSet":
        body["status"] = {"desiredNumberScheduled": count, "numberReady": ready}
    else:
        body["status"] = {"replicas": count, "readyReplicas": ready}


def slices(api: "FakeKubernetes", namespace: str | None) -> list[Stored]:
    """An EndpointSlice for each Service with a selector, with the pods that it selects now."""
    return [
        Stored(_slice(api, stored.body))
        for key, stored in sorted(api.objects.items())
        if key[0] == "Service" and namespace in (None, key[1]) and (stored.body.get("spec") or {}).get("selector")
    ]


def _slice(api: "FakeKubernetes", service: Json) -> Json:
    metadata, spec = service["metadata"], service["spec"]
    owner = {"kind": "Service", "name": metadata["name"], "uid": metadata["uid"], "controller": True}
    endpoints = []
    for (kind, namespace, name), stored in sorted(api.objects.items()):
        labels = stored.body["metadata"].get("labels") or {}
        if kind == "Pod" and namespace == metadata["namespace"] and spec["selector"].items() <= labels.items():
            workload = stored.body["metadata"]["ownerReferences"][0]
            endpoints.append({"addresses": [name], "conditions": {"ready": workload["name"] not in api.unready}})
    ports = [{"name": port.get("name", ""), "port": port["port"]} for port in spec.get("ports") or ()]
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": f"{metadata['name']}-1",
            "namespace": metadata["namespace"],
            "uid": f"slice-{metadata['uid']}",
            "resourceVersion": metadata["resourceVersion"],
            "labels": {"kubernetes.io/service-name": metadata["name"]},
            "ownerReferences": [owner],
        },
        "endpoints": endpoints,
        "ports": ports if endpoints else None,
    }
