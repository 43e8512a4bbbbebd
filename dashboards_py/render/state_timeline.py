"""States over time."""

from collections.abc import Sequence

from dashboards_py.model import StateTimeline, Threshold
from dashboards_py.render.kind import COLORS, PLAIN, Kind, by_query
from dashboards_py.shapes import Json


def kind(panel: StateTimeline) -> Kind:
    """A state timeline; names of values are in its bars, in the colors of its thresholds, if any.

    These are in the mappings of values: where thresholds decide on colors Grafana writes their ranges into the bars
    (`< 1`, `1+`), whatever the values are called (prepareTimelineFields and mergeThresholdValues in
    public/app/core/components/TimelineChart/utils.ts). Its legend would name ranges as well.

    Grafana's default for this kind is a scale from green for the least value to red for the greatest
    (continuous-GrYlRd in public/app/plugins/panel/state-timeline/module.tsx), whatever the thresholds are.
    """
    named: Json = {
        value: {"text": text, "index": index} | _color_at(float(value), panel.thresholds)
        for index, (value, text) in enumerate(panel.value_names.items())
    }
    by_threshold: Json = {"color": {"mode": "thresholds"}} if panel.thresholds else {}
    color: Json = {"color": PLAIN} if named and panel.thresholds else by_threshold
    mappings: Json = {"mappings": [{"type": "value", "options": named}]} if named else {}
    return Kind(
        type="state-timeline",
        options={"showValue": "auto" if named else "never", "legend": {"showLegend": False}},
        defaults=color | mappings,
        overrides=by_query(panel.queries),
        max_data_points=panel.max_data_points,
    )


def _color_at(value: float, thresholds: Sequence[Threshold]) -> Json:
    """The color of a value, of the last threshold that it reaches; nothing without thresholds."""
    colors = [step.color for step in thresholds if step.value is None or step.value <= value]
    return {"color": COLORS.get(colors[-1], colors[-1])} if colors else {}
