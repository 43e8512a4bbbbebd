"""Drift: live objects that differ from what Helm rendered, because they were edited, scaled or deleted.

`plan`, `up`, `down` and `verify` all use this module. A field that Helm owns is as Helm set it, however the API server
writes it. One that another manager owns and that differs was edited: server-side apply refuses exactly these (Helm 4),
and Helm 3 overwrites them. One that differs and that nobody owns was lost (deleted, removed, scaled): an upgrade with
the same values restores it.
"""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dashboards_py.cluster.changes import WORKLOADS
from dashboards_py.cluster.compare import MISSING, Path, differences, holds_more, path_text
from dashboards_py.cluster.managed_fields import Ownership, entry_with, is_applied_by_helm
from dashboards_py.kubernetes import Json

NOT_COMPARED = frozenset({"apiVersion", "kind", "metadata", "status", "stringData"})  # stringData is never read back
ENV_SOURCES = ("value", "valueFrom")  # of a container's variable: the API server accepts no entry with both


class ObjectKey(NamedTuple):
    """Kind, namespace ("" if it has none) and name."""

    kind: str
    namespace: str
    name: str

    @classmethod
    def of(cls, body: Json) -> "ObjectKey":
        """The key of an object."""
        return cls(body["kind"], body["metadata"].get("namespace", ""), body["metadata"]["name"])

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True, order=True)
class Drift:
    """A field (`data.debug`; "" for the object as a whole) that is not as Helm rendered it.

    `manager` is who else set it (`kubectl-edit`), or "" if it was lost. `replaced`: someone put another entry into the
    same list (a port, a variable), and the API server accepts no upgrade that would leave both. `live` is None if the
    field or the object is missing.
    """

    key: ObjectKey
    field: str = ""
    manager: str = ""
    replaced: bool = False
    rendered: Any = dataclasses.field(default=None, compare=False)
    live: Any = dataclasses.field(default=None, compare=False)

    @property
    def managers(self) -> tuple[str, ...]:
        """The managers, one by one."""
        return tuple(self.manager.split(", ")) if self.manager else ()

    @property
    def difference(self) -> str:
        """The difference, without the object's name; a Secret's values are not shown."""
        if not self.field:
            return "is missing"
        by = f", by {self.manager}" if self.manager else ""
        live, rendered = ("a secret",) * 2 if self.key.kind == "Secret" else (_short(self.live), _short(self.rendered))
        return f"{self.field} is {'removed' if self.live is None else live}, Helm has {rendered}{by}"

    @property
    def recovery(self) -> str:
        """The command that must run before an upgrade can restore what was `replaced`."""
        where = f"{self.key.name} -n {self.key.namespace}"
        verb = "rollout undo" if self.key.kind in WORKLOADS else "delete"
        return f"kubectl {verb} {self.key.kind.lower()} {where}"

    def __str__(self) -> str:
        return f"{self.key}{': ' if self.field else ' '}{self.difference}"


def drift(
    rendered: Sequence[Json], live: Sequence[Json], scaled: Collection[tuple[str, str, str]] = ()
) -> tuple[Drift, ...]:
    """The differences between objects that Helm rendered and the live ones (with managedFields), sorted.

    Fields that the chart leaves out are not drift, nor are replicas that an autoscaler has `scaled` (kind, namespace,
    name).
    """
    drifted = (item for body, current in _pairs(rendered, live) for item in _object_drift(body, current))
    return tuple(sorted(item for item in drifted if not (item.field == "spec.replicas" and item.key in scaled)))


def edited(drifted: Sequence[Drift]) -> tuple[Drift, ...]:
    """The fields that someone edited by hand."""
    return tuple(item for item in drifted if item.manager)


def conflicting_edits(
    rendered: Sequence[Json], live: Sequence[Json], scaled: Collection[tuple[str, str, str]]
) -> tuple[Drift, ...]:
    """The fields of what is to be applied that others set, with replicas over which Helm 4 and an autoscaler differ.

    Where Helm patches objects it leaves these replicas alone; seen with Helm 4.3 on releases of both kinds.
    """
    applied = {ObjectKey.of(body) for body in live if is_applied_by_helm(body)}
    return edited(drift(rendered, live, {*scaled} - applied))


def lost(drifted: Sequence[Drift]) -> tuple[Drift, ...]:
    """The fields and objects that an upgrade with the same values restores."""
    return tuple(item for item in drifted if not item.manager)


def _pairs(rendered: Sequence[Json], live: Sequence[Json]) -> Iterator[tuple[Json, Json | None]]:
    """Each rendered object with the live one; a chart may leave the namespace to Helm."""
    by_key = {ObjectKey.of(body): body for body in live}
    by_name = {(body["kind"], body["metadata"]["name"]): body for body in live}
    for body in rendered:
        key = ObjectKey.of(body)
        yield body, by_key.get(key) if key.namespace else by_name.get((key.kind, key.name))


def _object_drift(body: Json, live: Json | None) -> Iterator[Drift]:
    key = ObjectKey.of(body if live is None else live)
    if live is None:
        yield Drift(key)
        return
    compared = {name: value for name, value in body.items() if name not in NOT_COMPARED}
    compared["metadata"] = {name: body["metadata"].get(name) or {} for name in ("labels", "annotations")}
    if "aggregationRule" in body:
        compared.pop("rules", None)  # which a controller fills in
    # Lists of custom resources are compared as a whole: their definitions name no keys.
    walk = _Walk("." in str(body["apiVersion"]).partition("/")[0])
    for path, value, current, manager, replaced in walk.fields(compared, live, Ownership.of(live), ()):
        yield Drift(key, path_text(path), manager, replaced, value, None if current is MISSING else current)


Field = tuple[Path, Any, Any, str, bool]  # path, rendered, live, manager, replaced


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk through the rendered fields of one object; `custom` if it is a custom resource."""

    custom: bool

    def fields(self, rendered: Any, live: Any, owned: Ownership, path: Path) -> Iterator[Field]:
        """The fields that differ and that Helm does not own."""
        if owned.by_helm:
            return
        if owned.managers or owned.by_nobody or not isinstance(rendered, Mapping | list):
            yield from self._whole(rendered, live, owned, path)
        elif isinstance(rendered, Mapping):
            for name, value in rendered.items():
                current = live.get(name, MISSING) if isinstance(live, Mapping) else MISSING
                for item in self.fields(value, current, owned.field(name), (*path, name)):
                    yield (*item[:4], item[4] or _is_other_source(path, name, rendered, live))
        else:
            yield from self._entries(rendered, live, owned, path)

    def _entries(self, rendered: list[Any], live: Any, owned: Ownership, path: Path) -> Iterator[Field]:
        for entry in rendered:
            keys = owned.keys_of(entry)
            if keys:
                current = entry_with(live, keys, MISSING)
            else:
                current = entry if isinstance(live, list) and entry in live else MISSING
            label = f"[{_entry_name(entry, keys)}]"
            replaced = current is MISSING and _has_namesake(live, entry)
            for item in self.fields(entry, current, owned.entry(entry), (*path, label)):
                yield (*item[:4], item[4] or replaced)

    def _whole(self, rendered: Any, live: Any, owned: Ownership, path: Path) -> Iterator[Field]:
        """The differences in a value that one manager owns as a whole, or that nobody owns."""
        manager = ", ".join(owned.managers)
        differing = list(differences(rendered, live, path, custom=self.custom))
        if not differing and manager and holds_more(rendered, live):
            differing = [(path, rendered, live)]
        yield from ((*item, manager, False) for item in differing)


def _entry_name(entry: Any, keys: Mapping[str, Any]) -> str:
    """The name of an entry of a list: its own name, its mount path, or another key."""
    names = {**(entry if isinstance(entry, Mapping) else {}), **keys}
    first = next((keys[name] for name in ("name", "mountPath") if name in keys), None)
    return str(first or names.get("name") or names.get("port") or ", ".join(map(str, keys.values())) or entry)


def _has_namesake(live: Any, entry: Any) -> bool:
    """Whether a live list has another entry of that name, which the API server does not accept twice."""
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return (
        name is not None
        and isinstance(live, list)
        and any(isinstance(other, Mapping) and other.get("name") == name for other in live)
    )


def _is_other_source(path: Path, name: str, rendered: Mapping[str, Any], live: Any) -> bool:
    """Whether a container's environment variable now gets its value from another source."""
    if name not in ENV_SOURCES or len(path) < 2 or path[-2] != "env" or not isinstance(live, Mapping):
        return False
    return any(source in live and source not in rendered for source in ENV_SOURCES)


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
