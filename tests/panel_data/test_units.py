"""Numbers are written as Grafana writes them, in each of its units."""

from collections.abc import Iterator
from typing import get_args

import pytest

from dashboards_py.model.unit import Unit
from dashboards_py.panel_data.units import UNITS, Clock, format_value
from tests.panel_data.grafana_data import Question, read_table
from tests.panel_data.unit_questions import spelled_out

TABLE = read_table("units")
IDS: list[str] = TABLE[0][1]
FORMATS = TABLE[1:]


def number(value: object) -> float | None:
    """A number of a question."""
    return None if value is None else float(str(value))


def differences(question: Question, answers: list[str]) -> Iterator[tuple[object, str, str]]:
    """The numbers that we write in another way, with our text and Grafana's."""
    clock = Clock(now=question.get("now", 0), milliseconds=question.get("milliseconds", False))
    for value, answer in zip(spelled_out(question)["numbers"], answers, strict=True):
        shown = format_value(question["unit"], number(value), question["decimals"], clock=clock)
        text = f"{shown.prefix}|{shown.text}|{shown.suffix}"
        # Where Grafana's code fails, ours writes something.
        if text != answer and answer != "RangeError":
            yield value, text, answer


@pytest.mark.fault("numbers, names and colors in a picture differ from those that Grafana shows")
@pytest.mark.parametrize(
    ("question", "answers"), FORMATS, ids=[f"{question['unit']}-{question['decimals']}" for question, _ in FORMATS]
)
def test_numbers_read_as_in_grafana(question: Question, answers: list[str]) -> None:
    """Each number of the table has the text that Grafana recorded for it."""
    assert list(differences(question, answers)) == []


def test_every_unit_of_grafana_is_known() -> None:
    """No unit of Grafana's list is taken for a text of the user's, and the table has each."""
    assert set(IDS) - set(UNITS) == set()
    assert set(IDS) - {question["unit"] for question, _ in FORMATS} == set()


def test_the_table_has_every_unit_of_our_boards() -> None:
    """Units that our style offers are Grafana's, and recorded; `count:` takes any text, so that one stands for all."""
    recorded = {*IDS, *(question["unit"] for question, _ in FORMATS)}
    assert {unit for unit in get_args(Unit) if not unit.startswith("count:")} - recorded == set()
    assert "count:flows" in recorded
