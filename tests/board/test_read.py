"""The reader: any classic board is read completely, and the error for anything else names its form."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards_py.board import Annotation, Board, Link, Panel, Query, Row, Step, Variable, read
from dashboards_py.errors import DashboardsError
from tests.components import path_of

OLD = {
    "__inputs": [{"name": "DS_PROMETHEUS", "type": "datasource"}],
    "title": "Old",
    "uid": "old",
    "schemaVersion": 14,
    "rows": [
        {
            "title": "First",
            "collapse": True,
            "panels": [
                {
                    "id": 1,
                    "type": "graph",
                    "title": "Drops",
                    "datasource": "${DS_PROMETHEUS}",
                    "yaxes": [{"format": "pps"}, {"format": "short"}],
                    "targets": [{"expr": "rate(x[5m])", "legendFormat": "{{a}}", "refId": "A"}],
                }
            ],
        }
    ],
    "templating": {"list": [{"name": "ns", "type": "query", "query": "label_values(ns)", "datasource": "p"}]},
}
NEW = {
    "title": "New",
    "uid": "new",
    "tags": ["a"],
    "schemaVersion": 41,
    "links": [{"title": "Boards", "type": "dashboards", "tags": ["a"]}],
    "annotations": {"list": [{"name": "mark", "expr": "up", "datasource": {"uid": "$ds"}}]},
    "templating": {
        "list": [
            {
                "name": "node",
                "type": "query",
                "query": {"query": "label_values(x, node)", "refId": "q"},
                "multi": True,
                "includeAll": True,
                "allValue": ".*",
                "hide": 2,
            }
        ]
    },
    "panels": [
        {"type": "text", "id": 9, "gridPos": {"x": 0, "y": 0, "w": 24, "h": 2}},
        {"type": "row", "title": "Open", "gridPos": {"y": 2}},
        {
            "type": "stat",
            "id": 2,
            "title": "Agents",
            "description": "How many.",
            "datasource": {"type": "prometheus", "uid": "$datasource"},
            "targets": [{"expr": "count(up)", "refId": "A", "instant": True, "hide": True, "format": "table"}],
            "fieldConfig": {
                "defaults": {
                    "unit": "none",
                    "noValue": "none",
                    "links": [{"title": "Go", "url": "/d/x"}],
                    "thresholds": {"steps": [{"color": "green", "value": None}, {"color": "red", "value": 1}]},
                },
                "overrides": [{"properties": [{"id": "links", "value": [{"title": "Node", "url": "/d/y"}]}]}],
            },
            "gridPos": {"x": 0, "y": 3, "w": 4, "h": 4},
        },
        {
            "type": "row",
            "title": "Closed",
            "collapsed": True,
            "panels": [{"type": "timeseries", "title": "In", "id": 3}],
        },
        {"type": "row", "title": "Empty", "collapsed": True, "panels": []},
    ],
}


def test_an_old_board_with_nested_rows() -> None:
    """Rows hold their panels, a graph's unit is that of its left axis, the data source is text, the input is named."""
    panel = Panel(
        1, "Drops", "graph", unit="pps", datasource="${DS_PROMETHEUS}", queries=(Query("A", "rate(x[5m])", "{{a}}"),)
    )
    assert read(OLD) == Board(
        uid="old",
        title="Old",
        inputs=("DS_PROMETHEUS",),
        variables=(Variable("ns", "query", "label_values(ns)", datasource="p"),),
        rows=(Row("First", True, (panel,)),),
    )


def test_a_new_board_with_flat_and_collapsed_rows() -> None:
    """Panels above the first heading, under an open one and inside a closed one are all read, with every field."""
    assert read(json.dumps(NEW)) == Board(
        uid="new",
        title="New",
        tags=("a",),
        variables=(
            Variable(
                "node", "query", "label_values(x, node)", multi=True, include_all=True, all_value=".*", hidden=True
            ),
        ),
        annotations=(Annotation("mark", "up", "$ds"),),
        links=(Link("Boards", "", ("a",)),),
        rows=(
            Row("", False, (Panel(9, "", "text", w=24, h=2),)),
            Row(
                "Open",
                False,
                (
                    Panel(
                        2,
                        "Agents",
                        "stat",
                        "How many.",
                        "none",
                        *(0, 3, 4, 4),
                        datasource="$datasource",
                        queries=(Query("A", "count(up)", instant=True, format="table", hidden=True),),
                        links=(Link("Go", "/d/x"), Link("Node", "/d/y")),
                        thresholds=(Step(None, "green"), Step(1, "red")),
                        no_value="none",
                    ),
                ),
            ),
            Row("Closed", True, (Panel(3, "In", "timeseries"),)),
            Row("Empty", True, ()),
        ),
    )


@pytest.mark.parametrize(
    "envelope",
    [
        {"dashboard": NEW, "meta": {"slug": "new"}},
        {"apiVersion": "dashboard.grafana.app/v1beta1", "kind": "Dashboard", "spec": NEW},
        json.dumps(NEW).encode(),
    ],
)
def test_envelopes_of_the_api_are_opened(envelope: Any) -> None:
    """What the HTTP API wraps around a board makes no difference."""
    assert read(envelope) == read(NEW)


@pytest.mark.parametrize(
    ("target", "panel", "expr"),
    [
        ("loki", "prometheus", ""),
        ("prometheus", "datasource", "up"),
        (None, "loki", ""),
        (None, "prometheus", "up"),
        (None, None, "up"),
    ],
)
def test_only_promql_is_an_expression(target: str | None, panel: str | None, expr: str) -> None:
    """The query language is that of the target's data source, else of the panel's; LogQL also uses `expr`."""
    actual = read(
        {
            "panels": [
                {
                    "datasource": {"type": panel, "uid": "a"} if panel else None,
                    "targets": [
                        {"expr": "up", "datasource": {"type": target, "uid": "b"}} if target else {"expr": "up"}
                    ],
                }
            ]
        }
    )
    assert [query.expr for _, query in actual.queries()] == [expr]


def test_a_library_panel_is_named_as_such() -> None:
    """A library panel is kept, with a reference to its definition."""
    board = read({"panels": [{"id": 1, "title": "Shared", "libraryPanel": {"uid": "abc", "name": "CPU of agents"}}]})
    assert [(panel.type, panel.library) for panel in board.panels] == [("library-panel", "CPU of agents")]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("", "is empty"),
        ("  <!DOCTYPE html><html>", "is an HTML page"),
        ('{"panels": [', "is not JSON"),
        ("[" * 100_000, "is nested more than 100 levels deep"),
        ("[1, 2]", "a list and not a board"),
        ("3", "a number and not a board"),
        (b"\xff\xfe\x00", "is UTF-16, or not text at all"),
        (b"\xff\x00", "is UTF-16, or not text at all"),
        (b"{\n\xff}", "is not text in UTF-8: byte 0xff in line 2"),
        ('{"a": 1, "b": 2}', "not a board: its keys are a, b"),
        ("{}", "not a board: its keys are none"),
        ('{"apiVersion": "dashboard.grafana.app/v2beta1", "spec": {}}', "not a board: its keys are none"),
        ('{"dashboard": {"a": 1}}', "not a board: its keys are a"),
        ('{"apiVersion": "dashboard.grafana.app/v1", "spec": {}}', "not a board: its keys are none"),
        ('{"model": {"type": "stat"}, "uid": "x", "kind": 1}', "is a library panel"),
    ],
)
def test_the_error_says_what_a_non_board_is(source: str | bytes, what: str) -> None:
    """The error names the type of the input and how to export a board."""
    with pytest.raises(DashboardsError) as error:
        read(source, "x.json")
    assert str(error.value).startswith("x.json: ")
    assert what in str(error.value)
    assert error.value.exit_code == 2


KEYS = st.sampled_from(
    [
        "panels",
        "rows",
        "type",
        "title",
        "id",
        "targets",
        "expr",
        "fieldConfig",
        "defaults",
        "overrides",
        "properties",
        "links",
    ]
    + [
        "templating",
        "list",
        "gridPos",
        "x",
        "thresholds",
        "steps",
        "libraryPanel",
        "datasource",
        "uid",
        "annotations",
        "spec",
        "dashboard",
    ]
)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.just("row"))
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=25,
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_odd_input_is_a_board_or_our_error(source: dict[str, Any]) -> None:
    """Values of any wrong type give a Board or DashboardsError, and the same from text as from parsed JSON."""
    outcomes = []
    for given_as in (source, json.dumps(source)):
        try:
            # Only text has a size, and numbers that JSON does not allow.
            outcomes.append(repr(replace(read(given_as), notes=(), quoted_size=0)))
        except DashboardsError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("title", ["plain", "Größe", 'a "quoted" \\ title'])
def test_the_size_of_a_text_in_a_config_map(title: str) -> None:
    """It is counted in bytes, of a text as of a file: as long as the text is as a string in JSON."""
    text = json.dumps({"title": title, "panels": []}, ensure_ascii=False, indent=1)
    expected = len(json.dumps(text, ensure_ascii=False).encode())
    assert read(text).quoted_size == read(text.encode()).quoted_size == expected


def _exprs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (inner for key, inner in value.items() if key == "expr" and isinstance(inner, str))
        yield from (expr for inner in value.values() for expr in _exprs(inner))
    elif isinstance(value, list):
        yield from (expr for inner in value for expr in _exprs(inner))


def test_every_query_of_upstreams_boards_is_read() -> None:
    """The reader finds the same queries as a walk over the raw JSON, for each of upstream's boards."""
    root = path_of("upstream-boards")
    files = sorted(root.rglob("*.json"))
    assert len(files) >= 6
    for file in files:
        board = read(file.read_bytes(), str(file))
        raw = json.loads(file.read_text())
        expected_queries = sorted(query.expr for _, query in board.queries() if query.expr) + sorted(
            mark.expr for mark in board.annotations if mark.expr
        )
        assert sorted(expected_queries) == sorted(_exprs(raw)), file
        assert all(
            panel.queries or panel.type in ("text", "row") or not panel.raw.get("targets") for panel in board.panels
        )
        assert board.title
        assert os.sep not in board.uid
