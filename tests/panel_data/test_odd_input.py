"""Nothing that a board, or a query's answer, can hold makes the display of its values fail."""

import re
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dashboards_py.board import Step
from dashboards_py.panel_data.cells import cell
from dashboards_py.panel_data.colors import field_color, named_color
from dashboards_py.panel_data.display import display, displayer
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame
from dashboards_py.panel_data.legend import legend_rows
from dashboards_py.panel_data.limits import numbered
from dashboards_py.panel_data.shown import colors_of_overrides, shown_values
from dashboards_py.panel_data.units import UNITS, Clock, format_value

COLOR = re.compile(r"#[0-9a-f]{6}([0-9a-f]{2})?")
WORDS = (
    *(
        "value",
        "range",
        "regex",
        "special",
        "null",
        "nan",
        "text",
        "color",
        "red",
        "/a(b)?/g",
        "$1$&$<n>",
        "thresholds",
    ),
    *(
        "continuous-GrYlRd",
        "palette-classic-by-name",
        "shades",
        "last",
        "p95",
        "mean",
        "Name",
        "table",
        "viz",
        "byName",
    ),
    *("bytes", "s", "time:YYYY", "dateTimeFromNow", "bool:a/b", "si:", "currency:financial:", "${__cell_0}", "$__calc"),
)
TEXTS = st.sampled_from(WORDS) | st.text(max_size=12)
NUMBERS = st.floats() | st.integers(-(10**400), 10**400) | st.integers(-3, 100)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
KEYS = st.sampled_from(
    [
        *(
            "type",
            "options",
            "match",
            "result",
            "text",
            "color",
            "pattern",
            "from",
            "to",
            "reduceOptions",
            "calcs",
            "fields",
        ),
        *("values", "limit", "legend", "sortBy", "sortDesc", "displayMode", "cellOptions", "align", "hideFrom", "viz"),
        *("overrides", "matcher", "properties", "id", "value", "fixedColor", "1", "0"),
    ]
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | TEXTS, inner, max_size=4), max_leaves=12
)
OBJECTS = st.dictionaries(KEYS | TEXTS, JSON, max_size=6)
MAPPINGS = st.fixed_dictionaries({"type": TEXTS, "options": OBJECTS}) | OBJECTS
CONFIGS = st.builds(
    FieldConfig,
    unit=TEXTS,
    decimals=st.none() | st.integers(-5, 120),
    minimum=st.none() | st.floats(allow_nan=False),
    maximum=st.none() | st.floats(allow_nan=False),
    no_value=TEXTS,
    display_name=TEXTS,
    name_from_source=TEXTS,
    steps=st.lists(st.builds(Step, st.none() | st.floats(), TEXTS), max_size=3).map(tuple),
    percentage_steps=st.booleans(),
    color_mode=TEXTS,
    fixed_color=TEXTS,
    color_by=TEXTS,
    mappings=st.lists(MAPPINGS, max_size=3).map(tuple),
    custom=OBJECTS,
    own_range=st.booleans(),
)
VALUES = st.lists(
    st.none() | st.booleans() | st.floats() | st.integers(-(2**60), 2**60) | TEXTS, min_size=2, max_size=2
).map(tuple)
FIELDS = st.builds(
    Field,
    name=TEXTS,
    type=st.sampled_from(list(FieldType)),
    values=VALUES,
    labels=st.dictionaries(TEXTS, TEXTS, max_size=2),
    config=CONFIGS,
)
FRAMES = st.lists(st.builds(Frame, fields=st.lists(FIELDS, max_size=3).map(tuple), name=TEXTS), max_size=2).map(tuple)
CLOCKS = st.builds(
    Clock,
    now=st.floats(),
    zone=st.sampled_from([UTC, ZoneInfo("Asia/Kolkata")]),
    milliseconds=st.booleans(),
)


@given(FIELDS, st.booleans(), CLOCKS, st.none() | st.integers(-3, 120))
def test_a_field_is_drawn_whatever_it_holds(field: Field, dark: bool, clock: Clock, decimals: int | None) -> None:
    """Texts and colors of any values with any options: a color is always one that SVG knows."""
    for value in (*field.values, None, True, "x", 1.5):
        shown = display(field, value, dark=dark, clock=clock)
        assert COLOR.fullmatch(shown.color), shown
        assert isinstance(str(shown), str)
        assert displayer(field, dark=dark, clock=clock, decimals=decimals)(value).number is not None
        assert cell(field, value, dark=dark).display.color
    assert COLOR.fullmatch(field_color(field, dark=dark))


@given(FRAMES, OBJECTS, OBJECTS, st.booleans())
def test_panels_show_something_whatever_their_options(
    frames: tuple[Frame, ...], options: dict[str, Any], legend: dict[str, Any], dark: bool
) -> None:
    """Stats and legends of any frames with any options."""
    numbered_frames = numbered(frames)
    for calcs in (
        {},
        {"reduceOptions": {"values": True, "fields": "/./"}},
        {"reduceOptions": {"calcs": ["p1", "last"]}},
    ):
        colors = colors_of_overrides(options)
        values = shown_values(options | calcs, numbered_frames, dark=dark, colors_by_name=colors)
        assert values
        assert all(COLOR.fullmatch(value.display.color) for value in values)
    rows = legend_rows(legend | {"calcs": ["max", "lastNotNull", "allValues"]}, numbered_frames, dark=dark)
    assert all(COLOR.fullmatch(row.color) for row in rows)


@given(TEXTS | st.sampled_from(sorted(UNITS)), st.none() | st.floats(), st.none() | st.integers(-400, 400), CLOCKS)
def test_any_number_has_a_text_in_any_unit(unit: str, value: float | None, decimals: int | None, clock: Clock) -> None:
    """No unit, number or count of decimals is too odd."""
    assert isinstance(format_value(unit, value, decimals, clock=clock).text, str)


@given(st.text())
def test_any_text_is_a_color(name: str) -> None:
    """A text that names no color is black."""
    assert COLOR.fullmatch(named_color(name, dark=True))
