"""Results of functions of queries, remembered for all that reads the same query, as each rule of lint does.

A file may have a hundred thousand queries, and a directory thousands of files: all is remembered while one file is
read, and forgotten before another one as soon as it is much.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result", covariant=True)
Subject = TypeVar("Subject")
REMEMBERED = 131_072  # results of a function: more queries than the largest file has
MANY = 2_048  # results of a function, which may take 70 MB


class Remembered(Protocol[Result]):
    """A function that remembers its results."""

    def __call__(self, *args: Any, **kwargs: Any) -> Result:
        """The result, as remembered."""

    def cache_info(self) -> Any:
        """The number of results, and how often they were of use, as functools counts them."""

    def cache_clear(self) -> None:
        """Forget all results."""


def remember_latest(function: Callable[[Subject], Result]) -> Callable[[Subject], Result]:
    """Remember the result for the latest argument, by its identity: what all rules ask of the board that they judge."""
    latest: tuple[Subject, Result] | None = None

    def result(subject: Subject) -> Result:
        nonlocal latest
        known = latest  # of another thread as well
        if known is None or known[0] is not subject:
            known = latest = subject, function(subject)
        return known[1]

    return result


_remembered: list[Remembered[object]] = []


def remember(function: Callable[..., Result]) -> Remembered[Result]:
    """Remember the results of a function of queries, or of nodes, which are hashed by their identity."""
    remembered: Remembered[Result] = lru_cache(maxsize=REMEMBERED)(function)
    _remembered.append(remembered)
    return remembered


def forget_queries() -> None:
    """Forget all results if there are many."""
    if any(remembered.cache_info().currsize > MANY for remembered in _remembered):
        for remembered in _remembered:
            remembered.cache_clear()
