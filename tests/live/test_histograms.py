"""Every query of a histogram gives the same in a real Prometheus, however that stores histograms."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import pytest

from dashboards_py import promql
from dashboards_py.board import Board, Query, read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile.release import remove_missing
from dashboards_py.compile.scope import scope
from dashboards_py.dashboards import build, names
from dashboards_py.demo.cluster.series import Series as Synthetic
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.shapes import Gauge, Step
from dashboards_py.lint import lint
from dashboards_py.queries import catalogued_series
from tests.components import require
from tests.live.cluster import END, full_cluster
from tests.live.opened import query_cost
from tests.live.panel_queries import Series, defaults, instant_query, interpolated, range_query
from tests.live.processes import prometheus
from tests.live.test_every_query import boards
from tests.synthetic.native import Histogram, Storing, histograms
from tests.synthetic.remote_write import Row, rows, write

LENGTH, INTERVAL = 1200, 60  # seconds of history, and between its samples
BEGIN, HOUR = END - LENGTH, (END - 3600, END)
MIDDLE = LENGTH / 2  # seconds of history: when a Prometheus changes its storage, or an agent restarts
WINDOW = 240  # seconds: as many samples as $__rate_interval contains at least
EXACT = 1e-6  # relative: rates and means are of the same counts and sums
WIDTH = 1.1  # of a native bucket: quantiles of the two kinds may differ by as much
# Native histograms are exposed from 1.20 on (pkg/metrics/metric/histogram.go): before it only conversion matters.
STORINGS = {
    release: tuple(Storing) if release == NEWEST else (Storing.DEFAULT, Storing.CONVERTED) for release in RELEASES
}
SWITCHED, RESTARTED = "switched", "restarted"

HistogramQuery = tuple[Board, str, Query]  # with the panel's title
Labels = tuple[tuple[str, str], ...]


def cluster_of(release: Release, storing: Storing) -> str:
    """The label `cluster` of a release whose histograms are stored in this way."""
    return f"{release} {storing}"


def is_of_histogram(expr: str, release: Release) -> bool:
    """Whether a query reads a histogram."""
    lookup = catalogued_series(release)
    series = [lookup(selector) for selector in promql.selectors(expr)]
    return any(one_series and one_series.is_histogram for one_series in series)


@cache
def histogram_queries(release: Release) -> tuple[HistogramQuery, ...]:
    """The queries of our boards that read a histogram."""
    return tuple(
        (board, panel.title, query)
        for board in boards(release)
        for panel, query in board.queries()
        if is_of_histogram(query.expr, release)
    )


def generated(release: Release, cluster: str) -> Iterator[Synthetic | Histogram]:
    """The series that those queries read, from a cluster of two nodes."""
    metrics = {selector.metric for *_, query in histogram_queries(release) for selector in promql.selectors(query.expr)}
    only = frozenset(metrics | {name + suffix for name in metrics for suffix in ("_bucket", "_sum", "_count")})
    return histograms(generate(full_cluster(release, nodes=2, clusters=(cluster,)), end=END, only=only), release)


def restarted(series: Iterator[Synthetic | Histogram]) -> Iterator[Synthetic | Histogram]:
    """Histograms with twelve observations before a restart of the agent and twelve slower ones after it."""
    for one_series in series:
        if isinstance(one_series, Histogram):
            buckets = tuple((bound, Gauge(12.0)) for bound, _ in one_series.buckets)
            yield replace(one_series, count=Gauge(12.0), sum=Step(3.0, 5.0, MIDDLE), buckets=buckets)


def every_row() -> Iterator[Row]:
    """Each release stored in each way; one that changes from classic to native, and those whose agents restart."""
    for release in RELEASES:
        for storing in STORINGS[release]:
            yield from rows(generated(release, cluster_of(release, storing)), storing)
    for storing in (Storing.DEFAULT, Storing.NATIVE):
        interval = {Storing.DEFAULT: (0.0, MIDDLE), Storing.NATIVE: (MIDDLE, math.inf)}[storing]
        yield from (replace(row, during=interval) for row in rows(generated(NEWEST, SWITCHED), storing))
    for storing in (Storing.DEFAULT, Storing.NATIVE, Storing.CONVERTED):
        yield from rows(restarted(generated(NEWEST, f"{RESTARTED} {storing}")), storing)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Prometheus with a cluster for each release and way of storing."""
    require("prometheus")
    data = tmp_path_factory.mktemp("histograms") / "data"
    with prometheus(data, options=("--web.enable-remote-write-receiver",)) as address:
        write(address, every_row(), start=BEGIN, end=END, step=INTERVAL)
        yield address


def expression(board: Board, query: Query, cluster: str) -> str:
    """The query as Grafana sends it for a choice of clusters."""
    return interpolated(query.expr, defaults(board) | {"cluster": cluster}, seconds=WINDOW - 30, hour=HOUR)


def by_labels(series: Sequence[Series]) -> dict[Labels, tuple[tuple[float, float], ...]]:
    """The values, by labels without the cluster's."""
    return {tuple(pair for pair in one.labels if pair[0] != "cluster"): one.values for one in series}


def last_values(series: Sequence[Series]) -> dict[Labels, float]:
    """The last value, by labels without the cluster's."""
    return {labels: values[-1][1] for labels, values in by_labels(series).items()}


def is_same(one: dict[Labels, float], other: dict[Labels, float], query: Query) -> bool:
    """Whether two answers are the same, for quantiles within the width of native buckets."""
    tolerance = WIDTH - 1 if "histogram_quantile" in query.expr else EXACT
    return one.keys() == other.keys() and all(
        math.isclose(one[labels], other[labels], rel_tol=tolerance, abs_tol=1e-12) for labels in one
    )


def is_heatmap(query: Query) -> bool:
    """Whether the query returns buckets: classic ones are numbers, native ones are not."""
    return "ignoring (le)" in query.expr


@pytest.mark.fault("panels are empty if Prometheus stores histograms natively")
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_the_same_however_histograms_are_stored(source: str, release: Release, report: Callable[[str], None]) -> None:
    """Each query of a histogram has the same label sets and values as with classic storage, in each way of storing."""
    total = sum(1 for board in boards(release) for _ in board.queries())
    queries, counts = histogram_queries(release), []
    for storing in STORINGS[release]:
        correct = 0
        for board, title, query in queries:
            message = f"{release} {storing}: {board.uid} / {title}: {query.expr}"
            classic, stored = (
                instant_query(source, expression(board, query, cluster_of(release, storage)), END)
                for storage in (Storing.DEFAULT, storing)
            )
            assert classic, message
            if is_heatmap(query) and storing in (Storing.NATIVE, Storing.CONVERTED):
                assert [one_series.labels for one_series in stored] == [()], message
                assert stored[0].is_histogram, message
            else:
                assert is_same(last_values(classic), last_values(stored), query), message
            correct += 1
        counts.append(f"{storing} {correct}")
    report(f"cilium {release}: {total} queries, {len(queries)} of a histogram; right as stored: {', '.join(counts)}")


def test_clusters_with_different_storage_are_added_up(source: str) -> None:
    """The answer for a classic and a native cluster is the same as for two classic ones: nothing counts twice."""
    mixed, classic = (
        "|".join(cluster_of(NEWEST, storing) for storing in pair)
        for pair in ((Storing.DEFAULT, Storing.NATIVE), (Storing.DEFAULT, Storing.BOTH))
    )
    for board, title, query in histogram_queries(NEWEST):
        if is_heatmap(query):
            continue
        one, other = (
            last_values(instant_query(source, expression(board, query, chosen), END)) for chosen in (mixed, classic)
        )
        assert is_same(one, other, query), f"{board.uid} / {title}: {query.expr}"


def test_a_range_with_both_kinds_has_no_gap(source: str) -> None:
    """If a Prometheus changes to native storage in between, every moment of a graph still has a value."""
    begin = BEGIN + WINDOW + INTERVAL
    classic_series = f'cilium_k8s_client_api_latency_time_seconds_count{{cluster="{SWITCHED}"}}'
    assert instant_query(source, classic_series, BEGIN + INTERVAL)
    assert not instant_query(source, classic_series, END)
    for board, title, query in histogram_queries(NEWEST):
        if is_heatmap(query) or query.instant:
            continue
        switched, classic = (
            by_labels(range_query(source, expression(board, query, cluster), (begin, END), INTERVAL))
            for cluster in (SWITCHED, cluster_of(NEWEST, Storing.DEFAULT))
        )
        message = f"{board.uid} / {title}: {query.expr}"
        assert switched.keys() == classic.keys(), message
        for labels, values in classic.items():
            assert [moment for moment, _ in switched[labels]] == [moment for moment, _ in values], message


def test_a_heatmap_over_both_kinds_has_both(source: str) -> None:
    """Buckets until the switch and native histograms from then on, never both at a moment.

    Grafana draws the latter alone: CONTRIBUTING says where it decides that.
    """
    begin = BEGIN + WINDOW + INTERVAL
    heatmaps = [(board, query) for board, _, query in histogram_queries(NEWEST) if is_heatmap(query)]
    assert heatmaps
    for board, query in heatmaps:
        answers = range_query(source, expression(board, query, SWITCHED), (begin, END), INTERVAL)
        native, classic = ([one for one in answers if one.is_histogram is kind] for kind in (True, False))
        assert [one.labels for one in native] == [()]
        assert len(classic) > 1
        assert all("le" in dict(one.labels) for one in classic)
        first = native[0].values[0][0]
        assert all(moment < first for one in classic for moment, _ in one.values)


@pytest.mark.fault("means turn +Inf after an agent restart")
@pytest.mark.parametrize("storing", [Storing.DEFAULT, Storing.NATIVE, Storing.CONVERTED])
def test_a_restart_at_the_same_count_gives_no_infinite_mean(source: str, storing: Storing) -> None:
    """Around the restart every query returns finite numbers or nothing; without the guards, some do not."""
    hour, unguarded = (BEGIN + MIDDLE - INTERVAL, BEGIN + MIDDLE + WINDOW), 0
    for board, title, query in histogram_queries(NEWEST):
        if is_heatmap(query):
            continue
        expr = expression(board, query, f"{RESTARTED} {storing}")
        for one_series in range_query(source, expr, hour, INTERVAL):
            assert one_series.finite, f"{board.uid} / {title}: {query.expr}"
        bare = expr.replace(" > 0)", ")")
        unguarded += not all(one_series.finite for one_series in range_query(source, bare, hour, INTERVAL))
    assert unguarded > 10


@cache
def authored() -> dict[tuple[str, str, int], str]:
    """The queries of our boards as written, with scope, by board, panel and index."""
    return {
        (board.uid, panel.title, index): query.expr
        for board in (scope(remove_missing(build(name, NEWEST), NEWEST)[0], NEWEST) for name in names())
        for row in board.rows
        for panel in row.panels
        for index, query in enumerate(panel.queries)
    }


def rules_of(expr: str) -> set[str]:
    """The rules of lint that report a query."""
    panel = {"id": 1, "title": "P", "type": "timeseries", "targets": [{"expr": expr}]}
    return {finding.rule for finding in lint(read({"uid": "b", "title": "B", "panels": [panel]}), NEWEST)[0]}


@pytest.mark.fault("panels are empty if Prometheus stores histograms natively")
def test_lint_reports_exactly_the_empty_queries(source: str) -> None:
    """Each query as written is empty with native or converted storage if and only if a rule reports it."""
    for board in boards():
        for panel in board.panels:
            for index, query in enumerate(panel.queries):
                expr = authored()[board.uid, panel.title, index]
                if not is_of_histogram(expr, NEWEST):
                    continue
                rules, plain = rules_of(expr), replace(query, expr=expr)
                natively, converted = (
                    bool(instant_query(source, expression(board, plain, cluster_of(NEWEST, storing)), END))
                    for storing in (Storing.NATIVE, Storing.CONVERTED)
                )
                assert natively == ("classic-histogram-only" not in rules), expr
                assert converted == (not {"classic-histogram-only", "converted-histogram"} & rules), expr
                assert not {"classic-histogram-only", "converted-histogram", "unguarded-mean"} & rules_of(query.expr)


def test_classic_histograms_cost_no_more(source: str, report: Callable[[str], None]) -> None:
    """If nothing is native, a compiled query reads as many samples as the one in the board: the `or` is free."""
    compiled = {
        (board.uid, panel.title, index): (board, query)
        for board in boards()
        for panel in board.panels
        for index, query in enumerate(panel.queries)
    }
    counted, samples = 0, 0
    for key, (board, query) in compiled.items():
        if not is_of_histogram(query.expr, NEWEST):
            assert query.expr == authored()[key]
            continue
        before, after = (
            query_cost(source, "query_range", query=expr, start=END - 600, end=END, step=INTERVAL).samples
            for expr in (
                expression(board, replace(query, expr=text), cluster_of(NEWEST, Storing.DEFAULT))
                for text in (authored()[key], query.expr)
            )
        )
        assert before == after > 0, (key, query.expr)
        counted, samples = counted + 1, samples + after
    report(f"{counted} queries of histograms read {samples:,} samples, as many as without their native half")
