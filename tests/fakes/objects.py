"""Kubernetes objects with owners of fields: server-side apply, merge patches and conflicts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Path = tuple[str, ...]
Manager = tuple[str, str]  # name, operation (Apply or Update)

# Maps that the API replaces as a whole: a LabelSelector, and a Service's selector, are `atomic` in Kubernetes' types.
ATOMIC = frozenset({"selector", "matchLabels"})
IDENTITY = frozenset({("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")})
GENERATED = frozenset(
    {"uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "deletionTimestamp"}
)


class Conflict(Exception):
    """Fields that other managers own with other values: pairs of manager and path."""

    def __init__(self, fields: list[tuple[str, Path]]) -> None:
        super().__init__(fields)
        self.fields = fields


@dataclass(slots=True)
class Stored:
    """An object as the API server stores it; `owners`: the fields that each manager set; `times`: when it last did."""

    body: Json
    owners: dict[Manager, set[Path]] = field(default_factory=dict)
    times: dict[Manager, str] = field(default_factory=dict)

    def view(self, managed: bool) -> Json:
        """What `kubectl get -o json` shows, with managedFields only on request."""
        body: Json = json.loads(json.dumps(self.body))
        if managed:
            body["metadata"]["managedFields"] = [
                {
                    "apiVersion": body["apiVersion"],
                    "fieldsType": "FieldsV1",
                    "fieldsV1": fields_v1(paths),
                    "manager": manager,
                    "operation": operation,
                    "time": self.times[manager, operation],
                }
                for (manager, operation), paths in self.owners.items()
                if paths
            ]
        return body

    def apply(self, desired: Json, manager: str, now: str, force: bool) -> bool:
        """Server-side apply; returns whether anything changed. Fields no longer desired go, unless others own them."""
        own_key = (manager, "Apply")
        new = {path: value for path, value in leaves(desired) if path not in IDENTITY}
        conflicts = [
            (other[0], path)
            for other, paths in self.owners.items()
            if other != own_key
            for path in sorted(paths & new.keys())
            if get(self.body, path) != new[path] and new[path] != {}
        ]
        if conflicts and not force:
            raise Conflict(conflicts)
        for other, path in conflicts:
            for owner in [key for key in self.owners if key[0] == other and key != own_key]:
                self.owners[owner].discard(path)
        before = json.dumps(self.body, sort_keys=True)
        owned = self.owners.get(own_key, set())
        for path in owned - new.keys():
            if not any(path in paths for other, paths in self.owners.items() if other != own_key):
                remove(self.body, path)
        for path, value in new.items():
            if value != {} or not isinstance(get(self.body, path), dict):
                put(self.body, path, value)
        changed = json.dumps(self.body, sort_keys=True) != before
        if changed or set(new) != owned:
            self.times[own_key] = now
        self.owners[own_key] = set(new)
        return changed

    def patch(self, changes: Json, manager: str, now: str) -> bool:
        """Apply a JSON merge patch (null removes); the manager then owns what it changed. Whether it changed."""
        before = dict(leaves(self.body))
        merged = merge_patch(self.body, changes)
        after = dict(leaves(merged))
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        self.body = merged
        for paths in self.owners.values():
            paths -= changed
        if changed:
            own_key = (manager, "Update")
            self.owners.setdefault(own_key, set()).update(changed & after.keys())
            self.times[own_key] = now
        return bool(changed)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Paths and values of an object, without nulls and generated metadata; a list or atomic map is one value."""
    if isinstance(value, Mapping) and value and not (path and path[-1] in ATOMIC):
        for key, inner in value.items():
            if not (path == ("metadata",) and key in GENERATED):
                yield from leaves(inner, (*path, key))
    elif value is not None:
        yield path, value


def get(body: Json, path: Path) -> Any:
    """The value at a path, or None."""
    value: Any = body
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def put(body: Json, path: Path, value: Any) -> None:
    """Set the value at a path."""
    for key in path[:-1]:
        if not isinstance(body.get(key), dict):
            body[key] = {}
        body = body[key]
    body[path[-1]] = json.loads(json.dumps(value))


def remove(body: Json, path: Path) -> None:
    """Remove the value at a path, and the maps that are empty then."""
    if len(path) == 1:
        body.pop(path[0], None)
    elif isinstance(body.get(path[0]), dict):
        remove(body[path[0]], path[1:])
        if not body[path[0]]:
            del body[path[0]]


def merge_patch(value: Any, changes: Any) -> Any:
    """RFC 7386."""
    if not isinstance(changes, Mapping):
        return changes
    merged = dict(value) if isinstance(value, Mapping) else {}
    for key, change in changes.items():
        if change is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), change)
    return merged


def patch_between(before: Json, after: Json) -> Json:
    """The merge patch that turns one object into another."""
    changes: Json = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            changes[key] = patch_between(dict(old), dict(value))
        elif old != value:
            changes[key] = value
    return changes


def fields_v1(paths: set[Path]) -> Json:
    """Paths as a tree, as in managedFields."""
    tree: Json = {}
    for path in sorted(paths):
        node = tree
        for key in path:
            node = node.setdefault(f"f:{key}", {})
    return tree


def dotted(path: Path) -> str:
    """A path as kubectl and Helm print it: a key with a dot of its own in brackets is printed as it is."""
    return "".join(f".{key}" for key in path)


def conflict_text(conflict: Conflict, api_version: str) -> str:
    """The API server's message about a conflict."""
    fields = [(manager, dotted(path)) for manager, path in conflict.fields]
    if len(fields) == 1:
        ((manager, path),) = fields
        return f'Apply failed with 1 conflict: conflict with "{manager}" using {api_version}: {path}'
    groups = []
    for manager in sorted({manager for manager, _ in fields}):
        paths = [f"- {path}" for other, path in fields if other == manager]
        groups.append("\n".join([f'conflicts with "{manager}" using {api_version}:', *paths]))
    return f"Apply failed with {len(fields)} conflicts: " + "\n".join(groups)
