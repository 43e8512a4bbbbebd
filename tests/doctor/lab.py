"""Real Prometheus servers that scrape worlds, some started ahead of the test that examines them."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from dashboards_py.catalog import Release
from dashboards_py.doctor import Client, Condition, Report, examine
from dashboards_py.prometheus import answer_data
from dashboards_py.shapes import Ask
from tests.doctor.fault import Fault
from tests.doctor.worlds import World, configuration, served
from tests.live.processes import prometheus

WARM = 11.0  # seconds of scraping before a world is examined: a rate's window and what stops after 5 s
TRIES = 4
STARTED_EARLY = 4  # servers that scrape while another is examined: with more each scrapes for longer than it must


@dataclass
class Lab:
    """The servers of worlds; `address` is where the worlds answer."""

    address: str
    directory: Path
    queue: list[tuple[World, tuple[str, ...]]]
    running: dict[str, tuple[str, float, ExitStack]] = field(default_factory=dict)
    binary: str = "prometheus"

    def examined(self, fault: Fault, is_right: Callable[[Report], bool]) -> Report:
        """What doctor finds in the world of a fault, whose server ends then.

        On a busy machine scrapes are late: what is not right is examined again, some seconds later.
        """
        url = self.url(fault.world, tuple(fault.data.get("options", ())))
        try:
            for _ in range(TRIES):
                result = examined(url, fault)
                if is_right(result):
                    break
                time.sleep(WARM / 2)
            return result
        finally:
            self.stop(fault.world)

    def url(self, world: World, options: Sequence[str] = ()) -> str:
        """The address of the world's Prometheus, once it has scraped for long enough."""
        self.queue = [(other, own) for other, own in self.queue if other.name != world.name]
        self._start(world, options)
        while len(self.running) <= STARTED_EARLY and self.queue:
            self._start(*self.queue.pop(0))
        url, since, _ = self.running[world.name]
        time.sleep(max(0.0, since + WARM - time.monotonic()))
        return url

    def stop(self, world: World) -> None:
        """End the world's Prometheus."""
        _, _, stack = self.running.pop(world.name)
        stack.close()

    def _start(self, world: World, options: Sequence[str]) -> None:
        if world.name in self.running:
            return
        data = self.directory / world.name / "data"
        data.mkdir(parents=True)
        stack = ExitStack()
        config = yaml.safe_dump(configuration(world, self.address))
        url = stack.enter_context(prometheus(data, self.binary, config, options))
        self.running[world.name] = (url, time.monotonic(), stack)


@contextmanager
def lab(directory: Path, faults: Sequence[Fault], binary: str = "prometheus") -> Iterator[Lab]:
    """The laboratory of some faults, in their order, with servers of a binary."""
    worlds = [(fault.world, tuple(fault.data.get("options", ()))) for fault in faults]
    with served([world for world, _ in worlds]) as address:
        laboratory = Lab(address, directory, worlds, binary=binary)
        try:
            yield laboratory
        finally:
            for _, _, stack in laboratory.running.values():
                stack.close()


def over_connections(url: str) -> Ask:
    """A client like `over_http`, without what only proxies, TLS and redirects need, at a third of its CPU time.

    Doctor sends hundreds of requests in each world; `test_doctor_clusters.py` sends them as users do.
    """
    address = url.removeprefix("http://")
    own = threading.local()

    def ask(path: str, params: Mapping[str, str]) -> Any:
        if not hasattr(own, "connection"):
            own.connection = HTTPConnection(address, timeout=30)
        own.connection.request("GET", f"/api/v1/{path}?{urlencode(params)}")
        response = own.connection.getresponse()
        return answer_data(path, response.status, response.read(), url)

    return ask


def examined(
    url: str,
    fault: Fault,
    release: Release | None = None,
    conditions: tuple[Condition, ...] = (),
    configuration: Mapping[str, str] | None = None,
) -> Report:
    """What doctor says of the boards of a fault, with what is known of a cluster."""
    return examine(
        Client(over_connections(url)),
        fault.boards,
        local_time=time.time(),
        release=release,
        scrape_interval=1.0,
        conditions=conditions,
        configuration=configuration,
    )
