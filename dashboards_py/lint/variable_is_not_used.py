"""variable-is-not-used: the board offers a choice that changes nothing."""

import json
import re
from collections.abc import Iterator

from dashboards_py.board import Board
from dashboards_py.catalog import Release


def check(board: Board, release: Release) -> Iterator[tuple[None, str]]:
    """Variables that stand in no panel, variable, annotation or link."""
    texts = [json.dumps(dict(panel.raw)) for panel in board.panels]
    texts += [f"{mark.expr} {mark.datasource}" for mark in board.annotations]
    texts += [link.url for link in board.links]
    for variable in board.variables:
        others = [f"{each.query} {each.datasource}" for each in board.variables if each.name != variable.name]
        used = re.compile(rf"\$\{{?{re.escape(variable.name)}\b|\[\[{re.escape(variable.name)}\b")
        repeats = f'"repeat": "{variable.name}"'
        if not any(used.search(text) or repeats in text for text in (*texts, *others)):
            yield None, f"${variable.name} is defined and used nowhere"
