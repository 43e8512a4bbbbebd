"""Data of the next panels, fetched while one is drawn."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Event

import pytest

from dashboards_py.board import read
from dashboards_py.cli._changed_panels import changed_panels
from dashboards_py.panel_data.source import Series
from dashboards_py.preview.draw import draw_changes
from dashboards_py.preview.picture import PictureOptions
from dashboards_py.preview.prefetch import LOOKAHEAD, prefetch
from tests.preview.panels import WINDOW, Source
from tests.preview.svg import texts

PATIENCE = 60  # seconds after which a test fails instead of waiting
STAT = {"id": 1, "type": "stat", "title": "Agents"}


def test_the_next_question_is_executed_while_an_answer_is_used() -> None:
    """The source works on the second answer while the first one is drawn, and on the third only after that."""
    begun = [Event() for _ in range(3)]

    def question(number: int) -> Callable[[], int]:
        def execute() -> int:
            begun[number].set()
            return number

        return execute

    answers = prefetch([question(number) for number in range(3)])
    assert next(answers) == 0
    assert begun[1].wait(PATIENCE)
    assert not begun[2].is_set()
    assert list(answers) == [1, 2]


def test_several_questions_are_executed_at_once() -> None:
    """Two by two, as each waits for another one; their answers are in order."""
    pairs = Barrier(2)

    def question(number: int) -> Callable[[], int]:
        def execute() -> int:
            pairs.wait(PATIENCE)
            return number

        return execute

    assert list(prefetch([question(number) for number in range(20)], at_once=2)) == list(range(20))


def test_no_more_are_executed_at_once_than_the_source_takes() -> None:
    """Also while others wait to be executed."""
    running, most = set[int](), list[int]()

    def question(number: int) -> Callable[[], int]:
        def execute() -> int:
            running.add(number)
            most.append(len(running))
            Event().wait(0.001)
            running.discard(number)
            return number

        return execute

    assert list(prefetch([question(number) for number in range(12)], at_once=3)) == list(range(12))
    assert 1 < max(most) <= 3


def test_what_takes_long_is_begun_first() -> None:
    """Its answer comes in its turn."""
    order: list[int] = []

    def question(number: int) -> Callable[[], int]:
        def execute() -> int:
            order.append(number)
            return number

        return execute

    answers = prefetch([question(number) for number in range(9)], at_once=2, early=[7, 4])
    assert list(answers) == list(range(9))
    assert {7, 4} <= {*order[:5]}
    assert sorted(order) == list(range(9))


@pytest.mark.fault("the answers of a whole board wait in memory while its first panel is drawn")
@pytest.mark.parametrize(("at_once", "early"), [(1, ()), (2, (90, 91))])
def test_few_answers_wait_to_be_used(monkeypatch: pytest.MonkeyPatch, at_once: int, early: tuple[int, ...]) -> None:
    """Where each question is answered at once, as many are begun as may be."""

    class Immediate:
        def __init__(self, target: Callable[[], None], daemon: bool) -> None:
            assert daemon
            self.start = target

    monkeypatch.setattr("dashboards_py.preview.prefetch.Thread", Immediate)
    begun: list[int] = []
    most = LOOKAHEAD * at_once + len(early) if at_once > 1 else 1
    questions = [partial(begun.append, number) for number in range(100)]
    waiting = [len(begun) - used for used, _ in enumerate(prefetch(questions, at_once, early), start=1)]
    assert set(waiting[: 100 - most]) == {most}
    assert len(begun) == 100


def test_an_error_is_raised_in_place_of_its_answer() -> None:
    """What precedes the question that fails is answered, and what follows it is never begun."""

    def fail() -> str:
        raise ValueError("refused")

    answers = prefetch([lambda: "first", fail, lambda: pytest.fail("was begun")])
    assert next(answers) == "first"
    with pytest.raises(ValueError, match="refused"):
        next(answers)
    assert list(prefetch([])) == []


@pytest.mark.fault("pictures of changed panels wait for one answer after the other")
def test_both_versions_of_a_panel_are_asked_for_at_once() -> None:
    """Each query waits for another one; the older version is on the left."""
    pairs = Barrier(2)

    class Slow(Source):
        concurrency = 2

        def range(self, expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
            pairs.wait(PATIENCE)
            return Source({"a": [float(expr)]}).range(expr, start, end, step)

    old, new = (
        read({"schemaVersion": 41, "panels": [{**STAT, "targets": [{"refId": "A", "expr": expr}]}]})
        for expr in ("11", "22")
    )
    drawn = draw_changes(changed_panels(old, new), new, Slow({}), PictureOptions(window=WINDOW), {})
    assert texts(drawn.svg)["value"] == ["11", "22"]
