"""Panels show the right numbers: what a real Prometheus answers is what the synthetic cluster was told to do."""

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module

import pytest

from dashboards_py.board import Board, Panel, Query, read
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.lint import lint
from tests.conftest import require
from tests.live.asking import SCRAPE, Series, ask, defaults, step
from tests.live.cluster import HISTORY, metrics, world
from tests.live.processes import prometheus
from tests.synthetic.backfill import backfill
from tests.synthetic.series import generate
from tests.synthetic.trouble import troubled
from tests.truth.mutations import mutations
from tests.truth.values import Model, Moment, Value, Vector

BOARDS = [read(board.json) for board in compile_boards()]
QUERIES = [(board, panel, query) for board in BOARDS for panel, query in board.queries()]
CHOSEN = "east"
TOLERANCE = 1e-6  # relative: what is left is the rounding of samples


def same(found: Vector, wanted: Value, model: Model, moment: Moment) -> bool:
    """Whether an answer is what it must be; which of equals stand in a top ten is left open."""
    must = wanted.of(model, moment)
    if found.keys() == must.keys():
        return all(close(found[labels], must[labels]) for labels in must)
    if wanted.whole is None or len(found) != len(must):
        return False
    whole = wanted.whole.of(model, moment)
    return all(map(close, sorted(found.values()), sorted(must.values()))) and all(
        labels in whole and close(value, whole[labels]) for labels, value in found.items()
    )


def close(one: float, two: float) -> bool:
    """Whether two numbers are the same but for the rounding of samples."""
    return math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=1e-12) or (math.isnan(one) and math.isnan(two))


def truth(board: Board) -> Mapping[str, Mapping[str, Value]]:
    """What the board's panels must show, by panel and query."""
    found: Mapping[str, Mapping[str, Value]] = import_module(f"tests.truth.{board.uid.replace('-', '_')}").TRUTH
    return found


Variables = Mapping[str, str]


def choices(board: Board, query: Query) -> Iterator[Variables]:
    """What is chosen on a board: one of two clusters, then in turn nothing at all for each variable that is asked."""
    usual = {**defaults(board), "cluster": CHOSEN}
    yield usual
    yield from ({**usual, name: "nowhere"} for name in usual if f"${name}" in query.expr)


@dataclass(frozen=True, slots=True)
class Stage:
    """Two synthetic clusters in a real Prometheus, of which one is chosen, and that one as a model."""

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
        if variables.get("node") == "nowhere":
            return replace(self.model, series=tuple(s for s in self.model.series if "node" not in dict(s.labels)))
        return self.model

    def right(self, board: Board, panel: Panel, query: Query, expr: str) -> bool:
        """Whether Prometheus answers an expression with what the panel's query must show, whatever is chosen."""
        wanted = truth(board)[panel.title][query.ref]
        for variables in choices(board, query):
            moment = self.moment(panel, query, variables)
            found = _at(ask(self.source, panel, replace(query, expr=expr), variables, self.hour), moment.at)
            if not same(found, wanted, self.chosen(variables), moment):
                return False
        return True


def _at(found: tuple[Series, ...], moment: float) -> Vector:
    return {
        frozenset(pair for pair in each.labels if pair[0] != "__name__"): dict(each.values)[moment]
        for each in found
        if moment in dict(each.values)
    }


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    require("prometheus")
    directory = tmp_path_factory.mktemp("truth")
    given, only = world(nodes=3, clusters=(CHOSEN, "west")), metrics(BOARDS)
    end = float(int(time.time()) // 60 * 60)
    every = tuple(troubled(generate(given, end=end, length=HISTORY, only=only)))
    (directory / "data").mkdir()
    backfill(every, directory / "data", end=end, length=HISTORY, interval=given.interval)
    series = tuple(each for each in every if dict(each.labels)["cluster"] == CHOSEN)
    with prometheus(directory / "data") as source:
        yield Stage(source, (end - 3600, end), Model(series, end - HISTORY, end, given.interval))


@pytest.mark.parametrize(
    ("board", "panel", "query"),
    [each for each in QUERIES if each[1].title in truth(each[0])],
    ids=[f"{b.uid}-{p.title}-{q.ref}" for b, p, q in QUERIES if p.title in truth(b)],
)
def test_a_panel_shows_what_is_so(stage: Stage, board: Board, panel: Panel, query: Query) -> None:
    """Each series, and each value at the last moment shown, whatever is chosen."""
    assert stage.right(board, panel, query, query.expr)


def test_every_panel_has_its_truth(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """Every query of every panel is in a table, no table says more, and at least half of all panels show something."""
    assert {(b.uid, p.title, q.ref) for b, p, q in QUERIES} == {
        (board.uid, title, ref) for board in BOARDS for title, refs in truth(board).items() for ref in refs
    }
    proved = {
        (board.uid, panel.title)
        for board, panel, query in QUERIES
        if truth(board)[panel.title][query.ref].of(stage.model, stage.moment(panel, query, next(choices(board, query))))
    }
    panels = {(board.uid, panel.title) for board, panel, _ in QUERIES}
    stats = {("cilium-overview", panel.title) for board in BOARDS for panel in board.panels if panel.type == "stat"}
    missing = {title for uid, title in panels - proved if uid == "cilium-overview" and (uid, title) in stats}
    with capsys.disabled():
        print(f"\n{len(panels)} panels, {len(QUERIES)} queries, {len(proved)} panels with a proved number", end="")
    assert len(proved) >= len(panels) / 2
    assert missing <= {"Targets down"}  # none is


def test_faults_are_found(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 200 faults put into our queries, lint or the numbers find at least 90 %."""
    expressions = [query.expr for _, _, query in QUERIES]
    missed = []
    for place, kind, expr in mutations(expressions, 200, seed=16):
        board, panel, query = QUERIES[place]
        if not (lints(board, panel, query, expr) or differs(stage, board, panel, query, expr)):
            missed.append(f"{kind}: {board.uid} / {panel.title}: {query.expr} -> {expr}")
    with capsys.disabled():
        print(f"\n{200 - len(missed)} of 200 faults found; missed:", *missed, sep="\n  ")
    assert len(missed) <= 20


def with_query(board: Board, panel: Panel, query: Query, expr: str) -> Board:
    """The board with another expression in a query."""
    queries = tuple(replace(each, expr=expr) if each == query else each for each in panel.queries)
    changed = replace(panel, queries=queries)
    rows = [
        replace(row, panels=tuple(changed if each.id == panel.id else each for each in row.panels))
        for row in board.rows
    ]
    return replace(board, rows=tuple(rows))


def lints(board: Board, panel: Panel, query: Query, expr: str) -> bool:
    """Whether lint finds a fault in the query that was not there before."""
    found, _ = lint(with_query(board, panel, query, expr), NEWEST)
    before, _ = lint(board, NEWEST)
    return {(each.panel, each.rule, each.what) for each in found} > {(e.panel, e.rule, e.what) for e in before}


def differs(stage: Stage, board: Board, panel: Panel, query: Query, expr: str) -> bool:
    """Whether Prometheus refuses the query, or answers something else than it must."""
    try:
        return not stage.right(board, panel, query, expr)
    except AssertionError:
        return True
