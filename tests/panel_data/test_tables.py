"""What the tables of our boards show is what their queries say: one row for each label set, with every value in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from dashboards_py import demo
from dashboards_py.board import Board, Panel, read
from dashboards_py.compile import compile_boards
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.frame import Field, FieldType, Frame, Window
from dashboards_py.panel_data.interpolate import Variables
from dashboards_py.panel_data.names import field_name
from dashboards_py.panel_data.requests import requests
from dashboards_py.panel_data.source import Source
from tests.demo.boards import reads_the_same, scene_source

HOUR = Window(begin=demo.END - 3600, end=demo.END)
BOARDS = tuple(read(board.json) for board in compile_boards())
TABLES = [(board, panel) for board in BOARDS for panel in board.panels if panel.type == "table"]
Row = frozenset[tuple[str, object]]
FAULT = pytest.mark.fault("a table shows a label as a number, or rows that its queries do not have")


def expected_rows(panel: Panel, variables: Variables, source: Source) -> set[Row]:
    """A row for each label set that a query of the panel returns: its labels, and the value of each query by legend."""
    rows: dict[frozenset[tuple[str, str]], dict[str, object]] = {}
    legends = {query.ref: query.legend for query in panel.queries}
    for request in requests(panel, HOUR, variables):
        for series in source.instant(request.expr, request.end):
            labels = frozenset((name, value) for name, value in series.labels.items() if name != "__name__")
            rows.setdefault(labels, {})[legends[request.ref]] = series.samples[0][1]
    return {frozenset(labels | {*values.items()}) for labels, values in rows.items()}


def shown_rows(frame: Frame, legends: Sequence[str]) -> Iterator[Row]:
    """The rows of a frame: the value of each cell by the label of its column or the legend of the query."""
    columns = [(column_key(column, frame, legends), column) for column in frame.fields]
    for row in range(frame.length):
        yield frozenset((key, column.values[row]) for key, column in columns if column.values[row] not in (None, ""))


def column_key(column: Field, frame: Frame, legends: Sequence[str]) -> str:
    """The query that a column of numbers is of, or the label of one of texts; fails for any other column."""
    heading = field_name(column, frame)
    if heading in legends:
        assert column.type is FieldType.NUMBER, heading
        return heading
    assert column.type is FieldType.STRING, f"{heading} is no query's legend, and its values are of {column.type}"
    assert not heading.startswith(("__", "Value", "Time")), heading
    return column.name


def problems(board: Board, panel: Panel, source: Source, chosen: Mapping[str, Sequence[str]]) -> set[Row]:
    """The rows that the table has, or should have, alone."""
    variables = opening_values(board, HOUR, source, chosen).values
    data = panel_data(panel, replace(HOUR, width=1000), variables, source)
    assert not data.problems
    expected = expected_rows(panel, variables, source)
    legends = [query.legend for query in panel.queries]
    shown = [row for frame in data.frames for row in shown_rows(frame, legends)]
    assert len(shown) == len(set(shown)), panel.title
    return expected ^ set(shown)


@FAULT
@pytest.mark.parametrize("scene", demo.scene_names())
def test_tables_show_what_their_queries_say(scene: str) -> None:
    """In every scene each label set is one row with the values of all queries, each label a text, each column named.

    A table that reads what it reads in the healthy cluster is compared there only.
    """
    source = scene_source(scene)
    for board, panel in TABLES:
        if scene != "healthy" and reads_the_same(board, panel, scene):
            continue
        chosen = {"namespace": ["shop"]} if board.uid == "hubble-http" else {}
        assert problems(board, panel, source, chosen) == set(), (board.uid, panel.title)


def test_most_tables_have_rows() -> None:
    """The test above compares something: more than nine of ten tables have rows in one of the scenes."""
    filled = set()
    for source in map(scene_source, ("healthy", *demo.scene_names())):
        for board, panel in TABLES:
            variables = opening_values(board, HOUR, source, {}).values
            if (board.uid, panel.title) not in filled and expected_rows(panel, variables, source):
                filled.add((board.uid, panel.title))
    assert len(filled) > 9 / 10 * len(TABLES), {(board.uid, panel.title) for board, panel in TABLES} - filled


@FAULT
@pytest.mark.parametrize("expr", ["topk(3, cilium_fqdn_active_names)", "cilium_fqdn_active_names > 0"])
def test_a_bare_ranking_is_noticed(expr: str) -> None:
    """A query that keeps `__name__`, and labels of the target, in a table with another: rows never merge."""
    board = next(board for board, panel in TABLES if panel.title == "Endpoints with most names")
    panel = next(panel for panel in board.panels if panel.title == "Endpoints with most names")
    targets = [dict(target) for target in panel.raw["targets"]]
    targets[0]["expr"] = expr
    queries = (replace(panel.queries[0], expr=expr), *panel.queries[1:])
    broken = replace(panel, queries=queries, raw={**panel.raw, "targets": targets})
    with pytest.raises(AssertionError):
        assert problems(board, broken, demo.source("healthy"), {}) == set()
