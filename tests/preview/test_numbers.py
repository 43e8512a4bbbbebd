"""The numbers in a picture are those of the query, written as Grafana's own code writes them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from dashboards_py import demo
from dashboards_py.board import Board, Panel, fields, read
from dashboards_py.compile import compile_boards
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.frame import PanelData, Window
from dashboards_py.preview.fonts import ELLIPSIS
from dashboards_py.preview.grid import CELL, GAP
from dashboards_py.preview.picture import PictureOptions, panel_elements
from dashboards_py.preview.shapes import Box, Clips, document
from tests.components import require
from tests.panel_data.grafana_data import Question, ask_grafana
from tests.panel_data.grafana_json import frame_json
from tests.preview.svg import texts

WINDOW = Window(begin=demo.END - 3600, end=demo.END, width=4000)
BOX = Box(0, 0, 4000, 4000)  # so large that no text is cut and no row is left out
OPTIONS = PictureOptions(window=WINDOW)


@cache
def boards() -> tuple[Board, ...]:
    """Ours."""
    return tuple(read(board.json) for board in compile_boards())


def question(panel: Panel, data: PanelData) -> Question | None:
    """The question for Grafana about a panel; None for a type without numbers as texts, or for one without data."""
    options: Mapping[str, Any] = panel.raw.get("options", {})
    common = {"frames": [frame_json(frame) for frame in data.frames], "dark": True}
    if not any(frame.length for frame in data.frames):
        return None
    if panel.type in ("stat", "bargauge"):
        reduce_options = {"calcs": [], "values": False, **options.get("reduceOptions", {})}
        return {**common, "ask": "shown", "reduceOptions": reduce_options, "defaults": {}, "overrides": []}
    if panel.type == "timeseries" and options.get("legend", {}).get("displayMode") == "table":
        return {**common, "ask": "legend", "calcs": options["legend"]["calcs"]}
    return {**common, "ask": "frames"} if panel.type == "table" else None


def has_display_name(panel: Panel) -> bool:
    """Whether the panel's fields have a display name."""
    return bool(fields.text(fields.mapping(panel.raw, "fieldConfig", "defaults"), "displayName"))


def expected(panel: Panel, answer: Any) -> dict[str, list[str]]:
    """The texts of a panel by their kind, from Grafana's answer; those of tables and legends in no order."""
    if panel.type == "stat":
        has_names = len(answer) > 1 or fields.mapping(panel.raw, "options").get("textMode") == "value_and_name"
        return {
            "name": [title for title, *_ in answer] if has_names else [],
            "value": [display[1] for _, display, *_ in answer],
            "suffix": [display[2] for _, display, *_ in answer if display[2]],
        }
    if panel.type == "bargauge":
        return {
            # A single bar has a name if the panel sets one.
            "name": [title for title, *_ in answer if title and (len(answer) > 1 or has_display_name(panel))],
            "value": ["".join(display[:3]) for _, display, *_ in answer],
        }
    if panel.type == "timeseries":
        return {
            "legend": sorted(name for name, *_ in answer),
            "legend-value": sorted("".join(shown[:3]) for *_, calcs in answer for _, shown in calcs),
        }
    return {
        "column": sorted(field["name"] for field in answer),
        "cell": sorted("".join(value[:3]) for field in answer for value in field["values"]),
    }


def drawn(panel: Panel, data: PanelData) -> dict[str, list[str]]:
    """The texts of a panel as they are read back from its picture."""
    elements, problems = panel_elements(panel, data, BOX, OPTIONS, Clips())
    assert not problems, (panel.title, problems)
    drawn_texts = texts(document(BOX.width, BOX.height, elements))
    is_sorted = panel.type in ("table", "timeseries")
    kinds = {"stat": ("name", "value", "suffix"), "bargauge": ("name", "value"), "table": ("column", "cell")}
    return {
        kind: sorted(drawn_texts.get(kind, ())) if is_sorted else drawn_texts.get(kind, [])
        for kind in kinds.get(panel.type, ("legend", "legend-value"))
    }


def whole_names(names: list[str], wanted: list[str]) -> list[str]:
    """The names, each that is cut as the one that it begins."""
    return [
        full if name.endswith(ELLIPSIS) and full.startswith(name.removesuffix(ELLIPSIS)) else name
        for name, full in zip(names, wanted, strict=True)
    ]


def panels() -> Iterator[tuple[Board, Panel, PanelData]]:
    """Every panel of ours with its data in the demo's healthy scene."""
    source = demo.source("healthy")
    for board in boards():
        opened = opening_values(board, WINDOW, source, {"namespace": ["shop"]} if board.uid == "hubble-http" else {})
        for panel in board.panels:
            yield board, panel, panel_data(panel, replace(WINDOW, width=1000), opened.values, source)


@pytest.mark.fault("numbers, names and colors in a picture differ from those that Grafana shows")
def test_texts_of_pictures_are_those_of_grafana() -> None:
    """Every value of a stat or bar gauge, and all cells and legends, read back from the SVG of each of our panels."""
    require("node")
    queries = [(board, panel, data, query) for board, panel, data in panels() if (query := question(panel, data))]
    assert {panel.type for _, panel, _, _ in queries} == {"stat", "bargauge", "table", "timeseries"}
    answers = ask_grafana([query for *_, query in queries])
    for (board, panel, data, _), answer in zip(queries, answers, strict=True):
        texts_drawn, wanted = drawn(panel, data), expected(panel, answer)
        if panel.type == "bargauge":  # the column of names is as wide as the one with most letters, as in Grafana
            texts_drawn["name"] = whole_names(texts_drawn["name"], wanted["name"])
        assert texts_drawn == wanted, (board.uid, panel.title)
    assert len(queries) > 0.8 * sum(len(board.panels) for board in boards())


def test_sizes_of_the_grid_are_used() -> None:
    """The box above is not a size that a board has: it only leaves room for all texts."""
    assert max(panel.h * (CELL + GAP) for board in boards() for panel in board.panels) < BOX.height
