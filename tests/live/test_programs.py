"""Hubble's own code, run again: it prints what was recorded, and a real Prometheus scrapes the same from it.

The programs of `tests/oracle` must have been built; without them these tests are skipped, and no run requires them.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from dashboards_py.board import Panel
from tests.components import require
from tests.live.panel_queries import instant_query, interpolated, wait_for
from tests.live.processes import free_port, prometheus, run
from tests.live.test_recorded import BOARDS, NO_ANSWER, RESTART, UNANSWERED, mean
from tests.oracle import build
from tests.oracle.exposition import samples
from tests.recorded import text
from tests.recorded.programs import COMMANDS, VERSION, printed

SCENE = "hubble-served-one-node"
ADDED = ("instance", "job")  # by Prometheus
Labels = frozenset[tuple[str, str]]


@contextmanager
def hubble(port: int, arguments: Sequence[str], directory: Path) -> Iterator[None]:
    """Hubble's handlers on a port, with arguments such as those of a recording."""
    binary = build.home(VERSION) / "bin" / "hubble"
    command = [str(binary), "-listen", f"127.0.0.1:{port}", *arguments]
    with run(command, directory / "hubble.log", f"http://127.0.0.1:{port}/metrics"):
        yield


@contextmanager
def scraping(port: int, directory: Path) -> Iterator[str]:
    """A Prometheus that scrapes the port every second."""
    job = {"job_name": "hubble", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
    config = {"global": {"scrape_interval": "1s"}, "scrape_configs": [job]}
    (directory / "data").mkdir()
    with prometheus(directory / "data", config=yaml.safe_dump(config)) as source:
        yield source


@pytest.mark.parametrize("recording", COMMANDS)
def test_the_programs_print_the_recordings(recording: str) -> None:
    """Byte by byte: no recording was edited, and neither the programs nor our handler entries have changed since."""
    require("cilium-programs")
    assert printed(COMMANDS[recording]) == text(recording)


@pytest.mark.fault(UNANSWERED)
def test_a_scrape_of_hubble_is_the_recording(tmp_path: Path) -> None:
    """The same series, counted once for each replay of the scene; the misleading query misleads here too."""
    require("cilium-programs", "prometheus")
    port = free_port()
    with hubble(port, COMMANDS[SCENE].arguments, tmp_path), scraping(port, tmp_path) as source:
        wait_for(source, "hubble_tcp_flags_total > 6")
        time.sleep(3)
        now = time.time()
        answer = instant_query(source, '{__name__=~"hubble_.*", __name__!~"hubble_metrics_.*"}', now)
        share = instant_query(source, NO_ANSWER.replace("2m", "6s"), now)
    counted = {
        without_empty(label for label in series.labels if label[0] not in ADDED): series.values[-1][1]
        for series in answer
    }
    recorded = {
        without_empty({*sample.labels, ("__name__", sample.name)}): sample.value
        for sample in samples(text(SCENE).splitlines())
    }
    assert counted.keys() == recorded.keys()
    replays = min(math.floor(counted[labels] / value) for labels, value in recorded.items() if value)
    assert replays > 1
    for labels, value in recorded.items():  # a scrape may see part of a replay
        assert value * replays <= counted[labels] <= value * (replays + 1), labels
    assert [series.values[-1][1] for series in share] == pytest.approx([2 / 3], rel=0.1)


def without_empty(labels: Iterable[tuple[str, str]]) -> Labels:
    """Labels as Prometheus stores them, without empty ones."""
    return frozenset(label for label in labels if label[1])


@pytest.mark.fault(RESTART)
def test_a_mean_after_a_real_restart(tmp_path: Path) -> None:
    """After a restart Hubble counts as many requests of another duration: the old query gives +Inf, ours no answer."""
    require("cilium-programs", "prometheus")
    port, arguments = free_port(), COMMANDS["hubble-http"].arguments
    metric = "hubble_http_request_duration_seconds"
    with scraping(port, tmp_path) as source:
        with hubble(port, ("-once", *arguments), tmp_path):
            wait_for(source, f"count_over_time({metric}_count[1m]) > 3")
        with hubble(port, ("-once", "-slow", "4", *arguments), tmp_path):
            wait_for(source, f"resets({metric}_sum[1m]) > 0 or changes({metric}_sum[1m]) > 0")
            time.sleep(2)
            now = time.time()
            before = instant_query(source, f"max({mean(metric, ' by (method) ')})".replace("2m", "1m"), now)
            (query,) = mean_of_requests().queries
            expr = interpolated(query.expr, {"cluster": ".*", "node": ".*"}, seconds=30, hour=(now - 60, now))
            shown = instant_query(source, expr, now)
    assert f"{metric}_sum" in expr
    assert [series.values[-1][1] for series in before] == [math.inf]
    assert shown == ()


def mean_of_requests() -> Panel:
    """The panel with the mean duration of requests."""
    return next(panel for panel in BOARDS["hubble-overview"].panels if panel.title == "HTTP duration, mean")
