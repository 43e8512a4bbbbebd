"""Resources of Grafana's own API, `dashboard.grafana.app`, in any of its versions."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.board_formats._carrier import BoardSource
from dashboards_py.documents.objects import group, qualified_name


def boards(document: Mapping[str, Any]) -> Iterator[BoardSource]:
    """The resource itself, whose reader knows the versions."""
    if group(document) == "dashboard.grafana.app":
        kind = str(document.get("kind") or "Dashboard")
        yield BoardSource(f"{kind} {qualified_name(document)}".strip(), "spec", value=document)
