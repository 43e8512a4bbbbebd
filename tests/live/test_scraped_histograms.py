"""A Prometheus that scrapes, with histograms stored in each of the four ways, answers all our queries."""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import NEWEST
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import from_values, targets
from tests.components import require
from tests.live.panel_queries import defaults, instant_query, interpolated, moment_all_up
from tests.live.processes import prometheus
from tests.live.scraping import configuration
from tests.live.test_charts import chart, rendered_objects
from tests.live.test_every_query import boards
from tests.live.test_histograms import WIDTH, is_heatmap, is_of_histogram, last_values
from tests.live.test_scraped import LABELS
from tests.synthetic.exposition import exposed
from tests.synthetic.native import Storing
from tests.values.test_values import required_values_tree

INTERVAL, WINDOW = 3, 12  # seconds: the scrape interval, and $__rate_interval
AGE = 5400.0  # seconds that the cluster has run before scraping starts
TOLERANCE = 0.1  # relative: jobs do not scrape at one moment, and a window holds few samples
# Options of scrape configurations, which prometheus-operator sets from those of Prometheus and ServiceMonitor objects.
SWITCHES: Mapping[Storing, Mapping[str, bool]] = {
    Storing.DEFAULT: {},
    Storing.NATIVE: {"scrape_native_histograms": True},
    Storing.BOTH: {"scrape_native_histograms": True, "always_scrape_classic_histograms": True},
    Storing.CONVERTED: {"convert_classic_histograms_to_nhcb": True},
}


def jobs(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The jobs of a configuration, repeated for each way of storing, which is their label `cluster`."""
    for storing, switches in SWITCHES.items():
        for job in config["scrape_configs"]:
            name = {"target_label": "cluster", "replacement": str(storing)}
            relabeling = [*job["relabel_configs"], name]
            yield {**job, **switches, "job_name": f"{storing}/{job['job_name']}", "relabel_configs": relabeling}


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, float]]:
    """A Prometheus that scrapes one node in four ways, as Helm renders Cilium's chart, and a moment for queries."""
    require("prometheus", "helm")
    directory = tmp_path_factory.mktemp("scraped")
    values = required_values_tree(NEWEST)
    cluster = from_values(NEWEST, values, nodes=1)
    values = json.loads(json.dumps(values).replace('"30s"', f'"{INTERVAL}s"'))
    objects = rendered_objects(chart(NEWEST), "cilium", values, directory, namespace="kube-system")
    config = configuration(objects, list(targets(cluster)), LABELS)
    config["scrape_configs"] = list(jobs(config))
    end = time.time()
    (directory / "data").mkdir()
    with (
        exposed(generate(cluster, end=end), NEWEST, end - AGE),
        prometheus(directory / "data", config=yaml.safe_dump(config)) as address,
    ):
        yield address, moment_all_up(address, INTERVAL, samples=2 + WINDOW // INTERVAL)


@pytest.mark.fault("panels are empty if Prometheus stores histograms natively")
def test_every_query_answers_however_its_histograms_are_scraped(
    scraped: tuple[str, float], report: Callable[[str], None]
) -> None:
    """A query with data by default has data in each way: the same label sets and, of histograms, the same values."""
    (source, now), answered = scraped, dict.fromkeys(Storing, 0)
    queries = [(board, panel.title, query) for board in boards() for panel, query in board.queries()]
    for board, title, query in queries:
        window = {"__rate_interval": f"{WINDOW}s"}
        exprs = {
            storing: interpolated(
                query.expr, defaults(board) | window | {"cluster": storing}, seconds=30, hour=(now - 3600, now)
            )
            for storing in Storing
        }
        answers = {storing: instant_query(source, expr, now) for storing, expr in exprs.items()}
        for storing, answer in answers.items():
            message = f"{storing}: {board.uid} / {title}: {query.expr}"
            assert bool(answer) == bool(answers[Storing.DEFAULT]), message
            answered[storing] += bool(answer)
            if is_heatmap(query):
                natively = storing in (Storing.NATIVE, Storing.CONVERTED)
                assert {series.is_histogram for series in answer} == {natively}, message
            elif is_of_histogram(query.expr, NEWEST):
                classic, stored = last_values(answers[Storing.DEFAULT]), last_values(answer)
                width = WIDTH - 1 if "histogram_quantile" in query.expr else 0
                assert classic.keys() == stored.keys(), message
                for labels, value in classic.items():
                    assert math.isclose(value, stored[labels], rel_tol=TOLERANCE + width, abs_tol=1e-9), (
                        message,
                        labels,
                    )
    by_default = answered[Storing.DEFAULT]
    assert by_default > 0.5 * len(queries)
    counts = ", ".join(f"{storing} {count}" for storing, count in answered.items())
    report(f"cilium {NEWEST} as installed by default, scraped: {len(queries)} queries; answered: {counts}")


def test_options_decide_how_series_are_stored(scraped: tuple[str, float]) -> None:
    """Which options store classic series, and which native histograms, of the agent and of Hubble."""
    source, now = scraped
    agent, hubble = "cilium_k8s_client_api_latency_time_seconds", "hubble_http_request_duration_seconds"
    counts = {
        (storing, metric, suffix): len(instant_query(source, f'{metric}{suffix}{{cluster="{storing}"}}', now)) > 0
        for storing in Storing
        for metric in (agent, hubble)
        for suffix in ("_bucket", "")
    }
    classic = {(storing, metric) for storing, metric, suffix in counts if suffix and counts[storing, metric, suffix]}
    native = {(storing, metric) for storing, metric, suffix in counts if not suffix and counts[storing, metric, suffix]}
    assert classic == {
        *((storing, hubble) for storing in Storing if storing != Storing.CONVERTED),
        *((storing, agent) for storing in (Storing.DEFAULT, Storing.BOTH)),
    }
    assert native == {
        *((storing, agent) for storing in (Storing.NATIVE, Storing.BOTH, Storing.CONVERTED)),
        (Storing.CONVERTED, hubble),
    }
