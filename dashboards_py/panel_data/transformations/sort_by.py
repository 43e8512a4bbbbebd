"""Rows sorted by one column."""

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import Frame
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.transformations._columns import sorted_rows
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """Each frame sorted by the first of the columns that are named."""
    rule = next(json_fields.mappings(options, "sort"), None)
    return frames if rule is None else tuple(_sorted(frame, rule) for frame in frames)


def _sorted(frame: Frame, rule: Json) -> Frame:
    names = Names((frame,))
    index = json_fields.integer(rule, "index", -1)
    by_name = [field for field in frame.fields if names.of(field, frame) == rule.get("field")]
    fields = by_name if rule.get("index") is None else frame.fields[index : index + 1] if index >= 0 else ()
    return sorted_rows(frame, fields[0], descending=bool(rule.get("desc"))) if fields else frame
