"""Graphs over time."""

from dashboards_py.model import TimeSeries
from dashboards_py.render.kind import Kind, by_query, override
from dashboards_py.shapes import Json

# A table of the last value and the maximum of each series, the largest first.
LEGEND_TABLE = {"displayMode": "table", "calcs": ["lastNotNull", "max"], "sortBy": "Last *", "sortDesc": True}


def kind(panel: TimeSeries) -> Kind:
    """A graph; thresholds are dashed lines."""
    custom: Json = {"fillOpacity": 8, "showPoints": "never"}
    custom |= {"thresholdsStyle": {"mode": "dashed"}} if panel.thresholds else {}
    defaults: Json = {"custom": custom, "min": 0}
    defaults |= {"color": {"mode": "palette-classic-by-name"}} if panel.colors_by_name else {}
    colors = [
        override("byRegexp", names, {"id": "color", "value": {"mode": "fixed", "fixedColor": color}})
        for names, color in panel.series_colors.items()
    ]
    legend: Json = {"legend": LEGEND_TABLE} if panel.legend == "table" else {}
    return Kind(
        type="timeseries",
        options=legend | {"tooltip": {"mode": "multi", "sort": "desc"}},
        defaults=defaults,
        overrides=colors + by_query(panel.queries),
        max_data_points=panel.max_data_points,
    )
