"""The synthetic Cilium as it answers a scrape: each target's metrics at its own port, as text or as protobuf.

Every node has a loopback address, so that agent, Envoy and Hubble can all use their real ports.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from dashboards_py.catalog import Release, components, entries, split
from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.topology import Target
from tests.synthetic import families
from tests.synthetic.native import Histogram, histograms

# The format that Prometheus requests to scrape native histograms; client_golang provides it, Envoy has only text.
PROTOBUF, TEXT_ONLY = "application/vnd.google.protobuf", "cilium-envoy"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FIRST_POD_ADDRESS = 100  # the last byte of the address of targets that do not run on every node


def address(target: Target) -> str:
    """The loopback address of the target's node, or of its pod: different in every running process."""
    offset = 0 if "node" in dict(target.labels) else FIRST_POD_ADDRESS + 10 * list(components()).index(target.component)
    return f"127.{os.getpid() % 250 + 1}.{os.getpid() // 250 % 250 + 1}.{offset + target.number}"


def exposition(series: Iterable[Series], release: Release, seconds: float) -> str:
    """The metrics page of one target at a moment of its history, in Prometheus' text format."""
    (page,) = expositions(series, release, (seconds,))
    return page


def expositions(series: Iterable[Series], release: Release, moments: Iterable[float]) -> list[str]:
    """The metrics page of one target at several moments of its history."""
    combined = tuple(histograms(series, release))
    return [_page(combined, release, seconds) for seconds in moments]


def _page(combined: Iterable[Series | Histogram], release: Release, seconds: float) -> str:
    families: dict[str, list[Series]] = defaultdict(list)
    for one_series in combined:
        parts = tuple(one_series.scraped(seconds)) if isinstance(one_series, Histogram) else (one_series,)
        families[split(parts[0].name)[0]].extend(parts)
    lines = []
    for name, members in families.items():
        metric = next(metric for metric in entries(name) if metric.component == members[0].target.component)
        lines.append(f"# HELP {name} {metric.help}\n# TYPE {name} {metric.type_on(release)}\n")
        for one_series in members:
            scraped = dict(one_series.target.labels)
            own = [(label, value) for label, value in one_series.labels if scraped.get(label) != value]
            lines.append(f"{labelled(one_series.name, own)} {one_series.shape.at(seconds)!r}\n")
    return "".join(lines)


def labelled(name: str, labels: Iterable[tuple[str, str]]) -> str:
    """A series as text formats write it: `name{label="value"}`."""
    return name + "{" + ",".join(f'{label}="{_escaped(value)}"' for label, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


@contextmanager
def exposed(series: Iterable[Series], release: Release, begin: float) -> Iterator[None]:
    """Answer scrapes of every target while the block runs; the series' history began at Unix time `begin`."""
    by_target: dict[Target, list[Series]] = defaultdict(list)
    for one_series in series:
        if one_series.name != "up":  # Prometheus itself writes it
            by_target[one_series.target].append(one_series)
    with ExitStack() as stack:
        for target, members in by_target.items():
            address_and_port = address(target), components()[target.component].port or 0

            def page(
                protobuf: bool, members: list[Series] = members, component: str = target.component
            ) -> tuple[str, bytes]:
                if protobuf and component != TEXT_ONLY:
                    return families.CONTENT_TYPE, families.families(members, release, time.time() - begin)
                return CONTENT_TYPE, exposition(members, release, time.time() - begin).encode()

            server = _server(address_and_port, page)
            Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        yield


def _server(address_and_port: tuple[str, int], page: Callable[[bool], tuple[str, bytes]]) -> ThreadingHTTPServer:
    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content_type, body = page(PROTOBUF in self.headers.get("Accept", ""))
            self.send_response(200 if self.path == "/metrics" else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing: it would mix with the output of the test."""

    return ThreadingHTTPServer(address_and_port, Metrics)
