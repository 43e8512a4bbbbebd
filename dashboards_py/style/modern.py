"""Panels that grafanalib draws in shapes Grafana no longer has, in today's shape."""

from typing import Any

import attr
from grafanalib.core import Panel


@attr.s
class BarGauge(Panel):  # type: ignore[misc]
    """The bar gauge of Grafana 7 and later: options and field config, no `fieldOptions`."""

    def to_json_data(self) -> Any:
        """The panel's JSON, as grafanalib's own panels give it."""
        return self.panel_json({"type": "bargauge"})


@attr.s
class Heatmap(Panel):  # type: ignore[misc]
    """The heatmap of Grafana 9 and later: everything in `options`."""

    def to_json_data(self) -> Any:
        """The panel's JSON, as grafanalib's own panels give it."""
        return self.panel_json({"type": "heatmap"})
