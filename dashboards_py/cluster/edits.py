"""What somebody edited by hand in objects of a Helm release, and Helm would fail on (4) or overwrite (3).

The API server writes down who set which field (`managedFields`): a field that another manager than Helm set otherwise
than the chart has it is such an edit. Server-side apply refuses exactly these.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py.cluster.remedies import TAKE_OVER
from dashboards_py.errors import ProblemsFound, Remedy
from dashboards_py.kubernetes import Json

HELM_MANAGERS = ("helm", "Helm")
MISSING = object()


@dataclass(frozen=True, slots=True, order=True)
class HandEdit:
    """A field of a live object, and who set it to something else than the chart does."""

    kind: str
    namespace: str
    name: str
    field: str
    manager: str

    @property
    def object_name(self) -> str:
        """Kind, namespace and name."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


def hand_edits(rendered: Sequence[Json], live: Sequence[Json]) -> tuple[HandEdit, ...]:
    """The edits in live objects (with managedFields) that stand against what a chart renders."""
    found = set()
    for body, now in pairs(rendered, live):
        if now:
            found |= {HandEdit(*object_key(now), field, manager) for field, manager in _edited(body, now)}
    return tuple(sorted(found))


def pairs(rendered: Sequence[Json], live: Sequence[Json]) -> Iterator[tuple[Json, Json | None]]:
    """Each rendered object with the live one; a chart may leave the namespace to Helm."""
    by_key = {object_key(body): body for body in live}
    by_name = {(body["kind"], body["metadata"]["name"]): body for body in live}
    for body in rendered:
        kind, namespace, name = object_key(body)
        yield body, by_key.get((kind, namespace, name)) if namespace else by_name.get((kind, name))


def refuse_hand_edits(edits: Sequence[HandEdit]) -> None:
    """Raise ProblemsFound that names every edit, by object."""
    if not edits:
        return
    by_object: dict[str, list[str]] = {}
    for edit in edits:
        by_object.setdefault(f"{edit.object_name}: {edit.manager} changed", []).append(edit.field)
    (first, fields), *others = by_object.items()
    what, _, who = first.partition(": ")
    more = "".join(f"; {head} {', '.join(names)} by hand" for head, names in others)
    raise ProblemsFound(
        what,
        cause=f"{who} {', '.join(fields)} by hand{more}",
        remedy=Remedy(TAKE_OVER),
    )


def object_key(body: Json) -> tuple[str, str, str]:
    """Kind, namespace ("" where it has none) and name."""
    return body["kind"], body["metadata"].get("namespace", ""), body["metadata"]["name"]


def _edited(rendered: Json, live: Json) -> Iterator[tuple[str, str]]:
    for entry in live["metadata"].get("managedFields") or ():
        if entry["manager"] not in HELM_MANAGERS and entry.get("subresource") != "status":
            for field in _differing(entry.get("fieldsV1", {}), rendered, live):
                yield field, entry["manager"]


def _differing(fields: Mapping[str, Any], rendered: Any, live: Any, path: str = "") -> Iterator[str]:
    """Of the fields that a manager owns, those that the chart renders otherwise than they are."""
    for key, inner in fields.items():
        if key == ".":
            continue
        name, wanted, now = _step(key, rendered, live)
        if wanted is MISSING:
            continue
        if set(inner) - {"."}:
            yield from _differing(inner, wanted, now, f"{path}{name}")
        elif not inner and not same_value(wanted, now):
            yield f"{path}{name}"


def _step(key: str, rendered: Any, live: Any) -> tuple[str, Any, Any]:
    """What a key of fieldsV1 leads to: `f:name` a field, `k:{...}` the item of a list that has these keys."""
    kind, _, rest = key.partition(":")
    if kind == "f":
        wanted, now = (side.get(rest, MISSING) if isinstance(side, Mapping) else MISSING for side in (rendered, live))
        return f".{rest}", wanted, now
    if kind == "k":
        keys = json.loads(rest)
        return f"[{', '.join(str(value) for value in keys.values())}]", item_of(rendered, keys), item_of(live, keys)
    return "", MISSING, MISSING


def item_of(items: Any, keys: Mapping[str, Any]) -> Any:
    if not isinstance(items, list):
        return MISSING
    # A default that the chart leaves out (protocol: TCP) is part of the key.
    fits = (item for item in items if isinstance(item, Mapping) and all(item.get(k, v) == v for k, v in keys.items()))
    return next(fits, MISSING)


def same_value(one: Any, other: Any) -> bool:
    """Whether two scalars are the same to Kubernetes: 30 and "30" are not, 1 and 1.0 are."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
