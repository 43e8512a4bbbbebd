"""A review as JSON."""

import json
from collections.abc import Iterable
from typing import Any

from dashboards_py.review.difference import Difference, Reviewed, Section


def as_json(sections: Iterable[Section]) -> str:
    """A list of sections, with the names of the fields of `difference`."""
    return json.dumps([_section(section) for section in sections], indent=2, ensure_ascii=False)


def _section(section: Section) -> dict[str, Any]:
    return {
        "kind": section.kind,
        "name": section.name,
        "state": _state(section),
        "effects": list(section.effects),
        "settings": [_difference(one) for one in section.differences],
        "parts": [_part(part) for part in section.parts],
    }


def _part(part: Reviewed) -> dict[str, Any]:
    return {
        "name": part.name,
        "was": part.was,
        "state": _state(part),
        "moved": part.moved,
        "effects": list(part.effects),
        "settings": [_difference(one) for one in part.differences],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {"what": one.what, "before": one.before, "after": one.after, "parts": list(one.parts)}


def _state(one: Section | Reviewed) -> str:
    return "added" if one.is_added else "removed" if one.is_removed else "changed"
