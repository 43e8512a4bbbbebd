"""Graphs over time."""

from collections.abc import Mapping

from dashboards_py.model import Legend, TimeSeries, ref_id
from dashboards_py.render.kind import Kind, by_name, by_query, fixed, hues_by_name, line_style, override, shades
from dashboards_py.shapes import Json

# A table of the value at the end and the maximum of each series, the largest first. What ended before has none (Grafana
# adds nulls: refFieldPseudoMax in nullInsertThreshold.ts) and is below all others (VizLegendTable.tsx); `lastNotNull`
# would be its value when it still was.
LEGEND_TABLE: Json = {"displayMode": "table", "calcs": ["last", "max"], "sortBy": "Last", "sortDesc": True}
LEGENDS: Mapping[Legend, Json] = {
    "table": {"legend": LEGEND_TABLE},
    "right": {"legend": {**LEGEND_TABLE, "placement": "right"}},
    "list": {},
}
BARS: Json = {"drawStyle": "bars", "fillOpacity": 70, "lineWidth": 0, "stacking": {"mode": "normal"}}


def kind(panel: TimeSeries) -> Kind:
    """A graph; thresholds are dashed lines."""
    custom: Json = dict(BARS) if panel.bars else {"showPoints": "never"}
    custom |= {"lineInterpolation": "stepBefore"} if panel.steps else {}
    custom |= {} if panel.soft_max is None else {"axisSoftMax": panel.soft_max}
    custom |= {"thresholdsStyle": {"mode": "dashed"}} if panel.thresholds else {}
    defaults: Json = {"custom": custom, "min": 0}
    defaults |= {} if panel.decimals is None else {"decimals": panel.decimals}
    singles = [ref_id(index) for index, query in enumerate(panel.queries) if "{{" not in query.legend]
    of_values = [hue for hue, query in zip(panel.hues, panel.queries, strict=True) if "{{" in query.legend]
    hue = next(iter(of_values or panel.hues))
    defaults |= {"color": shades(hue) if panel.has_shades else fixed(hue)}
    of_queries = by_query(panel.queries, panel.hues, panel.styles, hue)
    styles = [override("byRegexp", names, line_style(style)) for names, style in panel.name_styles.items()]
    return Kind(
        type="timeseries",
        options=LEGENDS[panel.legend] | {"tooltip": {"mode": "multi", "sort": "desc"}},
        defaults=defaults,
        overrides=[
            *(own for own in of_queries if own["matcher"]["options"] not in singles),
            *hues_by_name(panel.name_hues),
            *(own for own in of_queries if own["matcher"]["options"] in singles),  # whose names may fit a pattern
            *by_name(panel.series_colors),
            *styles,
        ],
        max_data_points=panel.max_data_points,
    )
