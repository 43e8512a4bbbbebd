"""States over time."""

from dashboards_py.model import StateTimeline
from dashboards_py.render.kind import Kind, by_query
from dashboards_py.shapes import Json


def kind(panel: StateTimeline) -> Kind:
    """A state timeline, with a legend only if its values have names; in the colours of its thresholds, if any.

    Grafana's default for this kind is a scale from green for the least value to red for the greatest
    (continuous-GrYlRd in public/app/plugins/panel/state-timeline/module.tsx), whatever the thresholds are.
    """
    named = {value: {"text": text, "index": index} for index, (value, text) in enumerate(panel.value_names.items())}
    color: Json = {"color": {"mode": "thresholds"}} if panel.thresholds else {}
    mappings: Json = {"mappings": [{"type": "value", "options": named}]} if named else {}
    legend: Json = {} if named else {"legend": {"showLegend": False}}
    return Kind(
        type="state-timeline",
        options={"showValue": "never", **legend},
        defaults=color | mappings,
        overrides=by_query(panel.queries),
        max_data_points=panel.max_data_points,
    )
