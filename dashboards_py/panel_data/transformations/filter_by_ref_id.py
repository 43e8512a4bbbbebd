"""Frames kept or left out by the letter of their query."""

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.transformations._refs import matches_ref
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, options: Json) -> Frames:
    """The frames that are included and not excluded."""
    include, exclude = json_fields.text(options, "include"), json_fields.text(options, "exclude")
    return tuple(
        frame
        for frame in frames
        if not (exclude and matches_ref(exclude, frame)) and (not include or matches_ref(include, frame))
    )
