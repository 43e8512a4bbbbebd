"""From Python boards to canonical JSON: gate by release, scope, write for both kinds of histogram, position, render.

Data that the JSON cannot hold (what was omitted and why, and which rules of lint a panel may break) is returned with
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from dashboards_py import render
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.catalog.hubble import DEFAULT_PEER_LABEL, PeerLabel
from dashboards_py.compile import canonical
from dashboards_py.compile.gate import Omission
from dashboards_py.compile.histograms import write_for_both_kinds
from dashboards_py.compile.links import Boards
from dashboards_py.compile.peers import name_peers
from dashboards_py.compile.positions import panel_id, position_dashboard
from dashboards_py.compile.release import gated
from dashboards_py.compile.scope import scope
from dashboards_py.compile.unique import by_uid
from dashboards_py.dashboards import build, names
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard, Panel

__all__ = ["Compiled", "Omission", "compile_boards", "compile_these", "find", "panel_id"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A board compiled for one release: its JSON text, and data that the text cannot hold.

    `excuses` holds, by panel id and rule of lint, the author's reason why the panel breaks the rule.
    """

    uid: str
    title: str
    folder: str
    json: str
    replaces: tuple[int, ...]
    omissions: tuple[Omission, ...]
    excuses: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def compile_boards(release: Release = NEWEST, peer_label: PeerLabel = DEFAULT_PEER_LABEL) -> tuple[Compiled, ...]:
    """Compile every board for the release, in the order of uids. The result is cached.

    `peer_label` is what names the pods at both ends of a flow.
    """
    return _all(release, peer_label)


@cache
def _all(release: Release, peer_label: PeerLabel) -> tuple[Compiled, ...]:
    return compile_these(_built(release, peer_label), release)


def find(uid: str, release: Release = NEWEST, peer_label: PeerLabel = DEFAULT_PEER_LABEL) -> Compiled:
    """Compile only the board with this uid; an unknown uid raises DashboardsError with the known ones."""
    boards = by_uid(_built(release, peer_label))
    if uid not in boards:
        raise DashboardsError(f"board {uid!r}", cause="no board has this uid", fix="known: " + ", ".join(boards))
    return _compile(boards[uid], release, Boards.of(boards))


def compile_these(boards: Sequence[Dashboard], release: Release) -> tuple[Compiled, ...]:
    """Compile these boards together, so that they may link to one another."""
    by_name = by_uid(boards)
    links = Boards.of(by_name)
    return tuple(_compile(board, release, links) for board in by_name.values())


def _built(release: Release, peer_label: PeerLabel) -> list[Dashboard]:
    return [name_peers(build(name, release), peer_label) for name in names()]


def _compile(board: Dashboard, release: Release, boards: Boards) -> Compiled:
    available, omissions = gated(board, release)
    placed = position_dashboard(scope(write_for_both_kinds(available, release), release), boards)
    return Compiled(
        uid=board.uid,
        title=board.title,
        folder=board.folder,
        json=canonical.dump(render.dashboard(placed)),
        replaces=board.replaces,
        omissions=omissions,
        excuses={panel.id: _excuses(panel.panel) for row in placed.rows for panel in row.panels if panel.panel.excuses},
    )


def _excuses(panel: Panel) -> dict[str, str]:
    return {str(rule): reason for rule, reason in panel.excuses.items()}
