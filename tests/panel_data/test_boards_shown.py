"""What all boards show, ours and upstream's, is what Grafana's own code makes of the same frames."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from dashboards_py.board import Board, Panel, read
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.panel_data import Series, opening_values, panel_data
from dashboards_py.panel_data.cells import cells_of
from dashboards_py.panel_data.frame import FieldType, Frame, Window
from tests.components import path_of, require
from tests.panel_data.grafana_data import Question, ask_grafana
from tests.panel_data.grafana_json import frame_json
from tests.panel_data.known_series import Known
from tests.panel_data.test_display import our_answer as our_fields
from tests.panel_data.test_shown import our_answer as our_values

MINUTES = Window(begin=1767227400.0, end=1767227700.0)
LABELS = ("cluster", "node", "le", "reason", "destination_namespace", "destination_app", "source_app", "status")
VALUES = (0.0, 1.0, 0.0042, 97.3, 1234.5678, 5.3e9, float("nan"), 1e-7, 80.0, 0.999, float("inf"))


def answer(expr: str, times: tuple[float, ...]) -> tuple[Series, ...]:
    """Four series for any query, with numbers of all sizes that differ from query to query."""
    start = sum(map(ord, expr))
    return tuple(
        Series(
            {label: f"{label}-{number}" for label in LABELS} | {"le": str(2.0**number)},
            tuple((time, VALUES[(start + 3 * number + index) % len(VALUES)]) for index, time in enumerate(times)),
        )
        for number in range(4)
    )


def questions(board: Board) -> Iterator[Question]:
    """The questions about a board: the fields of each panel, and its values or its legend."""
    source = Known(answer, {"node": ("node-1",), "cluster": ("one",)})
    opened = opening_values(board, MINUTES, source)
    for panel in board.panels:
        frames = panel_data(panel, MINUTES, opened.values, source).frames
        if frames and panel.type != "heatmap":
            yield from panel_questions(panel, frames)


def panel_questions(panel: Panel, frames: Sequence[Frame]) -> Iterator[Question]:
    """The questions of a panel."""
    common = {"dark": len(panel.title) % 2 == 0, "frames": [frame_json(frame) for frame in frames]}
    options = panel.raw.get("options", {})
    yield {"ask": "frames", **common}
    if "reduceOptions" in options:
        yield {"ask": "shown", "reduceOptions": options["reduceOptions"], "defaults": {}, "overrides": [], **common}
    if calcs := options.get("legend", {}).get("calcs"):
        yield {"ask": "legend", "calcs": calcs, **common}


def differences(boards: Sequence[Board]) -> list[tuple[Question, Any, Any]]:
    """The questions that our code answers in another way, with both answers."""
    table = [question for board in boards for question in questions(board)]
    assert table
    answers = [our_fields(question) if question["ask"] == "frames" else our_values(question) for question in table]
    return [
        (question, our, grafana)
        for question, our, grafana in zip(table, answers, ask_grafana(table), strict=True)
        if our != grafana
    ]


@pytest.mark.fault("numbers, names and colors in a picture differ from those that Grafana shows")
def test_our_boards_show_what_grafana_shows() -> None:
    """Each field, value, name, color and legend of each panel, on the newest Cilium."""
    require("node")
    assert differences([read(board.json) for board in compile_boards(NEWEST)]) == []


@pytest.mark.fault("numbers, names and colors in a picture differ from those that Grafana shows")
def test_cilium_s_own_boards_show_what_grafana_shows() -> None:
    """The same of upstream's boards."""
    require("node")
    paths = sorted(path_of("upstream-boards").rglob("*.json"))
    assert differences([read(path.read_text(encoding="utf-8")) for path in paths]) == []


def test_numbers_of_our_tables_are_on_the_right() -> None:
    """Every cell of every table has a text; those of numbers are on the right."""
    tables = 0
    for compiled in compile_boards(NEWEST):
        board = read(compiled.json)
        source = Known(answer, {"node": ("node-1",), "cluster": ("one",)})
        opened = opening_values(board, MINUTES, source)
        for panel in board.panels:
            if panel.type == "table":
                tables += 1
                for frame in panel_data(panel, MINUTES, opened.values, source).frames:
                    for field in frame.fields:
                        cells = [cells_of(field, dark=True)(value) for value in field.values]
                        assert all(str(cell.display) for cell in cells), (panel.title, field.name)
                        if field.type is FieldType.NUMBER:
                            assert {cell.align for cell in cells} == {"right"}
    assert tables
