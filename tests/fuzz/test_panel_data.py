"""Whatever a board holds, and whatever its source answers, its panels have frames and problems, never a traceback."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards_py.board import read
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data import Bucket, NativeHistogram, Series, opening_values, panel_data
from dashboards_py.panel_data.field_config import configured
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.transformations import transformed
from tests.fuzz.bounds import bounded
from tests.fuzz.mutate import documents
from tests.fuzz.test_readers import BOARD, many
from tests.panel_data.grafana_json import frames_of
from tests.panel_data.transform_questions import CASES, FRAMES, MATCHERS

WINDOW = Window(begin=1767227400.0, end=1767231000.0)
NUMBERS = st.floats() | st.integers(-3, 3).map(float)
HISTOGRAMS = st.builds(
    NativeHistogram, NUMBERS, NUMBERS, st.lists(st.builds(Bucket, NUMBERS, NUMBERS, NUMBERS), max_size=3).map(tuple)
)
LABELS = st.dictionaries(
    st.sampled_from(["__name__", "le", "node", "name", "Value"]), st.sampled_from(["", "a", "1", "+Inf", "\ud800", "{"])
)
SAMPLES = st.lists(st.tuples(st.integers(0, 9).map(float), NUMBERS | HISTOGRAMS), max_size=4).map(tuple)
SERIES = st.lists(st.builds(Series, LABELS, SAMPLES), max_size=4).map(tuple)


class Answers:
    """A source with the same series for every query, or none but an error."""

    def __init__(self, series: tuple[Series, ...]) -> None:
        self.series = series

    def range(self, expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
        """The series, whatever is asked; an empty query is refused."""
        assert start <= end
        assert step > 0
        if "bad" in expr:
            raise DashboardsError("Prometheus", cause="refused")
        return self.series

    def instant(self, expr: str, time: float) -> tuple[Series, ...]:
        """The same at a moment."""
        return self.range(expr, time, time, 1)

    def label_values(self, label: str, selector: str, start: float, end: float) -> tuple[str, ...]:
        """A few values."""
        assert start <= end
        return ("a", label, selector)


def panel(number: int, transformations: list[Any]) -> dict[str, Any]:
    """A panel with three queries, transformations, and an override of each kind."""
    forms = ("table", "time_series", "heatmap")
    return {
        "id": number,
        "type": ("table", "timeseries", "stat", "heatmap", "state-timeline")[number % 5],
        "title": "T",
        "interval": "30s",
        "maxDataPoints": 60,
        "timeFrom": "1h",
        "timeShift": "2m",
        "targets": [
            {
                "refId": letter,
                "expr": 'rate(up{cluster=~"$cluster", node=~"${node:regex}"}[$__rate_interval])',
                "legendFormat": "{{node}} $cluster",
                "format": forms[(number + index) % 3],
                "instant": index == 1,
                "range": True,
                "interval": "$__rate_interval",
                "intervalFactor": 2,
                "hide": False,
            }
            for index, letter in enumerate("ABC")
        ],
        "transformations": transformations,
        "fieldConfig": {
            "defaults": {
                "unit": "s",
                "min": 0,
                "max": 10,
                "decimals": 1,
                "displayName": "${__field.labels.node}",
                "mappings": [{"type": "value", "options": {}}],
                "thresholds": {"mode": "percentage", "steps": [{"color": "red", "value": None}]},
                "color": {"mode": "fixed", "fixedColor": "red"},
                "custom": {"insertNulls": 60000},
                "noValue": "0",
            },
            "overrides": [
                {"matcher": matcher, "properties": [{"id": "unit", "value": "s"}, {"id": "custom.x", "value": [1]}]}
                for matcher in MATCHERS[number % 7 :: 7]
            ],
        },
    }


def variable(name: str, **options: Any) -> dict[str, Any]:
    """A variable with everything that one may have."""
    query = "label_values(up, node)"
    values = {"query": query, "regex": "/(?<value>.)/g", "sort": 3, "includeAll": True, "multi": True, "allValue": ""}
    return {"name": name, "type": "query", "current": {"value": ["a", "$__all"]}, **values, **options}


FOREIGN: dict[str, Any] = {
    "uid": "x",
    "title": "X",
    "schemaVersion": 41,
    "templating": {
        "list": [
            variable("cluster"),
            variable("node", query={"query": "query_result($cluster)"}),
            variable("custom", type="custom", query="a : 1, b"),
            variable("interval", type="interval", query="1m,2m", auto=True, auto_count=10, auto_min="1m"),
            variable("adhoc", type="adhoc", filters=[{"key": "a", "operator": "=", "value": "b"}]),
        ]
    },
}
BOARDS = [{**FOREIGN, "panels": [panel(number, case["transformations"])]} for number, case in enumerate(CASES)]


APPLICATION = [
    {"frames": ["labelled a", "labelled b", "table"], "transformations": [{"id": name, "options": options}]}
    for name, options in (
        ("prepareTimeSeries", {"format": "multi"}),
        ("prepareTimeSeries", {"format": "long"}),
        ("joinByLabels", {"value": "node", "join": ["zone"]}),
        ("partitionByValues", {"fields": ["map"], "keepFields": True, "naming": {"asLabels": False, "append": True}}),
    )
]
# The frames stay as they are: what a source answers is not JSON of a board.
TRANSFORM_QUESTIONS = [
    {
        "frames": number,
        "transformations": case["transformations"],
        "fieldConfig": {"overrides": [{"matcher": MATCHERS[number % len(MATCHERS)], "properties": []}]},
    }
    for number, case in enumerate([*CASES, *APPLICATION])
]
FRAMES_OF_CASES = defaultdict(
    tuple,
    {
        str(number): frames_of({"frames": [FRAMES[name] for name in case["frames"]]})
        for number, case in enumerate([*CASES, *APPLICATION])
    },
)


def every_panel(board: Mapping[str, Any], series: tuple[Series, ...]) -> None:
    """Read each panel of a board, if it is one."""
    source = Answers(series)
    opened = opening_values(read(board, "x"), WINDOW, source, {"node": ("a", "b")})
    for shown in read(board, "x").panels:
        data = panel_data(shown, WINDOW, opened.values, source)
        for frame in data.frames:
            assert len({len(field.values) for field in frame.fields}) <= 1
        assert all(isinstance(problem, str) and problem for problem in data.problems)


@pytest.mark.fault("a board that nobody has seen is a traceback instead of a picture")
@many
@given(st.sampled_from(BOARDS).flatmap(documents), SERIES)
def test_boards_with_everything(board: Any, series: tuple[Series, ...]) -> None:
    """Odd values in queries, variables, a transformation, overrides."""
    with bounded():
        if isinstance(board, dict):
            every_panel(board, series)


@pytest.mark.fault("a board that nobody has seen is a traceback instead of a picture")
@many
@given(st.sampled_from(TRANSFORM_QUESTIONS).flatmap(documents))
def test_transformations(panel: Any) -> None:
    """Odd values among the options of each transformation, and of each matcher."""
    with bounded():
        if isinstance(panel, dict):
            frames, problems = transformed(FRAMES_OF_CASES[str(panel.get("frames"))], panel, {})
            configured(frames, panel, {})
            assert all(isinstance(problem, str) for problem in problems)


@pytest.mark.fault("a board that nobody has seen is a traceback instead of a picture")
@many
@given(documents(BOARD), SERIES)
def test_boards_of_the_readers(board: Any, series: tuple[Series, ...]) -> None:
    """Boards that readers are tested with."""
    with bounded():
        if isinstance(board, dict):
            every_panel(board, series)
