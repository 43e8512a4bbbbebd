"""Boards of ours in a Grafana that no longer exist here, found by a search rather than by reading every board."""

from collections.abc import Collection, Iterator
from urllib.parse import quote, urlencode

from dashboards_py.shapes import Json
from dashboards_py.targets._api import Api, Forbidden, NotFound
from dashboards_py.targets._folders import folder_exists
from dashboards_py.targets._mark import bears_mark
from dashboards_py.targets._plan import Change, Payload, changed_since, left_over

TAG = "cilium"  # every board of ours has it
UPSTREAM = "cilium-upstream"  # upstream's boards have tags of their own, and this folder
PAGE = 1000  # hits; Grafana gives 5000 at most (its HTTP API, Folder/Dashboard Search)


def find_leftovers(api: Api, uids: Collection[str], payload: Payload, *, prune: bool) -> list[Change]:
    """A change for each board of ours that is not among `uids`.

    A board is ours if it has our mark and its hash matches, uid included: copies and edited boards do not. Only boards
    with our tag or in upstream's folder are read.
    """
    searches = [("tag", TAG)] + ([("folderUIDs", UPSTREAM)] if folder_exists(api, UPSTREAM) else [])
    candidates = {uid for name, value in searches for uid in _search(api, name, value)} - set(uids)
    return [
        left_over(
            uid,
            payload.why_left(uid),
            f"delete it at {api.shown}/d/{uid}, or keep it",
            prune=prune and uid not in payload.kept,
        )
        for uid in sorted(candidates)
        if (board := _read(api, uid)) is not None and bears_mark(board)
    ]


def delete_board(api: Api, uid: str) -> None:
    """Delete a board that still is as we deployed it.

    Grafana's API takes no version to delete on: the board is read just before. One that is not there any more is fine:
    for that an Editor gets 403, as for one without the right to delete it.
    """

    def check() -> None:
        if (board := _read(api, uid)) is not None and not bears_mark(board):
            raise changed_since(f"board {uid}")

    try:
        api.delete(_path(uid), check)
    except (NotFound, Forbidden):
        if _read(api, uid) is not None:
            raise


def _path(uid: str) -> str:
    return f"/dashboards/uid/{quote(uid, safe='')}"


def _search(api: Api, name: str, value: str) -> Iterator[str]:
    """The uids of the boards that a search finds, page by page; a page without anything new is the last."""
    seen: set[str] = set()
    page = 1
    while True:
        query = urlencode({"type": "dash-db", name: value, "limit": PAGE, "page": page})
        hits = {str(hit.get("uid")) for hit in api.get(f"/search?{query}", want=list) if isinstance(hit, dict)}
        yield from hits - seen
        if len(hits) < PAGE or hits <= seen:
            return
        seen |= hits
        page += 1


def _read(api: Api, uid: str) -> Json | None:
    """A board; None for one that was deleted, or hidden from us, since the search."""
    try:
        board = api.get(_path(uid), want=dict).get("dashboard")
    except (NotFound, Forbidden):
        return None
    return board if isinstance(board, dict) else None
