"""How far apart a panel's points are: as Grafana's own code says for every number of points."""

import pytest

from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.steps import interval_of, interval_text, milliseconds
from tests.panel_data.grafana_data import Question, read_table

TABLE = read_table("intervals")


def our_answer(question: Question) -> list[list[str | float]]:
    """The intervals of a question."""
    answers: list[list[str | float]] = []
    for begin, end, points, lowest in question["ranges"]:
        interval = interval_of(Window(begin=begin, end=end), points, milliseconds(lowest))
        answers.append([interval_text(interval), float(interval)])
    return answers


@pytest.mark.parametrize(("question", "answer"), TABLE, ids=range(len(TABLE)))
def test_intervals_are_those_of_grafana(question: Question, answer: list[list[str | float]]) -> None:
    """The interval follows from the range, the number of points and the lowest interval, whatever the panel is."""
    assert our_answer(question) == answer
