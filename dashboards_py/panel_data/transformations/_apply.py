"""A panel's transformations, one after another."""

import re
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import doubles
from dashboards_py.panel_data.interpolate import Variables, interpolate
from dashboards_py.panel_data.transformations._refs import matches_ref
from dashboards_py.panel_data.transformations._transformation import TRANSFORMATIONS, Frames, Json, NotApplied

# Older ids of transformations.
ALIASES = {"seriesToColumns": "joinByField"}
_DEEPEST = 30  # levels of options in options


def transformed(frames: Frames, panel: Json, variables: Variables) -> tuple[Frames, tuple[str, ...]]:
    """The frames after the panel's transformations, and a sentence for each that is not applied."""
    problems = []
    for transformation in json_fields.mappings(panel, "transformations"):
        name = json_fields.text(transformation, "id")
        if json_fields.flag(transformation, "disabled") or transformation.get("topic") == "annotations":
            continue
        try:
            frames = _one(frames, name, transformation, variables)
        except NotApplied as reason:
            why = f": {reason}" if str(reason) else ""
            problems.append(f"transformation {name or 'without an id'} is not applied{why}")
    return frames, tuple(dict.fromkeys(problems))


def _one(frames: Frames, name: str, transformation: Json, variables: Variables) -> Frames:
    """One transformation of all frames, or of those that its filter is for; the others stay in their order."""
    module = re.sub(r"(?<!^)[A-Z]", lambda match: f"_{match[0].lower()}", ALIASES.get(name, name))
    if module not in TRANSFORMATIONS.names() or module.startswith("_"):
        raise NotApplied
    options = _interpolated(doubles(json_fields.mapping(transformation, "options")), variables)
    wanted = json_fields.mapping(transformation, "filter").get("options")
    if not isinstance(wanted, str) or not wanted:
        return TRANSFORMATIONS.load(module).transform(frames, options)
    chosen = tuple(frame for frame in frames if matches_ref(wanted, frame))
    rest = tuple(frame for frame in frames if not matches_ref(wanted, frame))
    after = TRANSFORMATIONS.load(module).transform(chosen, options)
    first = next((index for index, frame in enumerate(frames) if index and not matches_ref(wanted, frame)), 0)
    return (*after[:first], *rest, *after[first:]) if after is not chosen else frames


def _interpolated(value: Any, variables: Variables, depth: int = 0) -> Any:
    """The options with variables written out in every text."""
    if isinstance(value, str):
        return interpolate(value, variables)
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {
            interpolate(str(key), variables): _interpolated(item, variables, depth + 1) for key, item in value.items()
        }
    return [_interpolated(item, variables, depth + 1) for item in value] if isinstance(value, list) else value
