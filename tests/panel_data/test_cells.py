"""Cells of tables stand and are colored as in Grafana's table (TableNG/utils.ts and utils/colors.ts of @grafana/ui)."""

from typing import Any

import pytest

from dashboards_py.board import Step
from dashboards_py.panel_data.cells import cell, cell_options
from dashboards_py.panel_data.colors import contrast_text, text_color
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Value

STEPS = (Step(None, "green"), Step(10, "#FADE2A"), Step(20, "transparent"))


def column(custom: dict[str, Any], kind: FieldType = FieldType.NUMBER, *values: Value) -> Field:
    """A column with these options."""
    return Field(name="v", type=kind, values=values, config=FieldConfig(unit="s", steps=STEPS, custom=custom))


@pytest.mark.parametrize(
    ("custom", "kind", "align"),
    [
        ({}, FieldType.NUMBER, "right"),
        ({}, FieldType.STRING, "left"),
        ({}, FieldType.TIME, "left"),
        ({}, FieldType.BOOLEAN, "left"),
        ({"align": "auto"}, FieldType.NUMBER, "right"),
        ({"align": "center"}, FieldType.NUMBER, "center"),
        ({"align": "right"}, FieldType.STRING, "right"),
        ({"align": 7}, FieldType.NUMBER, "right"),
        ({"cellOptions": {"type": "color-text"}}, FieldType.NUMBER, "right"),
        ({"cellOptions": {"type": "gauge"}}, FieldType.NUMBER, "left"),
        ({"displayMode": "color-background-solid"}, FieldType.NUMBER, "right"),
    ],
)
def test_numbers_are_on_the_right(custom: dict[str, Any], kind: FieldType, align: str) -> None:
    """Numbers are on the right and all else on the left, unless the column says otherwise; gauges are on the left."""
    assert cell(column(custom, kind), None, dark=True).align == align


def test_colors_are_the_text_s_or_the_background_s() -> None:
    """The color of a value is that of its text, or of what is behind it; then the text is dark on what is light."""
    plain = cell(column({}), 12.0, dark=True)
    assert (plain.kind, plain.color, plain.background, str(plain.display)) == ("auto", "", "", "12 s")
    colored = cell(column({"cellOptions": {"type": "color-text"}}), 12.0, dark=True)
    assert (colored.color, colored.background) == ("#fade2a", "")
    behind = [
        cell(column({"cellOptions": {"type": "color-background"}}), value, dark=dark)
        for value, dark in ((12.0, True), (1.0, True), (25.0, True), (25.0, False))
    ]
    assert [(one.color, one.background) for one in behind] == [
        ("#202226", "#fade2a"),
        ("#f7f8fa", "#73bf69"),
        ("#f7f8fa", "#00000000"),
        ("#202226", "#ffffff00"),
    ]


def test_text_can_be_read_on_its_background() -> None:
    """Text is dark on light colors; on what can be seen through it is as on the page."""
    assert [text_color(color, dark=True) for color in ("#ffffff", "#000000", "rgba(255,255,255,0.2)")] == [
        "#202226",
        "#f7f8fa",
        "#f7f8fa",
    ]
    assert text_color("rgba(0,0,0,0.2)", dark=False) == "#202226"


@pytest.mark.fault("names of states are white on pale bars")
@pytest.mark.parametrize(
    ("background", "dark", "text"),
    [
        ("#56a64b", False, "#ffffff"),
        ("#56a64bb3", False, "#000000"),
        ("#73bf69b3", True, "#ffffff"),
        ("#fade2ab3", True, "#000000"),
    ],
)
def test_bars_of_states_have_texts_that_can_be_read(background: str, dark: bool, text: str) -> None:
    """White, unless its contrast with the bar is below three, through which one sees the panel."""
    assert contrast_text(background, dark=dark) == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lcd-gauge", {"type": "gauge", "mode": "lcd"}),
        ("gradient-gauge", {"type": "gauge", "mode": "gradient"}),
        ("basic", {"type": "gauge", "mode": "basic"}),
        ("color-background", {"type": "color-background", "mode": "gradient"}),
        ("color-background-solid", {"type": "color-background", "mode": "basic"}),
        ("color-text", {"type": "color-text"}),
        ("custom", {"type": "auto"}),
    ],
)
def test_older_boards_say_it_in_one_word(old: str, new: dict[str, str]) -> None:
    """`displayMode` of older boards is what `cellOptions` is today."""
    assert cell_options(column({"displayMode": old})) == new
