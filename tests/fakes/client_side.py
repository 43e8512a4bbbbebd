"""What kubectl does by itself before it sends anything: apply on the client, kustomize, and changes of labels."""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.fakes.kubernetes import FakeKubernetes
from tests.fakes.objects import Json, merge_patch, patch_between

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
APPLY_MANAGER = "kubectl-client-side-apply"


def apply_on_client(api: FakeKubernetes, body: Json) -> str:
    """Apply without --server-side: what was applied last, and is not now, is removed. The last word of kubectl's line.

    As kubectl 1.36: what it applied is in an annotation, and fields that others added stay.
    """
    kind, key = api.locate(body)
    annotations = {**body["metadata"].get("annotations", {}), LAST_APPLIED: json.dumps(body, sort_keys=True)}
    desired = {**body, "metadata": {**body["metadata"], "annotations": annotations}}
    live = api.get(kind.name, key[1], key[2])
    if live is None:
        api.create(desired, APPLY_MANAGER)
        return "created"
    last: Json = json.loads(live["metadata"].get("annotations", {}).get(LAST_APPLIED, "{}"))
    version = live["metadata"]["resourceVersion"]
    api.patch(kind.name, key[1], key[2], merge_patch(patch_between(last, body), desired), APPLY_MANAGER)
    now = api.get(kind.name, key[1], key[2])
    assert now is not None
    return "unchanged" if now["metadata"]["resourceVersion"] == version else "configured"


def migrate(api: FakeKubernetes, body: Json) -> None:
    """Before an apply on the server as kubectl: what it applied on the client counts as applied by it on the server.

    kubectl 1.36 moves the ownership, and the API server keeps the annotation of what was applied last up to date.
    """
    _, key = api.locate(body)
    stored = api.objects.get(key)
    owned = stored.owners.pop((APPLY_MANAGER, "Update"), None) if stored else None
    if stored is None or owned is None:
        return
    owned.discard(("metadata", "annotations", LAST_APPLIED))
    stored.owners.setdefault(("kubectl", "Apply"), set()).update(owned)
    stored.times.setdefault(("kubectl", "Apply"), stored.times[APPLY_MANAGER, "Update"])
    metadata = {name: value for name, value in body["metadata"].items() if name != "resourceVersion"}
    stored.body["metadata"]["annotations"][LAST_APPLIED] = json.dumps({**body, "metadata": metadata}, sort_keys=True)


def kustomized(directory: Path) -> Iterator[Json]:
    """The ConfigMaps of a kustomization, with the options that ours uses; any other is an error."""
    kustomization = yaml.safe_load((directory / "kustomization.yaml").read_text())
    kustomization.pop("apiVersion"), kustomization.pop("kind")
    options, generators = kustomization.pop("generatorOptions"), kustomization.pop("configMapGenerator")
    assert (options.pop("disableNameSuffixHash"), options.keys(), kustomization) == (True, {"labels"}, {})
    for generator in generators:
        files = (entry.split("=", 1) for entry in generator["files"])
        data = {key: (directory / path).read_text() for key, path in files}
        metadata = {"name": generator["name"], **options, **generator["options"]}
        yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def label_changes(words: list[str]) -> dict[str, str | None]:
    """The labels that `kubectl label` sets (`a=b`) and removes (`a-`)."""
    return {word.partition("=")[0].removesuffix("-"): word.partition("=")[2] or None for word in words}
