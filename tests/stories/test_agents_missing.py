"""The overview is not red while nothing is wrong: agents learn of nodes, and are scraped, at different moments."""

from collections.abc import Mapping

import numpy as np
import pytest

from dashboards_py.demo import END
from dashboards_py.demo.engine import Engine, labels
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.colors import named_color
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.source import Source
from dashboards_py.style.bgp import lost_sessions
from tests.demo.memory import Memory, Stored
from tests.stories._lines import boards, lines, scene

OVERVIEW, PANEL = "cilium-overview", "Agents missing"
JUDGED = ("stat", "bargauge", "table")
RED = named_color("red", dark=True)
# Moments of the demo's history, in seconds before its end; nothing is wrong in the healthy cluster at any.
MOMENTS = (0, 300, 570, 1200, 1620, 2400, 3300, 5400, 43_200)
NO_FALSE_ALARM = pytest.mark.fault("the overview counts a missing agent in red while nothing is wrong")
Changes = tuple[tuple[float, float], ...]  # seconds before the end, and the value from then on


def shown(source: Source, before_end: float = 0.0) -> Mapping[str, str]:
    """The colors of the number of missing agents in an hour that ends that many seconds before the scene's end."""
    return {number: color for _, number, color in numbers(source, before_end, PANEL)}


def numbers(source: Source, before_end: float, title: str = "") -> list[tuple[str, str, str]]:
    """Each text of each judged panel of the overview: the panel, the text that comes last in its line, the colors.

    With a title only those of this panel.
    """
    window = Window(begin=END - before_end - 3600, end=END - before_end)
    board = boards()[OVERVIEW]
    values = opening_values(board, window, source).values
    judged = [panel for row in board.rows for panel in row.panels if panel.type in JUDGED]
    panels = [panel for panel in judged if title in ("", panel.title)]
    return [
        (panel.title, line.texts[-1], color)
        for panel in panels
        for line in lines(panel, panel_data(panel, window, values, source))
        for color in line.colors
    ]


@NO_FALSE_ALARM
@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_red_in_a_healthy_cluster(moment: float) -> None:
    """No number, bar or cell of the overview, at any moment; something is judged, and the count is 0."""
    seen = numbers(scene("healthy"), moment)
    assert [one for one in seen if one[2] == RED] == []
    assert [number for title, number, _ in seen if title == PANEL] == ["0"]


@NO_FALSE_ALARM
@pytest.mark.parametrize("name", ["mesh-stale", "node-gone", "map-full", "rolling-upgrade"])
def test_no_agent_is_missing_where_all_are_scraped(name: str) -> None:
    """Not in a mesh that is stale, nor after a node was removed, nor while agents restart one after the other."""
    assert list(shown(scene(name))) == ["0"]


def test_a_node_that_is_down_is_missed_after_five_minutes() -> None:
    """Its machine died 25 minutes before the end of the scene."""
    assert shown(scene("node-down")) == {"1": RED}
    assert list(shown(scene("node-down"), 1500 - 240)) == ["0"]
    assert shown(scene("node-down"), 1500 - 420) == {"1": RED}


def cluster(known: tuple[Changes, ...], agents: int, remote: Changes = ()) -> Source:
    """Agents that know so many nodes, the first of them `agents` that are scraped, and a meshed cluster's nodes."""
    series = [stored("cilium_nodes_all_num", f"node-{number}", points) for number, points in enumerate(known)]
    series += [stored("cilium_version", f"node-{number}", ((3600, 1.0),)) for number in range(agents)]
    if remote:
        name = "cilium_clustermesh_remote_cluster_nodes"
        series += [stored(name, f"node-{number}", remote, target_cluster="west") for number in range(agents)]
    return Engine(Memory(iter(series)))


def stored(name: str, node: str, changes: Changes, **own: str) -> Stored:
    """A series that is scraped every 30 seconds for an hour."""
    times = np.arange(round(1000 * (END - 3600)), round(1000 * END) + 1, 30_000)
    values = np.zeros(len(times))
    for before_end, value in changes:
        values[times >= 1000 * (END - before_end)] = value
    pairs = {"__name__": name, "cluster": "one", "node": node, "pod": f"cilium-{node}", **own}
    return Stored(labels.of(pairs), times, values, np.zeros(len(times), dtype=bool))


@NO_FALSE_ALARM
@pytest.mark.parametrize(("age", "missing"), [(30, "0"), (240, "0"), (400, "1")])
def test_a_new_node_may_take_five_minutes(age: float, missing: str) -> None:
    """One agent knows of a node before the other does, and before its agent is scraped."""
    knows_first: Changes = ((3600, 2.0), (age, 3.0))
    knows_later: Changes = ((3600, 2.0), (age - 30, 3.0))
    assert list(shown(cluster((knows_first, knows_later), agents=2))) == [missing]


@NO_FALSE_ALARM
@pytest.mark.parametrize("change", [1.0, -1.0])
def test_a_node_that_comes_to_or_leaves_a_meshed_cluster_is_none_of_ours(change: float) -> None:
    """Agents know of it, and count those of the mesh, at different moments."""
    for first, second in ((60, 30), (30, 60)):
        known: Changes = ((3600, 7.0), (first, 7.0 + change))
        remote: Changes = ((3600, 5.0), (second, 5.0 + change))
        assert list(shown(cluster((known, known), agents=2, remote=remote))) == ["0"]


@pytest.mark.fault("a rollout turns the BGP sessions yellow, node by node")
def test_a_rollout_loses_no_session() -> None:
    """An agent that is replaced is missing for a minute; one that is down for half an hour has lost its sessions."""
    lost = f"sum({lost_sessions()} ^ 0)"
    during = range(-500, -400, 20)  # node-5 in the upgrade
    missing = "count(cilium_nodes_all_num) < 6"
    assert any(scene("rolling-upgrade").instant(missing, END + moment) for moment in during)
    assert [scene("rolling-upgrade").instant(lost, END + moment) for moment in during] == [()] * len(during)
    assert [series.samples[-1][1] for series in scene("node-down").instant(lost, END)] == [2.0]
