"""What a Helm release rendered and the cluster no longer has: deleted objects, removed fields, replicas scaled to 0.

Nobody owns these, so an upgrade with the same values brings them back. A field that Helm still owns is as Helm set it,
however the API server writes it (1000m is 1): only those that it lost are compared.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.cluster.changes import WORKLOADS
from dashboards_py.cluster.edits import HELM_MANAGERS, MISSING, item_of, object_key, pairs, same_value
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import Json

IDENTITY = frozenset({"apiVersion", "kind", "status", "stringData"})  # stringData is written and never read


@dataclass(frozen=True, slots=True, order=True)
class Lost:
    """A live object that is missing (`field` is "") or has lost a field, and what is there now.

    `replaced` says that somebody put another item into the same list (a port, a variable): with both, the API server
    takes no upgrade.
    """

    kind: str
    namespace: str
    name: str
    field: str = ""
    now: str = "missing"
    replaced: bool = False

    def __str__(self) -> str:
        name = f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"
        return f"{name}: {self.field} {self.now}" if self.field else f"{name}: {self.now}"


def lost_parts(
    manifest: Sequence[Json], live: Sequence[Json], scaled: Collection[tuple[str, str, str]] = ()
) -> tuple[Lost, ...]:
    """The objects that are missing, and the fields that are not as Helm rendered them.

    How many replicas what an autoscaler has `scaled` (kind, namespace, name) has is not Helm's to say.
    """
    parts = {part for body, now in pairs(manifest, live) for part in _lost(body, now)}
    return tuple(
        sorted(
            part
            for part in parts
            if not (part.field == ".spec.replicas" and (part.kind, part.namespace, part.name) in scaled)
        )
    )


def refuse_replaced(parts: Sequence[Lost]) -> None:
    """Raise ProblemsFound for what not even a forced upgrade can put right, with the command that does."""
    for part in parts:
        if part.replaced:
            where = f"{part.name} -n {part.namespace}"
            way = f"kubectl delete {part.kind.lower()} {where}"
            if part.kind in WORKLOADS:
                way = f"kubectl rollout undo {part.kind.lower()} {where}"
            raise ProblemsFound(
                f"{part.kind} {part.namespace}/{part.name}",
                cause=f"somebody replaced {part.field} by hand, and Helm can neither keep nor overwrite that",
                fix=f"note what it is for, then `{way}`, and run the command again: Helm writes it as it was",
            )


def _lost(body: Json, now: Json | None) -> Iterator[Lost]:
    key = object_key(now or body)
    if now is None:
        yield Lost(*key)
        return
    entries = now["metadata"].get("managedFields") or ()
    owned = [entry["fieldsV1"] for entry in entries if entry["manager"] in HELM_MANAGERS and "fieldsV1" in entry]
    if not owned:
        return
    held = [entry["fieldsV1"] for entry in entries if entry["manager"] not in HELM_MANAGERS and "fieldsV1" in entry]
    wanted = {name: value for name, value in body.items() if name not in IDENTITY and name != "metadata"}
    wanted["metadata"] = {name: body["metadata"].get(name) or {} for name in ("labels", "annotations")}
    for field, value, is_now, replaced in _fields(wanted, now, owned, held, ""):
        was = "removed" if is_now is MISSING else f"{_shown(is_now)} instead of {_shown(value)}"
        yield Lost(*key, field, was, replaced)


def _fields(
    wanted: Any, now: Any, owned: Sequence[Mapping[str, Any]], held: Sequence[Mapping[str, Any]], path: str
) -> Iterator[tuple[str, Any, Any, bool]]:
    """The fields that neither Helm nor anybody else owns, and that differ."""
    for name, value, is_now, mine, others in _steps(wanted, now, owned, held):
        if value is None or value == {} or value == []:
            continue
        if any(not tree for tree in (*mine, *others)):
            continue  # as Helm set it, or edited by hand
        if mine or others:
            yield from _fields(value, is_now, mine, others, f"{path}{name}")
        elif not _same(value, is_now):
            in_list = isinstance(wanted, list) or ".env[" in path[path.rfind(".") :]
            yield f"{path}{name}", value, is_now, in_list and bool(held)


def _steps(
    wanted: Any, now: Any, owned: Sequence[Mapping[str, Any]], held: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, Any, Any, list[Mapping[str, Any]], list[Mapping[str, Any]]]]:
    if isinstance(wanted, Mapping):
        for key, value in wanted.items():
            is_now = now.get(key, MISSING) if isinstance(now, Mapping) else MISSING
            mine, others = ([tree[f"f:{key}"] for tree in trees if f"f:{key}" in tree] for trees in (owned, held))
            yield f".{key}", value, is_now, mine, others
    elif isinstance(wanted, list):
        for value in wanted:
            keys = _keys_of(value, owned) or _keys_of(value, held) or {}
            is_now = item_of(now, keys) if keys else (value if isinstance(now, list) and value in now else MISSING)
            mine, others = (
                [inner for tree in trees for key, inner in tree.items() if keys and _names(key, value)]
                for trees in (owned, held)
            )
            shown = keys or (value if isinstance(value, Mapping) else {})
            yield (
                f"[{shown.get('name') or shown.get('port') or ', '.join(map(str, keys.values()))}]",
                value,
                is_now,
                mine,
                others,
            )


def _keys_of(item: Any, trees: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    return next((json.loads(key[2:]) for tree in trees for key in tree if _names(key, item)), None)


def _names(key: str, item: Any) -> bool:
    """Whether `k:{...}` of managedFields names the item; a default that the chart leaves out is part of the key."""
    if not key.startswith("k:") or not isinstance(item, Mapping):
        return False
    return all(item.get(name, value) == value for name, value in json.loads(key[2:]).items())


def _same(value: Any, now: Any) -> bool:
    """Whether all that is wanted is there; what the API server adds does not count."""
    if isinstance(value, Mapping):
        return isinstance(now, Mapping) and all(_same(inner, now.get(key, MISSING)) for key, inner in value.items())
    if isinstance(value, list):
        return isinstance(now, list) and len(value) == len(now) and all(map(_same, value, now))
    return value is None or same_value(value, now)


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
