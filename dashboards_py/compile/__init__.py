"""From Python boards to canonical JSON: gate by release, scope to the variables, link, place, number, write.

What the JSON cannot carry (what was left out and why, and what stands beside a panel) comes out next to it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any

from grafanalib._gen import DashboardEncoder

from dashboards_py import promql
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.compile import canonical, gate, layout, links
from dashboards_py.compile.gate import Omission
from dashboards_py.dashboards import sources
from dashboards_py.errors import DashboardsError
from dashboards_py.style import Board

__all__ = ["Compiled", "Omission", "compile_boards", "compile_these", "find"]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A board for one release: its JSON text, and what the text cannot say.

    `beside` holds, by panel id, what the author wrote next to the panel (lint excuses, expected values).
    """

    uid: str
    title: str
    folder: str
    json: str
    replaces: tuple[int, ...]
    omissions: tuple[Omission, ...]
    beside: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


def compile_boards(release: Release = NEWEST) -> tuple[Compiled, ...]:
    """Compile every board for the release, in the order of uids."""
    return compile_these([source(release) for _, source in sources()], release)


def find(uid: str, release: Release = NEWEST) -> Compiled:
    """The board with this uid; an unknown uid raises DashboardsError naming those there are."""
    boards = {board.uid: board for board in compile_boards(release)}
    if uid not in boards:
        raise DashboardsError(f"board {uid!r}", cause="no board has this uid", fix="known: " + ", ".join(boards))
    return boards[uid]


def compile_these(boards: Sequence[Board], release: Release) -> tuple[Compiled, ...]:
    """Compile these boards together: they may link to one another."""
    seen: dict[str, Board] = {}
    for board in sorted(boards, key=lambda each: str(each.uid)):
        if board.uid in seen:
            raise DashboardsError(
                f"uid {board.uid!r}",
                cause=f"two boards have it: {seen[board.uid].title!r} and {board.title!r}",
                fix="give one of them another uid",
            )
        seen[board.uid] = board
    variables = {uid: tuple(each.name for each in board.templating.list) for uid, board in seen.items()}
    titles = {uid: board.title for uid, board in seen.items()}
    return tuple(_compile(board, release, variables, titles) for board in seen.values())


def _compile(
    board: Board, release: Release, variables: Mapping[str, tuple[str, ...]], titles: Mapping[str, str]
) -> Compiled:
    data: Json = json.loads(json.dumps(board, cls=DashboardEncoder))
    omissions: list[Omission] = []
    names = frozenset(variables[board.uid])
    rows = [row for panel in data["panels"] if (row := _gated(panel, board.uid, release, omissions))]
    for panel in _leaves(rows):
        for place, target in enumerate(panel["targets"]):
            target["expr"] = _scoped(target["expr"], release, names, f"board {board.uid}, panel {panel['title']!r}")
            target.setdefault("refId", chr(ord("A") + place))
        links.finish(panel, board.uid, variables, titles)
    _number(rows, board.uid)
    beside = {panel["id"]: panel.pop("beside") for panel in _leaves(rows)}
    data["panels"] = _placed(rows, beside)
    _scope_board(data, release, names, board.uid)
    text = canonical.dump(canonical.minimal(data))
    extra = {
        panel: {key: value for key, value in found.items() if key not in ("w", "h")} for panel, found in beside.items()
    }
    kept = {panel: found for panel, found in extra.items() if found}
    return Compiled(board.uid, board.title, board.folder, text, tuple(board.replaces), tuple(omissions), kept)


def _leaves(rows: Sequence[Json]) -> list[Json]:
    return [panel for row in rows for panel in (row["panels"] if row["type"] == "row" else [row])]


def _gated(panel: Json, uid: str, release: Release, omissions: list[Omission], row: str = "") -> Json | None:
    """The panel without the queries that cannot live on the release; None where nothing is left of it."""
    if panel["type"] == "row":
        inner = [left for each in panel["panels"] if (left := _gated(each, uid, release, omissions, panel["title"]))]
        return {**panel, "panels": inner} if inner else None
    where = f"board {uid}, panel {panel['title']!r}"
    why = [_reasons(target["expr"], release, where) for target in panel["targets"]]
    kept = [target for target, reason in zip(panel["targets"], why, strict=True) if not reason]
    found = tuple(dict.fromkeys(text for reason in why for text in reason))
    if panel["targets"] and not kept:
        omissions.append(Omission(uid, row, panel["title"], None, "; ".join(found)))
        return None
    omissions.extend(
        Omission(uid, row, panel["title"], target["expr"], "; ".join(reason))
        for target, reason in zip(panel["targets"], why, strict=True)
        if reason
    )
    return {**panel, "targets": kept}


def _reasons(expr: str, release: Release, where: str) -> Sequence[str]:
    try:
        return gate.reasons(expr, release)
    except DashboardsError as error:
        raise DashboardsError(where, cause=f"{error.what} {error.cause}", fix=error.fix) from error


def _scoped(expr: str, release: Release, names: frozenset[str], where: str) -> str:
    try:
        return promql.inject(expr, partial(gate.scope, release=release, variables=names))
    except DashboardsError as error:
        raise DashboardsError(where, cause=f"{error.what} {error.cause}", fix=error.fix) from error


def _scope_board(data: Json, release: Release, names: frozenset[str], uid: str) -> None:
    """Scope annotations and the queries of variables: `$node` by `$cluster`, `$cluster` by nothing."""
    for mark in data["annotations"]["list"]:
        mark["expr"] = _scoped(mark["expr"], release, names - {"node"}, f"board {uid}, annotation {mark['name']!r}")
    for variable in data["templating"]["list"]:
        query = variable["query"]
        if variable["name"] == "cluster" or not isinstance(query, dict):
            continue
        head, comma, label = query["query"].removeprefix("label_values(").rpartition(",")
        if comma:
            scoped = _scoped(head, release, names - {"node"}, f"board {uid}, variable {variable['name']!r}")
            query["query"] = f"label_values({scoped},{label}"


def _number(rows: Sequence[Json], uid: str) -> None:
    """Give each panel an id that depends on its board and title alone, so that no other panel changes it."""
    seen: dict[int, str] = {}
    for panel in [*rows, *(inner for row in rows if row["type"] == "row" for inner in row["panels"])]:
        title = f"row {panel['title']}" if panel["type"] == "row" else panel["title"]
        number = panel_id(uid, title)
        if number in seen:
            raise DashboardsError(
                f"board {uid}, panel {title!r}",
                cause=f"its id {number} collides with that of {seen[number]!r}",
                fix="give it another title",
            )
        seen[number] = title
        panel["id"] = number


def panel_id(uid: str, title: str) -> int:
    """A panel's id, 1 .. 2^31 - 1, from the board's uid and the panel's title."""
    return int.from_bytes(sha256(f"{uid}\0{title}".encode()).digest()[:8]) % (2**31 - 1) + 1


def _placed(rows: Sequence[Json], beside: Mapping[int, Json]) -> list[Json]:
    """Panels with their places, open rows flat as Grafana wants them, closed rows with their panels inside."""
    placed: list[Json] = []
    top = 0
    for row in rows:
        inner = row["panels"] if row["type"] == "row" else [row]
        if row["type"] == "row":
            row["gridPos"] = {"x": 0, "y": top, "w": layout.COLUMNS, "h": layout.ROW_HEIGHT}
            placed.append(row)
            top += layout.ROW_HEIGHT
        boxes = layout.place([(beside[panel["id"]]["w"], beside[panel["id"]]["h"]) for panel in inner], top)
        for panel, box in zip(inner, boxes, strict=True):
            panel["gridPos"] = {"x": box.x, "y": box.y, "w": box.w, "h": box.h}
        if row.get("collapsed"):
            continue
        if row["type"] == "row":
            row["panels"] = []
        placed.extend(inner)
        top = layout.bottom(boxes, top)
    return placed
