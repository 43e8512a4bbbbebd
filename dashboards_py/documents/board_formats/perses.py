"""Dashboards of Perses: PersesDashboard of its operator, and its own `kind: Dashboard`."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.board_formats._carrier import BoardSource
from dashboards_py.documents.objects import group, mapping, qualified_name


def boards(document: Mapping[str, Any]) -> Iterator[BoardSource]:
    """The dashboard itself, whose reader knows its fields."""
    is_own = document.get("kind") == "Dashboard" and {"duration", "layouts"} <= mapping(document, "spec").keys()
    if is_own or (document.get("kind") == "PersesDashboard" and group(document).endswith("perses.dev")):
        name = f"{document['kind']} {qualified_name(document)}".strip()
        spec = mapping(document, "spec")
        is_complete = "layouts" in (mapping(spec, "config") or spec)
        why = "" if is_complete else "has no layouts"
        yield BoardSource(name, "spec", value=document if is_complete else None, why=why)
