"""States over time."""

from dashboards_py.model import StateTimeline
from dashboards_py.render.kind import Kind, by_query
from dashboards_py.shapes import Json


def kind(panel: StateTimeline) -> Kind:
    """A state timeline, with a legend only if its values have names."""
    named = {value: {"text": text, "index": index} for index, (value, text) in enumerate(panel.value_names.items())}
    legend: Json = {} if named else {"legend": {"showLegend": False}}
    return Kind(
        type="state-timeline",
        options={"showValue": "never", **legend},
        defaults={"mappings": [{"type": "value", "options": named}]} if named else {},
        overrides=by_query(panel.queries),
        max_data_points=panel.max_data_points,
    )
