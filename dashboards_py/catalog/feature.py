"""Features of Cilium that some metrics depend on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dashboards_py.catalog.by_release import ByRelease
from dashboards_py.catalog.setting import Setting
from dashboards_py.release import Release

FILE = Path(__file__).with_name("features.json")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature. `when` completes the sentence "exposed when ..."; `default`: the chart enables it by default."""

    name: str
    when: str
    helm: ByRelease[tuple[Setting, ...]]
    default: bool
    note: str

    def fix_on(self, release: Release) -> str:
        """Instructions to enable it; empty if that is not possible."""
        settings = ", ".join(map(str, self.helm.on(release)))
        return " ".join(part for part in (settings and f"Set {settings}.", self.note) if part)


def _settings(rows: list[str]) -> tuple[Setting, ...]:
    return tuple(map(Setting.read, rows))


@cache
def features() -> Mapping[str, Feature]:
    """All features by name."""
    return {
        row["name"]: Feature(
            name=row["name"],
            when=row["when"],
            helm=ByRelease.read(row.get("helm", []), _settings),
            default=row.get("default", False),
            note=row.get("note", ""),
        )
        for row in json.loads(FILE.read_text(encoding="utf-8"))
    }
