"""grafanalib's objects with just the keys that Grafana reads today."""

from collections.abc import Iterable
from typing import Any

from grafanalib import core

Json = dict[str, Any]

SOURCE = {"type": "prometheus", "uid": "$datasource"}
# What is kept of grafanalib's JSON; the rest is for Grafanas of long ago, or for other data sources.
PANEL = ("title", "type", "description", "id", "datasource", "targets", "maxDataPoints", "transformations", "gridPos")
TARGET = ("expr", "legendFormat", "refId", "format", "instant")
BOARD = (
    *("uid", "title", "tags", "refresh", "links", "schemaVersion", "graphTooltip", "time", "timezone"),
    *("annotations", "templating", "panels"),
)
LINK = ("title", "type", "tags", "asDropdown", "includeVars", "keepTime")
DEFAULTS: Json = {"instant": False, "format": "time_series"}


class Panel(core.Panel):  # type: ignore[misc]
    """A panel of any kind: what grafanalib's own kinds write into it is in the shape of Grafanas of long ago."""

    def __init__(self, kind: str, options: Json, **panel: Any) -> None:
        """A panel of Grafana's type `kind`; `options` are the keys that only this kind has."""
        super().__init__(**panel)
        self.kind, self.options = kind, options

    def to_json_data(self) -> Json:
        """The keys of every panel, and those of its kind."""
        return selected_keys(self.panel_json({"type": self.kind}), PANEL) | self.options


class Target(core.Target):  # type: ignore[misc]
    """A query to Prometheus."""

    def to_json_data(self) -> Json:
        """What Grafana would not assume anyway."""
        return selected_keys(super().to_json_data(), TARGET)


class Link(core.DashboardLink):  # type: ignore[misc]
    """The menu of boards."""

    def to_json_data(self) -> Json:
        """What Grafana would not assume anyway."""
        return selected_keys(super().to_json_data(), LINK)


class Dashboard(core.Dashboard):  # type: ignore[misc]
    """A board."""

    def to_json_data(self) -> Json:
        """What Grafana would not assume anyway."""
        return selected_keys(super().to_json_data(), BOARD)


def selected_keys(data: Json, keys: Iterable[str]) -> Json:
    """The keys, where they say something."""
    return {key: data[key] for key in keys if data[key] not in (None, "", [], {}) and data[key] != DEFAULTS.get(key)}
