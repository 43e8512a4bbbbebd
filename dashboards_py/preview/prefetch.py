"""Fetch what the next panel shows while one is drawn."""

from collections.abc import Callable, Iterable, Iterator
from threading import Thread
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


def prefetch(questions: Iterable[Callable[[], Answer]]) -> Iterator[Answer]:
    """The answers in order; the next question is executed in a thread while an answer is used.

    One at a time: a source collects remarks on its latest answers. An error is raised in place of its answer.
    """
    running: _Running[Answer] | None = None
    for question in questions:
        answers = [running.answer()] if running else []
        running = _Running(question)
        yield from answers
    if running:
        yield running.answer()


class _Running(Generic[Answer]):
    """A question in a thread, which does not outlive the program: Ctrl-C may end it."""

    def __init__(self, question: Callable[[], Answer]) -> None:
        self._question = question
        self._answers: list[Answer] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._execute, daemon=True)
        self._thread.start()

    def answer(self) -> Answer:
        self._thread.join()
        if self._error:
            raise self._error
        return self._answers[0]

    def _execute(self) -> None:
        try:
            self._answers.append(self._question())
        except BaseException as error:  # raised where the answer is used
            self._error = error
