"""Fields kept or left out by their names, by a regular expression, or by a variable."""

import re
from dataclasses import replace

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.matchers import Matcher, field_matcher
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.transformations._transformation import Frames, Json


def with_fields_kept(frames: Frames, options: Json) -> Frames:
    """The frames with the fields that are included and not excluded; a frame without any is left out."""
    by_variable = bool(options.get("byVariable"))
    include = _matcher(json_fields.mapping(options, "include"), by_variable)
    exclude = _matcher(json_fields.mapping(options, "exclude"), by_variable)
    if include is None and exclude is None:
        return frames
    names = Names(frames)
    kept = (
        replace(
            frame,
            fields=tuple(
                field
                for field in frame.fields
                if not (exclude and exclude(field, frame, names)) and (include is None or include(field, frame, names))
            ),
        )
        for frame in frames
    )
    return tuple(frame for frame in kept if frame.fields)


def _matcher(options: Json, by_variable: bool) -> Matcher | None:
    """Which fields are meant; None where the options name none. An invalid regular expression means no field."""
    names, pattern = options.get("names"), json_fields.text(options, "pattern")
    variable = json_fields.text(options, "variable")
    if by_variable and variable:
        listed = variable[1:-1] if re.fullmatch(r"\{.*\}", variable) else variable
        return field_matcher("byNames", {"names": listed.split(",")})
    has_names = isinstance(names, list) and bool(names)
    if not has_names and not pattern:
        return None
    if not pattern:
        return field_matcher("byNames", {"names": names})
    by_regex = field_matcher("byRegexp", pattern) or field_matcher("neverMatch", None)
    return field_matcher("byRegexpOrNames", options) if has_names else by_regex
