"""Panels show the right numbers: a real Prometheus answers with the values configured in the synthetic cluster."""

import json
import math
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

import pytest

from dashboards_py.board import Board, Panel, Query, read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster
from dashboards_py.lint import lint
from dashboards_py.promql import selectors
from tests.components import path_of, require
from tests.live.cluster import HISTORY, full_cluster, metrics
from tests.live.panel_queries import SCRAPE_SECONDS, Series, defaults, run_query, step
from tests.live.processes import prometheus
from tests.synthetic.backfill import backfill
from tests.synthetic.trouble import troubled
from tests.truth.mutations import mutations
from tests.truth.values import Model, Moment, Value, Vector

BOARDS = [read(board.json) for board in compile_boards()]
QUERIES = [(board, panel, query) for board in BOARDS for panel, query in board.queries()]
EXPRESSIONS = {(board.uid, panel.title, query.ref): query.expr for board, panel, query in QUERIES}
FAULTS = tuple(mutations([query.expr for _, _, query in QUERIES], 200, seed=16))
END = float(int(time.time()) // 60 * 60)  # of the history in each Prometheus, so that releases can be compared
CHOSEN = "east"
SINGLE = {"node": "node-1", "namespace": "shop"}
TOLERANCE = 1e-6  # relative: the rounding of samples


def is_expected(vector: Vector, expected: Value, model: Model, moment: Moment) -> bool:
    """Whether an answer is the expected one; which of several equal series are in a top ten is undefined."""
    values = expected.evaluate(model, moment)
    if vector.keys() == values.keys():
        return all(close(vector[labels], values[labels]) for labels in values)
    if expected.candidates is None or len(vector) != len(values):
        return False
    candidates = expected.candidates.evaluate(model, moment)
    return all(map(close, sorted(vector.values()), sorted(values.values()))) and all(
        labels in candidates and close(value, candidates[labels]) for labels, value in vector.items()
    )


def close(one: float, two: float) -> bool:
    """Whether two numbers are the same, apart from the rounding of samples."""
    return math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=1e-12) or (math.isnan(one) and math.isnan(two))


def expected_value(board: Board, panel: Panel, query: Query) -> Value:
    """The expected value of a query; the table OLDER has those of queries that the newest release lacks."""
    table = "TRUTH" if EXPRESSIONS.get((board.uid, panel.title, query.ref)) == query.expr else "OLDER"
    return truth_table(board, table)[panel.title][query.ref]


def truth_table(board: Board, table: str) -> Mapping[str, Mapping[str, Value]]:
    expected: Mapping[str, Mapping[str, Value]] = getattr(
        import_module(f"tests.truth.{board.uid.replace('-', '_')}"), table, {}
    )
    return expected


Variables = Mapping[str, str]
Hour = tuple[float, float]  # Unix times


def choices(board: Board) -> Iterator[Variables]:
    """Choices of variables: one of two clusters; with it a single node or namespace; and values that do not exist.

    Variables that the query does not use are included: the query may have lost a matcher that it should have.
    """
    usual = {**defaults(board), "cluster": CHOSEN}
    yield usual
    yield from ({**usual, name: value} for name, value in SINGLE.items() if usual.get(name, value) != value)
    yield from ({**usual, name: "nowhere"} for name in usual)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Two synthetic clusters in a real Prometheus, one of them chosen, and a model of that one."""

    source: str
    hour: Hour
    model: Model

    @property
    def first_hour(self) -> Hour:
        """An hour of which the second half has data, and no moment had any an hour before."""
        return self.model.begin - 1800, self.model.begin + 1800

    def moment(self, panel: Panel, query: Query, variables: Variables, hour: Hour) -> Moment:
        """The last moment that the panel shows of an hour."""
        seconds = step(panel, hour)
        end = hour[1] if query.instant else math.floor(hour[1] / seconds) * seconds
        return Moment(end, max(seconds + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS), hour[1] - hour[0], variables)

    def chosen(self, variables: Variables) -> Model:
        """The part of the model that the variables select."""
        if variables["cluster"] == "nowhere":
            return replace(self.model, series=())
        return _of_node(self.model, variables["node"]) if "node" in variables else self.model

    def is_right(self, board: Board, panel: Panel, query: Query, expr: str) -> bool:
        """Whether an expression returns the expected value of the panel's query, for all choices of variables.

        As the boards are opened, also when the history has just begun.
        """
        expected = expected_value(board, panel, query)
        usual, *others = choices(board)
        opened = [(usual, self.hour), (usual, self.first_hour), *((variables, self.hour) for variables in others)]
        for variables, hour in opened:
            moment = self.moment(panel, query, variables, hour)
            vector = _at(run_query(self.source, panel, replace(query, expr=expr), variables, hour), moment.at)
            if not is_expected(vector, expected, self.chosen(variables), moment):
                return False
        return True

    def expected_at_opening(self, board: Board, panel: Panel, query: Query) -> Vector:
        """The expected value of the query when the board is opened."""
        variables = next(choices(board))
        return expected_value(board, panel, query).evaluate(
            self.chosen(variables), self.moment(panel, query, variables, self.hour)
        )

    def faults(self, board: Board, panel: Panel, query: Query) -> Iterator[str]:
        """The faults of a query's answers that a reader of the panel would see."""
        name = f"{board.uid} / {panel.title} {query.ref}"
        if not self.is_right(board, panel, query, query.expr):
            yield f"{name} does not show the true value: {query.expr}"
        answer = run_query(self.source, panel, query, next(choices(board)), self.hour)
        if not all(series.finite for series in answer):
            yield f"{name} has values that are not finite: {query.expr}"
        for label in re.findall(r"{{(\w+)}}", query.legend):
            if answer and not any(label in dict(series.labels) for series in answer):
                yield f"{name} has no label {label} for its legend: {query.expr}"


@lru_cache(maxsize=8)
def _of_node(model: Model, pattern: str) -> Model:
    """The series of the chosen nodes, and those that belong to no node."""
    node = re.compile(pattern)
    is_chosen = {
        one_series: node.fullmatch(dict(one_series.labels).get("node", pattern)) is not None
        for one_series in model.series
    }
    chosen, others = (tuple(one for one in model.series if is_chosen[one] is wanted) for wanted in (True, False))
    return replace(model, series=chosen, others=others)


def _at(answer: tuple[Series, ...], moment: float) -> Vector:
    return {
        frozenset(pair for pair in series.labels if pair[0] != "__name__"): dict(series.values)[moment]
        for series in answer
        if moment in dict(series.values)
    }


@contextmanager
def start_scenario(
    cluster: CiliumCluster, only: frozenset[str], directory: Path, programs: Path = Path()
) -> Iterator[Scenario]:
    """A cluster with failures in a real Prometheus: the one in the directory `programs`, or on PATH."""
    require("prometheus")
    end = END
    all_series = tuple(troubled(generate(cluster, end=end, only=only)))
    (directory / "data").mkdir()
    binary = str(programs / "prometheus")
    backfill(all_series, directory / "data", end=end, length=HISTORY, interval=cluster.interval, binary=binary)
    series = tuple(one_series for one_series in all_series if dict(one_series.labels)["cluster"] == CHOSEN)
    with prometheus(directory / "data", binary) as source:
        yield Scenario(source, (end - 3600, end), Model(series, end - HISTORY, end, cluster.interval))


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    """The metrics that the boards read, and those that their mutated queries read."""
    wrong = frozenset(selector.metric for _, _, expr in FAULTS for selector in selectors(expr))
    cluster = full_cluster(nodes=3, clusters=(CHOSEN, "west"))
    with start_scenario(cluster, metrics(BOARDS) | wrong, tmp_path_factory.mktemp("truth")) as scenario:
        yield scenario


def question(scenario: Scenario, board: Board, panel: Panel, query: Query) -> object:
    """All that the answer to a query depends on: the query, its panel, the variables, and the series that it reads."""
    names = {selector.metric for selector in selectors(query.expr)}
    series = (
        scenario.model.series
        if "" in names or None in names
        else [one_series for name in names for one_series in scenario.model.by_name.get(name or "", ())]
    )
    settings = (board.uid, panel.id, query, json.dumps(panel.raw, sort_keys=True), tuple(map(repr, choices(board))))
    return *settings, scenario.model.interval, frozenset(series)


ANSWERED: set[object] = set()  # the questions that were right on another release, over the same series


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_every_query_shows_the_true_value(
    request: pytest.FixtureRequest, tmp_path: Path, release: Release, report: Callable[[str], None]
) -> None:
    """On each release every query of every panel has data, shows the true value, and has the labels of its legend.

    A query that was right on another release, over series that are equal in all, is not sent again.
    """
    boards = [read(board.json) for board in compile_boards(release)]
    with (
        nullcontext(request.getfixturevalue("scenario"))
        if release == NEWEST
        else start_scenario(full_cluster(release, nodes=2, clusters=(CHOSEN,)), metrics(boards), tmp_path)
    ) as scenario:
        board_queries = [(board, panel, query) for board in boards for panel, query in board.queries()]
        questions = {question(scenario, *board_query): board_query for board_query in board_queries}
        new = {one: board_query for one, board_query in questions.items() if one not in ANSWERED}
        faults = [fault for board_query in new.values() for fault in scenario.faults(*board_query)]
        ANSWERED.update(() if faults else new)
        empty = [
            (board.uid, panel.title, query.ref)
            for board, panel, query in board_queries
            if not scenario.expected_at_opening(board, panel, query)
        ]
    panels = {(board.uid, panel.title) for board, panel, _ in board_queries}
    report(
        f"cilium {release}, every feature on, failures everywhere: {len(panels)} panels, "
        f"{len(board_queries)} queries, "
        f"{len(board_queries) - len(empty)} with data and a checked value, {len(faults)} wrong; "
        f"{len(board_queries) - len(new)} read the same series as on another release, and were right there"
    )
    assert faults == []
    assert empty == []
    assert len(board_queries) > 0.85 * len(QUERIES)


def test_an_old_prometheus_shows_the_same(tmp_path: Path) -> None:
    """Prometheus 2.42 answers every query with the right value."""
    binary = path_of("prometheus-2")
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("prometheus, version 2.")
    with start_scenario(
        full_cluster(nodes=2, clusters=(CHOSEN,)), metrics(BOARDS), tmp_path, binary.parent
    ) as scenario:
        assert [fault for board_query in QUERIES for fault in scenario.faults(*board_query)] == []


# Faults in queries and the rules that report them; the number is wrong in any case.
BROKEN: tuple[tuple[str, str, str, str, set[str]], ...] = (
    ("cilium-overview", "Forwarded", "count_total", "counts_total", {"unknown-metric"}),
    ("cilium-overview", "Forwarded", "by (direction)", "by (way)", {"unknown-label", "missing-legend-label"}),
    ("cilium-overview", "Forwarded", "sum by", "max by", set()),
    ("cilium-overview", "Drops by reason", "[$__rate_interval]", "[30s]", {"short-window"}),
    ("cilium-overview", "Drops by reason", "[$__rate_interval]", "[4m]", {"fixed-window"}),
    ("cilium-overview", "Drops by reason", "[$__rate_interval]", "[$__range]", set()),
    ("cilium-policy", "Failed imports", '"fail"', '"failure"', {"impossible-label-value"}),
)


@pytest.mark.parametrize(("uid", "title", "old", "new", "rules"), BROKEN, ids=[f"{b[1]} {b[3]}" for b in BROKEN])
def test_the_right_check_fails(scenario: Scenario, uid: str, title: str, old: str, new: str, rules: set[str]) -> None:
    """A broken metric, label, value, window or aggregation: these rules and no others, on this panel and no other."""
    ((board, panel, query),) = (
        board_query for board_query in QUERIES if (board_query[0].uid, board_query[1].title) == (uid, title)
    )
    assert old in query.expr
    broken = query.expr.replace(old, new)
    findings, _ = lint(with_query(board, panel, query, broken), NEWEST)
    assert {(finding.panel, finding.rule) for finding in findings} == {(title, rule) for rule in rules}
    assert scenario.is_right(board, panel, query, query.expr)
    assert differs(scenario, board, panel, query, broken)


def test_no_table_has_extra_entries() -> None:
    """Every entry of the tables is of a query that a board has."""
    assert {(b.uid, p.title, q.ref) for b, p, q in QUERIES} == {
        (board.uid, title, ref)
        for board in BOARDS
        for title, refs in truth_table(board, "TRUTH").items()
        for ref in refs
    }
    older = {
        (board.uid, panel.title, query.ref)
        for release in RELEASES[:-1]
        for board in map(read, (compiled.json for compiled in compile_boards(release)))
        for panel, query in board.queries()
        if EXPRESSIONS.get((board.uid, panel.title, query.ref)) != query.expr
    }
    assert older == {
        (board.uid, title, ref)
        for board in BOARDS
        for title, refs in truth_table(board, "OLDER").items()
        for ref in refs
    }


def test_faults_are_found(scenario: Scenario, report: Callable[[str], None]) -> None:
    """lint or the expected values detect at least 90 % of 200 mutations of our queries."""
    missed = []
    for location, kind, expr in FAULTS:
        board, panel, query = QUERIES[location]
        if not (lints(board, panel, query, expr) or differs(scenario, board, panel, query, expr)):
            missed.append(f"{kind}: {board.uid} / {panel.title}: {query.expr} -> {expr}")
    report("\n  ".join([f"{200 - len(missed)} of 200 faults found; missed:", *missed]))
    assert len(missed) <= 19


def with_query(board: Board, panel: Panel, query: Query, expr: str) -> Board:
    """The board with another expression in a query."""
    queries = tuple(
        replace(other_query, expr=expr) if other_query == query else other_query for other_query in panel.queries
    )
    changed = replace(panel, queries=queries)
    rows = [
        replace(row, panels=tuple(changed if other_panel.id == panel.id else other_panel for other_panel in row.panels))
        for row in board.rows
    ]
    return replace(board, rows=tuple(rows))


def lints(board: Board, panel: Panel, query: Query, expr: str) -> bool:
    """Whether lint has a finding for the changed query that it did not have before."""
    return linted(with_query(board, panel, query, expr)) > before(board.uid)


def linted(board: Board) -> frozenset[tuple[str, str, str]]:
    """What lint says of a board."""
    findings, _ = lint(board, NEWEST)
    return frozenset((finding.panel, finding.rule, finding.what) for finding in findings)


@cache
def before(uid: str) -> frozenset[tuple[str, str, str]]:
    """What lint says of one of our boards as it is."""
    return linted(next(board for board in BOARDS if board.uid == uid))


def differs(scenario: Scenario, board: Board, panel: Panel, query: Query, expr: str) -> bool:
    """Whether Prometheus rejects the query, or its answer is not the expected one."""
    try:
        return not scenario.is_right(board, panel, query, expr)
    except AssertionError:
        return True
