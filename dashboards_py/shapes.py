"""Types of JSON: the keys of Grafana's dashboards that the code uses, JSON of unknown structure, and how it is got."""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

Json = dict[str, Any]
# Sends a request to Prometheus: takes a path below /api/v1 and parameters, and returns `data` of the response.
Ask = Callable[[str, Mapping[str, str]], Any]


class Mark(TypedDict, total=False):
    """The mark in a dashboard that we deployed: the hash of its contents, and the git commit if it is known."""

    hash: str
    commit: str


class GrafanaBoard(TypedDict, total=False):
    """The keys of a classic dashboard in Grafana's API that a deployment uses; others are passed on unchanged."""

    uid: str
    title: str
    version: int
    ciliumDashboards: Mark
