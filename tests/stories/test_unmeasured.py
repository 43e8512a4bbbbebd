"""Where nothing was measured nothing is judged: a Prometheus without Cilium, with only the operator, without Hubble."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from dashboards_py import promql
from dashboards_py.board import Board, Panel, fields
from dashboards_py.catalog import entries
from dashboards_py.demo import END
from dashboards_py.demo.alerts import WithAlerts
from dashboards_py.demo.engine import Engine
from dashboards_py.demo.history import History
from dashboards_py.demo.scenes._part import Part
from dashboards_py.panel_data import interpolate, opening_values
from dashboards_py.panel_data.cells import cells_of
from dashboards_py.panel_data.colors import named_color
from dashboards_py.panel_data.colors.modes import scale
from dashboards_py.panel_data.field_config import default_config
from dashboards_py.panel_data.frame import Field, FieldType
from dashboards_py.panel_data.shown import NO_DATA, shown_values
from dashboards_py.queries import variable_query
from dashboards_py.render.kind import COLORS
from dashboards_py.style.colors import ORANGE
from dashboards_py.style.measured import AGENTS
from tests.demo.boards import Remembering
from tests.stories._lines import HOUR, Line, boards, data_of, lines, scene

WORLDS = ("empty", "operator-only", "hubble-off")
JUDGED = ("green", COLORS["yellow"], ORANGE, "red")
BAD = {named_color(color, dark=True) for color in JUDGED[1:]}
NOTICE = re.compile(
    r" \((?P<component>[a-z-]+) is not scraped: run cilium-dashboards values --board (?P<board>[a-z-]+)\)$"
)
SINGLE_VALUES = ("stat", "bargauge", "table")
# Texts for no data that name traffic, or a feature, of which nothing was seen; others say that something is well.
SEEN_NOTHING = re.compile("no [A-Za-z0-9 ]+ seen|not checked|No data")
WELL = re.compile("no outlier|no missing target|none seen")
NO_FAILURE = re.compile(r"no ([\w ]+ )?(failure|error|loss|refusal|trouble|drop|denial|line)s? seen")
NOT_ASKED = (
    *("not scraped", "maybe off", "no BGP seen", "none in a mesh"),
    *("no HTTP seen", "no DNS seen", "no lookup seen", "no answer seen", "no verdict seen"),
    *("no export seen", "no drop seen"),
)
# The components that are not scraped in each world.
LACKING = {
    "empty": {"cilium-agent", "cilium-operator", "cilium-envoy", "hubble", "hubble-relay"},
    "operator-only": {"cilium-agent", "cilium-envoy", "hubble", "hubble-relay"},
    "hubble-off": {"hubble", "hubble-relay"},
    "healthy": set(),
}
COMPONENTS = sorted(LACKING["empty"])
# Panels that count failures which the healthy cluster has none of.
ZERO_IS_MEASURED = (
    ("cilium-agent", "Endpoints not ready"),
    ("cilium-bgp", "Nodes without any session"),
    ("cilium-bgp", "Peers by failed sessions"),
    ("cilium-envoy", "Policy stream down"),
    ("cilium-overview", "Agents missing"),
    ("cilium-overview", "Nodes with config drift"),
)
each_board = pytest.mark.parametrize("board", boards().values(), ids=boards())
each_world = pytest.mark.parametrize("world", WORLDS)
EMPTY_IS_NOT_GREEN = pytest.mark.fault("a panel without data is green, or red")


def judged_panels(board: Board) -> Iterator[Panel]:
    """The panels whose values have colors, those of collapsed rows as well."""
    return (panel for row in board.rows for panel in row.panels if panel.type in SINGLE_VALUES)


def read_components(panel: Panel) -> set[str]:
    """The components of whose metrics the panel's queries are."""
    selectors = [selector for query in panel.queries for selector in promql.selectors(query.expr)]
    return {entry.component for selector in selectors for entry in entries(selector.metric)}


def reads_only(panel: Panel, component: str) -> bool:
    """Whether a query of the panel reads a metric that only this component has, and not only to know the clusters."""
    everything = [selector for query in panel.queries for selector in promql.selectors(query.expr)]
    selectors = [selector for selector in everything if selector.metric != AGENTS] or everything
    return any({entry.component for entry in entries(selector.metric)} == {component} for selector in selectors)


def read_handlers(panel: Panel) -> set[str]:
    """The handlers of Hubble whose metrics the panel's queries read."""
    selectors = [selector for query in panel.queries for selector in promql.selectors(query.expr)]
    return {entry.handler for selector in selectors for entry in entries(selector.metric)} - {""}


@dataclass(frozen=True)
class WithoutHandler:
    """The scene of a cluster whose Hubble lacks one handler."""

    handler: str

    def played(self, part: Part) -> Iterator[Part]:
        """What the handler does not write."""
        if all(entry.handler != self.handler for entry in entries(part.name)):
            yield part


@dataclass(frozen=True)
class Without:
    """The scene of a cluster of which one component is not scraped."""

    component: str

    def played(self, part: Part) -> Iterator[Part]:
        """What is not of the component."""
        if part.target.component != self.component:
            yield part


def says_that_nobody_was_asked(line: Line) -> bool:
    """Whether a line is the row of a table that says, in gray, that a component is not scraped."""
    gray = {named_color("gray", dark=True)}
    return line.colors == gray and any(text in NOT_ASKED for text in line.texts)


def shown(board: Board, panel: Panel, world: str) -> tuple[Line, ...]:
    """The lines of a panel in a world."""
    return lines(panel, data_of(board, panel, scene(world), {}))


def unmeasured_color(board: Board, panel: Panel, world: str, *, dark: bool = True) -> str | None:
    """The color of the text for no data; None where the panel has a value, and for a table, whose text has none."""
    if panel.type == "table":
        return None
    data = data_of(board, panel, scene(world), {})
    (first, *_) = shown_values(
        fields.mapping(panel.raw, "options"), data.frames, dark=dark, defaults=default_config(panel.raw)
    )
    return first.display.color if first.calc == NO_DATA else None


def blank_cells(board: Board, panel: Panel, world: str, *, dark: bool) -> set[str]:
    """The colors of a table's cells without a value; a cell that has none of its own has that of other text."""
    frames = data_of(board, panel, scene(world), {}).frames
    columns = [column for frame in frames for column in frame.fields]
    return {cell.color for column in columns if (cell := cells_of(column, dark=dark)(None)).color}


@EMPTY_IS_NOT_GREEN
@each_world
@each_board
def test_no_data_has_no_color_of_a_judgement(board: Board, world: str) -> None:
    """The text of a stat or bar gauge without a value is neither green nor yellow nor red."""
    judgements = {named_color(color, dark=True) for color in JUDGED}
    colors = {panel.title: unmeasured_color(board, panel, world) for panel in judged_panels(board)}
    assert {title: color for title, color in colors.items() if color in judgements} == {}
    if world == "empty":
        assert all(colors[panel.title] for panel in judged_panels(board) if panel.type != "table")


@EMPTY_IS_NOT_GREEN
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
@each_world
@each_board
def test_no_data_is_gray(board: Board, world: str, dark: bool) -> None:
    """The text of a stat or bar gauge without a value, and a blank cell, are gray in both themes, judged or not.

    A table of one query has no blank cells: each row is a value.
    """
    gray = {named_color("gray", dark=dark)}
    for panel in judged_panels(board):
        if panel.type == "table":
            assert len(panel.queries) == 1 or blank_cells(board, panel, world, dark=dark) <= gray, panel.title
        else:
            assert unmeasured_color(board, panel, world, dark=dark) in {None, *gray}, panel.title


@each_board
def test_what_is_not_judged_has_one_color(board: Board) -> None:
    """A measured value of a stat or bar gauge without thresholds is not gray, a negative one neither."""
    for panel in judged_panels(board):
        config = default_config(panel.raw)
        if panel.type != "table" and {step.color for step in config.steps} <= {"gray", "text", "blue"}:
            measured = Field(name="", type=FieldType.NUMBER, values=(), config=config)
            colors = {scale(measured, dark=True)(value).color for value in (-1e9, 0.0, 1e9)}
            assert len(colors) == 1, panel.title
            assert colors.isdisjoint({named_color("gray", dark=True)}), panel.title


@EMPTY_IS_NOT_GREEN
@each_board
def test_an_empty_prometheus_measures_nothing(board: Board) -> None:
    """Without a series of Cilium no panel has a value, not even a zero; a table has at most the row that reports it."""
    values = {
        panel.title: [line for line in shown(board, panel, "empty") if not says_that_nobody_was_asked(line)]
        for panel in board.panels
    }
    assert {title: of_panel for title, of_panel in values.items() if of_panel} == {}


@pytest.mark.fault("a panel says that there is none, no outlier, or no missing target, though nobody was asked")
@pytest.mark.parametrize("component", COMPONENTS)
@each_board
def test_only_who_was_asked_is_well(board: Board, component: str) -> None:
    """No number, bar or table has a text that all is well, if it reads a component that alone is not scraped."""
    source = Remembering(Engine(WithAlerts(History(Without(component), END), END)))
    for panel in judged_panels(board):
        if WELL.fullmatch(panel.no_value) and reads_only(panel, component):
            of_panel = lines(panel, data_of(board, panel, source, {}))
            assert any(map(says_that_nobody_was_asked, of_panel)), panel.title


def counted_by_handlers() -> dict[str, list[tuple[Board, Panel]]]:
    """The tables with a text that all is well, by the one handler of which all is that they read of Hubble."""
    tables: dict[str, list[tuple[Board, Panel]]] = defaultdict(list)
    for board in boards().values():
        for panel in judged_panels(board):
            if WELL.fullmatch(panel.no_value) and len(handlers := read_handlers(panel)) == 1:
                tables[handlers.pop()].append((board, panel))
    return tables


COUNTED = counted_by_handlers()


@pytest.mark.fault("a table says that there is none, though Hubble lacks the handler that would count it")
@pytest.mark.parametrize(("handler", "tables"), COUNTED.items(), ids=COUNTED)
def test_only_what_a_handler_counts_is_well(handler: str, tables: list[tuple[Board, Panel]]) -> None:
    """No table has a text that all is well, if all that it reads of Hubble is of a handler that is off."""
    source = Remembering(Engine(WithAlerts(History(WithoutHandler(handler), END), END)))
    for board, panel in tables:
        of_panel = lines(panel, data_of(board, panel, source, {}))
        assert any(map(says_that_nobody_was_asked, of_panel)), (board.uid, panel.title)


@pytest.mark.fault("remote clusters are ready in green though no agent was asked")
@each_board
def test_without_agents_no_state_is_good(board: Board) -> None:
    """A timeline of states that reads metrics of agents has no state that is good, where only operators are scraped."""
    for panel in board.panels:
        if panel.type == "state-timeline" and "cilium-agent" in read_components(panel):
            good = max(step.value for step in panel.thresholds if step.value is not None)
            frames = data_of(board, panel, scene("operator-only"), {}).frames
            numbers = [column for frame in frames for column in frame.fields if column.type is FieldType.NUMBER]
            assert good not in [value for column in numbers for value in column.values], panel.title


@each_board
def test_who_was_asked_is_well(board: Board) -> None:
    """With all of Cilium, no table says that somebody was not asked."""
    for panel in board.panels:
        assert not any(map(says_that_nobody_was_asked, shown(board, panel, "healthy"))), panel.title


@pytest.mark.fault("the healthy cluster has a yellow number")
@each_board
def test_the_healthy_cluster_is_well(board: Board) -> None:
    """No number that has a threshold is beyond it, in stats, bars and tables."""
    assert beyond_thresholds(board, "healthy") == {}


@pytest.mark.fault("after a rollout the forecast of usage is red, from some minutes of the new pods")
@each_board
def test_a_rollout_is_no_outage(board: Board) -> None:
    """The same while agents restart, one after another."""
    assert beyond_thresholds(board, "rolling-upgrade") == {}


def beyond_thresholds(board: Board, world: str) -> dict[str, tuple[str, ...]]:
    """The texts of numbers that have a threshold and are beyond it, by panel."""
    return {
        panel.title: line.texts
        for panel in judged_panels(board)
        if {step.color for step in panel.thresholds} & {*JUDGED[1:]}
        for line in shown(board, panel, world)
        if line.colors & BAD
    }


@EMPTY_IS_NOT_GREEN
@each_world
@each_board
def test_nothing_is_bad_that_is_well_with_all_of_cilium(board: Board, world: str) -> None:
    """What is yellow or red although something is not scraped would be yellow or red if it were scraped."""

    def bad(of: str) -> set[tuple[str, tuple[str, ...]]]:
        return {
            (panel.title, line.texts)
            for panel in judged_panels(board)
            for line in shown(board, panel, of)
            if line.colors & BAD
        }

    assert bad(world) <= bad("healthy")


@pytest.mark.fault("a board of a component that is not scraped does not tell")
@pytest.mark.parametrize("world", LACKING)
@each_board
def test_a_board_says_once_what_is_not_scraped(board: Board, world: str) -> None:
    """The heading of the first row names the component and what to run, that of a row of another component does so of
    that, and no other heading does; where all is scraped, none does.
    """
    opened = opening_values(board, HOUR, scene(world), {})
    rows = [(row, interpolate(row.title, opened.values, "text")) for row in board.rows if row.title]
    (anchor,) = (variable.query for variable in board.variables if variable.name == "cluster")
    (component,) = {entry.component for entry in entries(variable_query(anchor).expr)}
    noticed = []
    for row, heading in rows:
        if notice := NOTICE.search(heading):
            assert notice["board"] == board.uid
            assert any(notice["component"] in read_components(panel) for panel in row.panels)
            noticed.append(notice["component"])
        assert heading.count("not scraped") == bool(notice)
    in_first = NOTICE.search(rows[0][1])
    assert (in_first is not None and in_first["component"] == component) == (component in LACKING[world])
    assert set(noticed) <= LACKING[world]
    assert len(noticed) == len(set(noticed))


@pytest.mark.fault("panels without data claim that all is well or that a feature is off")
@each_board
def test_no_data_claims_nothing(board: Board) -> None:
    """The text for no data names what was not seen: no word of it says that something is well, off or not scraped.

    A few tables say that there is no outlier: see above for those that nobody was asked about.
    """
    texts = {panel.title: panel.no_value for panel in board.panels if panel.no_value}
    claims = {title: text for title, text in texts.items() if not SEEN_NOTHING.fullmatch(text)}
    assert {title: text for title, text in claims.items() if not WELL.fullmatch(text)} == {}


@pytest.mark.fault("a number, bar or graph says that there is none, though nobody was asked")
@each_board
def test_what_is_no_table_is_not_none(board: Board) -> None:
    """Only a table can report who was not asked: other texts name what was not seen, or there is no text."""
    others = {panel.title: panel.no_value for panel in board.panels if panel.type != "table"}
    claims = [text for text in others.values() if WELL.fullmatch(text) or NO_FAILURE.fullmatch(text)]
    assert claims == []


@pytest.mark.fault("panels without data claim that all is well or that a feature is off")
@pytest.mark.parametrize(("uid", "title"), ZERO_IS_MEASURED)
def test_nothing_bad_is_a_measured_zero(uid: str, title: str) -> None:
    """Where all is well, what counts failures shows a green 0, because the series that it would count are there."""
    board = boards()[uid]
    (panel,) = (panel for panel in judged_panels(board) if panel.title == title)
    assert shown(board, panel, "healthy")
    for line in shown(board, panel, "healthy"):
        assert line.has(("0",), "green"), line
