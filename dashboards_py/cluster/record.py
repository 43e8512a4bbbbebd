"""What `up` made and which values it gave, kept in the cluster so that `down` removes that and nothing else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboards_py.kubernetes import Json, Kubectl

NAME = "cilium-dashboards-setup"
NAMESPACE = "kube-system"


@dataclass(frozen=True, slots=True)
class Record:
    """`made`: Helm releases (`release ns/name`) and namespaces (`namespace ns`) that were not there before, and where
    boards were applied (`boards ns`).

    `given`: by Helm release and dotted key the value that somebody else had given before (None: none), and ours.
    """

    made: frozenset[str] = frozenset()
    given: Mapping[str, Mapping[str, tuple[Any, Any]]] = field(default_factory=dict)

    def with_made(self, what: str) -> "Record":
        """The record with one more thing made."""
        return replace(self, made=self.made | {what})

    def with_values(self, place: str, before: Mapping[str, Any], ours: Mapping[str, Any]) -> "Record":
        """The record with values given to a release; where ours stood already, what was there before us stays known."""
        known = self.given.get(place, {})
        more = {}
        for key, value in ours.items():
            first, last = known.get(key, (None, None))
            more[key] = (first if key in known and before[key] == last else before[key], value)
        return replace(self, given={**self.given, place: {**known, **more}})


def read_record(kubectl: Kubectl) -> Record:
    """The record in the cluster; an empty one where there is none."""
    found = kubectl.objects("configmap", NAME)
    if not found:
        return Record()
    kept = json.loads(found[0]["data"]["record.json"])
    given = {place: {key: (pair[0], pair[1]) for key, pair in keys.items()} for place, keys in kept["given"].items()}
    return Record(frozenset(kept["made"]), given)


def write_record(kubectl: Kubectl, record: Record) -> None:
    """Keep the record."""
    kept = {"made": sorted(record.made), "given": {place: dict(keys) for place, keys in record.given.items()}}
    found: Json = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": NAME,
            "namespace": NAMESPACE,
            "labels": {"app.kubernetes.io/managed-by": "cilium-dashboards"},
            "annotations": {"about": "what setup.sh up made and which Helm values it gave: setup.sh down reads it"},
        },
        "data": {"record.json": json.dumps(kept, indent=1)},
    }
    kubectl.run(
        "apply",
        "--server-side",
        "--force-conflicts",
        "--filename=-",
        stdin=json.dumps(found),
    )


def remove_record(kubectl: Kubectl) -> None:
    """Forget it."""
    kubectl.run("delete", "configmap", NAME, "--ignore-not-found")
