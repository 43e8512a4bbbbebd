"""variable-is-not-used: the board offers a choice that changes nothing.

Ad hoc filters are taken for used: Grafana adds them to every query by itself.
"""

import json
import re
from collections.abc import Iterator

from dashboards_py.board import Board
from dashboards_py.catalog import Release


def check(board: Board, release: Release) -> Iterator[tuple[None, str]]:
    """Variables that stand in no panel, row, other variable, annotation or link."""
    rest = json.dumps({key: value for key, value in board.raw.items() if key != "templating"})
    for variable in board.variables:
        others = [f"{each.query} {each.datasource}" for each in board.variables if each.name != variable.name]
        used = re.compile(rf"\$\{{?{re.escape(variable.name)}\b|\[\[{re.escape(variable.name)}\b")
        repeats = f'"repeat": "{variable.name}"'
        there = repeats in rest or any(used.search(text) for text in (rest, *others))
        if not there and variable.type != "adhoc":
            yield None, f"${variable.name} is defined and used nowhere"
