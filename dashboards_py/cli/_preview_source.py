"""Where `preview` has its values from: a Prometheus, or a scene of the synthetic cluster."""

import time
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from dashboards_py.cli._prometheus import prometheus_at
from dashboards_py.errors import DashboardsError
from dashboards_py.plural import counted

if TYPE_CHECKING:
    from dashboards_py.panel_data.source import Source
    from dashboards_py.shapes import Ask

# The address of a Prometheus, the file of certificates, the headers to send.
Connection = tuple[str | None, str | None, Mapping[str, str]]
SLOW_FAILURES, SLOW_SECONDS = 3, 10


def source_of(prometheus: Connection, scene: str | None, labels: Mapping[str, str]) -> "tuple[Source, float]":
    """The source of values, and what it takes for now, in Unix seconds; a scene has these other names for labels."""
    from dashboards_py import demo
    from dashboards_py.panel_data import over
    from dashboards_py.prometheus.patience import CONCURRENCY, with_pauses

    if scene is not None:
        return demo.source(scene, end=demo.END, names=labels), demo.END
    ask = prometheus_at(*prometheus)
    if ask is None:
        fix = "give --prometheus URL, or --demo for data of a synthetic cluster"
        raise DashboardsError("preview", cause="has no source of data", fix=fix)
    source, now = over(impatient(with_pauses(ask)), CONCURRENCY), time.time()
    source.instant("1", now)  # an error of the address or the credentials is one error, not one for each query
    return source, now


def impatient(ask: "Ask") -> "Ask":
    """A client that gives up when several requests in a row took long, or the server stayed busy, and failed.

    A board has up to a hundred of them. Of several at a time that fail together one counts: a request is the next in a
    row if it began after the one before had its result.
    """
    from dashboards_py.prometheus.patience import BUSY

    lock, failures, results = Lock(), 0, 0

    def ask_unless_busy(path: str, params: Mapping[str, str]) -> Any:
        nonlocal failures, results
        with lock:
            if failures >= SLOW_FAILURES:
                what = counted(failures, "request")
                cause = f"is not asked: {what} in a row timed out or were refused for now"
                raise DashboardsError("Prometheus", cause=cause)
            results_before = results
        begin, is_slow = time.monotonic(), False
        try:
            return ask(path, params)
        except DashboardsError as error:
            is_slow = time.monotonic() - begin >= SLOW_SECONDS or error.status in BUSY
            raise
        finally:
            with lock:
                if not is_slow:
                    failures, results = 0, results + 1
                elif results == results_before:
                    failures, results = failures + 1, results + 1

    return ask_unless_busy
