"""Panels show the right numbers: a real Prometheus' answers are the values configured in the synthetic cluster."""

import math
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import pytest

from dashboards_py.board import Board, Panel, Query, read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster
from dashboards_py.demo.cluster.trouble import troubled
from dashboards_py.lint import lint
from dashboards_py.promql import selectors
from tests.components import path_of, require
from tests.live.asking import SCRAPE, Series, ask, defaults, step
from tests.live.cluster import HISTORY, metrics, world
from tests.live.processes import prometheus
from tests.synthetic.backfill import backfill
from tests.truth.mutations import mutations
from tests.truth.values import Model, Moment, Value, Vector

BOARDS = [read(board.json) for board in compile_boards()]
QUERIES = [(board, panel, query) for board in BOARDS for panel, query in board.queries()]
EXPRESSIONS = {(board.uid, panel.title, query.ref): query.expr for board, panel, query in QUERIES}
FAULTS = tuple(mutations([query.expr for _, _, query in QUERIES], 200, seed=16))
CHOSEN = "east"
ONE = {"node": "node-1", "namespace": "shop"}
TOLERANCE = 1e-6  # relative: what is left is the rounding of samples


def same(vector: Vector, wanted: Value, model: Model, moment: Moment) -> bool:
    """Whether an answer is what it must be; which of several equal series make a top ten is undefined."""
    must = wanted.of(model, moment)
    if vector.keys() == must.keys():
        return all(close(vector[labels], must[labels]) for labels in must)
    if wanted.whole is None or len(vector) != len(must):
        return False
    whole = wanted.whole.of(model, moment)
    return all(map(close, sorted(vector.values()), sorted(must.values()))) and all(
        labels in whole and close(value, whole[labels]) for labels, value in vector.items()
    )


def close(one: float, two: float) -> bool:
    """Whether two numbers are the same but for the rounding of samples."""
    return math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=1e-12) or (math.isnan(one) and math.isnan(two))


def must(board: Board, panel: Panel, query: Query) -> Value:
    """What a query must show; where it is not the newest release's, the table OLDER has the value."""
    table = "TRUTH" if EXPRESSIONS.get((board.uid, panel.title, query.ref)) == query.expr else "OLDER"
    return truth_table(board, table)[panel.title][query.ref]


def truth_table(board: Board, table: str) -> Mapping[str, Mapping[str, Value]]:
    expected: Mapping[str, Mapping[str, Value]] = getattr(
        import_module(f"tests.truth.{board.uid.replace('-', '_')}"), table, {}
    )
    return expected


Variables = Mapping[str, str]


def choices(board: Board) -> Iterator[Variables]:
    """What is chosen on a board: one of two clusters, then in turn one node and namespace, and what is nowhere.

    This includes variables that the query does not use: part of it may have lost one that it should follow.
    """
    usual = {**defaults(board), "cluster": CHOSEN}
    yield usual
    yield from ({**usual, name: value} for name, value in ONE.items() if usual.get(name, value) != value)
    yield from ({**usual, name: "nowhere"} for name in usual)


@dataclass(frozen=True, slots=True)
class Stage:
    """Two synthetic clusters in a real Prometheus, one of them chosen, and a model of that one."""

    source: str
    hour: tuple[float, float]
    model: Model

    def moment(self, panel: Panel, query: Query, variables: Variables) -> Moment:
        """The last moment that the panel shows."""
        seconds = step(panel, self.hour)
        end = self.hour[1] if query.instant else math.floor(self.hour[1] / seconds) * seconds
        return Moment(end, max(seconds + SCRAPE, 4 * SCRAPE), self.hour[1] - self.hour[0], variables)

    def chosen(self, variables: Variables) -> Model:
        """What the choice leaves of the model."""
        if variables["cluster"] == "nowhere":
            return replace(self.model, series=())
        return _of_node(self.model, variables["node"]) if "node" in variables else self.model

    def right(self, board: Board, panel: Panel, query: Query, expr: str) -> bool:
        """Whether Prometheus answers an expression with what the panel's query must show, whatever is chosen."""
        wanted = must(board, panel, query)
        for variables in choices(board):
            moment = self.moment(panel, query, variables)
            vector = _at(ask(self.source, panel, replace(query, expr=expr), variables, self.hour), moment.at)
            if not same(vector, wanted, self.chosen(variables), moment):
                return False
        return True

    def shown(self, board: Board, panel: Panel, query: Query) -> Vector:
        """What the query must show when the board opens."""
        variables = next(choices(board))
        return must(board, panel, query).of(self.chosen(variables), self.moment(panel, query, variables))

    def faults(self, board: Board, panel: Panel, query: Query) -> Iterator[str]:
        """What is wrong with a query's answers, for a reader of the panel."""
        where = f"{board.uid} / {panel.title} {query.ref}"
        if not self.right(board, panel, query, query.expr):
            yield f"{where} does not show the true value: {query.expr}"
        answer = ask(self.source, panel, query, next(choices(board)), self.hour)
        if not all(series.finite for series in answer):
            yield f"{where} has numbers that are none: {query.expr}"
        for label in re.findall(r"{{(\w+)}}", query.legend):
            if answer and not any(label in dict(series.labels) for series in answer):
                yield f"{where} has no label {label} for its legend: {query.expr}"


@lru_cache(maxsize=8)
def _of_node(model: Model, pattern: str) -> Model:
    """What is left of a model when its nodes are chosen: theirs, and what is of no node."""
    node = re.compile(pattern)
    kept = (one_series for one_series in model.series if node.fullmatch(dict(one_series.labels).get("node", pattern)))
    return replace(model, series=tuple(kept))


def _at(answer: tuple[Series, ...], moment: float) -> Vector:
    return {
        frozenset(pair for pair in series.labels if pair[0] != "__name__"): dict(series.values)[moment]
        for series in answer
        if moment in dict(series.values)
    }


@contextmanager
def staged(of: CiliumCluster, only: frozenset[str], directory: Path, programs: Path = Path()) -> Iterator[Stage]:
    """Series of a troubled world, in a real Prometheus: that of a directory of programs, or on PATH."""
    require("prometheus", "promtool")
    end = float(int(time.time()) // 60 * 60)
    all_series = tuple(troubled(generate(of, end=end, only=only)))
    (directory / "data").mkdir()
    promtool = str(programs / "promtool")
    backfill(all_series, directory / "data", end=end, length=HISTORY, interval=of.interval, promtool=promtool)
    series = tuple(one_series for one_series in all_series if dict(one_series.labels)["cluster"] == CHOSEN)
    with prometheus(directory / "data", str(programs / "prometheus")) as source:
        yield Stage(source, (end - 3600, end), Model(series, end - HISTORY, end, of.interval))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """What the boards read, and what they would read with the faults that are put into them."""
    wrong = frozenset(selector.metric for _, _, expr in FAULTS for selector in selectors(expr))
    synthetic_world = world(nodes=3, clusters=(CHOSEN, "west"))
    with staged(synthetic_world, metrics(BOARDS) | wrong, tmp_path_factory.mktemp("truth")) as stage:
        yield stage


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_every_query_has_its_truth(
    request: pytest.FixtureRequest, tmp_path: Path, release: Release, report: Callable[[str], None]
) -> None:
    """On each release every query of every panel has data, shows the true value, and has the labels of its legend."""
    boards = [read(board.json) for board in compile_boards(release)]
    with (
        nullcontext(request.getfixturevalue("stage"))
        if release == NEWEST
        else staged(world(release, nodes=2, clusters=(CHOSEN,)), metrics(boards), tmp_path)
    ) as stage:
        board_queries = [(board, panel, query) for board in boards for panel, query in board.queries()]
        faults = [fault for board_query in board_queries for fault in stage.faults(*board_query)]
        empty = [
            (board.uid, panel.title, query.ref)
            for board, panel, query in board_queries
            if not stage.shown(board, panel, query)
        ]
    panels = {(board.uid, panel.title) for board, panel, _ in board_queries}
    report(
        f"cilium {release}, every feature on, something wrong everywhere: {len(panels)} panels, "
        f"{len(board_queries)} queries, "
        f"{len(board_queries) - len(empty)} with data and a proved number, {len(faults)} wrong"
    )
    assert faults == []
    assert empty == []
    assert len(board_queries) > 0.85 * len(QUERIES)


def test_an_old_prometheus_shows_the_same(tmp_path: Path) -> None:
    """Prometheus 2.42 answers every query, and with the right number."""
    binary = path_of("prometheus-2")
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("prometheus, version 2.")
    with staged(world(nodes=2, clusters=(CHOSEN,)), metrics(BOARDS), tmp_path, binary.parent) as stage:
        assert [fault for board_query in QUERIES for fault in stage.faults(*board_query)] == []


# Faults in queries and the rules that report them; the number is wrong in any case.
BROKEN: tuple[tuple[str, str, str, str, set[str]], ...] = (
    ("cilium-overview", "Forwarded", "count_total", "counts_total", {"unknown-metric"}),
    ("cilium-overview", "Forwarded", "by (direction)", "by (way)", {"unknown-label", "missing-legend-label"}),
    ("cilium-overview", "Forwarded", "sum by", "max by", set()),
    ("cilium-overview", "Drops by reason", "[$__rate_interval]", "[30s]", {"short-window"}),
    ("cilium-overview", "Drops by reason", "[$__rate_interval]", "[2m30s]", {"fixed-window"}),
    ("cilium-overview", "Drops by reason", "[$__rate_interval]", "[$__range]", set()),
    ("cilium-policy", "Failed imports", '"fail"', '"failure"', {"impossible-label-value"}),
)


@pytest.mark.parametrize(("uid", "title", "old", "new", "rules"), BROKEN, ids=[f"{b[1]} {b[3]}" for b in BROKEN])
def test_the_right_check_fails(stage: Stage, uid: str, title: str, old: str, new: str, rules: set[str]) -> None:
    """A broken metric, label, value, window or aggregation: these rules and no others, on this panel and no other."""
    ((board, panel, query),) = (
        board_query for board_query in QUERIES if (board_query[0].uid, board_query[1].title) == (uid, title)
    )
    assert old in query.expr
    broken = query.expr.replace(old, new)
    findings, _ = lint(with_query(board, panel, query, broken), NEWEST)
    assert {(finding.panel, finding.rule) for finding in findings} == {(title, rule) for rule in rules}
    assert stage.right(board, panel, query, query.expr)
    assert differs(stage, board, panel, query, broken)


def test_no_table_has_extra_entries() -> None:
    """What the tables say of panels and queries that no board has is nothing."""
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


def test_faults_are_found(stage: Stage, report: Callable[[str], None]) -> None:
    """Of 200 faults put into our queries, lint or the numbers find at least 90 %."""
    missed = []
    for location, kind, expr in FAULTS:
        board, panel, query = QUERIES[location]
        if not (lints(board, panel, query, expr) or differs(stage, board, panel, query, expr)):
            missed.append(f"{kind}: {board.uid} / {panel.title}: {query.expr} -> {expr}")
    report("\n  ".join([f"{200 - len(missed)} of 200 faults found; missed:", *missed]))
    assert len(missed) <= 20


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
    """Whether lint finds a fault in the query that was not there before."""
    findings, _ = lint(with_query(board, panel, query, expr), NEWEST)
    before, _ = lint(board, NEWEST)
    return {(finding.panel, finding.rule, finding.what) for finding in findings} > {
        (e.panel, e.rule, e.what) for e in before
    }


def differs(stage: Stage, board: Board, panel: Panel, query: Query, expr: str) -> bool:
    """Whether Prometheus refuses the query, or answers something else than it must."""
    try:
        return not stage.right(board, panel, query, expr)
    except AssertionError:
        return True
