"""Rankings: horizontal bars with names on the left."""

from dashboards_py.model import BarGauge
from dashboards_py.render.kind import Kind, by_name, by_query, unjudged
from dashboards_py.shapes import Json

NEUTRAL = "blue"
# Grafana leaves out the name of a single bar unless the panel sets one (clearNameForSingleSeries in
# public/app/plugins/panel/bargauge/BarGaugePanel.tsx); this is the name of the legend.
NAME = "${__series.name}"
LOW_BARS = {"sizing": "manual", "minVizHeight": 16, "maxVizHeight": 32, "text": {"titleSize": 12, "valueSize": 15}}


def kind(panel: BarGauge) -> Kind:
    """A bar gauge; the bars of shares (percentunit) end at 100 %."""
    bounds: Json = {"min": 0, "max": 1} if panel.unit == "percentunit" else {"min": 0}
    return Kind(
        type="bargauge",
        options={"orientation": "horizontal", "displayMode": "basic", "namePlacement": "left", **LOW_BARS},
        defaults={"displayName": NAME} | bounds | ({} if panel.thresholds else unjudged(NEUTRAL)),
        overrides=by_query(panel.queries) + by_name(panel.series_colors),
        instant=True,
    )
