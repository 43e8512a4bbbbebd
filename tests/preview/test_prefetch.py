"""Data of the next panels, fetched while one is drawn."""

from collections.abc import Callable
from threading import Barrier, Event

import pytest

from dashboards_py.preview.prefetch import prefetch

PATIENCE = 60  # seconds after which a test fails instead of waiting


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


def test_an_error_is_raised_in_place_of_its_answer() -> None:
    """What precedes the question that fails is answered, and what follows it is never begun."""

    def fail() -> str:
        raise ValueError("refused")

    answers = prefetch([lambda: "first", fail, lambda: pytest.fail("was begun")])
    assert next(answers) == "first"
    with pytest.raises(ValueError, match="refused"):
        next(answers)
    assert list(prefetch([])) == []
