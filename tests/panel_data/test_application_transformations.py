"""Transformations that are in Grafana's application, and so not on npm: expected by the tests beside their sources.

The sources are public/app/features/transformers in Grafana's repository.
"""

from typing import Any

import pytest

from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame
from dashboards_py.panel_data.transformations import transformed

APPLICATION = ("join_by_labels", "partition_by_values", "prepare_time_series")
Columns = dict[str, tuple[Any, ...]]


def frame(ref: str = "A", labels: dict[str, str] | None = None, **columns: tuple[Any, ...]) -> Frame:
    """A frame; `time` is a time, and numbers have the labels."""
    fields = []
    for name, values in columns.items():
        is_text = isinstance(values[0], str)
        kind = FieldType.TIME if name == "time" else FieldType.STRING if is_text else FieldType.NUMBER
        of_field = labels if labels and kind is FieldType.NUMBER else {}
        fields.append(Field(name=name, type=kind, values=values, labels=of_field))
    return Frame(fields=tuple(fields), ref=ref)


def after(name: str, *frames: Frame, **options: Any) -> list[tuple[Columns, dict[str, dict[str, str]]]]:
    """The columns and the labels of each frame after a transformation."""
    result, problems = transformed(frames, {"transformations": [{"id": name, "options": options}]}, {})
    assert problems == ()
    return [
        (
            {field.name: field.values for field in frame.fields},
            {field.name: dict(field.labels) for field in frame.fields if field.labels},
        )
        for frame in result
    ]


def test_wide_series() -> None:
    """Joined by time, each column with its labels."""
    first, second = frame(labels={"a": "1"}, time=(1, 2), x=(10, 20)), frame(time=(2, 3), y=(200, 300))
    assert after("prepareTimeSeries", first, second, format="wide") == [
        ({"time": (1, 2, 3), "x": (10, 20, None), "y": (None, 200, 300)}, {"x": {"a": "1"}})
    ]
    assert after("prepareTimeSeries", frame(x=(3, 4), time=(2, 1)), format="wide") == [
        ({"time": (1, 2), "x": (4, 3)}, {})
    ]


def test_several_series() -> None:
    """A frame for each column and set of labels; texts in rows become labels."""
    wide = frame(time=(2, 1), text=("a", "b"), speed=(10, 20), light=(1, 2))
    assert after("prepareTimeSeries", wide, format="multi") == [
        ({"time": (1,), "light": (2,)}, {"light": {"text": "b"}}),
        ({"time": (2,), "light": (1,)}, {"light": {"text": "a"}}),
        ({"time": (1,), "speed": (20,)}, {"speed": {"text": "b"}}),
        ({"time": (2,), "speed": (10,)}, {"speed": {"text": "a"}}),
    ]
    labelled = frame(labels={"node": "n"}, time=(1, 2), Value=(10, 20))
    assert after("prepareTimeSeries", labelled, frame(x=(1,)), format="many") == [
        ({"time": (1, 2), "Value": (10, 20)}, {"Value": {"node": "n"}})
    ]


def test_long_series() -> None:
    """Labels are columns of texts."""
    labelled = frame(labels={"node": "n"}, time=(2, 1), Value=(10, 20))
    assert after("prepareTimeSeries", labelled, format="long") == [
        ({"time": (1, 2), "Value": (20, 10), "node": ("n", "n")}, {})
    ]


def test_an_unknown_shape_is_a_problem() -> None:
    """The frames stay as they are."""
    frames = (frame(time=(1,), x=(1,)),)
    options = {"transformations": [{"id": "prepareTimeSeries", "options": {"format": "tall"}}]}
    problem = "transformation prepareTimeSeries is not applied: its format 'tall' is unknown"
    assert transformed(frames, options, {}) == (frames, (problem,))


def test_joined_labels() -> None:
    """A row for each set of the other labels, a column for each value of the label."""
    series = [
        frame(labels={"what": what, "cluster": cluster, "job": "x"}, v=values)
        for what, cluster, values in (("Temp", "A", (10, 200)), ("Temp", "B", (20,)), ("Speed", "B", (22,)))
    ]
    assert after("joinByLabels", *series, value="what") == [
        (
            {"cluster": ("A", "A", "B"), "job": ("x",) * 3, "Temp": (10, 200, 20), "Speed": (None, None, 22)},
            {},
        )
    ]
    assert after("joinByLabels", *series, value="what", join=["job"]) == [
        ({"job": ("x",) * 3, "Temp": (10, 200, 20), "Speed": (22, None, None)}, {})
    ]


@pytest.mark.parametrize(
    ("naming", "expected"),
    [
        ({}, [("", {"model": "E1"}), ("", {"model": "E2"})]),
        ({"asLabels": False}, [("E1", {}), ("E2", {})]),
        ({"asLabels": False, "withNames": True}, [("model=E1", {}), ("model=E2", {})]),
    ],
)
def test_partitions(naming: dict[str, Any], expected: list[tuple[str, dict[str, str]]]) -> None:
    """A frame for each value, which is a label or the frame's name."""
    data = frame(time=(1, 2, 3), model=("E1", "E2", "E1"), speed=(10, 20, 30))
    options = {"fields": ["model"], "naming": naming}
    result, _ = transformed((data,), {"transformations": [{"id": "partitionByValues", "options": options}]}, {})
    assert [(part.name, dict(part.fields[-1].labels)) for part in result] == expected
    assert [part.fields[-1].values for part in result] == [(10, 30), (20,)]
    assert [[field.name for field in part.fields] for part in result] == [["time", "speed"]] * 2


def test_partitions_of_several_fields_and_of_renamed_ones() -> None:
    """By the first, then by the second; a name that was given is shown with what tells the parts apart."""
    data = frame(a=("x", "y", "x", "x"), b=("1", "1", "2", "1"), v=(1, 2, 3, 4))
    named = Field(name="v", type=FieldType.NUMBER, values=(1, 2, 3, 4), config=FieldConfig(display_name="speed"))
    data = Frame(fields=(*data.fields[:2], named))
    options = {"fields": ["a", "b"], "keepFields": True}
    result, _ = transformed((data,), {"transformations": [{"id": "partitionByValues", "options": options}]}, {})
    assert [part.fields[2].values for part in result] == [(1, 4), (3,), (2,)]
    assert [part.fields[2].config.display_name for part in result] == [
        f'speed {{a="{a}", b="{b}"}}' for a, b in (("x", "1"), ("x", "2"), ("y", "1"))
    ]
