"""Every query of every board on clusters of several kinds, in a real Prometheus, sent as Grafana would send it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest

from dashboards_py.board import Board, Panel, read
from dashboards_py.catalog import NEWEST, RELEASES, Release, entries
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.series import is_exposed
from dashboards_py.demo.cluster.topology import CiliumCluster, from_values, targets
from dashboards_py.promql import selectors
from tests.components import require
from tests.live.cluster import END, full_cluster, history, metrics
from tests.live.expected_empty import EXPECTED_EMPTY, off_by_default, reports_absence
from tests.live.panel_queries import Hour, Series, defaults, instant_query, run_query
from tests.live.processes import prometheus
from tests.values.test_values import required_values_tree

CLUSTERS = ("east", "north", "west")
Clusters = Callable[[tuple[str, ...]], tuple[str, Hour]]  # by clusters: the address of a Prometheus, and its hour


def boards(release: Release = NEWEST) -> list[Board]:
    """The boards for a release."""
    return [read(board.json) for board in compile_boards(release)]


@contextmanager
def running(cluster: CiliumCluster, directory: Path) -> Iterator[tuple[str, Hour]]:
    """A Prometheus with an hour of a synthetic cluster."""
    hour = history(cluster, metrics(boards(cluster.release)), directory / "data", END)
    with prometheus(directory / "data") as source:
        yield source, hour


@pytest.fixture(scope="module")
def two_nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clusters]:
    """A Prometheus with these clusters, started at first use."""
    require("prometheus")
    with ExitStack() as stack:

        @cache
        def hour_of(clusters: tuple[str, ...]) -> tuple[str, Hour]:
            return stack.enter_context(
                running(full_cluster(nodes=2, clusters=clusters), tmp_path_factory.mktemp("world"))
            )

        yield hour_of


def answered(source: str, hour: Hour, board: Board, **values: str) -> dict[tuple[Panel, str], tuple[Series, ...]]:
    """The answers of a board's queries, by panel and query."""
    variables = defaults(board) | values
    return {(panel, query.ref): run_query(source, panel, query, variables, hour) for panel, query in board.queries()}


def expr_of(panel: Panel, ref: str) -> str:
    """The expression of a query."""
    return next(query.expr for query in panel.queries if query.ref == ref)


def empty(answers: dict[tuple[Panel, str], tuple[Series, ...]]) -> set[str]:
    """The panels without an answer to any query but that nothing was measured."""
    full = {
        panel.title
        for (panel, ref), series in answers.items()
        if any(not reports_absence(one, expr_of(panel, ref)) for one in series)
    }
    return {panel.title for panel, _ in answers} - full


@pytest.mark.parametrize("clusters", [(), ("east",), CLUSTERS], ids=["none", "one", "three"])
def test_one_cluster_or_many(two_nodes: Clusters, clusters: tuple[str, ...]) -> None:
    """With none, one and three values of the label `cluster` every panel has data, except those that must be empty.

    Numbers of nodes and pods keep the label, for names may be equal in two clusters; all others add the clusters up.
    The variable offers exactly the clusters.
    """
    shown = set[str]()
    source, hour = two_nodes(clusters)
    for board in boards():
        answers = answered(source, hour, board)
        assert empty(answers) == EXPECTED_EMPTY.get(board.uid, {}).keys(), board.uid
        shown |= {dict(one_series.labels).get("cluster", "") for series in answers.values() for one_series in series}
    assert shown == {"", *clusters}
    offered = instant_query(source, "count by (cluster) (cilium_version)", hour[1])
    assert {dict(series.labels).get("cluster", "") for series in offered} == set(clusters or ("",))


def test_only_the_chosen_cluster_is_shown(two_nodes: Clusters) -> None:
    """Choosing one of three clusters gives the same numbers as a Prometheus with only that cluster."""
    (three, hour), (one, _) = two_nodes(CLUSTERS), two_nodes(("east",))
    for board in boards():
        chosen = answered(three, hour, board, cluster="east")
        alone = answered(one, hour, board)
        for (panel, ref), series in chosen.items():
            message = f"{board.uid} {panel.title} {ref}"
            assert rounded(series) == rounded(alone[panel, ref]), message


def rounded(series: tuple[Series, ...]) -> dict[tuple[tuple[str, str], ...], list[tuple[float, str]]]:
    """Series rounded, because the order of summation changes the last digits."""
    return {
        one_series.labels: [(moment, f"{value:.6g}") for moment, value in one_series.values] for one_series in series
    }


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_defaults_and_our_values(tmp_path: Path, release: Release, report: Callable[[str], None]) -> None:
    """With Cilium's default features and our values, a panel is empty only if the feature that it shows is off.

    They are the panels that `values --check` reports as off, and the catalogue explains each empty query.
    """
    require("prometheus")
    cluster = from_values(release, required_values_tree(release), nodes=2)
    panels, off = 0, Counter[str]()
    with running(cluster, tmp_path) as (source, hour):
        for board in boards(release):
            healthy = EXPECTED_EMPTY.get(board.uid, {})
            empty_panels = empty(answered(source, hour, board)) - healthy.keys()
            panels += len({panel.title for panel, _ in board.queries()} - healthy.keys())
            off.update(panel.no_value for panel in board.panels if panel.title in empty_panels)
            assert empty_panels == off_by_default(board, release) - healthy.keys(), board.uid
            for panel in board.panels:
                assert panel.title not in empty_panels or panel.no_value, f"{board.uid} {panel.title} does not say why"
                for query in panel.queries if panel.title in empty_panels else ():
                    assert missing(query.expr, cluster), f"{release} {board.uid} {panel.title}: {query.expr}"
    why = ", ".join(f"{text} {count}" for text, count in sorted(off.items()))
    report(
        f"cilium {release}, default features and our values, healthy: {panels} panels that need data, "
        f"{panels - off.total()} with data; {why}"
    )


def missing(expr: str, cluster: CiliumCluster) -> list[str]:
    """The metrics of an expression that nothing in the cluster exposes."""
    running_components = {target.component for target in targets(cluster)}
    return [
        selector.metric
        for selector in selectors(expr)
        if not any(
            is_exposed(metric, cluster) and metric.component in running_components
            for metric in entries(selector.metric)
        )
    ]
