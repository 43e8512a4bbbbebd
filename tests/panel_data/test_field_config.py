"""A panel's field configuration: defaults, overrides in order, and what Grafana's types of panels set by themselves."""

from typing import Any

import pytest

from dashboards_py.board import Step
from dashboards_py.panel_data.field_config import configured
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame
from dashboards_py.panel_data.interpolate import written_as_is

TIME = Field(name="Time", type=FieldType.TIME, values=(1.0,), config=FieldConfig(interval=30_000))
TEXT = Field(name="node", type=FieldType.STRING, values=("a",))


def number(name: str = "Value", legend: str = "", **labels: str) -> Field:
    """A field of a number."""
    config = FieldConfig(name_from_source=legend)
    return Field(name=name, type=FieldType.NUMBER, values=(1.0,), labels=labels, config=config)


def override(matcher: str, options: Any, **properties: Any) -> dict[str, Any]:
    """An override; `custom_x` is custom.x."""
    items = [{"id": name.replace("custom_", "custom."), "value": value} for name, value in properties.items()]
    return {"matcher": {"id": matcher, "options": options}, "properties": items}


def configs(
    *overrides: dict[str, Any], kind: str = "timeseries", frames: tuple[Frame, ...] = (), **defaults: Any
) -> list[FieldConfig]:
    """The configurations of the fields of frames, by default of one with a time, a text and a number."""
    frames = frames or (Frame(fields=(TIME, TEXT, number(legend="on a", node="a")), ref="A"),)
    panel = {"type": kind, "fieldConfig": {"defaults": defaults, "overrides": list(overrides)}}
    result, problems = configured(frames, panel, written_as_is(cluster="one"))
    assert problems == ()
    return [field.config for frame in result for field in frame.fields]


def test_defaults_are_for_fields_of_their_type() -> None:
    """Limits and decimals are of numbers, mappings not of times, the rest of all; names and steps of time stay."""
    time, text, value = configs(
        unit="bytes", decimals=2, min=0, max="10", noValue=0, mappings=[{"type": "value"}], fieldMinMax=True
    )
    assert (time.unit, text.unit, value.unit) == ("bytes",) * 3
    assert (value.decimals, value.minimum, value.maximum, value.own_range) == (2, 0, 10, True)
    assert (text.decimals, text.minimum, text.maximum, text.own_range) == (None, None, None, False)
    assert (time.mappings, text.mappings) == ((), ({"type": "value"},))
    assert (value.no_value, value.name_from_source, time.interval) == ("0", "on a", 30_000)


def test_a_minimum_above_the_maximum_changes_places_with_it() -> None:
    """validateFieldConfig in Grafana's fieldOverrides.ts."""
    assert [(config.minimum, config.maximum) for config in configs(min=5, max=1)] == [
        (None, None),
        (None, None),
        (1, 5),
    ]


@pytest.mark.parametrize(
    ("kind", "color", "mode"),
    [
        ("timeseries", None, "palette-classic"),
        ("graph", None, "palette-classic"),
        ("stat", None, "thresholds"),
        ("table", None, "thresholds"),
        ("state-timeline", None, "continuous-GrYlRd"),
        ("timeseries", {"mode": "fixed", "fixedColor": "red"}, "fixed"),
        ("timeseries", {}, "thresholds"),
    ],
)
def test_colors_by_type(kind: str, color: dict[str, str] | None, mode: str) -> None:
    """What module.tsx of the type sets where the board sets nothing."""
    defaults: dict[str, Any] = {} if color is None else {"color": color}
    assert {config.color_mode for config in configs(kind=kind, **defaults)} == {mode}


def test_thresholds() -> None:
    """Green, and red from 80 on, unless the board has its own; the first step has no value, whatever it says."""
    assert configs()[2].steps == (Step(None, "green"), Step(80, "red"))
    steps = [{"color": "blue", "value": 5}, {"color": "red", "value": 90}]
    config = configs(thresholds={"mode": "percentage", "steps": steps})[2]
    assert (config.steps, config.percentage_steps) == ((Step(None, "blue"), Step(90, "red")), True)


def test_overrides_are_applied_in_order() -> None:
    """A later one wins; an empty value takes a default away; a list goes before the list that is there."""
    config = configs(
        override("byType", "number", unit="s", decimals=3, mappings=[{"type": "special"}]),
        override("byName", "on a", unit="ms", decimals=None, custom_fillOpacity=10, custom_lineStyle={"fill": "dash"}),
        override("byRegexp", "/none/", unit="m"),
        decimals=1,
        mappings=[{"type": "value"}],
        custom={"fillOpacity": 5, "lineWidth": 2},
    )[2]
    assert (config.unit, config.decimals) == ("ms", None)
    assert config.mappings == ({"type": "special"}, {"type": "value"})
    assert config.custom == {"fillOpacity": 10, "lineWidth": 2, "lineStyle": {"fill": "dash"}}


def test_a_field_that_was_renamed_is_matched_by_its_new_name() -> None:
    """displayNameOverrideProcessor in Grafana forgets the name that it knew."""
    config = configs(
        override("byFrameRefID", "A", displayName="renamed"),
        override("byName", "on a", unit="s"),
        override("byName", "renamed", decimals=4),
    )[2]
    assert (config.display_name, config.unit, config.decimals) == ("renamed", "", 4)


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("${__field.labels.node} in $cluster", "a in one"),
        ("${__field.labels}", 'node="a"'),
        ("${__field.name}: ${__field.displayName}", "Value: on a"),
        ("$none", "$none"),
    ],
)
def test_names_may_be_made_of_the_field(template: str, name: str) -> None:
    """Labels, name and the board's variables, as Grafana's __field has them."""
    assert configs(override("byName", "on a", displayName=template))[2].display_name == name


def test_names_by_transformations_are_kept() -> None:
    """A default name does not take their place, an override does."""
    renamed = Field(name="x", type=FieldType.NUMBER, values=(1.0,), config=FieldConfig(display_name="organized"))
    frames = (Frame(fields=(renamed,)),)
    assert configs(frames=frames, displayName="default")[0].display_name == "organized"
    assert configs(override("byName", "organized", displayName="new"), frames=frames)[0].display_name == "new"


def test_what_is_not_known_is_a_problem() -> None:
    """A matcher, an invalid regular expression, a property; options of the type of panel are never unknown."""
    overrides = [
        override("byMagic", 1, unit="s"),
        override("byRegexp", "/(/", unit="s"),
        override("byType", "number", custom_anything=1, links=[], size=5),
    ]
    panel = {"type": "stat", "fieldConfig": {"defaults": {}, "overrides": overrides}}
    _, problems = configured((Frame(fields=(number(),)),), panel, {})
    assert problems == (
        "an override is not applied: its matcher 'byMagic' is unknown",
        "an override is not applied: '/(/' is not a valid regular expression",
        "an override's property 'size' is unknown",
    )
