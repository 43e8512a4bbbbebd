"""The Envoy board on a real Envoy with real traffic: names, labels and types as catalogued, and right values."""

import re
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
import yaml

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, entries, names
from dashboards_py.compile import compile_boards
from dashboards_py.promql import selectors
from tests.components import require
from tests.live.envoy import LISTENER, SLOW, UNREACHABLE, WEB, Envoy, envoy, listeners
from tests.live.panel_queries import Series, instant_query, interpolated, wait_for
from tests.live.processes import prometheus

(BOARD,) = (read(board.json) for board in compile_boards() if board.uid == "cilium-envoy")
# The path of each request, how often it is sent, and the class of the answer.
REQUESTS_SENT = (
    ("/shop/200", 40, "2"),
    ("/shop/404", 5, "4"),
    ("/shop/500", 6, "5"),
    ("/dead", 4, "5"),
    ("/slow", 3, "5"),
)
NO_ROUTE = ("/other", 2, "4")
REQUESTS = sum(times for _, times, _ in (*REQUESTS_SENT, NO_ROUTE))  # per round
TIMED = f'envoy_http_downstream_rq_time_count{{envoy_http_conn_manager_prefix="{LISTENER}"}}'
# The upstream Envoy lacks Cilium's own filters, and there is no agent.
CILIUMS = re.compile(r"envoy_(cluster_)?cilium_|cilium_(?!version$)")  # the last in queries of Envoy's metrics as well
# Queries that rightly have no answer: every Envoy serves, none has a certificate, and none has lost the agent.
EMPTY = {
    *(("First certificate expires", "A"), ("Nodes that need a look", "A"), ("Own connections", "A")),
    *(("Worst backends", "D"), ("Worst backends", "E")),
    ("Request time, p99", "A"),  # of fewer than 100 requests
}


@dataclass(frozen=True, slots=True)
class ScrapedEnvoy:
    """A Prometheus that scraped an Envoy under traffic until a moment, and the text of the last scrape."""

    source: str
    at: float
    text: str

    def values(self, title: str, ref: str = "A") -> dict[str, float]:
        """The values of a panel's query at that moment, by the value of its only label."""
        return {next((value for _, value in series.labels), ""): series.values[0][1] for series in self.ask(title, ref)}

    def ask(self, title: str, ref: str) -> tuple[Series, ...]:
        """The answer of a panel's query."""
        (expr,) = (query.expr for panel, query in BOARD.queries() if (panel.title, query.ref) == (title, ref))
        chosen = {"cluster": ".*", "node": ".*", "listener": LISTENER}
        return instant_query(
            self.source, interpolated(expr, chosen, seconds=30, hour=(self.at - 3600, self.at)), self.at
        )


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScrapedEnvoy]:
    """Serve the requests and refuse a listener, while Prometheus scrapes every second.

    A first round, before the first scrape, creates the series that Envoy exposes only once something was counted.
    """
    require("envoy", "prometheus", "promtool")
    directory = tmp_path_factory.mktemp("envoy")
    with envoy(directory / "envoy") as serving:
        labels = {"pod": "cilium-envoy-x1", "node": "node-1", "job": "cilium-envoy"}
        targets = [{"targets": [f"127.0.0.1:{serving.metrics}"], "labels": labels}]
        job = {"job_name": "envoy", "scrape_interval": "1s", "scrape_timeout": "1s", "static_configs": targets}
        (directory / "data").mkdir()
        serve(serving)
        deadline = time.monotonic() + 60
        while f"{TIMED} {REQUESTS}\n" not in metrics(serving):  # times are counted a little later than requests
            assert time.monotonic() < deadline, TIMED
            time.sleep(0.2)
        with prometheus(directory / "data", config=yaml.safe_dump({"scrape_configs": [job]})) as source:
            wait_for(source, f"{TIMED} == {REQUESTS}")
            serve(serving)
            wait_for(source, f"{TIMED} == {2 * REQUESTS}")
            serving.listen(*listeners(serving), {"name": "without an address"})
            wait_for(source, "envoy_listener_manager_lds_update_rejected > 0")
            yield ScrapedEnvoy(source, time.time(), metrics(serving))


def metrics(serving: Envoy) -> str:
    """The metrics that Envoy exposes."""
    with urllib.request.urlopen(f"http://127.0.0.1:{serving.metrics}/metrics", timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def serve(serving: Envoy) -> None:
    """Send one round of requests, and check their answers."""
    for path, times, answered in (*REQUESTS_SENT, NO_ROUTE):
        assert {str(serving.get(path))[0] for _ in range(times)} == {answered}, path


def shares(values: Mapping[str, float]) -> dict[str, float]:
    """Each value as a share of their sum, without zeros."""
    return {name: value / sum(values.values()) for name, value in values.items() if value}


def request_count(answered: str) -> int:
    """How many requests of a round have an answer of this class."""
    return sum(times for _, times, status in (*REQUESTS_SENT, NO_ROUTE) if status == answered)


def test_the_catalogue_agrees_with_envoy(scraped: ScrapedEnvoy) -> None:
    """The type and labels of every metric that is not of Cilium's own filters."""
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)", scraped.text, re.M))
    compared = 0
    for name in names():
        for metric in (metric for metric in entries(name) if metric.component == "cilium-envoy"):
            if CILIUMS.match(name):
                assert name not in types, name
                continue
            lines = re.findall(rf"^{name}(?:_bucket|_sum|_count)?{{(.*)}} ", scraped.text, re.M)
            labels = {label for line in lines for label in re.findall(r'(\w+)="', line)} - {"le"}
            assert (types.get(name), labels) == (metric.type_on(NEWEST), set(metric.labels_on(NEWEST))), name
            compared += 1
    assert compared > 60


def test_every_panel_has_data(scraped: ScrapedEnvoy) -> None:
    """Each query has data, except those of Cilium's own filters and those of faults that do not occur."""
    of_envoy = [
        (panel.title, query.ref)
        for panel, query in BOARD.queries()
        if not any(CILIUMS.match(selector.metric) for selector in selectors(query.expr))
    ]
    assert {panel for panel in of_envoy if not scraped.ask(*panel)} == EMPTY
    assert len(of_envoy) > 30


def test_values_agree_with_the_traffic(scraped: ScrapedEnvoy) -> None:
    """Shares of answers, requests without a route, backends that fail and are slow: as configured."""
    classes = shares(scraped.values("Responses by class"))
    assert classes == pytest.approx({code: request_count(code) / REQUESTS for code in "245"}, rel=0.05)
    assert scraped.values("Requests without 5xx")[""] == pytest.approx(1 - request_count("5") / REQUESTS, rel=0.02)
    per_request = sum(scraped.values("Responses by class").values()) / REQUESTS
    assert scraped.values("Refused in Envoy", "B")[""] == pytest.approx(NO_ROUTE[1] * per_request, rel=0.1)
    web, unused = (name.replace(":", "_") for name in (WEB, UNREACHABLE))
    failed = shares(scraped.values("Worst backends"))
    assert failed == pytest.approx({web: 9 / 13, unused: 4 / 13}, rel=0.1)
    assert shares(scraped.values("Worst backends", "C")) == {web: 1.0}
    assert shares(scraped.values("Busiest and slowest backends", "C")) == {unused: 1.0}
    assert scraped.values("Backends without healthy endpoints") == {web: 1.0}
    slow = 3 * SLOW * 1000 / 10 / REQUESTS  # milliseconds that the listener waited for the backend, on average
    assert slow < scraped.values("Request time, mean")[LISTENER] < slow + 30
    assert scraped.values("Configuration refused", "B")[""] >= 1
    assert scraped.values("Configuration refused", "C")[""] == 0
