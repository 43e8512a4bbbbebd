"""Graphs over time."""

from dashboards_py.model import TimeSeries
from dashboards_py.render.kind import PLAIN, Kind, by_name, by_query, override, shades
from dashboards_py.shapes import Json

# A table of the last value and the maximum of each series, the largest first.
LEGEND_TABLE = {"displayMode": "table", "calcs": ["lastNotNull", "max"], "sortBy": "Last *", "sortDesc": True}
DASH = {"fill": "dash", "dash": [6, 4]}  # px: line and gap


def kind(panel: TimeSeries) -> Kind:
    """A graph; thresholds are dashed lines."""
    custom: Json = {"showPoints": "never"}
    custom |= {"thresholdsStyle": {"mode": "dashed"}} if panel.thresholds else {}
    defaults: Json = {"custom": custom, "min": 0}
    defaults |= {"color": shades(panel.hues[0]) if panel.hues else PLAIN}
    legend: Json = {"legend": LEGEND_TABLE} if panel.legend == "table" else {}
    dashes = [override("byRegexp", panel.dashed, {"id": "custom.lineStyle", "value": DASH})] if panel.dashed else []
    return Kind(
        type="timeseries",
        options=legend | {"tooltip": {"mode": "multi", "sort": "desc"}},
        defaults=defaults,
        overrides=by_query(panel.queries, panel.hues) + by_name(panel.series_colors) + dashes,
        max_data_points=panel.max_data_points,
    )
