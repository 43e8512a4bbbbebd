"""Compile boards to canonical JSON: omit what a release lacks, handle both kinds of histogram, scope, position, render.

Omissions and their reasons, and the rules of lint that a panel may break, are returned next to the JSON.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from dashboards_py import render
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.compile import canonical
from dashboards_py.compile.configure import configure
from dashboards_py.compile.histograms import write_for_both_kinds
from dashboards_py.compile.limits import Use, uses
from dashboards_py.compile.links import Boards
from dashboards_py.compile.links_out import add_links
from dashboards_py.compile.panel_ids import panel_id
from dashboards_py.compile.positions import position_dashboard
from dashboards_py.compile.recordings import record, recording_groups
from dashboards_py.compile.release import remove_missing
from dashboards_py.compile.scope import scope
from dashboards_py.compile.unique import by_uid
from dashboards_py.compiled import Compiled, Omission, RecordingGroup
from dashboards_py.configuration import DEFAULTS, Chosen, Configuration, Labels
from dashboards_py.configuration.values import COMMAND_LINE
from dashboards_py.dashboards import built, names, uids
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard, Panel
from dashboards_py.queries.relabel import relabel
from dashboards_py.shapes import Json

__all__ = [
    "Compiled",
    "Omission",
    "Use",
    "compile_boards",
    "compile_recordings",
    "compile_together",
    "find",
    "limits_in_use",
    "panel_id",
]


def compile_boards(release: Release = NEWEST, configuration: Configuration = DEFAULTS) -> tuple[Compiled, ...]:
    """Compile the chosen boards for the release, sorted by uid. The result is cached."""
    return _compile_all(release, configuration)


@cache
def _compile_all(release: Release, configuration: Configuration) -> tuple[Compiled, ...]:
    return compile_together(_build_all(release, configuration), release, configuration)


def find(uid: str, release: Release = NEWEST, configuration: Configuration = DEFAULTS) -> Compiled:
    """Compile only the board with this uid.

    A uid that is unknown, or left out by the configuration, raises DashboardsError, which lists the others.
    """
    boards = by_uid(_build_all(release, configuration))
    if uid not in boards:
        left_out = uid in uids() and configuration.boards.source
        cause = f"{configuration.boards.source} leaves it out" if left_out else "no board has this uid"
        raise DashboardsError(f"board {uid!r}", cause=cause, fix="known: " + ", ".join(boards))
    return _compile(boards[uid], release, Boards.from_dashboards(boards), configuration)


def limits_in_use(release: Release = NEWEST, configuration: Configuration = DEFAULTS) -> tuple[Use, ...]:
    """The levels of limits that the panels of the chosen boards use."""
    return tuple(uses(_build_all(release, configuration)))


def compile_together(
    boards: Sequence[Dashboard], release: Release, configuration: Configuration = DEFAULTS
) -> tuple[Compiled, ...]:
    """Compile the boards as one set whose boards may link to one another, with the labels and links out of a house."""
    by_name = by_uid(boards)
    links = Boards.from_dashboards(by_name)
    return tuple(_compile(board, release, links, configuration) for board in by_name.values())


@cache
def compile_recordings(release: Release, configuration: Configuration) -> tuple[RecordingGroup, ...]:
    """The recording rules that the boards read; () if these read raw series.

    Boards that the command line chooses are deployed next to the others, which keep their rules.
    """
    if not configuration.recorded:
        return ()
    chosen = configuration.boards
    house = replace(configuration, boards=Chosen() if COMMAND_LINE in chosen.source else chosen)
    boards = sorted(_build_all(release, house), key=lambda board: board.uid)
    recorded = [record(_scoped(board, release)[0], release) for board in boards]
    return recording_groups(recorded, release, configuration.labels.renamed)


def _build_all(release: Release, configuration: Configuration) -> tuple[Dashboard, ...]:
    return configure([built(name, release) for name in names()], configuration)


def _compile(board: Dashboard, release: Release, boards: Boards, configuration: Configuration) -> Compiled:
    scoped, omissions = _scoped(board, release)
    placed = position_dashboard(record(scoped, release).board if configuration.recorded else scoped, boards)
    linked = add_links(placed, configuration.links, release)
    return Compiled(
        uid=board.uid,
        title=board.title,
        folder=board.folder,
        json=canonical.dump(_relabel(render.dashboard(linked), configuration.labels)),
        replaces=board.replaces,
        omissions=omissions,
        excuses={panel.id: _excuses(panel.panel) for row in placed.rows for panel in row.panels if panel.panel.excuses},
    )


def _scoped(board: Dashboard, release: Release) -> tuple[Dashboard, tuple[Omission, ...]]:
    """The board with the queries that the release can answer, as they are sent."""
    available, omissions = remove_missing(board, release)
    return scope(write_for_both_kinds(available, release), release), omissions


def _relabel(board: Json, labels: Labels) -> Json:
    try:
        return relabel(board, labels.renamed)
    except DashboardsError as error:
        fix = "choose another label for cluster or node"
        raise DashboardsError(f"board {board['uid']}, {error.what}", cause=error.cause, fix=fix) from error


def _excuses(panel: Panel) -> dict[str, str]:
    return {str(rule): reason for rule, reason in panel.excuses.items()}
