"""What in a cluster is no longer as Helm rendered it: edited by hand, scaled, or deleted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dashboards_py.cluster.compare import MISSING, Path, additions, compared, differences, shown
from dashboards_py.kubernetes import Helm, HelmRelease, Json, Kubectl

HELM = "helm"  # the name under which Helm 3 and 4 write fields
# The kinds by which metrics flow: any other need only be there. Not Secrets: their certificates are random.
KINDS = (
    *("ConfigMap", "Service", "DaemonSet", "Deployment", "StatefulSet"),
    *("ServiceMonitor", "PodMonitor", "Prometheus"),
)
RIGHTS = ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
AUTOSCALERS = "horizontalpodautoscalers.autoscaling"


class Key(NamedTuple):
    """What tells an object from all others."""

    kind: str
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A field (`data.debug`; "" for the object as a whole) that is not as Helm rendered it.

    `live` is None where the field or the object is missing. `owner` is who wrote the field last, as managedFields
    tells (`kubectl-edit`), or "" where nobody owns it: it was removed, or scaled.
    """

    kind: str
    namespace: str
    name: str
    field: str = ""
    wanted: Any = None
    live: Any = None
    owner: str = ""

    @property
    def qualified_name(self) -> str:
        """Kind, namespace and name, as one text."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    @property
    def conflicts(self) -> bool:
        """Whether Helm 4 would refuse to write the field without --force-conflicts."""
        return bool(self.owner)

    @property
    def needs_deletion(self) -> bool:
        """Whether no upgrade can bring it back: a Service's ports are matched by number, so that the edited one would
        stay beside the rendered one under the same name, which the API server refuses (`Duplicate value`)."""
        return self.kind == "Service" and self.field.startswith("spec.ports") and self.field.endswith("].port")

    @property
    def difference(self) -> str:
        """What is otherwise, without the object's name."""
        if not self.field:
            return "is missing"
        by = f", by {self.owner}" if self.owner else ""
        live = "removed" if self.live is None else f"{_short(self.live)}"
        return f"{self.field} is {live}, Helm has {_short(self.wanted)}{by}"

    def __str__(self) -> str:
        return f"{self.qualified_name}{': ' if self.field else ' '}{self.difference}"


def drift(helm: Helm, kubectl: Kubectl, release: HelmRelease) -> tuple[Drift, ...]:
    """What differs between the last revision of a release and the live objects; reads only.

    `drift(clients.helm, clients.kubectl, state.cilium)`: empty where all is as rendered. Objects of KINDS are compared,
    in what they were rendered with: what others added is no drift, nor are replicas that an autoscaler sets. Of all
    other kinds an object that is missing is one, and what a role permits. Raises Refused where the user may not read
    the release (Helm keeps it in Secrets) or a kind.
    """
    manifest = helm.manifest(release)
    return compare_flow(kubectl, manifest, release.namespace) + compare_others(kubectl, manifest, release.namespace)


def compare_flow(kubectl: Kubectl, rendered: Sequence[Json], namespace: str) -> tuple[Drift, ...]:
    """What differs in objects of KINDS; Refused where one of these kinds may not be read."""
    objects = [item for item in rendered if item["kind"] in KINDS]
    places = sorted({(_group_kind(item), item["metadata"].get("namespace") or namespace) for item in objects})
    live: list[Json] = []
    for kind, place in places:
        names = [item["metadata"]["name"] for item in objects if _at(item, namespace) == (kind, place)]
        live += kubectl.at(place).objects(kind, *names, "--show-managed-fields")
    scaled: set[Key] = set()
    if any(item["kind"] in ("Deployment", "StatefulSet") for item in objects):
        scaled = set(_scaled(kubectl.objects(AUTOSCALERS, "--all-namespaces")))
    return tuple(differing(objects, live, namespace, scaled))


def compare_others(kubectl: Kubectl, rendered: Sequence[Json], namespace: str) -> tuple[Drift, ...]:
    """What is missing of the other kinds, and roles that permit something else; Refused as above."""
    objects = [item for item in rendered if item["kind"] not in KINDS]
    live = kubectl.at(namespace).read_again(objects)
    by_key = {(item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]): item for item in live}
    by_name = {(item["kind"], item["metadata"]["name"]): item for item in live}
    found = []
    for item in objects:
        kind, metadata = item["kind"], item["metadata"]
        place = metadata.get("namespace", "")
        other = by_key.get((kind, place, metadata["name"])) if place else by_name.get((kind, metadata["name"]))
        key = Key(kind, place if other is None else other["metadata"].get("namespace", ""), metadata["name"])
        if other is None:
            found.append(Drift(*key))
        elif kind in RIGHTS and "aggregationRule" not in item:  # those rules are a controller's
            found += [
                Drift(*key, shown(path), wanted, None if value is MISSING else value, owner_of(other, path))
                for path, wanted, value in differences(compared(item), other)
            ]
    return tuple(found)


def differing(rendered: Iterable[Json], live: Iterable[Json], namespace: str, scaled: set[Key]) -> Iterator[Drift]:
    """What differs; `scaled` are kind, namespace and name of what an autoscaler scales."""
    by_key = {Key(item["kind"], item["metadata"]["namespace"], item["metadata"]["name"]): item for item in live}
    for item in rendered:
        key = Key(item["kind"], item["metadata"].get("namespace") or namespace, item["metadata"]["name"])
        if key not in by_key:
            yield Drift(*key)
            continue
        other, custom = by_key[key], "." in item["apiVersion"]
        for path, wanted, value in differences(compared(item), other, custom=custom):
            if path == ("spec", "replicas") and key in scaled:
                continue
            yield Drift(*key, shown(path), wanted, None if value is MISSING else value, owner_of(other, path))
        if custom:
            yield from _edited_lists(key, item, other)


def _edited_lists(key: Key, item: Json, live: Json) -> Iterator[Drift]:
    """Lists that somebody wrote and that hold more than was rendered: without an owner that would be a default."""
    for path in dict.fromkeys(additions(compared(item), live)):
        if owner := owner_of(live, path):
            yield Drift(*key, shown(path), _at_path(item, path), _at_path(live, path), owner)


def _at_path(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def owner_of(live: Json, path: Path) -> str:
    """Who besides Helm owns the field, or the list that holds it; "" where nobody else does."""
    managers = [
        each["manager"]
        for each in live["metadata"].get("managedFields") or ()
        if each["manager"] != HELM and not each.get("subresource") and _owns(each.get("fieldsV1") or {}, path)
    ]
    return ", ".join(sorted(set(managers)))


def _owns(tree: Json, path: Path) -> bool:
    """Whether the field, or what holds it and is owned as a whole, is in the tree of `fieldsV1`."""
    for step in path:
        if isinstance(step, int):  # entries are named by what they hold: owning one of them is near enough
            return bool(tree)
        if f"f:{step}" not in tree:
            return False
        tree = tree[f"f:{step}"]
        if not tree:
            return True
    return True


def _scaled(autoscalers: Iterable[Json]) -> Iterator[Key]:
    for item in autoscalers:
        target = item["spec"]["scaleTargetRef"]
        yield Key(target["kind"], item["metadata"]["namespace"], target["name"])


def _group_kind(item: Json) -> str:
    """A kind as kubectl takes it, with its group: `servicemonitor.monitoring.coreos.com`."""
    group, slash, _ = item["apiVersion"].partition("/")
    return f"{item['kind'].lower()}.{group}" if slash else item["kind"].lower()


def _at(item: Json, namespace: str) -> tuple[str, str]:
    return _group_kind(item), item["metadata"].get("namespace") or namespace


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
