"""Find keys of a board whose value has the wrong type, which Grafana would not write."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.value import note

LISTS = ("panels", "rows", "tags", "links", "__inputs")
OBJECTS = ("templating", "annotations")
TEXTS = ("title", "uid")


def kind(value: Any) -> str:
    """The type of a JSON value, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    names = {str: "text", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")


def wrong_types(board: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence for each key of the wrong type, and for panels that are not objects; the values are ignored."""
    sentences = [
        f"{key} is {kind(board[key])}, expected {expected}"
        for keys, type_, expected in ((LISTS, list, "a list"), (OBJECTS, dict, "an object"), (TEXTS, str, "text"))
        for key in keys
        if key in board and not isinstance(board[key], type_) and not (key == "uid" and board[key] is None)
    ]
    return (*sentences, *note("not a panel but another JSON value", list(_non_object_panels(board))))


def _non_object_panels(board: Mapping[str, Any]) -> Iterator[str]:
    """The paths of values in lists of panels that are not objects."""
    for key in ("panels", "rows"):
        rows = board.get(key)
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if not isinstance(row, Mapping):
                yield f"{key}[{index}]"
                continue
            panels = row.get("panels")
            for inner, panel in enumerate(panels if isinstance(panels, list) else ()):
                if not isinstance(panel, Mapping):
                    yield f"{key}[{index}].panels[{inner}]"
