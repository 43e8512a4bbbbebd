"""The boards that people import from grafana.com by ID today, as data."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Published:
    """A board on grafana.com. `revision` is None where none is pinned; `chart_file` is its path in the Cilium chart."""

    id: int
    title: str
    revision: int | None
    chart_file: str | None


@cache
def published() -> tuple[Published, ...]:
    """Upstream's boards in the order of their IDs."""
    rows = json.loads(Path(__file__).with_name("upstream.json").read_text(encoding="utf-8"))
    return tuple(Published(**row) for row in rows)
