"""The recorded tables are what Grafana's own code answers, and ours answers as it does beyond them."""

from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any

import pytest

from tests.components import require
from tests.panel_data import test_display, test_intervals, test_shown, test_times, test_units
from tests.panel_data.frame_questions import frame_questions, random_questions, shown_questions, table_of_shown
from tests.panel_data.grafana_data import Question, ask_grafana, read_table
from tests.panel_data.interval_questions import interval_questions, table_of_intervals
from tests.panel_data.time_questions import table_of_times, time_questions
from tests.panel_data.unit_questions import spelled_out, unit_questions

# Of each table: its questions, others that no table has, and what our code answers.
TABLES: dict[str, tuple[list[Question], list[Question], Callable[[Question], Any]]] = {
    "frames": (frame_questions(), random_questions(18, 300), test_display.our_answer),
    "intervals": (table_of_intervals(), interval_questions(22, 100), test_intervals.our_answer),
    "shown": (table_of_shown(), shown_questions(20, 200), test_shown.our_answer),
    "times": (table_of_times(), time_questions(19, 300), test_times.our_answer),
    "units": (unit_questions(test_units.IDS), [], lambda _: None),
}


@cache
def answers_of_grafana() -> dict[str, list[Any]]:
    """Grafana's answers to the questions of each table, and then to the others: Node starts once for all."""
    queries = {name: [*map(spelled_out, questions), *others] for name, (questions, others, _) in TABLES.items()}
    answers = iter(ask_grafana([question for questions in queries.values() for question in questions]))
    return {name: list(islice(answers, len(questions))) for name, questions in queries.items()}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_what_grafana_answers(name: str) -> None:
    """Nobody has written an answer by hand, and our code gives Grafana's answers to questions that no table has."""
    require("node")
    questions, others, our_answer = TABLES[name]
    table = read_table(name)
    assert [question for question, _ in table] == questions
    answers = answers_of_grafana()[name]
    assert answers[: len(table)] == [answer for _, answer in table]
    assert [our_answer(question) for question in others] == answers[len(table) :]
