"""A board for the time in which both releases run: it has the queries for the release before as well."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from string import ascii_uppercase
from typing import Any

from dashboards_py.shapes import Json
from dashboards_py.upgrade.change import Step

REFS = (*ascii_uppercase, *(f"A{letter}" for letter in ascii_uppercase))


def rollout_board(before: Mapping[str, Any], after: Mapping[str, Any], step: Step) -> Json:
    """The board for the release afterwards, with the queries of the board before where a panel asks others.

    Both are boards of ours, whose panels have one id on all releases. Queries of the release before are separate, with
    its number in their legend: agents of one release answer one query, those of the other the other, and what may mean
    different things is not added up. A panel that only the release before has stays, below all others. Panels with
    transformations are as for the release afterwards.
    """
    board = deepcopy(dict(after))
    own = {panel["id"]: panel for panel in _panels(board)}
    for panel in _panels(before):
        if panel["id"] not in own:
            board["panels"] = [*board["panels"], _below(deepcopy(dict(panel)), board)]
        elif "transformations" not in panel:
            _add_queries(own[panel["id"]], panel, step)
    return board


def _panels(board: Mapping[str, Any]) -> Iterator[Json]:
    """The panels that ask something, those of closed rows as well."""
    for panel in board["panels"]:
        yield from (inner for inner in (panel, *panel.get("panels", ())) if inner.get("targets"))


def _add_queries(panel: Json, before: Mapping[str, Any], step: Step) -> None:
    present = {target.get("expr") for target in panel["targets"]}
    free = iter([ref for ref in REFS if ref not in {target.get("refId") for target in panel["targets"]}])
    for target in before["targets"]:
        if target.get("expr") not in present:
            legend = f"{target.get('legendFormat', '')} ({step.before})".strip()
            panel["targets"].append({**deepcopy(target), "refId": next(free), "legendFormat": legend})


def _below(panel: Json, board: Mapping[str, Any]) -> Json:
    """The panel under all others."""
    bottoms = (inner["gridPos"]["y"] + inner["gridPos"]["h"] for inner in board["panels"] if "gridPos" in inner)
    panel["gridPos"] = {**panel["gridPos"], "x": 0, "y": max(bottoms, default=0)}
    return panel
