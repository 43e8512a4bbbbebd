"""Stand-ins for a Prometheus, whose answers have the shape of their path."""

from collections.abc import Mapping
from typing import Any

from dashboards_py.shapes import Ask

OBJECTS: Mapping[str, Mapping[str, Any]] = {
    "query": {"resultType": "vector", "result": []},
    "query_range": {"resultType": "matrix", "result": []},
    "targets": {"activeTargets": []},
    "rules": {"groups": []},
}
LISTS = ("label/", "labels", "series", "targets/metadata")


def nothing(path: str) -> Any:
    """The answer of a Prometheus that has nothing."""
    return [] if path.startswith(LISTS) else dict(OBJECTS.get(path, {}))


def of_queries(ask: Ask) -> Ask:
    """A stand-in that has answers to queries, and nothing at other paths."""

    def ask_queries(path: str, params: Mapping[str, str]) -> Any:
        return ask(path, params) if path in ("query", "query_range") else nothing(path)

    return ask_queries
