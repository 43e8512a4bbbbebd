"""A scrape through the chart's own ServiceMonitors gives the same series as backfilling, which other tests use."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.board import Query
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.demo.cluster.series import Series as SyntheticSeries
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster, from_values, targets
from dashboards_py.values.check import Gap, check
from dashboards_py.values.keep import keep_values
from dashboards_py.values.keys import merge_values
from dashboards_py.values.series_read import series_read
from tests.components import require
from tests.live.expected_empty import EXPECTED_EMPTY, reports_absence
from tests.live.panel_queries import Series, defaults, instant_query, interpolated, moment_all_up
from tests.live.processes import prometheus
from tests.live.scraping import configuration
from tests.live.test_charts import chart, rendered_objects
from tests.live.test_every_query import boards
from tests.synthetic.exposition import address, exposed
from tests.values.test_values import required_values_tree

LABELS = {"release": "prometheus"}
AGE = 5400.0  # seconds that the cluster has run before scraping starts
SCRAPE_INTERVAL = 1  # seconds; short, so that a test does not wait long


@dataclass(frozen=True, slots=True)
class Scraped:
    """A real Prometheus that scrapes a synthetic cluster, its series, and a moment at which all was scraped."""

    source: str
    model: tuple[SyntheticSeries, ...]
    begin: float
    moment: float


@contextmanager
def scraped(cluster: CiliumCluster, values: dict[str, Any], directory: Path) -> Iterator[Scraped]:
    """Scrape a cluster through the ServiceMonitors that Helm renders from Cilium's chart with these values."""
    require("prometheus", "promtool", "helm")
    values = json.loads(json.dumps(values).replace('"30s"', f'"{SCRAPE_INTERVAL}s"'))
    directory.mkdir(exist_ok=True)
    objects = rendered_objects(chart(cluster.release), "cilium", values, directory, namespace="kube-system")
    end = time.time()
    model = tuple(generate(cluster, end=end))
    (directory / "data").mkdir()
    config = yaml.safe_dump(configuration(objects, list(targets(cluster)), LABELS))
    with (
        exposed(model, cluster.release, end - AGE),
        prometheus(directory / "data", config=config) as source,
    ):
        moment = moment_all_up(source, SCRAPE_INTERVAL, samples=3)
        yield Scraped(source, model, end - AGE, moment)


def samples(scraped: Scraped) -> dict[frozenset[tuple[str, str]], tuple[tuple[float, float], ...]]:
    """Every series with its samples of the seconds before the moment."""
    return {
        frozenset(series.labels): series.values
        for series in instant_query(scraped.source, '{__name__!=""}[10s]', scraped.moment)
    }


def expected_series(scraped: Scraped) -> dict[frozenset[tuple[str, str]], SyntheticSeries]:
    """The series of the synthetic cluster, with the addresses at which they were scraped."""
    result = {}
    for series in scraped.model:
        port = dict(series.target.labels)["instance"].rpartition(":")[2]
        labels = dict(series.labels) | {"instance": f"{address(series.target)}:{port}", "__name__": series.name}
        result[frozenset(pair for pair in labels.items() if pair[1])] = series
    return result


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_scraped_series_equal_backfilled_ones(tmp_path: Path, release: Release) -> None:
    """With our values, in the chart of each release: the same series, label by label, and the values of the moment."""
    values = required_values_tree(release)
    with scraped(from_values(release, values, nodes=2), values, tmp_path) as environment:
        actual, expected = samples(environment), expected_series(environment)
    own_samples = {
        labels: points for labels, points in actual.items() if not dict(labels)["__name__"].startswith("scrape_")
    }
    assert own_samples.keys() == expected.keys()
    for labels, points in own_samples.items():
        for time_of_sample, value in points[-1:]:
            bounds = [expected[labels].shape.at(time_of_sample - environment.begin + later) for later in (-0.01, 1.0)]
            tolerance = 1e-3 * max(map(abs, bounds)) + 1e-9
            assert min(bounds) - tolerance <= value <= max(bounds) + tolerance, labels


# Panels of what this short hour does not have, or too little of for a share.
NOT_DENIED = {
    "Failing loops",
    "Namespaces in trouble",
    "Dropped on the way to DNS",
    "Clients without answer",
    "Denied share",
}


def _needs_time(expr: str) -> bool:
    """Whether the query reads more than the moments that this Prometheus has been up."""
    return " offset " in expr or re.search(r":\d+m\]", expr) is not None


def _is_quantile(query: Query) -> bool:
    return "histogram_quantile(" in query.expr


CHANGES = ("a handler", "a label context", "a metric", "a ServiceMonitor's label")  # each empties other panels


def with_change(values: dict[str, Any], change: str) -> dict[str, Any]:
    """The values with one thing removed or changed."""
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


def changed_values(*changes: str) -> dict[str, Any]:
    """Our values with some changes."""
    values = required_values_tree()
    for change in changes:
        values = with_change(values, change)
    return values


def reported(*changes: str) -> set[tuple[str, str, Gap]]:
    """What `values --check` reports of our boards after some changes."""
    gaps = check(boards(), changed_values(*changes), NEWEST, labels=LABELS)
    return {(gap.board, gap.panel, gap.gap) for gap in gaps}


def test_each_change_alone_is_reported() -> None:
    """Each change has findings of its own, and all at once have the findings of each."""
    healthy, alone = reported(), [reported(change) for change in CHANGES]
    assert all(findings - healthy for findings in alone)
    assert set().union(*alone) <= reported(*CHANGES)


@pytest.mark.parametrize("changes", [(), CHANGES], ids=["nothing", "all changes"])
def test_values_check_reports_the_empty_panels(tmp_path: Path, changes: tuple[str, ...]) -> None:
    """`values --check` reports exactly the panels for which a Prometheus that scrapes with these values has no data.

    Without a change, that Prometheus stores only what `keep` keeps: no panel misses the rest.
    """
    values = changed_values(*changes)
    if not changes:
        values = merge_values(values, keep_values(series_read(boards(), NEWEST), values))
    gaps = check(boards(), values, NEWEST, labels=LABELS)
    with scraped(from_values(NEWEST, values, nodes=2), values, tmp_path) as environment:
        now = environment.moment
        if not changes:
            assert stored_names(environment) < {series.name for series in environment.model}
        for board in boards():
            answers_by_panel = {
                panel: [
                    [
                        one
                        for one in answer_now(environment.source, query.expr, defaults(board), now)
                        if not reports_absence(one, query.expr)
                    ]
                    for query in panel.queries
                ]
                for panel in board.panels
                if panel.queries
            }
            without_data = {panel.title for panel, answers in answers_by_panel.items() if not any(answers)}
            young = {panel.title for panel in board.panels if any(_needs_time(query.expr) for query in panel.queries)}
            empty = {gap.panel for gap in gaps if gap.board == board.uid and gap.gap in (Gap.EMPTY, Gap.FEATURE)}
            # A quantile needs more observations than a few seconds have.
            quantiles = {panel.title for panel in board.panels if any(map(_is_quantile, panel.queries))}
            healthy = EXPECTED_EMPTY.get(board.uid, {}).keys() | NOT_DENIED | young | (quantiles - empty)
            assert without_data - healthy == empty - healthy, board.uid
            without_labels = {gap.panel for gap in gaps if gap.board == board.uid and gap.gap == Gap.MISSING_LABELS}
            names = {
                panel.title: {name for series in answers for one_series in series for name, _ in one_series.labels}
                for panel, answers in answers_by_panel.items()
            }
            for panel in without_labels:
                assert "a label context" in changes
                assert "traffic_direction" not in names[panel], (board.uid, panel)


def stored_names(scraped: Scraped) -> set[str]:
    """The names of all series, but those that Prometheus adds to a scrape."""
    names = {dict(labels)["__name__"] for labels in samples(scraped)}
    return {name for name in names if not name.startswith("scrape_")}


def answer_now(source: str, expr: str, variables: Mapping[str, str], now: float) -> tuple[Series, ...]:
    """The answer of a query at a moment, with the windows of a graph over an hour."""
    return instant_query(source, interpolated(expr, variables, seconds=30, hour=(now - 3600, now)), now)
