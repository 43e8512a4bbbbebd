"""variable-is-not-used: the board offers a choice that changes nothing.

Ad hoc filters are taken for used: Grafana adds them to every query by itself.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.board import Board, take
from dashboards_py.catalog import Release

# What a variable holds at the moment, and what it is called, is no use of another.
NO_USE = {"current", "options", "name", "label", "description"}


def check(board: Board, release: Release) -> Iterator[tuple[None, str]]:
    """Variables that stand in no panel, row, other variable, annotation or link."""
    rest = _text({key: value for key, value in board.raw.items() if key != "templating"})
    others = {
        take.text(each, "name"): _text({key: value for key, value in each.items() if key not in NO_USE})
        for each in take.mappings(take.mapping(board.raw, "templating"), "list")
    }
    for variable in board.variables:
        name = re.escape(variable.name)
        used = re.compile(rf'\$\{{?{name}\b|\[\[{name}\b|"repeat": "{name}"|[?&]var-{name}=')
        texts = (rest, *(text for other, text in others.items() if other != variable.name))
        if variable.type != "adhoc" and not any(map(used.search, texts)):
            yield None, f"${variable.name} is defined and used nowhere"


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
