"""The Cilium boards published on grafana.com, as data."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PublishedBoard:
    """A board on grafana.com. `revision` is None if none is pinned; `chart_file` is its path in the Cilium chart."""

    id: int
    title: str
    revision: int | None
    chart_file: str | None

    @property
    def uid(self) -> str:
        """The uid of its copy next to ours."""
        return f"grafana-com-{self.id}"


FILE = Path(__file__).with_name("upstream.json")
SERIES = Path(__file__).with_name("upstream_series.json")


@cache
def published() -> tuple[PublishedBoard, ...]:
    """Upstream's boards in the order of their IDs."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(PublishedBoard(**row) for row in rows)


@cache
def series_read_by_upstream() -> tuple[str, ...]:
    """The names of Cilium's series that the boards in its charts read (1.17.18 and 1.20.0), sorted."""
    return tuple(json.loads(SERIES.read_text(encoding="utf-8")))


def dump(boards: Sequence[PublishedBoard]) -> str:
    """The text of upstream.json: one board per line."""
    lines = [json.dumps(asdict(board), ensure_ascii=False) for board in sorted(boards, key=lambda board: board.id)]
    return "[\n" + "".join(f"  {line}{',' * (line is not lines[-1])}\n" for line in lines) + "]\n"
