"""The recorded tables are what Grafana's own code answers, and ours answers as it does beyond them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.components import require
from tests.panel_data import test_display, test_shown, test_times, test_units
from tests.panel_data.frame_questions import frame_questions, random_questions, shown_questions, table_of_shown
from tests.panel_data.grafana_data import Question, ask_grafana, read_table
from tests.panel_data.time_questions import table_of_times, time_questions
from tests.panel_data.unit_questions import spelled_out, unit_questions


@pytest.mark.parametrize(
    ("name", "questions", "others", "our_answer"),
    [
        pytest.param("frames", frame_questions(), random_questions(18, 300), test_display.our_answer, id="frames"),
        pytest.param("shown", table_of_shown(), shown_questions(20, 200), test_shown.our_answer, id="shown"),
        pytest.param("times", table_of_times(), time_questions(19, 300), test_times.our_answer, id="times"),
        pytest.param("units", unit_questions(test_units.IDS), [], None, id="units"),
    ],
)
def test_a_table_is_what_grafana_answers(
    name: str, questions: list[Question], others: list[Question], our_answer: Callable[[Question], Any]
) -> None:
    """Nobody has written an answer by hand, and our code gives Grafana's answers to questions that no table has."""
    require("node")
    table = read_table(name)
    assert [question for question, _ in table] == questions
    answers = ask_grafana([*map(spelled_out, questions), *others])
    assert answers[: len(table)] == [answer for _, answer in table]
    assert [our_answer(question) for question in others] == answers[len(table) :]
