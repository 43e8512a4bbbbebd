"""Fetch what the next panels show while one is drawn."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from threading import Semaphore, Thread
from typing import TypeVar

Answer = TypeVar("Answer")
LOOKAHEAD = 8  # times as many answers wait to be used as questions are executed: one may take as long as ten others


def prefetch(questions: Iterable[Callable[[], Answer]], at_once: int = 1) -> Iterator[Answer]:
    """The answers in order; of the next questions `at_once` are executed in threads while an answer is used.

    An error is raised in place of its answer; with one question at a time no later one has been begun then.
    """
    slots, running = Semaphore(at_once), deque[Future[Answer]]()
    most = 1 if at_once == 1 else LOOKAHEAD * at_once
    for question in questions:
        answers = [running.popleft().result()] if len(running) >= most else []
        running.append(_begun(question, slots))
        yield from answers
    while running:
        yield running.popleft().result()


def _begun(question: Callable[[], Answer], slots: Semaphore) -> Future[Answer]:
    """The answer to a question that a thread executes, which does not outlive the program: Ctrl-C may end it."""
    future = Future[Answer]()

    def execute() -> None:
        with slots:
            try:
                future.set_result(question())
            except BaseException as error:  # raised where the answer is used
                future.set_exception(error)

    Thread(target=execute, daemon=True).start()
    return future
