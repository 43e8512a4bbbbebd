"""unused-variable: the dashboard has a variable that nothing uses.

Ad hoc filters count as used, because Grafana adds them to all queries.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.board import Board, fields
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity

SEVERITY = Severity.INFO
BOARDS_ONLY = True

# Keys of a variable in which Grafana does not replace other variables: its current value and its names.
IGNORED_KEYS = {"current", "options", "name", "label", "description"}
# Each is searched for quickly by how it begins; one pattern of them all takes three times as long.
USED = tuple(map(re.compile, (r"\$\{?(\w+)", r"\[\[(\w+)", r"[?&]var-(\w+)=", r'"repeat": "(\w+)"')))
WORD = re.compile(r"\w*")


def check(board: Board, _: Release) -> Iterator[tuple[None, str]]:
    """Variables that no panel, row, other variable, annotation or link uses.

    Texts are scanned once, whatever the number of variables.
    """
    used = _names({key: value for key, value in board.raw.items() if key != "templating"})
    users: dict[str, set[str]] = {}  # the variables that use a variable, by its name
    for raw_variable in fields.mappings(fields.mapping(board.raw, "templating"), "list"):
        for name in _names({key: value for key, value in raw_variable.items() if key not in IGNORED_KEYS}):
            users.setdefault(name, set()).add(fields.text(raw_variable, "name"))
    for variable in board.variables:
        name = WORD.match(variable.name)[0]  # type: ignore[index]  # matches the empty string as well
        if variable.type != "adhoc" and name not in used and not users.get(name, set()) - {variable.name}:
            yield None, f"${variable.name} is defined but never used"


def _names(value: Mapping[str, Any]) -> set[str]:
    """The names of all variables that are used in texts of the value."""
    text = json.dumps(value, ensure_ascii=False)
    return {name for pattern in USED for name in pattern.findall(text)}
