"""Names, colors and texts of fields are those of Grafana, whatever their options."""

from typing import Any

import pytest

from dashboards_py.panel_data.colors import field_color, named_color
from dashboards_py.panel_data.display import displayer
from dashboards_py.panel_data.names import Names
from tests.panel_data.grafana_data import Question, read_table
from tests.panel_data.grafana_json import encoded, frames_of, shown

TABLE = read_table("frames")


def our_answer(question: Question) -> Any:
    """What our code says."""
    if question["ask"] == "colors":
        return [named_color(name, dark=question["dark"]) for name in question["names"]]
    frames = frames_of(question)
    if question["ask"] == "axis":
        show = displayer(frames[0].fields[0], dark=True, decimals=question["decimals"])
        displays = (show(value) for value in frames[0].fields[0].values)
        return [f"{display.prefix}|{display.text}|{display.suffix}" for display in displays]
    names, dark = Names(frames), question["dark"]
    answers = []
    for frame in frames:
        for field in frame.fields:
            name = names.of(field, frame)
            show = displayer(field, dark=dark, name=name)
            answers.append(
                {
                    "name": name,
                    "index": field.index,
                    "range": [encoded(field.limits.least), encoded(field.limits.most)] if field.limits else None,
                    "color": field_color(field, dark=dark, name=name),
                    "values": [shown(show(value)) for value in field.values],
                }
            )
    return answers


@pytest.mark.fault("numbers, names and colors in a picture differ from those that Grafana shows")
@pytest.mark.parametrize(("question", "answer"), TABLE, ids=range(len(TABLE)))
def test_fields_read_as_in_grafana(question: Question, answer: Any) -> None:
    """Each field of the table has the name, the color and the values that Grafana recorded for it."""
    assert our_answer(question) == answer
