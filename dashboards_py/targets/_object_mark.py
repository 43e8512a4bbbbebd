"""The mark on objects that we apply: annotations that tell what we deployed from what was copied or edited.

kubectl's field managers do not tell a copy: `kubectl apply --server-side` of an exported object has our manager.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

HASH: Final = "cilium-dashboards/hash"
COMMIT: Final = "cilium-dashboards/commit"
CONTENT = ("data", "spec")


def object_hash(body: Mapping[str, Any], namespace: str) -> str:
    """The hash of an object's kind, namespace, name and content; labels and annotations are others' as well."""
    from hashlib import sha256  # OpenSSL, for which --help need not wait

    identity = [body.get("kind"), namespace, body["metadata"]["name"]]
    content = [*identity, *(body.get(key) for key in CONTENT)]
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def with_mark(body: Mapping[str, Any], namespace: str, commit: str = "") -> dict[str, Any]:
    """The object with our mark: the hash of its content, and the git commit that it comes from, if known."""
    mark = {HASH: object_hash(body, namespace), **({COMMIT: commit} if commit else {})}
    metadata = body["metadata"]
    return {**body, "metadata": {**metadata, "annotations": {**(metadata.get("annotations") or {}), **mark}}}


def mark_of(body: Mapping[str, Any]) -> str:
    """The hash in an object's mark, "" if it has none."""
    return str((body["metadata"].get("annotations") or {}).get(HASH) or "")


def is_as_deployed(body: Mapping[str, Any], namespace: str) -> bool:
    """Whether a live object bears our mark, and was neither copied nor edited."""
    return mark_of(body) == object_hash(body, namespace)
