"""grafanalib's objects, reduced to the keys that current Grafana versions read."""

from collections.abc import Iterable
from typing import Any

from grafanalib import core

from dashboards_py.shapes import Json

SOURCE = {"type": "prometheus", "uid": "$datasource"}
# The keys of grafanalib's JSON to write; the others are for old Grafana versions or other data sources.
PANEL = (
    *("title", "type", "description", "id", "links", "datasource", "targets", "maxDataPoints", "transformations"),
    "gridPos",
)
TARGET = ("expr", "legendFormat", "refId", "format", "instant")
BOARD = (
    *("uid", "title", "description", "tags", "refresh", "links", "schemaVersion", "graphTooltip", "time", "timezone"),
    *("annotations", "templating", "panels"),
)
LINK = ("title", "type", "tags", "asDropdown", "includeVars", "keepTime")
DEFAULTS: Json = {"instant": False, "format": "time_series"}


class Panel(core.Panel):  # type: ignore[misc]
    """A panel of any kind. grafanalib's own panel classes write the format of old Grafana versions."""

    def __init__(self, kind: str, options: Json, **panel: Any) -> None:
        """Create a panel of Grafana's type `kind`; `options` are the keys specific to that kind."""
        super().__init__(**panel)
        self.kind, self.options = kind, options

    def to_json_data(self) -> Json:
        """The keys common to all panels, and those of this kind."""
        return selected_keys(self.panel_json({"type": self.kind}), PANEL) | self.options


class Target(core.Target):  # type: ignore[misc]
    """A query to Prometheus."""

    def to_json_data(self) -> Json:
        """The keys that differ from Grafana's defaults."""
        return selected_keys(super().to_json_data(), TARGET)


class Link(core.DashboardLink):  # type: ignore[misc]
    """The menu with links to our boards."""

    def to_json_data(self) -> Json:
        """The keys that differ from Grafana's defaults."""
        return selected_keys(super().to_json_data(), LINK)


class Dashboard(core.Dashboard):  # type: ignore[misc]
    """A board."""

    def to_json_data(self) -> Json:
        """The keys that differ from Grafana's defaults."""
        return selected_keys(super().to_json_data(), BOARD)


def selected_keys(data: Json, keys: Iterable[str]) -> Json:
    """Select the keys whose values are neither empty nor Grafana's defaults."""
    return {key: data[key] for key in keys if data[key] not in (None, "", [], {}) and data[key] != DEFAULTS.get(key)}
