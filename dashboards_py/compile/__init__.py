"""From Python boards to canonical JSON: gate by release, scope to the variables, link, place, number, render, write.

What the JSON cannot carry (what was left out and why, and which rules of lint a panel may break) comes out next to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboards_py import render
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.compile import canonical
from dashboards_py.compile.gate import Omission
from dashboards_py.compile.links import Boards
from dashboards_py.compile.place import panel_id, place
from dashboards_py.compile.release import gated
from dashboards_py.compile.scope import scope
from dashboards_py.dashboards import build, names
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard, Panel

__all__ = ["Compiled", "Omission", "compile_boards", "compile_these", "find", "panel_id"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A board for one release: its JSON text, and what the text cannot say.

    `excuses` holds, by panel id and rule of lint, the author's reason why the panel breaks the rule.
    """

    uid: str
    title: str
    folder: str
    json: str
    replaces: tuple[int, ...]
    omissions: tuple[Omission, ...]
    excuses: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def compile_boards(release: Release = NEWEST) -> tuple[Compiled, ...]:
    """Compile every board for the release, in the order of uids."""
    return compile_these([build(name, release) for name in names()], release)


def find(uid: str, release: Release = NEWEST) -> Compiled:
    """The board with this uid; an unknown uid raises DashboardsError naming those there are."""
    boards = {board.uid: board for board in compile_boards(release)}
    if uid not in boards:
        raise DashboardsError(f"board {uid!r}", cause="no board has this uid", fix="known: " + ", ".join(boards))
    return boards[uid]


def compile_these(boards: Sequence[Dashboard], release: Release) -> tuple[Compiled, ...]:
    """Compile these boards together: they may link to one another."""
    by_uid: dict[str, Dashboard] = {}
    for board in sorted(boards, key=lambda board: board.uid):
        if board.uid in by_uid:
            raise DashboardsError(
                f"uid {board.uid!r}",
                cause=f"two boards have it: {by_uid[board.uid].title!r} and {board.title!r}",
                fix="give one of them another uid",
            )
        by_uid[board.uid] = board
    known = Boards.of(by_uid)
    return tuple(_compile(board, release, known) for board in by_uid.values())


def _compile(board: Dashboard, release: Release, boards: Boards) -> Compiled:
    left, omissions = gated(board, release)
    placed = place(scope(left, release), boards)
    return Compiled(
        uid=board.uid,
        title=board.title,
        folder=board.folder,
        json=canonical.dump(render.dashboard(placed)),
        replaces=board.replaces,
        omissions=omissions,
        excuses={each.id: _excuses(each.panel) for row in placed.rows for each in row.panels if each.panel.excuses},
    )


def _excuses(panel: Panel) -> dict[str, str]:
    return {str(rule): reason for rule, reason in panel.excuses.items()}
