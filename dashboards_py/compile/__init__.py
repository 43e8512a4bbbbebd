"""Compile boards to canonical JSON: omit what a release lacks, handle both kinds of histogram, scope, position, render.

Omissions and their reasons, and the rules of lint that a panel may break, are returned next to the JSON.
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
from dashboards_py.compile.release import remove_missing
from dashboards_py.compile.scope import scope
from dashboards_py.compile.unique import by_uid
from dashboards_py.dashboards import build, names
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard, Panel

__all__ = ["Compiled", "Omission", "compile_boards", "compile_together", "find", "panel_id"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A board compiled for one release: its JSON text, and data that is not part of it.

    `excuses` are the author's reasons for panels that break a rule of lint, by panel id and rule.
    """

    uid: str
    title: str
    folder: str
    json: str
    replaces: tuple[int, ...]
    omissions: tuple[Omission, ...]
    excuses: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def compile_boards(release: Release = NEWEST, peer_label: PeerLabel = DEFAULT_PEER_LABEL) -> tuple[Compiled, ...]:
    """Compile all boards for the release, sorted by uid. The result is cached.

    `peer_label` identifies the pods at both ends of a flow.
    """
    return _compile_all(release, peer_label)


@cache
def _compile_all(release: Release, peer_label: PeerLabel) -> tuple[Compiled, ...]:
    return compile_together(_build_all(release, peer_label), release)


def find(uid: str, release: Release = NEWEST, peer_label: PeerLabel = DEFAULT_PEER_LABEL) -> Compiled:
    """Compile only the board with this uid; an unknown uid raises DashboardsError, which lists the known ones."""
    boards = by_uid(_build_all(release, peer_label))
    if uid not in boards:
        raise DashboardsError(f"board {uid!r}", cause="no board has this uid", fix="known: " + ", ".join(boards))
    return _compile(boards[uid], release, Boards.from_dashboards(boards))


def compile_together(boards: Sequence[Dashboard], release: Release) -> tuple[Compiled, ...]:
    """Compile the boards as one set whose boards may link to one another."""
    by_name = by_uid(boards)
    links = Boards.from_dashboards(by_name)
    return tuple(_compile(board, release, links) for board in by_name.values())


def _build_all(release: Release, peer_label: PeerLabel) -> list[Dashboard]:
    return [name_peers(build(name, release), peer_label) for name in names()]


def _compile(board: Dashboard, release: Release, boards: Boards) -> Compiled:
    available, omissions = remove_missing(board, release)
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
