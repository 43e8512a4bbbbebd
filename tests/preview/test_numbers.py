"""The numbers in a picture are those of the query, written as Grafana's own code writes them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from dashboards_py import demo
from dashboards_py.board import Board, Panel, fields
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.frame import PanelData, Window
from dashboards_py.panel_data.source import Series, Source
from dashboards_py.preview.fonts import ELLIPSIS, collapsed
from dashboards_py.preview.grid import CELL, GAP
from dashboards_py.preview.picture import PictureOptions, panel_elements
from dashboards_py.preview.shapes import Box, Clips, document
from tests.components import require
from tests.demo.boards import BOARDS, reads_the_same, scene_source
from tests.panel_data.grafana_data import Question, ask_grafana
from tests.panel_data.grafana_json import frame_json
from tests.preview.svg import texts

WINDOW = Window(begin=demo.END - 3600, end=demo.END, width=4000)
BOX = Box(0, 0, 4000, 4000)  # so large that no text is cut and no row is left out
OPTIONS = PictureOptions(window=WINDOW)
SCENES = ("healthy", "node-down", "dns-drop")


def question(panel: Panel, data: PanelData) -> Question | None:
    """The question for Grafana about a panel; None for a type without numbers as texts, or for one without data."""
    options: Mapping[str, Any] = panel.raw.get("options", {})
    common = {"frames": [frame_json(frame) for frame in data.frames], "dark": True}
    if not any(frame.length for frame in data.frames):
        return None
    if panel.type in ("stat", "bargauge"):
        reduce_options = {"calcs": [], "values": False, **options.get("reduceOptions", {})}
        return {**common, "ask": "shown", "reduceOptions": reduce_options, "defaults": {}, "overrides": []}
    if has_legend(panel):
        return {**common, "ask": "legend", "calcs": options.get("legend", {}).get("calcs", [])}
    return {**common, "ask": "frames"} if panel.type == "table" else None


def has_legend(panel: Panel) -> bool:
    """Whether the panel is a graph with a legend."""
    legend = fields.mapping(panel.raw, "options", "legend")
    return panel.type == "timeseries" and legend.get("showLegend") is not False


def is_asked(panel: Panel) -> bool:
    """Whether the panel shows numbers as texts."""
    return panel.type in ("stat", "bargauge", "table") or has_legend(panel)


def has_display_name(panel: Panel) -> bool:
    """Whether the panel's fields have a display name."""
    return bool(fields.text(fields.mapping(panel.raw, "fieldConfig", "defaults"), "displayName"))


def expected(panel: Panel, answer: Any) -> dict[str, list[str]]:
    """The texts of a panel by their kind, from Grafana's answer; those of tables and legends in no order.

    A browser writes several spaces in a row as one.
    """
    wanted = _expected(panel, answer)
    return {kind: list(map(collapsed, kind_texts)) for kind, kind_texts in wanted.items()}


def _expected(panel: Panel, answer: Any) -> dict[str, list[str]]:
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
    shown = [field for field in answer if field["name"] not in hidden_columns(panel)]
    return {
        "column": sorted(field["name"] for field in shown),
        "cell": sorted("".join(value[:3]) for field in shown for value in field["values"]),
    }


def hidden_columns(panel: Panel) -> set[str]:
    """The columns that the table hides, which only links read: Grafana's frames have them."""
    overrides = fields.mapping(panel.raw, "fieldConfig").get("overrides", [])
    hides = {"id": "custom.hidden", "value": True}
    return {override["matcher"]["options"] for override in overrides if hides in override["properties"]}


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


class AnySource:
    """A source that answers every query with three series, which have the labels that the query groups by."""

    values = (-0.25, 2.0, 7.0)  # the scenes have no negative number

    def range(self, expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
        """The same value all the time."""
        times = [start + number * step for number in range(int((end - start) // step) + 1)]
        return tuple(Series(labels, tuple((time, value) for time in times)) for labels, value in self._series(expr))

    def instant(self, expr: str, time: float) -> tuple[Series, ...]:
        """The values."""
        return tuple(Series(labels, ((time, value),)) for labels, value in self._series(expr))

    def _series(self, expr: str) -> Iterator[tuple[dict[str, str], float]]:
        names = {name.strip() for group in re.findall(r"by \(([^()]*)\)", expr) for name in group.split(",")} - {"le"}
        for number, value in enumerate(self.values):
            yield {name: f"{name[:1]}{number}" for name in sorted(names)}, value

    def label_values(self, _label: str, _selector: str, _start: float, _end: float) -> tuple[str, ...]:
        """A value of each variable."""
        return ("shop",)


def panels() -> Iterator[tuple[str, Board, Panel, PanelData]]:
    """Every panel of ours with its data in some scenes; those that no scene has data for with any.

    A panel that reads what it reads in the healthy cluster is compared there only.
    """
    empty = {(board.uid, panel.title) for board in BOARDS for panel in board.panels if is_asked(panel)}
    sources: dict[str, Source] = {scene: scene_source(scene) for scene in SCENES}

    def is_requested(board: Board, panel: Panel, scene: str) -> bool:
        if scene not in SCENES:
            return (board.uid, panel.title) in empty
        return scene == "healthy" or not reads_the_same(board, panel, scene)

    for scene, source in {**sources, "any": AnySource()}.items():
        for board in BOARDS:
            requested = [panel for panel in board.panels if is_requested(board, panel, scene)]
            chosen = {"namespace": ["shop"]} if board.uid == "hubble-http" else {}
            opened = opening_values(board, WINDOW, source, chosen)
            for panel in requested:
                data = panel_data(panel, replace(WINDOW, width=1000), opened.values, source)
                if any(frame.length for frame in data.frames):
                    empty.discard((board.uid, panel.title))
                yield scene, board, panel, data
    assert not empty


@pytest.mark.fault("numbers, names and colors in a picture differ from those that Grafana shows")
def test_texts_of_pictures_are_those_of_grafana() -> None:
    """Every value of a stat or bar gauge, and all cells and legends, read back from the SVG of each of our panels.

    In several scenes; each panel has data in one of them, or values that no scene has.
    """
    require("node")
    requested = [(*shown, query) for shown in panels() if (query := question(*shown[2:]))]
    assert {panel.type for _, _, panel, _, _ in requested} == {"stat", "bargauge", "table", "timeseries"}
    answers = ask_grafana([query for *_, query in requested])
    for (scene, board, panel, data, _), answer in zip(requested, answers, strict=True):
        texts_drawn, wanted = drawn(panel, data), expected(panel, answer)
        if panel.type == "bargauge":  # the column of names is as wide as the one with most letters, as in Grafana
            texts_drawn["name"] = whole_names(texts_drawn["name"], wanted["name"])
        assert texts_drawn == wanted, (scene, board.uid, panel.title)


def test_sizes_of_the_grid_are_used() -> None:
    """The box above is not a size that a board has: it only leaves room for all texts."""
    assert max(panel.h * (CELL + GAP) for board in BOARDS for panel in board.panels) < BOX.height
