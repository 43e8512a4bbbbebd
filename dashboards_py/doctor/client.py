"""A client that respects the server: few requests at a time, pauses where it is busy, and an end."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dashboards_py.errors import TIMEOUT, DashboardsError
from dashboards_py.plural import counted
from dashboards_py.prometheus.answers import rows_of, whole
from dashboards_py.prometheus.patience import CONCURRENCY, with_pauses
from dashboards_py.shapes import Ask

GIVE_UP = 3  # time-outs, after which nothing more is asked
BUDGET = "budget"  # the reason of an error for a request that was not sent any more
T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Client:
    """Sends requests of a run to a Prometheus; `seconds` is how long the whole run may take.

    `notes` are the warnings of answers. Safe to use from several threads.
    """

    ask: Ask
    seconds: float = 120.0
    sleep: Callable[[float], None] = time.sleep
    notes: dict[str, None] = field(default_factory=dict)
    requests: int = 0
    _begin: float = field(default_factory=time.monotonic)
    _timeouts: int = 0
    _answers: dict[tuple[str, tuple[tuple[str, str], ...]], Future[Any]] = field(default_factory=dict)

    def get(self, path: str, params: Mapping[str, str]) -> Any:
        """The answer to a request, the same to the same one; raises DashboardsError."""
        key, own = (path, tuple(sorted(params.items()))), Future[Any]()
        future = self._answers.setdefault(key, own)
        if future is own:
            try:
                own.set_result(with_pauses(self._send, self.sleep)(path, params))
            except BaseException as error:  # others may wait for it
                own.set_exception(error)
        return future.result()

    def query(self, expr: str, moment: float) -> list[tuple[Mapping[str, str], float]]:
        """The labels and values of an instant query; a native histogram counts as NaN. Raises DashboardsError."""
        return rows_of(self.get("query", {"query": expr, "time": f"{moment:.3f}"}))

    def counts(self, expr: str, moment: float) -> list[tuple[Mapping[str, str], int]]:
        """The same of a query that counts."""
        return [(labels, whole(value)) for labels, value in self.query(expr, moment)]

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """The function of each item, several at a time, in the order of the items."""
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            return list(pool.map(function, items))

    def _send(self, path: str, params: Mapping[str, str]) -> Any:
        """One attempt of a request."""
        if time.monotonic() - self._begin > self.seconds or self._timeouts >= GIVE_UP:
            cause = f"is not asked any more: {counted(self._timeouts, 'request')} timed out"
            if self._timeouts < GIVE_UP:
                cause = f"is not asked any more after {self.seconds:g} s"
            raise DashboardsError("Prometheus", cause=cause, reason=BUDGET)
        self.requests += 1
        try:
            answer = self.ask(path, params)
        except DashboardsError as error:
            self._timeouts += error.reason == TIMEOUT
            raise
        if isinstance(answer, dict):
            self.notes.update(dict.fromkeys(answer.get("warnings") or ()))
        return answer
