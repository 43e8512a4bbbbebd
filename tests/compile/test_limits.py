"""Thresholds: every one has a name, in one table, and a house sets it for all panels that use it."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboards_py import promql
from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards, find, limits_in_use
from dashboards_py.configuration import Configuration
from dashboards_py.dashboards import build, names
from dashboards_py.model import Panel, Threshold
from dashboards_py.style import above, below
from dashboards_py.style.limits import LIMITS, MAP_PRESSURE, OPERATORS

FAULT = pytest.mark.fault("another threshold means editing Python")
# Steps of states, which have no limit: what is listed at all is bad, or 0 is bad and 1 is good.
SCALE = 0.96875  # exact in binary; no level of the table is another one times this
OF_STATES = ({("green", None), ("red", 0)}, {("red", 0), ("green", 1)})


def panels(release: Release) -> Iterator[tuple[str, Panel]]:
    """The panels of all boards with their uids."""
    for name in names():
        board = build(name, release)
        yield from ((board.uid, panel) for row in board.rows for panel in row.panels)


def steps_of(panel: Panel) -> Iterator[tuple[Threshold, ...]]:
    yield panel.thresholds
    yield from (item.thresholds for item in panel.queries)


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_every_threshold_has_a_name(release: Release) -> None:
    """Of style/limits.py, with its value; `above(LIMIT)` and `below(LIMIT)` do that. States have none."""
    for uid, panel in panels(release):
        for steps in steps_of(panel):
            if {(step.color, step.value) for step in steps} in OF_STATES:
                continue
            for step in steps:
                if step.value is None:
                    continue
                assert step.level, f"{uid} / {panel.title}: name the limit {step.value} in style/limits.py"
                limit, _, level = step.level.partition(".")
                assert step.value in [item.value for item in LIMITS[limit].levels if item.name == level]


@FAULT
def test_no_limit_is_unused() -> None:
    """Each level of the table is that of a panel, on some release."""
    used = {use.level for release in RELEASES for use in limits_in_use(release)}
    assert used == {level.qualified_name for limit in LIMITS.values() for level in limit.levels}


@FAULT
def test_units_are_those_of_the_panels() -> None:
    """A limit is in the unit of each panel, query or column that uses it."""
    for uid, panel in panels(NEWEST):
        for step in panel.thresholds:
            if step.level:
                units = {counted(item.unit or panel.unit) for item in panel.queries}
                assert counted(LIMITS[step.level.partition(".")[0]].unit) in units, (uid, panel.title)
        for item in panel.queries:
            for level in item.levels:
                assert LIMITS[level.limit].unit == (item.unit or panel.unit), (uid, panel.title)


def counted(unit: str) -> str:
    """The unit; numbers without any may be abbreviated (short) or not."""
    return "none" if unit == "short" else unit


@FAULT
def test_a_level_is_set_wherever_it_is_used() -> None:
    """In the panels that use it, which report it; all others stay as they are, and so does the rest of these."""
    values = {level.qualified_name: level.value * SCALE for limit in LIMITS.values() for level in limit.levels}
    uses: dict[tuple[str, str], list[str]] = {}
    for use in limits_in_use():
        uses.setdefault((use.uid, use.panel), []).append(use.level)
    configuration = Configuration(thresholds=tuple(values.items()))
    for before, after in zip(compile_boards(), compile_boards(NEWEST, configuration), strict=True):
        for old, new in zip(read(before.json).panels, read(after.json).panels, strict=True):
            levels = uses.get((before.uid, old.title), [])
            if not levels:
                assert new.raw == old.raw
                continue
            texts = ", ".join(f"{level} {promql.number_text(values[level])}" for level in levels)
            sentence = f" Limits that were set for this board: {texts}."
            assert new.raw["description"].count(sentence) == 1
            assert new.raw["description"].replace(sentence, "") == old.raw["description"]
            defaults = [
                level.value for limit in LIMITS.values() for level in limit.levels if level.qualified_name in levels
            ]
            assert scaled({**old.raw, "description": ""}, defaults) == without_queries({**new.raw, "description": ""})


def scaled(value: Any, numbers: list[float]) -> Any:
    """The JSON of a panel without its queries, with these numbers of its thresholds scaled."""
    if isinstance(value, dict):
        steps = value.get("steps")
        if isinstance(steps, list):
            return {**value, "steps": [step | {"value": of_step(step["value"], numbers)} for step in steps]}
        return {key: scaled(inner, numbers) for key, inner in value.items() if key != "expr"}
    return [scaled(inner, numbers) for inner in value] if isinstance(value, list) else value


def of_step(value: float | None, numbers: list[float]) -> float | None:
    return value * SCALE if value is not None and value in numbers else value


def without_queries(value: Any) -> Any:
    return scaled(value, [])


@FAULT
def test_colors_and_queries_move_together() -> None:
    """The table of outliers lists a node whose map is over the critical level, at which the panels of maps are red."""
    configuration = Configuration(thresholds=(("map-pressure.critical", 0.85),))
    agent = find("cilium-agent", NEWEST, configuration).json
    assert '(cilium_bpf_map_pressure{cluster=~\\"$cluster\\", node=~\\"$node\\"}) > 0.85)' in agent
    assert '"value": 0.85' in find("cilium-overview", NEWEST, configuration).json
    assert '"value": 0.85' in find("cilium-capacity", NEWEST, configuration).json


def test_levels_of_a_limit() -> None:
    """`above` and `below` have the levels of the limit, all or only one; a level that it lacks is an error."""
    assert [(step.value, step.level) for step in above(MAP_PRESSURE)] == [
        (None, ""),
        (0.7, "map-pressure.warning"),
        (0.9, "map-pressure.critical"),
    ]
    assert [step.color for step in above(MAP_PRESSURE, only="critical")] == ["green", "red"]
    assert [(step.color, step.level) for step in below(OPERATORS)] == [("red", ""), ("green", "operators.critical")]
    with pytest.raises(ValueError, match="limit operators has no warning"):
        OPERATORS.level("warning")
