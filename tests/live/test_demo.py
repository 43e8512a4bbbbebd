"""The demo's engine answers as a real Prometheus does that holds the same samples."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from dashboards_py import demo, promql
from dashboards_py.board import Board, read
from dashboards_py.demo.engine import Engine
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data import opening_values, over
from dashboards_py.panel_data.requests import Request
from dashboards_py.panel_data.source import Source
from dashboards_py.prometheus import over_http
from tests.components import path_of, require
from tests.demo.boards import BOARDS, WINDOW, asks_the_same, opened
from tests.demo.compare import Answer, answer, difference
from tests.live.demo_history import stored
from tests.live.panel_queries import FORECAST
from tests.stories._story import stories

EVERY_QUERY = ("healthy", "rolling-upgrade")  # scenes in which queries of Cilium's own boards are compared as well
# The scene in which each query is also asked for a moment between scrapes: it has restarts, gaps and stale markers. The
# last point of a range is a moment on its grid.
AT_A_MOMENT = "rolling-upgrade"
WITHOUT = ("empty", "operator-only", "hubble-off")  # scenes in which most of the queries have nothing to find
# Scenes in which all of our boards are compared. In the others what breaks moves, ends or begins few series: the
# boards of their stories are compared. Queries that read what they read in the healthy cluster are compared there.
COMPARED = (*EVERY_QUERY, *WITHOUT)
BEFORE = 3600 + 900  # seconds: the longest offset and window, but that of forecasts, which are not asked
ODD_MOMENT = demo.END - 1234.567


def upstream() -> tuple[Board, ...]:
    """Cilium's own boards, of every release."""
    files = sorted(path_of("upstream-boards").rglob("*.json"))
    return tuple(read(json.loads(file.read_text(encoding="utf-8"))) for file in files)


def of_scene(scene: str) -> tuple[Board, ...]:
    """Those of our boards that are compared in a scene."""
    uids = {look.board for story in stories().values() if story.scene == scene for look in story.looks}
    return tuple(board for board in BOARDS if scene in COMPARED or board.uid in uids)


@dataclass(frozen=True, slots=True)
class Pair:
    """The engine and a Prometheus with the same samples, those of a scene."""

    scene: str
    engine: Engine
    prometheus: Source


@pytest.fixture(scope="module")
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A scene in both."""
    require("prometheus")
    engine = demo.source(request.param)
    assert isinstance(engine, Engine)
    names = {"up"}
    for board in (*BOARDS, *upstream()) if request.param in EVERY_QUERY else of_scene(request.param):
        exprs = [one.expr for _, one in opened(board, engine) if is_compared(one.expr, request.param)]
        exprs += [variable.query for variable in board.variables]
        names |= {selector.metric for expr in exprs for selector in promql.lenient_selectors(expr)}
    begin, end = (round(1000 * moment) for moment in (WINDOW.begin - BEFORE, WINDOW.end))
    with stored(engine.storage, names, tmp_path_factory.mktemp(request.param), begin, end) as address:
        yield Pair(request.param, engine, over(over_http(address)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A query as it was sent to both, what is different, and whether Prometheus had an answer."""

    query: str
    difference: str
    has_data: bool


def compared(pair: Pair, boards: tuple[Board, ...]) -> Iterator[Comparison]:
    """Each query of the boards as a range, and in one scene at a moment."""
    sent = set()
    for board in boards:
        for name, one in opened(board, pair.prometheus):
            key = one.expr, one.begin, one.end, one.step
            if is_compared(one.expr, pair.scene) and key not in sent:
                sent.add(key)
                for moment in (None, ODD_MOMENT) if pair.scene == AT_A_MOMENT else (None,):
                    yield comparison(pair, f"{name}: {one.expr}", one, moment)


def is_compared(expr: str, scene: str) -> bool:
    """Whether the query is asked in the scene."""
    return FORECAST not in expr and (scene == "healthy" or not asks_the_same(expr, scene))


def comparison(pair: Pair, query: str, one: Request, moment: float | None) -> Comparison:
    """A request as a range, or at a moment."""

    def ask(source: Source) -> Answer:
        if moment is None:
            return answer(source.range(one.expr, one.begin, one.end, one.step / 1000))
        return answer(source.instant(one.expr, moment))

    real = ask(pair.prometheus)
    try:
        return Comparison(query, difference(ask(pair.engine), real, one.expr), bool(real))
    except DashboardsError as error:
        return Comparison(query, str(error), bool(real))


@pytest.mark.parametrize(
    ("pair", "boards"),
    [
        *(pytest.param(scene, of_scene, id=f"{scene}-ours") for scene in demo.scene_names()),
        *(pytest.param(scene, lambda _: upstream(), id=f"{scene}-upstream") for scene in EVERY_QUERY),
    ],
    indirect=["pair"],
)
def test_the_engine_answers_as_prometheus(
    pair: Pair, boards: Callable[[str], tuple[Board, ...]], report: Callable[[str], None]
) -> None:
    """Every query of our boards and of Cilium's own has the same series and samples, and none is not supported.

    In each scene, of the boards that tell of it at least.
    """
    results = tuple(compared(pair, boards(pair.scene)))
    assert results
    different = [f"{one.query}\n    {one.difference}" for one in results if one.difference]
    unsupported = sum("not supported" in one.difference for one in results)
    report(
        f"{len(results)} queries compared with Prometheus, {sum(one.has_data for one in results)} with data: "
        f"{len(different)} differ, {unsupported} not supported"
    )
    assert different == []
    assert pair.scene in WITHOUT or sum(one.has_data for one in results) > len(results) / 2


@pytest.mark.parametrize("pair", ["healthy"], indirect=True)
def test_variables_have_the_values_of_prometheus(pair: Pair) -> None:
    """The variables of all boards open with the same values."""
    for board in (*BOARDS, *upstream()):
        engine, real = (opening_values(board, WINDOW, source) for source in (pair.engine, pair.prometheus))
        assert engine.values == real.values, board.uid
