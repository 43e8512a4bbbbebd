"""The demo's engine and a real Prometheus on random expressions over a small storage with everything that is hard."""

from collections.abc import Callable, Iterator

import pytest

from dashboards_py.demo.engine import Engine
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.source import Source
from tests.components import require
from tests.demo import memory, recorded
from tests.demo.compare import Answer, answer, difference
from tests.demo.expressions import expressions
from tests.live.demo_history import stored_small

COUNT = 700
RANGE = (memory.BEGIN / 1000 + 600, memory.END / 1000 - 17, 45.0)
MOMENT = memory.END / 1000 - 1234.567


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """A Prometheus that holds what the small storage holds."""
    require("prometheus")
    with stored_small(tmp_path_factory.mktemp("real")) as source:
        yield source


def ask(source: Source, expr: str, *, instant: bool) -> Answer | str:
    """The answer, or why there is none."""
    try:
        return answer(source.instant(expr, MOMENT) if instant else source.range(expr, *RANGE))
    except DashboardsError as error:
        return f"{error.what}: {error.cause}"


@pytest.mark.parametrize("seed", range(4))
def test_random_expressions(real: Source, report: Callable[[str], None], seed: int) -> None:
    """Both answer alike, or both refuse the expression."""
    engine, different, unsupported, refused = Engine(memory.small()), [], 0, 0
    for expr in expressions(seed, COUNT // 4):
        for instant in (False, True):
            left, right = ask(engine, expr, instant=instant), ask(real, expr, instant=instant)
            if isinstance(left, str) and "not supported" in left:
                unsupported += 1
            elif isinstance(left, str) or isinstance(right, str):
                refused += 1
                if not (isinstance(left, str) and isinstance(right, str)):
                    cause = f"engine {left if isinstance(left, str) else 'answers'}, Prometheus {str(right)[:200]}"
                    different.append(f"{expr}\n    {cause}")
            elif cause := difference(left, right, expr):
                different.append(f"{expr}\n    {'instant' if instant else 'range'}: {cause}")
    report(f"{COUNT // 2} answers: {len(different)} differ, {refused} refused, {unsupported} not supported")
    assert different == []


def test_recorded_answers_are_those_of_prometheus(real: Source) -> None:
    """What is recorded for tests without Prometheus; `python -m tests.demo.recorded` writes it."""
    known = recorded.answers()
    for expr in recorded.EXPRESSIONS:
        assert difference(answer(known[expr]), answer(real.range(expr, *recorded.RANGE)), expr) == ""
