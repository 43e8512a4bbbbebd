"""The canonical form of the catalogue's files: one entry per line, sorted, with keys in a fixed order, no defaults."""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from dashboards_py.errors import DashboardsError

DIRECTORY = Path(__file__).parent

# The keys of each file in the order in which they are written. Entries are sorted by name and component.
KEYS: Mapping[str, tuple[str, ...]] = {
    "components.json": (
        "name",
        "port",
        "port_name",
        "service_monitor",
        "pod",
        "sample_pod",
        "container",
        "labels",
        "helm",
        "note",
    ),
    "features.json": ("name", "when", "helm", "default", "note"),
    "helm_keys.json": ("name", "since", "removed", "refused", "use", "default", "types"),
    "metrics.json": (
        "name",
        "component",
        "type",
        "histogram_kinds",
        "labels",
        "values",
        "examples",
        "unit",
        "help",
        "since",
        "removed",
        "replaced_by",
        "handler",
        "options",
        "off",
        "switch",
        "when",
        "events",
        "defined_but_never_set",
        "never_existed",
        "only_grows",
        "sees_all",
        "value_range",
        "meaning",
        "note",
        "source",
    ),
}


def canonical(file: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The canonical text of a catalogue file; an unknown key or a duplicate entry raises DashboardsError."""
    keys = KEYS[file]
    ordered = sorted(rows, key=lambda row: (row["name"], row.get("component", "")))
    for row, after in pairwise(ordered):
        if (row["name"], row.get("component")) == (after["name"], after.get("component")):
            raise DashboardsError(f"{file}: {row['name']}", cause="duplicate entry", fix="keep one of the two lines")
    for row in ordered:
        if unknown := sorted(set(row) - set(keys)):
            cause = f"unknown key {unknown[0]!r}"
            raise DashboardsError(f"{file}: {row['name']}", cause=cause, fix="known: " + ", ".join(keys))
    lines = [json.dumps(_entry(row, keys), ensure_ascii=False) for row in ordered]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def rewrite() -> tuple[str, ...]:
    """Rewrite all files of the catalogue in canonical form; returns the names of those that changed."""
    changed = []
    for file in KEYS:
        path = DIRECTORY / file
        text = path.read_text(encoding="utf-8")
        if (canonical_text := canonical(file, json.loads(text))) != text:
            path.write_text(canonical_text, encoding="utf-8")
            changed.append(file)
    return tuple(changed)


def _entry(row: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    values = {key: _value(row[key]) for key in keys if key in row}
    return {key: value for key, value in values.items() if value not in (None, "", False, [], {})}


def _value(value: Any) -> Any:
    """Sort objects by key; of values by release, keep only those that differ from the previous one."""
    if not isinstance(value, Mapping):
        return value
    if not value or not all(re.fullmatch(r"\d+\.\d+", key) for key in value):
        return {key: _value(value[key]) for key in sorted(value)}
    steps: dict[str, Any] = {}
    for start in sorted(value, key=lambda text: tuple(map(int, text.split(".")))):
        if not steps or value[start] != list(steps.values())[-1]:
            steps[start] = value[start]
    return steps
