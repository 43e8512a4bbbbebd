"""Dashboards of Perses carry our boards: the same queries, variables, annotations, rows and places."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
import yaml

from dashboards_py.board import Board, read
from dashboards_py.board.documents import boards_in
from dashboards_py.board.perses import UNITS
from dashboards_py.board.values import Variable
from dashboards_py.catalog import RELEASES
from dashboards_py.compile import compile_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.lint import lint
from dashboards_py.targets._perses import perses_dashboard
from dashboards_py.targets._perses_panels import panel_plugin
from dashboards_py.targets._perses_values import color, perses_url, value_mappings

# The keys of each plug-in's spec, from its CUE schema in perses/plugins (`close({...})`): required, and others.
KEYS: Mapping[str, tuple[set[str], set[str]]] = {
    "TimeSeriesChart": (set(), {"legend", "tooltip", "yAxis", "thresholds", "visual", "querySettings"}),
    "StatChart": (
        {"calculation"},
        {"metricLabel", "format", "thresholds", "sparkline", "valueFontSize", "colorMode", "legendMode", "mappings"},
    ),
    "BarChart": ({"calculation"}, {"format", "sort", "mode", "orientation", "groupBy", "isStacked", "visual"}),
    "StatusHistoryChart": (set(), {"legend", "mappings", "sorting"}),
    "Table": (
        set(),
        {"density", "columnSettings", "cellSettings", "transforms", "pagination", "enableFiltering", "enableSorting"},
    ),
    "Markdown": ({"text"}, set()),
    "PrometheusTimeSeriesQuery": ({"query"}, {"datasource", "seriesNameFormat", "minStep", "resolution", "instant"}),
    "PrometheusLabelValuesVariable": ({"labelName"}, {"datasource", "matchers"}),
    "PrometheusPromQLVariable": ({"expr", "labelName"}, {"datasource"}),
    "PrometheusPromQLAnnotation": ({"expr"}, {"datasource", "title", "legend", "tags"}),
    "DatasourceVariable": ({"datasourcePluginKind"}, set()),
    "StaticListVariable": ({"values"}, set()),
}
COLUMN = {
    *("name", "header", "headerDescription", "cellDescription", "plugin", "format", "align", "enableSorting"),
    *("sort", "width", "hide", "cellSettings", "dataLink"),
}


def carried(board: Mapping[str, Any]) -> Board:
    """The board, read back from its PersesDashboard as YAML."""
    document = {
        "apiVersion": "perses.dev/v1alpha2",
        "kind": "PersesDashboard",
        "metadata": {"name": board["uid"]},
        "spec": {"config": perses_dashboard(board)},
    }
    [(_, read_back)] = boards_in(yaml.safe_dump(document).encode(), "x.yaml")
    assert isinstance(read_back, Board)
    return read_back


def choices(variables: Iterable[Variable]) -> list[Any]:
    """What can be chosen."""
    return [(item.name, item.query, item.multi, item.include_all, item.all_value) for item in variables]


def plugins(value: Any) -> Iterator[Mapping[str, Any]]:
    """All plug-ins in a dashboard."""
    if isinstance(value, Mapping):
        if isinstance(value.get("plugin"), Mapping):
            yield value["plugin"]
        for inner in value.values():
            yield from plugins(inner)
    for inner in value if isinstance(value, list) else ():
        yield from plugins(inner)


def test_read_back() -> None:
    """Queries, legends, rows, places, variables, annotations and units; titles but for their hidden variables."""
    for release in RELEASES:
        for compiled in compile_boards(release):
            raw = json.loads(compiled.json)
            board, back = read(raw), carried(raw)
            assert (back.uid, back.title) == (board.uid, board.title)
            assert [(query.expr, query.legend, query.instant) for _, query in back.queries()] == [
                (query.expr, query.legend, query.instant) for _, query in board.queries()
            ]
            assert [(row.title.partition("$")[0], row.collapsed, len(row.panels)) for row in back.rows] == [
                (row.title.partition("$")[0], row.collapsed, len(row.panels)) for row in board.rows
            ]
            shown = [variable for variable in board.variables if not variable.hidden]
            assert choices(back.variables) == choices(shown)
            assert [(item.name, item.expr) for item in back.annotations] == [
                (item.name, item.expr) for item in board.annotations
            ]
            for row, own_row in zip(back.rows, board.rows, strict=True):
                assert [(panel.x, panel.y, panel.w, panel.h) for panel in row.panels] == [
                    (panel.x, panel.y, panel.w, panel.h) for panel in own_row.panels
                ]
            for own, other in zip(board.panels, back.panels, strict=True):
                assert (other.title, other.description) == (own.title.partition("$")[0], own.description)
                if other.unit and own.unit in UNITS:
                    assert UNITS[other.unit] == UNITS[own.unit]


def test_no_query_is_wrong() -> None:
    """Lint finds in dashboards of Perses what it finds in classic ones, and nothing more about queries."""
    for compiled in compile_boards():
        raw = json.loads(compiled.json)
        findings, _ = lint(carried(raw), RELEASES[-1])
        assert [item for item in findings if item.rule in ("invalid-promql", "unknown-metric", "unknown-label")] == []


def test_keys_of_plugins() -> None:
    """Each plug-in has the keys of its schema only, and those that it needs; the same for a table's columns."""
    seen = set()
    for compiled in compile_boards():
        for plugin in plugins(perses_dashboard(json.loads(compiled.json))):
            required, others = KEYS[plugin["kind"]]
            keys = plugin["spec"].keys()
            assert required <= keys <= required | others, plugin
            seen.add(plugin["kind"])
            for column in plugin["spec"].get("columnSettings", ()):
                assert {"name"} <= column.keys() <= COLUMN
            if plugin["kind"] == "Table":  # of an instant query every row has the same time
                assert "timestamp" in [
                    column["name"] for column in plugin["spec"]["columnSettings"] if "hide" in column
                ]
    assert seen >= KEYS.keys() - {"Markdown"}


def test_stat_with_several_units() -> None:
    """A stat has one unit in Perses: values with several are the columns of a table."""
    panel = {
        "type": "stat",
        "title": "Relays",
        "targets": [{"refId": "A", "legendFormat": "ready"}, {"refId": "B", "legendFormat": "oldest"}],
        "fieldConfig": {
            "defaults": {"unit": "short"},
            "overrides": [
                {"matcher": {"id": "byFrameRefID", "options": "B"}, "properties": [{"id": "unit", "value": "s"}]}
            ],
        },
    }
    plugin = panel_plugin(panel)
    assert plugin["kind"] == "Table"
    columns = [item for item in plugin["spec"]["columnSettings"] if "header" in item]
    units = [(item["header"], item["format"]["unit"]) for item in columns]
    assert units == [("ready", "decimal"), ("oldest", "seconds")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dark-red", "#C4162A"),
        ("semi-dark-red", "#E02F44"),
        ("red", "#F2495C"),
        ("light-red", "#FF7383"),
        ("super-light-red", "#FFA6B0"),
        ("text", "#CCCCDC"),
        ("#fff", "#fff"),
        ("#ffff", None),
        ("transparent", None),
    ],
)
def test_colors(name: str, expected: str | None) -> None:
    """Grafana's names in its dark theme; one that Perses cannot write is left out."""
    assert color(name) == expected


STEPS = [{"color": "green"}, {"value": 5, "color": "red"}]
COLORED = {"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}}
OVERRIDES = [
    {"matcher": {"id": "byFrameRefID", "options": "B"}, "properties": [COLORED]},
    {"matcher": {"id": "byFrameRefID", "options": "a query that was removed"}, "properties": [COLORED]},
]
COLUMNS = [
    {"matcher": {"id": "byName", "options": "node"}, "properties": [{"id": "custom.width", "value": 90}]},
    {"matcher": {"id": "byType", "options": "node"}, "properties": [{"id": "custom.width", "value": 10}]},
    {"matcher": {"id": "byName", "options": "nothing"}, "properties": [{"id": "custom.width", "value": 10}]},
]
ORGANIZED = {"id": "organize", "options": {"indexByName": {"node": 0, "pod": 1}, "renameByName": {"Value": "usage"}}}
NUMBER = {"unit": "decimal", "shortValues": True}


@pytest.mark.parametrize(
    ("panel", "spec"),
    [
        pytest.param(
            {
                "type": "timeseries",
                "targets": [{"refId": "A"}, {"refId": "B"}],
                "fieldConfig": {"defaults": {"unit": "s", "custom": {"drawStyle": "bars"}}, "overrides": OVERRIDES},
            },
            {
                "legend": {"position": "bottom", "mode": "list"},
                "yAxis": {"format": {"unit": "seconds"}},
                "visual": {"display": "bar"},
                "querySettings": [{"queryIndex": 1, "colorMode": "fixed", "colorValue": "#F2495C"}],
            },
            id="graph of bars",
        ),
        pytest.param(
            {"type": "timeseries", "options": {"legend": {"showLegend": False}}},
            {"yAxis": {"format": NUMBER}, "visual": {"display": "line"}},
            id="graph of lines",
        ),
        pytest.param(
            {"type": "stat", "fieldConfig": {"defaults": {"thresholds": {"steps": STEPS}}}},
            {
                "calculation": "last-number",
                "format": NUMBER,
                "thresholds": {
                    "mode": "absolute",
                    "defaultColor": "#73BF69",
                    "steps": [{"value": 5, "color": "#F2495C"}],
                },
            },
            id="stat with thresholds",
        ),
        pytest.param(
            {"type": "stat", "fieldConfig": {"defaults": {"mappings": [{"type": "value", "options": {"1": {}}}]}}},
            {
                "calculation": "last-number",
                "format": NUMBER,
                "mappings": [{"kind": "Value", "spec": {"value": "1", "result": {"value": ""}}}],
            },
            id="stat with mappings",
        ),
        pytest.param(
            {
                "type": "table",
                "targets": [{"refId": "A"}],
                "transformations": [ORGANIZED],
                "fieldConfig": {"overrides": COLUMNS},
            },
            {
                "density": "compact",
                "enableSorting": True,
                "columnSettings": [
                    {"name": "node", "width": 90},
                    {"name": "pod"},
                    {"name": "value", "header": "usage", "format": NUMBER},
                    {"name": "timestamp", "hide": True},
                ],
            },
            id="table",
        ),
    ],
)
def test_a_panel_in_full(panel: Any, spec: Any) -> None:
    """What each setting of a classic panel is in Perses, and nothing more."""
    assert panel_plugin(panel)["spec"] == spec


def test_value_mappings() -> None:
    """One for each value, range, pattern or special value; of a type that Grafana does not have there is none."""
    mappings: list[dict[str, Any]] = [
        {"type": "value", "options": {"1": {"text": "up", "color": "green"}}},
        {"type": "range", "options": {"from": None, "to": 3, "result": {"text": "low"}}},
        {"type": "regex", "options": {"pattern": "x.*", "result": {"text": "x"}}},
        {"type": "special", "options": {"match": "null+nan", "result": {"text": "-", "color": "red"}}},
        {"type": "special", "options": {"match": "nan", "result": {"text": "-"}}},
        {"type": "other"},
    ]
    assert [(item["kind"], item["spec"]) for item in value_mappings(mappings)] == [
        ("Value", {"value": "1", "result": {"value": "up", "color": "#73BF69"}}),
        ("Range", {"to": 3, "result": {"value": "low"}}),
        ("Regex", {"pattern": "x.*", "result": {"value": "x"}}),
        ("Misc", {"value": "null", "result": {"value": "-", "color": "#F2495C"}}),
        ("Misc", {"value": "NaN", "result": {"value": "-"}}),
    ]


def test_links() -> None:
    """They lead to the dashboard of the same name in the same project, with variables as Perses reads them."""
    parts = ("${__url_time_range}", "${cluster:queryparam}", "var-node=${__data.fields.node}", "var-x=${__series.name}")
    url = f"/d/cilium-agent?{'&'.join(parts)}"
    expected = "/projects/$__project/dashboards/cilium-agent"
    query = 'var-cluster=${cluster:percentencode}&var-node=${__data.fields["node"]}'
    assert perses_url(url) == f"{expected}?{query}"
    assert perses_url("https://example.com/?a=${__value.raw}") == "https://example.com/?a=${__value.raw}"


@pytest.mark.parametrize(
    ("panel", "variable", "cause"),
    [
        ({"type": "geomap"}, None, "no counterpart of its type 'geomap'"),
        ({"type": "stat", "repeat": "node"}, None, "repeated by a variable"),
        ({"type": "stat", "targets": [{"datasource": {"type": "loki", "uid": "x"}}]}, None, "only Prometheus"),
        (None, {"type": "adhoc", "name": "f"}, "no counterpart of its type adhoc"),
        (None, {"type": "query", "name": "m", "query": "metrics(cilium_.*)"}, "no counterpart"),
    ],
)
def test_without_counterpart(panel: Any, variable: Any, cause: str) -> None:
    """What Perses would show as something else is refused, and named."""
    board = {"uid": "x", "panels": [panel] if panel else [], "templating": {"list": [variable] if variable else []}}
    with pytest.raises(DashboardsError, match=cause):
        perses_dashboard(board)
