"""What all boards show, ours and upstream's: every panel is read."""

from functools import cache

from dashboards_py.board import Board, read
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.panel_data import NativeHistogram, Series, opening_values, panel_data
from dashboards_py.panel_data.source import Bucket
from tests.components import path_of, require
from tests.panel_data.known_series import HOUR, Known

NODES = tuple(f"node-{number}" for number in range(20))
LABELS = ("cluster", "node", "le", "reason", "destination_namespace", "destination_app", "source_app", "status")


@cache
def answer(expr: str, times: tuple[float, ...]) -> tuple[Series, ...]:
    """Twenty series for any query: some without samples in between, one native histogram, values that are none."""
    result = []
    for number, node in enumerate(NODES):
        labels = {label: f"{label}-{number % 7}" for label in LABELS} | {"node": node, "le": str(number)}
        samples = tuple(
            (time, float((number + index) % 11)) for index, time in enumerate(times) if (index + number) % 5
        )
        result.append(Series(labels, samples or tuple((time, float("nan")) for time in times)))
    if "histogram" in expr or "bucket" in expr:
        histogram = NativeHistogram(3, 1.0, (Bucket(0.1, 0.2, 1), Bucket(0.2, 0.4, 2)))
        result.append(Series({"node": "native"}, tuple((time, histogram) for time in times)))
    return tuple(result)


def shown(board: Board) -> list[str]:
    """The problems of a board's panels, and of its variables."""
    source = Known(answer, {"node": NODES, "cluster": ("one",)})
    opened = opening_values(board, HOUR, source)
    problems = [*opened.problems]
    for panel in board.panels:
        data = panel_data(panel, HOUR, opened.values, source)
        problems += [f"{panel.title}: {problem}" for problem in data.problems]
        if panel.queries and panel.type != "text" and not data.problems:
            assert data.frames, panel.title
        for frame in data.frames:
            assert len({len(field.values) for field in frame.fields}) <= 1, panel.title
    return problems


def test_our_boards_are_read_without_a_problem() -> None:
    """All queries, transformations and overrides of all boards, on the newest Cilium: nothing is left out."""
    boards = [read(board.json) for board in compile_boards(NEWEST)]
    assert [problem for board in boards for problem in shown(board)] == []


def test_upstream_s_boards_are_read() -> None:
    """Each panel of them, old graphs too; nothing is left out."""
    require("upstream-boards")
    for path in sorted(path_of("upstream-boards").glob("*/*.json")):
        assert shown(read(path.read_bytes(), path.name)) == [], path.name
