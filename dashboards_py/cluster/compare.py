"""Is a live object as it was rendered? Only what was rendered counts: defaults and what others added do not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from dashboards_py.kubernetes import Json

Path = tuple[str | int, ...]
MISSING = object()
# By what the API server matches entries of lists (x-kubernetes-list-map-keys), in the order in which one is looked for.
ENTRY_KEYS = ("name", "mountPath", "key", "containerPort", "port")
QUANTITY = re.compile(r"([+-]?[0-9.]+(?:[eE][+-]?\d+)?)(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi|E|Ei|n|u)?")
SUFFIXES = {"n": "1e-9", "u": "1e-6", "m": "1e-3", "k": "1e3", "M": "1e6", "G": "1e9", "T": "1e12", "P": "1e15"}
BINARY = {f"{letter}i": 1024 ** (power + 1) for power, letter in enumerate("KMGTPE")}


def differences(wanted: Any, live: Any, path: Path = (), *, custom: bool = False) -> Iterator[tuple[Path, Any, Any]]:
    """Path, rendered and live value (MISSING: none) of whatever was rendered and is otherwise.

    Lists of `custom` resources are whole values, as their definitions say nothing else.
    """
    if wanted is None or (_empty(wanted) and (live is MISSING or _empty(live))):
        return  # the API server leaves out what is empty
    if isinstance(wanted, Mapping) and isinstance(live, Mapping):
        if _selector(path) and any(not _empty(live[key]) for key in live.keys() - wanted.keys()):
            yield path, wanted, live
            return
        for key, value in wanted.items():
            yield from differences(value, live.get(key, MISSING), (*path, key), custom=custom)
    elif isinstance(wanted, list) and isinstance(live, list):
        key = "" if custom else _entry_key(wanted, live)
        if not key and len(wanted) != len(live):
            yield path, wanted, live
            return
        by_key = {entry[key]: entry for entry in live} if key else {}
        for index, entry in enumerate(wanted):
            other = by_key.get(entry[key], MISSING) if key else live[index]
            yield from differences(entry, other, (*path, index), custom=custom)
    elif not _same(wanted, live):
        yield path, wanted, live


def additions(wanted: Any, live: Any, path: Path = (), within: Path | None = None) -> Iterator[Path]:
    """Paths of lists of a custom resource whose entries hold more than was rendered: a default, or somebody's edit."""
    if isinstance(wanted, Mapping) and isinstance(live, Mapping):
        if within is not None and any(not _empty(live[key]) for key in live.keys() - wanted.keys()):
            yield within
        for key in wanted.keys() & live.keys():
            yield from additions(wanted[key], live[key], (*path, key), within)
    elif isinstance(wanted, list) and isinstance(live, list):
        for index, (entry, other) in enumerate(zip(wanted, live, strict=False)):
            yield from additions(entry, other, (*path, index), path if within is None else within)


def shown(path: Path) -> str:
    """A path as people write it: `spec.endpoints[0].port`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _selector(path: Path) -> bool:
    """Whether it is a selector: one that holds more selects less, and Kubernetes replaces it as a whole."""
    return bool(path) and str(path[-1]).endswith(("elector", "matchLabels"))


def _entry_key(wanted: Sequence[Any], live: Sequence[Any]) -> str:
    """What tells entries of both lists apart, or "" where they only have an order."""
    entries = [*wanted, *live]
    if not all(isinstance(entry, Mapping) for entry in entries):
        return ""
    for key in ENTRY_KEYS:
        if all(isinstance(entry.get(key), str | int) for entry in entries) and all(
            len({entry[key] for entry in side}) == len(side) for side in (wanted, live)
        ):
            return key
    return ""


def _empty(value: Any) -> bool:
    """What Go's `omitempty` omits."""
    return value is None or value is False or (isinstance(value, str | int | Mapping | list) and not value)


def _same(wanted: Any, live: Any) -> bool:
    if live is MISSING:
        return False
    if wanted == live and isinstance(wanted, bool) == isinstance(live, bool):
        return True
    if isinstance(wanted, bool | Mapping | list) or isinstance(live, bool | Mapping | list):
        return False
    return str(wanted) == str(live) or ((quantity := _quantity(wanted)) is not None and quantity == _quantity(live))


def _quantity(value: Any) -> Decimal | None:
    """A quantity of Kubernetes, which the API server writes in another way: 0.1 is 100m, 1024Mi is 1Gi."""
    match = QUANTITY.fullmatch(str(value))
    if match is None:
        return None
    try:
        number = Decimal(match[1])
    except InvalidOperation:
        return None
    suffix = match[2] or ""
    return number * (Decimal(BINARY[suffix]) if suffix in BINARY else Decimal(SUFFIXES.get(suffix, "1")))


def compared(item: Json) -> dict[str, Any]:
    """The parts of a rendered object that are compared, by the kind's first use: what data flows by."""
    spec = item.get("spec") or {}
    parts: dict[str, Any] = {"metadata": {"labels": item["metadata"].get("labels") or {}}}
    match item["kind"]:
        case "ConfigMap":
            parts |= {"data": item.get("data"), "binaryData": item.get("binaryData")}
        case "Service":
            parts["spec"] = {key: spec.get(key) for key in ("selector", "ports")}
        case "DaemonSet" | "Deployment" | "StatefulSet":
            parts["spec"] = {key: spec.get(key) for key in ("replicas", "template")}
        case "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding":
            parts |= {"rules": item.get("rules"), "subjects": item.get("subjects")}
        case _:
            parts["spec"] = spec
    return parts
