"""Boards for a rollout: every panel has data on both releases, if it has on one of them with the board of that one."""

from itertools import pairwise

import pytest

from dashboards_py.board import Board, read
from dashboards_py.catalog import RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.upgrade.boards import board_changes
from dashboards_py.upgrade.change import Step
from dashboards_py.upgrade.report import When, plan_ours
from dashboards_py.upgrade.rollout import rollout_board

STEPS = [Step(before, after) for before, after in pairwise(RELEASES)]


def with_data(board: Board, release: Release) -> dict[str, int]:
    """How many queries of each panel return something on a release."""
    changes = board_changes(board, Step(release, release))
    return {title: count for title, (count, _) in changes.with_data.items()}


@pytest.mark.fault("during a rollout panels are empty on one half of the nodes, whichever dashboard is deployed")
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.before}-{step.after}")
def test_no_panel_is_empty_on_either_release(step: Step) -> None:
    """The combined board loses nothing on the release before, and nothing on the one afterwards."""
    following = {board.uid: board for board in compile_boards(step.after)}
    changed = 0
    for board in compile_boards(step.before):
        before, after = read(board.json), read(following[board.uid].json)
        if plan_ours(before, after, step).when is When.ANY_TIME:
            continue
        combined = read(rollout_board(before.raw, after.raw, step))
        for own, release in ((before, step.before), (after, step.after)):
            counts, combined_counts = (with_data(one, release) for one in (own, combined))
            assert [title for title, count in counts.items() if combined_counts[title] < count] == [], board.uid
        assert {panel.title for panel in before.panels} <= {panel.title for panel in combined.panels}
        ids = [panel.id for panel in combined.panels]
        assert len(ids) == len(set(ids))
        changed += 1
    assert changed < len(following)


def test_what_is_the_same_is_not_asked_twice() -> None:
    """A board that asks the same on both releases is the one for the release afterwards."""
    step = STEPS[-1]
    after = read(compile_boards(step.after)[0].json).raw
    assert rollout_board(after, after, step) == after
