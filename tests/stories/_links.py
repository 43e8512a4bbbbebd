"""The links of a panel that a reader sees, and the board and variables to which one leads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from dashboards_py.board import Panel, fields
from tests.stories._lines import Line

OF_ROW = re.compile(r'\$\{__data\.fields\.(?:"([^"]+)"|([^}:]+))\}')
OF_SERIES = re.compile(r"\$\{__field\.labels\.([^}:]+)\}")
OF_CELL = re.compile(r"\$\{__value\.(?:raw|text)\}")
BOARD = re.compile(r"/d/([^/?]+)[^?]*\??(.*)", re.S)
CLICKED = ("stat", "bargauge", "gauge")  # a click on a number follows its link


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a link leads: a board, and the values of the variables that the link sets."""

    board: str
    variables: Mapping[str, str]


def targets(panel: Panel, line: Line) -> Iterator[Target]:
    """Where the visible links of a panel and of one of its lines lead.

    Visible are the links in the panel's header, those of a number, and the blue ones of a table's column. A link of a
    line in a graph is not: it shows after a click on the line only.
    """
    for link in fields.mappings(panel.raw, "links"):
        yield from _target(fields.text(link, "url"), line, "")
    config = fields.mapping(panel.raw, "fieldConfig")
    if panel.type in CLICKED:
        for link in fields.mappings(fields.mapping(config, "defaults"), "links"):
            yield from _target(fields.text(link, "url"), line, "")
    for override in fields.mappings(config, "overrides"):
        column = fields.text(fields.mapping(override, "matcher"), "options")
        for item in fields.mappings(override, "properties"):
            if panel.type == "table" and item.get("id") == "links" and line.values.get(column):
                for link in fields.mappings(item, "value"):
                    yield from _target(fields.text(link, "url"), line, line.values[column])


def _target(url: str, line: Line, cell: str) -> Iterator[Target]:
    """What a URL means for a line, in which what the line has not is empty; nothing for one that leads elsewhere."""
    url = OF_ROW.sub(lambda match: line.values.get(match[1] or match[2], ""), url)
    url = OF_SERIES.sub(lambda match: line.values.get(match[1], ""), url)
    url = OF_CELL.sub(lambda _: cell, url)
    if board := BOARD.fullmatch(url):
        pairs = parse_qsl(board[2], keep_blank_values=True)
        yield Target(
            board=board[1],
            variables={name.removeprefix("var-"): value for name, value in pairs if name.startswith("var-")},
        )
