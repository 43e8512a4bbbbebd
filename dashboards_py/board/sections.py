"""The rows of a classic board's list of panels, some of which are headings."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dashboards_py.board import fields

Json = Mapping[str, Any]


def sections(panels: Iterable[Json]) -> Iterator[tuple[Json | None, list[Json]]]:
    """Each heading with the panels that it holds and those that follow; panels above the first have None."""
    heading: Json | None = None
    below: list[Json] = []
    for panel in panels:
        if fields.text(panel, "type") != "row":
            below.append(panel)
            continue
        if heading is not None or below:
            yield heading, below
        heading, below = panel, list(fields.mappings(panel, "panels"))
    if heading is not None or below:
        yield heading, below
