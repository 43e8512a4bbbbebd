"""Who owns which field of an object, as the API server records it in `managedFields`.

The trees of `fieldsV1` are those of k8s.io/apimachinery: `f:name` is a field, `k:{"name":"x"}` the entry of a list that
has these keys, `.` the map or entry itself, and an empty tree a field that is owned as a whole.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.kubernetes import Json

Tree = Mapping[str, Any]
HELM_MANAGERS = ("helm", "Helm")  # the names under which the programs of Helm 3 and 4 write
# Any other program that has Helm built in writes under its own name (getManagedFieldsManager in Helm's
# pkg/kube/client.go): `cilium install`, Terraform's provider. It sets this annotation on each object, as Helm does.
MARK = ("f:metadata", "f:annotations", "f:meta.helm.sh/release-name")


@dataclass(frozen=True, slots=True)
class Ownership:
    """The parts of a field, and of the fields below it, that Helm and other managers own."""

    helm: tuple[Tree, ...]
    others: tuple[tuple[str, Tree], ...]

    @classmethod
    def of(cls, live: Json) -> "Ownership":
        """The ownership of an object that was read with its managedFields; its status does not count."""
        entries = [
            (entry["manager"], entry.get("fieldsV1") or {})
            for entry in live["metadata"].get("managedFields") or ()
            if entry.get("subresource") != "status"
        ]
        return cls(
            tuple(tree for manager, tree in entries if manager in HELM_MANAGERS and tree),
            tuple((manager, tree) for manager, tree in entries if manager not in HELM_MANAGERS and tree),
        )

    @property
    def by_helm(self) -> bool:
        """Whether Helm owns the field as a whole, so that it is as Helm set it."""
        return any(not tree for tree in self.helm)

    @property
    def managers(self) -> tuple[str, ...]:
        """The other managers that own the field as a whole."""
        return tuple(sorted({manager for manager, tree in self.others if not tree}))

    @property
    def by_nobody(self) -> bool:
        """Whether nobody owns the field, or anything below it."""
        return not self.helm and not self.others

    def field(self, name: str) -> "Ownership":
        """The ownership of a field of the map."""
        return self._below(lambda tree: [f"f:{name}"] if f"f:{name}" in tree else [])

    def entry(self, entry: Any) -> "Ownership":
        """The ownership of an entry of the list."""
        return self._below(lambda tree: [key for key in tree if _is_key_of(key, entry)])

    def keys_of(self, entry: Any) -> dict[str, Any]:
        """The keys that identify the entry in its list; {} if nobody owns it."""
        trees: Iterator[Tree] = iter((*self.helm, *(tree for _, tree in self.others)))
        return next((json.loads(key[2:]) for tree in trees for key in tree if _is_key_of(key, entry)), {})

    def _below(self, keys: Any) -> "Ownership":
        return Ownership(
            tuple(tree[key] for tree in self.helm for key in keys(tree)),
            tuple((manager, tree[key]) for manager, tree in self.others for key in keys(tree)),
        )


def programs_with_helm(live: Json) -> frozenset[str]:
    """The managers that created an object as part of a release, other than Helm itself; kubectl is not one of them.

    They patched it, as Helm 3 does: fields that they own with server-side apply conflict even if nobody edited them.
    """
    return frozenset(
        entry["manager"]
        for entry in live["metadata"].get("managedFields") or ()
        if entry.get("operation") == "Update"
        and not entry["manager"].startswith("kubectl")
        and entry["manager"] not in HELM_MANAGERS
        and _has_path(entry.get("fieldsV1") or {}, MARK)
    )


def is_applied_by_helm(live: Json) -> bool:
    """Whether Helm applied the object on the server, which refuses what conflicts; else it patches, as Helm 3 does."""
    return any(
        entry["manager"] in HELM_MANAGERS and entry.get("operation") == "Apply"
        for entry in live["metadata"].get("managedFields") or ()
    )


def _has_path(tree: Tree, path: tuple[str, ...]) -> bool:
    for name in path:
        if name not in tree:
            return False
        tree = tree[name]
    return True


def entry_with(entries: Any, keys: Mapping[str, Any], missing: Any) -> Any:
    """The entry of a list that has these keys, or `missing`."""
    matching = (entry for entry in (entries if isinstance(entries, list) else ()) if _has_keys(entry, keys))
    return next(matching, missing)


def _is_key_of(key: str, entry: Any) -> bool:
    return key.startswith("k:") and _has_keys(entry, json.loads(key[2:]))


def _has_keys(entry: Any, keys: Mapping[str, Any]) -> bool:
    """Whether an entry has these keys; a default that the chart leaves out (`protocol: TCP`) is one of them."""
    return isinstance(entry, Mapping) and all(entry.get(name, value) == value for name, value in keys.items())
