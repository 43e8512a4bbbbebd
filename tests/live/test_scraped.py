"""A scrape through the chart's own ServiceMonitors gives what the backfilled clusters of all other tests hold."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.demo.cluster.series import Series as SyntheticSeries
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster, from_values, targets
from dashboards_py.values import check
from dashboards_py.values.check import Gap
from tests.components import require
from tests.live.asking import Series, defaults, instant, moment_all_up, written_out
from tests.live.expected_empty import EXPECTED_EMPTY
from tests.live.processes import prometheus
from tests.live.scraping import configuration
from tests.live.test_charts import chart, rendered_objects
from tests.live.test_worlds import boards
from tests.synthetic.exposition import address, exposed
from tests.values.test_values import required_values_tree

LABELS = {"release": "prometheus"}
AGE = 5400.0  # seconds that the cluster has run when its scraping begins
SCRAPE_INTERVAL = 1  # seconds; short, so that a test does not wait long


@dataclass(frozen=True, slots=True)
class Scraped:
    """A real Prometheus that scrapes a synthetic world, the world's series, and a moment at which all was scraped."""

    source: str
    model: tuple[SyntheticSeries, ...]
    begin: float
    moment: float


@contextmanager
def scraped(world: CiliumCluster, values: dict[str, Any], directory: Path) -> Iterator[Scraped]:
    """Scrape the world through what Helm renders of Cilium's chart with these values."""
    require("prometheus", "promtool", "helm")
    values = json.loads(json.dumps(values).replace('"30s"', f'"{SCRAPE_INTERVAL}s"'))
    directory.mkdir(exist_ok=True)
    objects = rendered_objects(chart(world.release), "cilium", values, directory, namespace="kube-system")
    end = time.time()
    model = tuple(generate(world, end=end))
    (directory / "data").mkdir()
    config = yaml.safe_dump(configuration(objects, list(targets(world)), LABELS))
    with (
        exposed(model, world.release, end - AGE),
        prometheus(directory / "data", config=config) as source,
    ):
        moment = moment_all_up(source, SCRAPE_INTERVAL, samples=3)
        yield Scraped(source, model, end - AGE, moment)


def samples(of: Scraped) -> dict[frozenset[tuple[str, str]], tuple[tuple[float, float], ...]]:
    """Every series with its samples of the seconds before the moment."""
    return {frozenset(series.labels): series.values for series in instant(of.source, '{__name__!=""}[10s]', of.moment)}


def wanted(of: Scraped) -> dict[frozenset[tuple[str, str]], SyntheticSeries]:
    """The series as the world tells them, with the addresses at which they were scraped."""
    result = {}
    for series in of.model:
        port = dict(series.target.labels)["instance"].rpartition(":")[2]
        labels = dict(series.labels) | {"instance": f"{address(series.target)}:{port}", "__name__": series.name}
        result[frozenset(pair for pair in labels.items() if pair[1])] = series
    return result


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_a_scrape_gives_what_is_backfilled(tmp_path: Path, release: Release) -> None:
    """With our values, in the chart of each release: the same series, label by label, and the values of the moment."""
    values = required_values_tree(release)
    with scraped(from_values(release, values, nodes=2), values, tmp_path) as environment:
        actual, must = samples(environment), wanted(environment)
    own_samples = {
        labels: held for labels, held in actual.items() if not dict(labels)["__name__"].startswith("scrape_")
    }
    assert own_samples.keys() == must.keys()
    for labels, held in own_samples.items():
        for at, value in held[:1]:
            around = [must[labels].shape.at(at - environment.begin + later) for later in (-0.01, 1.0)]
            slack = 1e-3 * max(map(abs, around)) + 1e-9
            assert min(around) - slack <= value <= max(around) + slack, labels


def with_change(values: dict[str, Any], change: str) -> dict[str, Any]:
    """The values with one thing taken out of them."""
    hubble = values["hubble"]["metrics"]
    match change:
        case "a handler":
            hubble["enabled"] = [handler for handler in hubble["enabled"] if not handler.startswith("icmp")]
        case "a label context":
            hubble["enabled"] = [handler.replace(",traffic_direction", "") for handler in hubble["enabled"]]
        case "a metric":
            values["prometheus"]["metrics"].remove("+cilium_bpf_syscall_duration_seconds")
        case "a ServiceMonitor's label":
            values["hubble"]["relay"]["prometheus"]["serviceMonitor"]["labels"]["release"] = "kps"
    return values


@pytest.mark.parametrize("change", ["nothing", "a handler", "a label context", "a metric", "a ServiceMonitor's label"])
def test_values_say_which_panels_are_empty(tmp_path: Path, change: str) -> None:
    """What `values --check` reports of values is what a Prometheus that scrapes with them has no data for."""
    values = with_change(required_values_tree(), change)
    gaps = check(boards(), values, NEWEST, labels=LABELS)
    with scraped(from_values(NEWEST, values, nodes=2), values, tmp_path) as environment:
        now = environment.moment
        for board in boards():
            answers_by_panel = {
                panel: [asked_now(environment.source, query.expr, defaults(board), now) for query in panel.queries]
                for panel in board.panels
                if panel.queries
            }
            none = {panel.title for panel, answers in answers_by_panel.items() if not any(answers)}
            healthy = EXPECTED_EMPTY.get(board.uid, {}).keys()
            empty = {gap.panel for gap in gaps if gap.board == board.uid and gap.gap in (Gap.EMPTY, Gap.FEATURE)}
            assert none - healthy == empty - healthy, board.uid
            without_labels = {gap.panel for gap in gaps if gap.board == board.uid and gap.gap == Gap.MISSING_LABELS}
            names = {
                panel.title: {name for series in answers for one_series in series for name, _ in one_series.labels}
                for panel, answers in answers_by_panel.items()
            }
            for panel in without_labels:
                assert change == "a label context"
                assert "traffic_direction" not in names[panel], (board.uid, panel)


def asked_now(source: str, expr: str, variables: Mapping[str, str], now: float) -> tuple[Series, ...]:
    """What a query answers at this moment, with the windows of an hour's graph."""
    return instant(source, written_out(expr, variables, seconds=30, hour=(now - 3600, now)), now)
