"""Some objects in a JSON text are changed, and the rest of it is not."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards_py.documents.json_members import objects, with_changed_objects

keys = st.sampled_from(["panels", "type", "a", "é", '"', "\\", "{", "x:y"])
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | keys
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=20
)


def is_panel(key: str, in_list: bool) -> bool:
    """An item of a list `panels`."""
    return key == "panels" and in_list


def without_type(panel: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A panel with `new` in place of `type`."""
    changed = {key: value for key, value in panel.items() if key != "type"}
    return {**changed, "new": [1, {"b": None}]} if "type" in panel else None


def changed(value: Any, *, in_panels: bool = False) -> Any:
    """The same change of a parsed text; objects within a changed one stay."""
    if isinstance(value, list):
        return [changed(item, in_panels=in_panels and isinstance(item, dict)) for item in value]
    if not isinstance(value, dict):
        return value
    if in_panels and "type" in value:
        return without_type(value)
    return {key: changed(inner, in_panels=key == "panels" and isinstance(inner, list)) for key, inner in value.items()}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values, st.sampled_from([None, 0, 1, 2, "\t"]), st.booleans())
def test_only_candidates_change(value: Any, indent: int | str | None, ascii_only: bool) -> None:
    """The text is that of the changed value but for the order of keys; without a candidate it is the same."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only) + "\n"
    assert with_changed_objects(text, lambda *_: False, without_type) == text
    result = with_changed_objects(text, is_panel, without_type)
    assert json.loads(result) == changed(value)
    assert (result == text) == (changed(value) == value)
    assert len(list(objects(text))) == text.count("{") - sum(token.count("{") for token in strings(value))


def strings(value: Any) -> list[str]:
    """All texts in a value, and keys."""
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    if isinstance(value, dict):
        return [*value, *(text for item in value.values() for text in strings(item))]
    return [value] if isinstance(value, str) else []
