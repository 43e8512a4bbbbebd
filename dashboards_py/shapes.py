"""JSON as types: what of Grafana's dashboards the code touches, and JSON of which nothing is known."""

from typing import Any, TypedDict

Json = dict[str, Any]


class Mark(TypedDict, total=False):
    """What a dashboard bears that we deployed: the hash of its content, and the git commit where that is known."""

    hash: str
    commit: str


class GrafanaBoard(TypedDict, total=False):
    """A classic dashboard as Grafana's API has it, as far as a deployment touches it; all else is passed on."""

    uid: str
    title: str
    version: int
    ciliumDashboards: Mark
