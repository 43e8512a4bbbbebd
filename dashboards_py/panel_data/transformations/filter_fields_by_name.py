"""Fields kept or left out by their names, by a regular expression, or by a variable."""

from dashboards_py.panel_data.transformations._fields_by_name import with_fields_kept
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """The frames with the fields that are included and not excluded; a frame without any is left out."""
    return with_fields_kept(frames, options)
