"""Apply the settings of a house to the boards: which of them, and their folders, tags and refresh."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dashboards_py.compile.limits import set_limits
from dashboards_py.compile.peers import name_peers
from dashboards_py.compile.unique import by_uid
from dashboards_py.configuration import Chosen, Configuration
from dashboards_py.configuration._table import nearest
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard, Panel, Query, Row
from dashboards_py.peer_label import DEFAULT_PEER_LABEL

OUR_TAG = "cilium"  # which all boards have


def configure(boards: Sequence[Dashboard], configuration: Configuration) -> tuple[Dashboard, ...]:
    """The chosen boards, without links to the others; raises DashboardsError for a uid or folder that none has."""
    _refuse_unknown(boards, configuration)
    # Checked before any is left out, and after it, since folders of one's own may bring equal titles together.
    settled = by_uid([_settle(board, configuration) for board in by_uid(boards).values()])
    return _choose(list(settled.values()), configuration.boards)


def _choose(boards: Sequence[Dashboard], chosen: Chosen) -> tuple[Dashboard, ...]:
    """The chosen boards, without links to the others; raises DashboardsError if none is left."""
    chosen_boards = tuple(board for board in boards if board.uid in chosen)
    if not chosen_boards:
        raise DashboardsError("boards", cause=f"{chosen.source} leaves out every board", fix="keep one of them")
    left_out = {board.uid: board for board in boards if board.uid not in chosen}
    return tuple(_without(board, left_out) for board in chosen_boards) if left_out else chosen_boards


def _settle(board: Dashboard, configuration: Configuration) -> Dashboard:
    folders = dict(configuration.folders)
    refresh = board.refresh if configuration.refresh is None else configuration.refresh
    folder = folders.get(board.uid, folders.get(board.folder, board.folder))
    tags = (*board.tags, *(tag for tag in configuration.tags if tag not in (OUR_TAG, *board.tags)))
    settled = replace(board, folder=folder, tags=tags, refresh=refresh)
    limited = set_limits(settled, dict(configuration.thresholds))
    return name_peers(limited, configuration.peer_label or DEFAULT_PEER_LABEL)


def _refuse_unknown(boards: Sequence[Dashboard], configuration: Configuration) -> None:
    uids = {board.uid for board in boards}
    chosen = configuration.boards
    for uid in (*chosen.only, *chosen.without):
        if uid not in uids:
            raise DashboardsError(
                f"board {uid!r} of {chosen.source}", cause="no board has this uid", fix=nearest(uid, uids)
            )
    known = uids | {board.folder for board in boards}
    for key, _ in configuration.folders:
        if key not in known:
            what = f"{configuration.source}: folders.{key}"
            raise DashboardsError(what, cause="is neither a folder of ours nor a uid", fix=nearest(key, known))


def _without(board: Dashboard, left_out: Mapping[str, Dashboard]) -> Dashboard:
    """The board without links to those that are left out, and without panels of features that only these are about."""
    features = {uid for uid, other in left_out.items() if other.feature}

    def of_feature(panel: Panel) -> bool:
        return bool(panel.links) and {link.uid for link in panel.links} <= features

    def of_panel(panel: Panel) -> Panel:
        labels = {link.uid_label for link in panel.links if link.uid_label}
        links = tuple(link for link in panel.links if link.uid not in left_out)
        return replace(
            panel, links=links, queries=tuple(_without_uids(query, labels, left_out) for query in panel.queries)
        )

    def of_row(row: Row) -> Row:
        return replace(row, panels=tuple(of_panel(panel) for panel in row.panels if not of_feature(panel)))

    return replace(board, rows=tuple(row for row in map(of_row, board.rows) if row.panels))


def _without_uids(query: Query, labels: Iterable[str], left_out: Iterable[str]) -> Query:
    """The query without the uids that are left out in these labels, which name the next board."""
    if uids := "|".join(sorted(uid for uid in left_out if uid in query.expr)):
        for label in labels:
            query = replace(query, expr=f'label_replace({query.expr}, "{label}", "", "{label}", "{uids}")')
    return query
