"""Values of the Cilium chart that differ between releases."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dashboards_py.catalog.by_release import ByRelease, release_named
from dashboards_py.release import Release

FILE = Path(__file__).with_name("helm_keys.json")
SECTIONS = Path(__file__).with_name("helm_sections.json")


@dataclass(frozen=True, slots=True)
class HelmKey:
    """A dotted key of the chart's values.yaml that a release added, removed, or gave another default or type.

    `since` and `removed` as in `Metric`. A removed key is ignored by the chart, or the chart refuses to render with it
    (`refused`); `use` is its successor, "" if there is none. `default` is None if it is the same on all releases,
    `types` (names of JSON Schema) likewise.
    """

    name: str
    since: Release | None
    removed: Release | None
    refused: bool
    use: str
    default: ByRelease[Any] | None
    types: ByRelease[tuple[str, ...]] | None

    def exists_on(self, release: Release) -> bool:
        """True if the chart of the release has the key."""
        return (self.since is None or release >= self.since) and (self.removed is None or release < self.removed)


@cache
def helm_keys() -> Mapping[str, HelmKey]:
    """The keys that differ between releases, by name."""
    return {
        row["name"]: HelmKey(
            name=row["name"],
            since=release_named(row["since"]) if "since" in row else None,
            removed=release_named(row["removed"]) if "removed" in row else None,
            refused=row.get("refused", False),
            use=row.get("use", ""),
            default=ByRelease.read(row["default"], lambda value: value) if "default" in row else None,
            types=ByRelease.read(row["types"], tuple) if "types" in row else None,
        )
        for row in json.loads(FILE.read_text(encoding="utf-8"))
    }


@cache
def _sections() -> dict[str, frozenset[str]]:
    return {name: frozenset(keys) for name, keys in json.loads(SECTIONS.read_text(encoding="utf-8")).items()}


def helm_sections() -> frozenset[str]:
    """The keys at the top of the chart's values.yaml, of all releases."""
    return _sections()["sections"]


def keys_of_section(section: str) -> frozenset[str]:
    """The keys directly below one at the top, of all releases; empty for a value, or a map that users fill."""
    return _sections().get(f"sections.{section}", frozenset())


def monitoring_keys() -> frozenset[str]:
    """The dotted keys of the chart about metrics, of all releases; those of values that users fill end with a dot."""
    return _sections()["monitoring"]
