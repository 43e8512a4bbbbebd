"""Recordings served to a real Prometheus: it reads the series, labels and values that scenes are made of."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import yaml

from dashboards_py.values.keys import core_components
from tests.components import COMPONENTS, require
from tests.live import kept
from tests.live.panel_queries import instant_query, moment_all_up
from tests.live.processes import prometheus
from tests.oracle.exposition import samples
from tests.recorded import RECORDINGS, text
from tests.synthetic.exposition import CONTENT_TYPE

NAMES = sorted({path.name.partition(".txt")[0] for path in RECORDINGS.glob("*.txt*")})
ADDED = ("instance", "job")  # by Prometheus
Labels = frozenset[tuple[str, str | float]]


@contextmanager
def served() -> Iterator[int]:
    """The port at which each recording is at /NAME while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.end_headers()
            self.wfile.write(text(self.path.strip("/")).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, float]]:
    """A Prometheus that scrapes each recording as a job of its name, and a moment at which all were scraped.

    Those of components are scraped twice more, without and with the rules of `keep`.
    """
    require("prometheus")
    directory = tmp_path_factory.mktemp("recordings") / "data"
    directory.mkdir()
    with served() as port:
        jobs = [
            {"job_name": name, "metrics_path": f"/{name}", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
            for name in NAMES
        ]
        jobs += kept.jobs(port, nodes=1)
        config = yaml.safe_dump({"global": {"scrape_interval": "2s"}, "scrape_configs": jobs})
        with prometheus(directory, config=config) as source:
            yield source, moment_all_up(source, 2, samples=2)


@pytest.mark.parametrize("recording", NAMES)
def test_prometheus_reads_what_scenes_are_made_of(scraped: tuple[str, float], recording: str) -> None:
    """The same series with the same values, label by label; an empty label is none."""
    source, moment = scraped
    answer = instant_query(source, f'{{job="{recording}", cluster="", __name__!~"up|scrape_.*"}}', moment)
    stored = {numbered(series.labels): series.values[-1][1] for series in answer}
    recorded = {
        numbered((("__name__", sample.name), *sample.labels)): sample.value
        for sample in samples(text(recording).splitlines())
    }
    assert stored.keys() == recorded.keys()
    assert stored == pytest.approx(recorded, nan_ok=True)


@pytest.mark.fault("keep drops a series that a panel or an alert reads")
def test_keep_drops_what_nobody_reads(scraped: tuple[str, float]) -> None:
    """Of real components at least three of four series, and none that a selector of our boards and alerts finds.

    With the boards of Cilium's charts, none that one of theirs finds.
    """
    result = kept.stored(*scraped, kept.readers())
    assert len(result.by_component) == len(core_components())
    assert result.dropped > 0.75
    assert result.lost == []
    assert len(result.by_selector) > 100
    of_upstream = 'cilium_forward_bytes_total{k8s_app="cilium", cluster=~".+"}'  # ours have no such matcher
    assert (of_upstream in result.by_selector) is COMPONENTS["upstream-boards"].available()


def numbered(labels: Iterable[tuple[str, str]]) -> Labels:
    """The labels that a component wrote, without empty ones; bounds and quantiles as numbers, written in many ways."""
    return frozenset(
        (label, float(value) if label in ("le", "quantile") else value)
        for label, value in labels
        if value and label not in ADDED
    )
