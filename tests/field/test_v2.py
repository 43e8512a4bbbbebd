"""Boards of schema v2 are read as their classic twins."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.board import Board, read
from dashboards_py.board.v2 import classic
from dashboards_py.catalog import NEWEST
from dashboards_py.lint import lint
from dashboards_py.needs import needs
from tests.components import path_of
from tests.field.v2_twin import migrated, resource, twin

FAULT = pytest.mark.fault("dashboards of Grafana's schema v2 are refused with advice that cannot be followed")
PROVISIONING = sorted((Path(__file__).parents[2] / "provisioning").rglob("*.json"))


def findings(board: Board) -> list[tuple[str, str, str]]:
    """Rule, panel and text of each finding, except on the size of the JSON."""
    listed, _ = lint(board, NEWEST, house_rules=True)
    return sorted((item.rule, item.panel, item.what) for item in listed if item.rule != "board-is-too-large")


def same(document: dict[str, Any]) -> None:
    """The twin has the same findings, needs, panels, variables, annotations and links."""
    board, from_v2 = read(document), read(resource(document))
    assert findings(from_v2) == findings(board)
    assert needs(from_v2, NEWEST) == needs(board, NEWEST)
    assert from_v2.variables == board.variables
    assert [replace(item, raw={}) for item in from_v2.annotations] == [
        replace(item, raw={}) for item in board.annotations
    ]
    assert from_v2.links == board.links
    assert [(panel.id, panel.title, panel.type, panel.unit, panel.thresholds) for panel in from_v2.panels] == [
        (panel.id, panel.title, panel.type, panel.unit, panel.thresholds) for panel in board.panels
    ]
    with_tabs = read(resource(document, "v2beta1", "TabsLayout"))
    assert [query.expr for _, query in with_tabs.queries()] == [query.expr for _, query in board.queries()]


@FAULT
@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in PROVISIONING if path.stem.count("-")])
def test_twins_of_ours(path: Path) -> None:
    """Each of our boards."""
    same(json.loads(path.read_text()))


@FAULT
def test_twins_of_upstream() -> None:
    """Each of Cilium's own boards."""
    directory = path_of("upstream-boards")
    paths = sorted(Path(directory).rglob("*.json"))
    assert paths
    for path in paths:
        same(migrated(json.loads(path.read_text())))


PANEL: Mapping[str, Any] = {
    "kind": "Panel",
    "spec": {
        "id": 1,
        "title": "Drops",
        "links": [],
        "data": {
            "kind": "QueryGroup",
            "spec": {
                "queries": [
                    {
                        "kind": "PanelQuery",
                        "spec": {
                            "refId": "A",
                            "hidden": False,
                            "datasource": {"type": "prometheus", "uid": "${datasource}"},
                            "query": {"kind": "prometheus", "spec": {"expr": 'cilium_version{node=~"$node"}'}},
                        },
                    }
                ],
                "transformations": [{"kind": "limit", "spec": {"id": "limit", "options": {"limitField": 3}}}],
                "queryOptions": {"interval": "1m"},
            },
        },
        "vizConfig": {
            "kind": "timeseries",
            "spec": {
                "pluginVersion": "12.3",
                "options": {},
                "fieldConfig": {"defaults": {"unit": "s"}, "overrides": []},
            },
        },
    },
}
LIBRARY = {"kind": "LibraryPanel", "spec": {"id": 2, "title": "Shared", "libraryPanel": {"uid": "u", "name": "shared"}}}
NODE = {
    "kind": "QueryVariable",
    "spec": {"name": "node", "query": {"kind": "prometheus", "spec": {"query": "label_values(x, node)"}}},
}


def item(name: str, kind: str = "AutoGridLayoutItem", **spec: Any) -> dict[str, Any]:
    """An item of a grid."""
    return {"kind": kind, "spec": {"element": {"kind": "ElementReference", "name": name}, **spec}}


def section(kind: str, layout: Mapping[str, Any], **spec: Any) -> dict[str, Any]:
    """A row or tab."""
    return {"kind": kind, "spec": {"layout": layout, **spec}}


def auto(*items: Any, **spec: Any) -> dict[str, Any]:
    """An auto grid."""
    return {
        "kind": "AutoGridLayout",
        "spec": {"columnWidthMode": "standard", "rowHeightMode": "short", **spec, "items": list(items)},
    }


def rows(*sections: Any) -> dict[str, Any]:
    """Rows."""
    return {"kind": "RowsLayout", "spec": {"rows": list(sections)}}


CONDITION = {
    "kind": "ConditionalRenderingGroup",
    "spec": {
        "visibility": "show",
        "condition": "and",
        "items": [
            {"kind": "ConditionalRenderingVariable", "spec": {"variable": "mode", "operator": "equals", "value": "a"}}
        ],
    },
}
SPEC: Mapping[str, Any] = {
    "title": "Alpha",
    "elements": {"a": PANEL, "b": LIBRARY, "c": PANEL, "never": PANEL},
    "variables": [{"kind": "CustomVariable", "spec": {"name": "mode", "query": "a,b"}}],
    "layout": {
        "kind": "TabsLayout",
        "spec": {
            "tabs": [
                section(
                    "TabsLayoutTab",
                    rows(
                        section(
                            "RowsLayoutRow",
                            auto(item("a"), item("b"), maxColumnCount=2),
                            title="Health",
                            variables=[NODE],
                        ),
                        section(
                            "RowsLayoutRow",
                            auto(item("c", conditionalRendering=CONDITION)),
                            title="More",
                            collapse=True,
                        ),
                    ),
                    title="Agents",
                ),
                section(
                    "TabsLayoutTab",
                    auto(item("a"), item("gone")),
                    title="Each",
                    repeat={"mode": "variable", "value": "node"},
                ),
            ]
        },
    },
}


@FAULT
@pytest.mark.parametrize(
    "wrapped", [SPEC, {"dashboard": SPEC}, {"apiVersion": "dashboard.grafana.app/v2alpha1", "spec": SPEC}]
)
def test_tabs_rows_auto_grids_and_sections(wrapped: dict[str, Any]) -> None:
    """A bare spec and a resource: nested titles, positions, variables of sections, library panels, conditions."""
    board = read(wrapped)
    assert [(row.title, row.collapsed, len(row.panels)) for row in board.rows] == [
        ("Agents / Health", False, 2),
        ("Agents / More", True, 1),
        ("Each", False, 1),
    ]
    first, library, *_ = board.panels
    assert (first.type, first.unit, first.datasource, first.queries[0].expr) == (
        "timeseries",
        "s",
        "${datasource}",
        'cilium_version{node=~"$node"}',
    )
    assert first.raw["transformations"][0]["id"] == "limit"
    assert first.raw["interval"] == "1m"
    assert (library.type, library.library, library.x) == ("library-panel", "shared", 12)
    assert [(variable.name, variable.query) for variable in board.variables] == [
        ("mode", "a,b"),
        ("node", "label_values(x, node)"),
    ]
    assert board.notes == (
        "is in the layout, and not among the elements: gone",
        "is an element that the layout does not show: never",
    )
    rules = {(item.rule, item.what) for item in lint(board, NEWEST)[0]}
    assert not [
        what for rule, what in rules if rule in ("unused-variable", "undefined-variable") and "datasource" not in what
    ]


@FAULT
def test_positions() -> None:
    """What is below a section is below all of its panels, and nothing overlaps."""
    document = json.loads(next(path for path in PROVISIONING if path.stem == "hubble-dns").read_text())
    panels, _ = classic(twin(document))
    taken: set[tuple[int, int]] = set()
    for panel in panels["panels"]:
        grid = panel["gridPos"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not cells & taken
        taken |= cells
