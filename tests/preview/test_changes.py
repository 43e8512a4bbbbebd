"""What changed between two versions of a board."""

from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.preview.changes import changes


def board(*panels: dict[str, Any]) -> Any:
    """A board with these panels."""
    return read({"uid": "b", "title": "b", "schemaVersion": 41, "panels": list(panels)})


def panel(number: int, **fields: Any) -> dict[str, Any]:
    """A panel with an id."""
    return {"id": number, "type": "stat", "title": f"panel {number}", "gridPos": {"x": 0, "y": number}, **fields}


def test_only_what_changed_is_listed() -> None:
    """By id, with a sentence for each value; a panel that only moved is not a change."""
    before = board(
        panel(1, targets=[{"refId": "A", "expr": "up"}]),
        panel(2),
        panel(3, fieldConfig={"defaults": {"unit": "s"}}),
        panel(4),
    )
    after = board(
        panel(1, targets=[{"refId": "A", "expr": "sum(up)"}]),
        panel(2, gridPos={"x": 6, "y": 9}),
        panel(3, fieldConfig={"defaults": {"decimals": 1}}),
        panel(5),
    )
    assert [(change.title, change.sentences) for change in changes(before, after)] == [
        ("panel 1", ("targets[A].expr: up -> sum(up)",)),
        ("panel 3", ("fieldConfig.defaults.decimals: 1 (new)", "fieldConfig.defaults.unit: s (removed)")),
        ("panel 5", ("new panel",)),
        ("panel 4", ("removed",)),
    ]


def test_a_panel_with_a_new_id_is_found_by_its_title() -> None:
    """Boards that are generated number their panels anew."""
    changed = changes(board(panel(1, title="Drops", unit="a")), board(panel(9, title="Drops", unit="b")))
    assert [change.sentences for change in changed] == [("unit: a -> b",)]


def test_equal_boards_have_no_changes() -> None:
    """Also without ids."""
    one = board({"type": "stat", "title": "a"}, {"type": "stat", "title": "b"})
    assert changes(one, one) == []


@pytest.mark.fault("a panel with a new title is drawn as a new and a removed one")
def test_a_panel_with_a_new_title_is_found_by_its_queries() -> None:
    """Ids of ours follow from titles. Among several that ask the same none is chosen."""
    query, other = [{"refId": "A", "expr": "up"}], [{"refId": "A", "expr": "down"}]
    before = board(panel(1, targets=query), panel(2, targets=other))
    renamed = board(panel(7, targets=query), panel(2, targets=other))
    assert [change.sentences for change in changes(before, renamed)] == [("title: panel 1 -> panel 7",)]
    twice = board(panel(1, targets=query), panel(3, targets=query))
    sentences = [change.sentences for change in changes(twice, renamed)]
    assert sentences == [("new panel",), ("new panel",), ("removed",), ("removed",)]
