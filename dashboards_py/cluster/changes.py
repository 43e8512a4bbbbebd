"""The effect of new values on a chart's objects: added, changed, removed, and whose pods restart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.kubernetes import Json

WORKLOADS = ("DaemonSet", "Deployment", "StatefulSet")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """An object and its change (`new`, `changed` or `removed`); `restarts` if its pods restart."""

    kind: str
    name: str
    what: str
    restarts: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.what}" + (", its pods restart" if self.restarts else "")


def changes(before: Sequence[Json], again: Sequence[Json], after: Sequence[Json]) -> tuple[ObjectChange, ...]:
    """The differences between two renderings of a chart.

    `again` is a second rendering of `before`: objects that differ between these two are random (certificates), and only
    added or removed ones among them count.
    """
    old, twin, new = _by_key(before), _by_key(again), _by_key(after)
    return tuple(_changes(old, {key for key in old if old[key] != twin.get(key)}, new))


def readers(objects: Sequence[Json], config_map: str) -> tuple[tuple[str, str], ...]:
    """Kind and name of the workloads whose pods mount a ConfigMap or use it in their environment."""
    return tuple(
        (body["kind"], body["metadata"]["name"])
        for body in objects
        if body["kind"] in WORKLOADS and config_map in _read(body["spec"]["template"]["spec"])
    )


def _changes(old: Mapping[Key, Json], random: set[Key], new: Mapping[Key, Json]) -> Iterator[ObjectChange]:
    for key in sorted({*old, *new}):
        kind, name = key
        if key not in new:
            yield ObjectChange(kind, name, "removed")
        elif key not in old:
            yield ObjectChange(kind, name, "new")
        elif key not in random and old[key] != new[key]:
            pods = kind in WORKLOADS and old[key]["spec"]["template"] != new[key]["spec"]["template"]
            yield ObjectChange(kind, name, "changed", pods)


def _by_key(objects: Sequence[Json]) -> dict[Key, Json]:
    return {(body["kind"], body["metadata"]["name"]): body for body in objects}


def _read(pod: Json) -> set[str]:
    """The names of the ConfigMaps that a pod reads when it starts."""
    volumes = pod.get("volumes") or []
    projected = [source for volume in volumes for source in (volume.get("projected") or {}).get("sources") or ()]
    names = {source["configMap"]["name"] for source in (*volumes, *projected) if "configMap" in source}
    for container in (*(pod.get("initContainers") or ()), *pod["containers"]):
        sources = [source.get("valueFrom") or {} for source in container.get("env") or ()]
        names |= {source["configMapKeyRef"]["name"] for source in sources if "configMapKeyRef" in source}
        names |= {
            source["configMapRef"]["name"] for source in container.get("envFrom") or () if "configMapRef" in source
        }
    return names
