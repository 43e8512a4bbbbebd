"""Frames side by side in one, joined by the values of a field that each has."""

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.transformations._join import joined
from dashboards_py.panel_data.transformations._refs import joined_refs
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """One frame: all values of the field (mode outer), or rows of tables that have the same (inner, outerTabular)."""
    if len(frames) < 2:
        return frames
    mode = json_fields.text(options, "mode") or "outer"
    return (joined(frames, json_fields.text(options, "byField"), mode, joined_refs("joinByField", frames)),)
