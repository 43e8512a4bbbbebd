"""Fetch what the next panels show while one is drawn."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from threading import Semaphore, Thread
from typing import TypeVar

Answer = TypeVar("Answer")
LOOKAHEAD = 8  # times as many answers wait to be used as questions are executed: one may take as long as ten others


def prefetch(
    questions: Sequence[Callable[[], Answer]], at_once: int = 1, early: Collection[int] = ()
) -> Iterator[Answer]:
    """The answers in order; of the next questions `at_once` are executed in threads while an answer is used.

    `early` are the indices of those to begin with, which may take longest. An error is raised in place of its answer;
    with one question at a time no later one has been begun then.
    """
    slots, begun, most = Semaphore(at_once), dict[int, Future[Answer]](), 1
    pending = iter(range(len(questions)))
    if at_once > 1:
        pending = iter([*early, *(index for index in pending if index not in early)])
        most = LOOKAHEAD * at_once + len(early)

    def begin() -> None:
        while len(begun) < most and (index := next(pending, None)) is not None:
            begun[index] = _begun(questions[index], slots)

    begin()
    for index in range(len(questions)):
        answer = begun.pop(index).result()
        begin()
        yield answer


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
