"""What stats and legends show is what Grafana shows."""

from typing import Any

import pytest

from dashboards_py.board import Step
from dashboards_py.panel_data.collation import natural_key
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame
from dashboards_py.panel_data.legend import legend_rows
from dashboards_py.panel_data.shown import colors_of_overrides, shown_values
from tests.panel_data.grafana_data import Question, read_table
from tests.panel_data.grafana_json import config_of, encoded, frames_of, shown

TABLE = read_table("shown")


def our_answer(question: Question) -> Any:
    """What our code says."""
    if question["ask"] == "collated":
        return sorted(question["texts"], key=natural_key)
    frames, dark = frames_of(question), question["dark"]
    if question["ask"] == "legend":
        rows = legend_rows({"calcs": question["calcs"]}, frames, dark=dark)
        return [[row.name, row.color, [[title, shown(value)] for title, value in row.values]] for row in rows]
    values = shown_values(
        {"reduceOptions": question["reduceOptions"]},
        frames,
        dark=dark,
        defaults=config_of(question["defaults"]),
        colors_by_name=colors_of_overrides({"overrides": question["overrides"]}),
    )
    return [[value.title, shown(value.display), value.row, value.calc, encoded(value.change)] for value in values]


@pytest.mark.fault("numbers, names and colors in a picture differ from those that Grafana shows")
@pytest.mark.parametrize(("question", "answer"), TABLE, ids=range(len(TABLE)))
def test_panels_show_what_grafana_shows(question: Question, answer: Any) -> None:
    """Each value of the table has the title and the text that Grafana recorded for it."""
    assert our_answer(question) == answer


def row_names(legend: dict[str, Any], frames: tuple[Frame, ...]) -> list[str]:
    """The names of a legend's rows, in order."""
    return [row.name for row in legend_rows(legend | {"calcs": ["max", "lastNotNull"]}, frames, dark=True)]


def test_a_legend_is_sorted_as_it_says_and_leaves_out_what_is_hidden() -> None:
    """A table is sorted by a calculation or by name, series without a number as the least; a list is not sorted."""

    def series(name: str, *values: float | None, hidden: str = "") -> Frame:
        config = FieldConfig(name_from_source=name, custom={"hideFrom": {hidden: True}} if hidden else {})
        time = Field(name="Time", type=FieldType.TIME, values=tuple(range(len(values))))
        return Frame(fields=(time, Field(name="Value", type=FieldType.NUMBER, values=values, config=config)))

    frames = (
        series("node10", 1, 5),
        series("node9", 7, 2),
        series("Node 8", None, None),
        series("x", 9, hidden="legend"),
    )
    table = {"displayMode": "table", "sortBy": "Max", "sortDesc": True}
    assert row_names(table, frames) == ["node9", "node10", "Node 8"]
    assert row_names(table | {"sortDesc": False}, frames) == ["Node 8", "node10", "node9"]
    assert row_names(table | {"sortBy": "Last *"}, frames) == ["node10", "node9", "Node 8"]
    assert row_names(table | {"sortBy": "Name", "sortDesc": False}, frames) == ["Node 8", "node9", "node10"]
    assert row_names(table | {"displayMode": "list"}, frames) == ["node10", "node9", "Node 8"]
    assert [row.is_hidden for row in legend_rows({}, (series("y", 1, hidden="viz"),), dark=True)] == [True]


def test_names_of_rows_are_filled_in() -> None:
    """A display name may take texts of its row or say which calculation it is of."""
    pods = Field(name="pod", type=FieldType.STRING, values=("cilium-1", "cilium-2"))
    config = FieldConfig(display_name="$__cell_0 ${__data.fields[1]} ${__data.fields[pod]} $__calc")
    drops = Field(name="drops", type=FieldType.NUMBER, values=(1.0, 2.0), config=config)
    frames = (Frame(fields=(pods, drops)),)
    rows = shown_values({"reduceOptions": {"values": True}}, frames, dark=True)
    assert [value.title for value in rows] == ["cilium-1 1 cilium-1 $__calc", "cilium-2 2 cilium-2 $__calc"]
    reduced = shown_values({"reduceOptions": {"calcs": ["max"]}}, frames, dark=True)
    assert [value.title for value in reduced] == ["$__cell_0 ${__data.fields[1]} ${__data.fields[pod]} max"]


def test_where_there_is_no_data_the_panel_says_it() -> None:
    """Without any value there is one text: the panel's, or Grafana's."""
    assert [value.display.text for value in shown_values({}, (), dark=True)] == ["No data"]
    defaults = FieldConfig(no_value="none seen", steps=(Step(None, "green"),))
    (value,) = shown_values({}, (), dark=True, defaults=defaults)
    assert (value.display.text, value.display.color, value.field) == ("none seen", "#73bf69", None)
