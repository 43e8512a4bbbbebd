"""States over time."""

from dashboards_py.model import StateTimeline
from dashboards_py.render.kind import Kind, by_query
from dashboards_py.shapes import Json


def kind(panel: StateTimeline) -> Kind:
    """A state timeline; names of values are in its bars; in the colours of its thresholds, if any.

    Its legend would name ranges, such as `< ready`.

    Grafana's default for this kind is a scale from green for the least value to red for the greatest
    (continuous-GrYlRd in public/app/plugins/panel/state-timeline/module.tsx), whatever the thresholds are.
    """
    named = {value: {"text": text, "index": index} for index, (value, text) in enumerate(panel.value_names.items())}
    color: Json = {"color": {"mode": "thresholds"}} if panel.thresholds else {}
    mappings: Json = {"mappings": [{"type": "value", "options": named}]} if named else {}
    return Kind(
        type="state-timeline",
        options={"showValue": "auto" if named else "never", "legend": {"showLegend": False}},
        defaults=color | mappings,
        overrides=by_query(panel.queries),
        max_data_points=panel.max_data_points,
    )
