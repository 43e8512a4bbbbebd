"""An API server in memory: kinds, objects with owners of fields, and the controllers that matter here.

Workloads become ready at once, as on a cluster whose kubelets are simulated, except those in `unready`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.fakes.controllers import NODES, collect, settle, slices
from tests.fakes.kinds import BUILT_IN, Kind
from tests.fakes.objects import GENERATED, Conflict, Json, Stored, conflict_text, patch_between

Key = tuple[str, str, str]  # kind, namespace ("" if it has none), name


class ApiError(Exception):
    """A refusal of the API server, which kubectl prints as `Error from server (reason): message`.

    `stdout` is what kubectl prints of the objects that were not refused, and `more` are further refusals.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message
        self.stdout = ""
        self.more: Sequence[ApiError] = ()


@dataclass(slots=True)
class FakeKubernetes:
    """The objects and kinds of a cluster. `denied`: the pairs of verb and plural that the user may not use."""

    objects: dict[Key, Stored] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=lambda: {kind.name: kind for kind in BUILT_IN})
    denied: set[tuple[str, str]] = field(default_factory=set)
    unready: set[str] = field(default_factory=set)
    time: datetime = datetime(2026, 1, 1, 12, tzinfo=UTC)
    version: int = 0

    def __post_init__(self) -> None:
        for number in range(NODES):
            self.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"node-{number + 1}"}}, "kubelet")
        for name in ("default", "kube-system", "kube-public"):
            self.create_namespace(name)

    def now(self) -> str:
        """The time, a second later at each call."""
        self.time += timedelta(seconds=1)
        return self.time.strftime("%Y-%m-%dT%H:%M:%SZ")

    def kind_of(self, word: str) -> Kind | None:
        """The kind that kubectl means by a word: plural, singular, or plural with group."""
        for kind in self.kinds.values():
            if word.lower() in (kind.plural, kind.name.lower(), kind.full_name, f"{kind.name.lower()}.{kind.group}"):
                return kind
        return None

    def get(self, kind: str, namespace: str, name: str) -> Json | None:
        """One object, without managedFields."""
        stored = self.objects.get(self._key(self.kinds[kind], namespace, name)) if kind in self.kinds else None
        return stored.view(managed=False) if stored else None

    def list(self, kind: Kind, namespace: str | None) -> list[Stored]:
        """The objects of a kind, of one namespace or (None) of all, by namespace and name."""
        self.check_right("list", kind, namespace or "")
        if kind.name == "EndpointSlice":
            return slices(self, namespace)
        objects = [
            key for key in self.objects if key[0] == kind.name and (namespace is None or key[1] in ("", namespace))
        ]
        return [self.objects[key] for key in sorted(objects)]

    def create_namespace(self, name: str, manager: str = "kubectl-create") -> None:
        """Create a namespace, with the objects that Kubernetes creates in each."""
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "status": {"phase": "Active"}}
        self.create(body, manager)

    def create(self, body: Json, manager: str) -> Json:
        """Create an object; raises ApiError if it exists."""
        kind, key = self.locate(body)
        self.check_right("create", kind, key[1])
        if key in self.objects:
            raise ApiError("AlreadyExists", f'{kind.full_name} "{key[2]}" already exists')
        self._new(kind, key).patch(body, manager, self.now())
        settle(self, key)
        return self.objects[key].view(managed=False)

    def apply(self, body: Json, manager: str, *, force: bool) -> str:
        """Server-side apply: `created`, `changed` or `unchanged`; a conflict raises ApiError."""
        kind, key = self.locate(body)
        self.check_right("patch", kind, key[1])
        new = key not in self.objects
        if not new:  # for an object that does not exist the API server accepts any resourceVersion
            self._check_version(kind, key, body)
        stored = self._new(kind, key) if new else self.objects[key]
        try:
            changed = stored.apply(body, manager, self.now(), force)
        except Conflict as conflict:
            raise ApiError("Conflict", conflict_text(conflict, kind.api_version)) from conflict
        if changed:
            settle(self, key)
        return "created" if new else "changed" if changed else "unchanged"

    def replace(self, body: Json, manager: str) -> None:
        """Replace an object; raises ApiError if it has changed since it was read, by its resourceVersion."""
        kind, key = self.locate(body)
        self.check_right("update", kind, key[1])
        if key not in self.objects:
            raise ApiError("NotFound", f'{kind.full_name} "{key[2]}" not found')
        self._check_version(kind, key, body)
        before = self.objects[key].body
        generated = {name: value for name, value in before["metadata"].items() if name in GENERATED}
        metadata = {name: value for name, value in body["metadata"].items() if name not in GENERATED}
        changes = patch_between(before, {**body, "metadata": {**metadata, **generated}})
        if self.objects[key].patch(changes, manager, self.now()):
            settle(self, key)

    def _check_version(self, kind: Kind, key: Key, body: Json) -> None:
        version = body["metadata"].get("resourceVersion")
        if version and (key not in self.objects or self.objects[key].body["metadata"]["resourceVersion"] != version):
            message = f'Operation cannot be fulfilled on {kind.full_name} "{key[2]}": the object has been modified; '
            raise ApiError("Modified", f"{message}please apply your changes to the latest version and try again")

    def delete_if(self, kind: str, namespace: str, name: str, preconditions: Json) -> None:
        """Delete an object if its uid and resourceVersion match; raises ApiError otherwise."""
        api_kind = self.kinds[kind]
        stored = self.objects.get(self._key(api_kind, namespace, name))
        for field_name, expected in preconditions.items():
            actual = stored.body["metadata"][field_name] if stored else expected
            if actual != expected:
                title = {"uid": "UID", "resourceVersion": "ResourceVersion"}[field_name]
                message = (
                    f'Operation cannot be fulfilled on {api_kind.full_name} "{name}": Precondition failed: {title} in '
                )
                raise ApiError("Modified", f"{message}precondition: {expected}, {title} in object meta: {actual}")
        self.delete(kind, namespace, name)

    def patch(self, kind: str, namespace: str, name: str, changes: Json, manager: str = "kubectl-patch") -> None:
        """A merge patch, as an edit by hand."""
        api_kind = self.kinds[kind]
        key = self._key(api_kind, namespace, name)
        self.check_right("patch", api_kind, key[1])
        if key not in self.objects:
            raise ApiError("NotFound", f'{api_kind.full_name} "{name}" not found')
        if self.objects[key].patch(changes, manager, self.now()):
            settle(self, key)

    def hand_back(self, kind: str, namespace: str, name: str, changes: Json, manager: str) -> None:
        """A merge patch of fields that a manager applies, after which nobody but it owns them."""
        self.patch(kind, namespace, name, changes, manager)
        stored = self.objects[self._key(self.kinds[kind], namespace, name)]
        update = stored.owners.pop((manager, "Update"), set())
        stored.owners.setdefault((manager, "Apply"), set()).update(update)

    def scale(self, kind: str, namespace: str, name: str, replicas: int) -> None:
        """`kubectl scale`: it owns no field afterwards, and Helm does not either (seen with kubectl 1.36)."""
        key = (kind, namespace, name)
        for paths in self.objects[key].owners.values():
            paths.discard(("spec", "replicas"))
        self.objects[key].body["spec"]["replicas"] = replicas
        settle(self, key)

    def delete(self, kind: str, namespace: str, name: str) -> None:
        """Delete an object, what it owns and, for a namespace, everything in it."""
        api_kind = self.kinds[kind]
        key = self._key(api_kind, namespace, name)
        self.check_right("delete", api_kind, key[1])
        if key not in self.objects:
            raise ApiError("NotFound", f'{api_kind.full_name} "{name}" not found')
        metadata = self.objects[key].body["metadata"]
        if metadata.get("finalizers"):
            metadata["deletionTimestamp"] = self.now()
            if kind == "Namespace":
                self.objects[key].body["status"] = {"phase": "Terminating"}
            return
        del self.objects[key]
        collect(self, metadata["uid"])
        if kind == "Namespace":
            for inner in [inner for inner in self.objects if inner[1] == name]:
                del self.objects[inner]
        if kind == "Service":
            self.objects.pop(("Endpoints", namespace, name), None)
        if kind == "CustomResourceDefinition":
            removed = next((api_kind for api_kind in self.kinds.values() if api_kind.full_name == name), None)
            if removed:
                del self.kinds[removed.name]
                for inner in [inner for inner in self.objects if inner[0] == removed.name]:
                    del self.objects[inner]
        self.version += 1

    def check_right(self, verb: str, kind: Kind, namespace: str) -> None:
        """Raise ApiError if the user may not do that."""
        if (verb, kind.plural) in self.denied:
            scope = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
            message = (
                f'{kind.full_name} is forbidden: User "viewer" cannot {verb} resource "{kind.plural}" in API group '
            )
            raise ApiError("Forbidden", f'{message}"{kind.group}" {scope}')

    def _key(self, kind: Kind, namespace: str, name: str) -> Key:
        return (kind.name, namespace if kind.namespaced else "", name)

    def locate(self, body: Json) -> tuple[Kind, Key]:
        """The kind and key of an object; raises ApiError for a kind that the cluster does not have."""
        kind = self.kinds.get(body["kind"])
        if kind is None or kind.api_version != body["apiVersion"]:
            text = f'no matches for kind "{body["kind"]}" in version "{body["apiVersion"]}"'
            raise ApiError("", f"{text}\nensure CRDs are installed first")
        return kind, self._key(kind, body["metadata"].get("namespace", "default"), body["metadata"]["name"])

    def _new(self, kind: Kind, key: Key) -> Stored:
        namespace = self.objects.get(("Namespace", "", key[1]))
        if kind.namespaced and namespace is None:
            raise ApiError("NotFound", f'namespaces "{key[1]}" not found')
        if namespace and namespace.body["status"]["phase"] == "Terminating":
            message = f'{kind.full_name} "{key[2]}" is forbidden: unable to create new content in namespace {key[1]} '
            raise ApiError("Forbidden", f"{message}because it is being terminated")
        uid = hashlib.sha256(f"{key}{self.version}".encode()).hexdigest()[:12]
        metadata = {"name": key[2], "uid": uid, "creationTimestamp": self.now()}
        metadata |= {"namespace": key[1]} if key[1] else {}
        self.objects[key] = Stored({"apiVersion": kind.api_version, "kind": kind.name, "metadata": metadata})
        return self.objects[key]
