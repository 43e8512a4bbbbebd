"""Comparing a live object with its rendering: only rendered fields count, not defaults or additions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Path = tuple[str | int, ...]
MISSING = object()
# The keys by which the API server matches list entries (x-kubernetes-list-map-keys), in the order of trial.
ENTRY_KEYS = ("name", "mountPath", "key", "containerPort", "port")
QUANTITY = re.compile(r"([+-]?[0-9.]+(?:[eE][+-]?\d+)?)(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi|E|Ei|n|u)?")
SUFFIXES = {"n": "1e-9", "u": "1e-6", "m": "1e-3", "k": "1e3", "M": "1e6", "G": "1e9", "T": "1e12", "P": "1e15"}
BINARY = {f"{letter}i": 1024 ** (power + 1) for power, letter in enumerate("KMGTPE")}


def differences(rendered: Any, live: Any, path: Path = (), *, custom: bool = False) -> Iterator[tuple[Path, Any, Any]]:
    """Path, rendered value and live value (MISSING if there is none) of each rendered field that differs.

    Lists of `custom` resources are compared as a whole: their definitions name no keys.
    """
    if rendered is None or (_empty(rendered) and (live is MISSING or _empty(live))):
        return  # the API server leaves out what is empty
    if isinstance(rendered, Mapping) and isinstance(live, Mapping):
        if _selector(path) and any(not _empty(live[key]) for key in live.keys() - rendered.keys()):
            yield path, rendered, live
            return
        for key, value in rendered.items():
            yield from differences(value, live.get(key, MISSING), (*path, key), custom=custom)
    elif isinstance(rendered, list) and isinstance(live, list):
        key = "" if custom else _entry_key(rendered, live)
        if not key and len(rendered) != len(live):
            yield path, rendered, live
            return
        by_key = {entry[key]: entry for entry in live} if key else {}
        for index, entry in enumerate(rendered):
            other = by_key.get(entry[key], MISSING) if key else live[index]
            yield from differences(entry, other, (*path, index), custom=custom)
    elif not _same(rendered, live):
        yield path, rendered, live


def holds_more(rendered: Any, live: Any) -> bool:
    """Whether a live value has fields that were not rendered: a manager that owns it as a whole has then changed it."""
    if isinstance(rendered, Mapping) and isinstance(live, Mapping):
        if any(not _empty(live[key]) for key in live.keys() - rendered.keys()):
            return True
        return any(holds_more(rendered[key], live[key]) for key in rendered.keys() & live.keys())
    if isinstance(rendered, list) and isinstance(live, list):
        return any(map(holds_more, rendered, live))
    return False


def path_text(path: Path) -> str:
    """The path as text: `spec.endpoints[0].port`; a step in brackets is the name of an entry."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += step if not text or step.startswith("[") else f".{step}"
    return text


def _selector(path: Path) -> bool:
    """Whether it is a selector, which Kubernetes replaces as a whole: one with more labels selects less."""
    return bool(path) and str(path[-1]).endswith(("elector", "matchLabels"))


def _entry_key(rendered: Sequence[Any], live: Sequence[Any]) -> str:
    """The key that distinguishes entries of both lists, or "" if they only have an order."""
    entries = [*rendered, *live]
    if not all(isinstance(entry, Mapping) for entry in entries):
        return ""
    for key in ENTRY_KEYS:
        if all(isinstance(entry.get(key), str | int) for entry in entries) and all(
            len({entry[key] for entry in side}) == len(side) for side in (rendered, live)
        ):
            return key
    return ""


def _empty(value: Any) -> bool:
    """Whether Go's `omitempty` omits the value."""
    return value is None or value is False or (isinstance(value, str | int | Mapping | list) and not value)


def _same(rendered: Any, live: Any) -> bool:
    if live is MISSING:
        return False
    if rendered == live and isinstance(rendered, bool) == isinstance(live, bool):
        return True
    if isinstance(rendered, bool | Mapping | list) or isinstance(live, bool | Mapping | list):
        return False
    return str(rendered) == str(live) or ((quantity := _quantity(rendered)) is not None and quantity == _quantity(live))


def _quantity(value: Any) -> Decimal | None:
    """A Kubernetes quantity, which the API server may write differently: 0.1 as 100m, 1024Mi as 1Gi."""
    match = QUANTITY.fullmatch(str(value))
    if match is None:
        return None
    try:
        number = Decimal(match[1])
    except InvalidOperation:
        return None
    suffix = match[2] or ""
    return number * (Decimal(BINARY[suffix]) if suffix in BINARY else Decimal(SUFFIXES.get(suffix, "1")))
