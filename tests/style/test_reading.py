"""What a reader sees of numbers, names and axes, on all boards as they are compiled."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import promql_parser
import pytest

from dashboards_py import demo, promql
from dashboards_py.board import Board, Panel, Query, fields
from dashboards_py.catalog import NEWEST
from dashboards_py.dashboards import built, names
from dashboards_py.model import Table
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.display import display
from dashboards_py.panel_data.frame import FieldType
from dashboards_py.render.kind import COLORS
from tests.demo.boards import BOARDS, WINDOW

BAD = (COLORS["yellow"], "red")


def panels(panel_type: str) -> Iterator[object]:
    """The panels of a type of all boards."""
    for board in BOARDS:
        for panel in board.panels:
            if panel.type == panel_type:
                yield pytest.param(panel, id=f"{board.uid} / {panel.title}")


def counts(panel: Panel) -> Iterator[Query]:
    """The queries that count events within the time range, and no share or quantile of them."""
    of_counts = (query for query in panel.queries if "increase(" in query.expr and "/" not in query.expr)
    yield from (query for query in of_counts if "histogram_quantile" not in query.expr)


@pytest.mark.fault("counts of events have decimals: 1.01 failures")
@pytest.mark.parametrize("board", BOARDS, ids=[board.uid for board in BOARDS])
def test_numbers_of_events_are_whole(board: Board) -> None:
    """An increase is extrapolated to the whole range; the number shown is one of events, and not abbreviated."""
    source = demo.source("rolling-upgrade")
    values = opening_values(board, WINDOW, source).values
    for panel in board.panels:
        headings = {query.legend for query in counts(panel)}
        refs = {query.ref for query in counts(panel)}
        texts = [
            str(display(field, value, dark=True))
            for frame in (panel_data(panel, WINDOW, values, source).frames if refs else ())
            for field in frame.fields
            if field.type is FieldType.NUMBER
            if frame.ref in refs or {field.name, field.config.display_name} & headings
            for value in field.values
            if value is not None
        ]
        assert (panel.title, [text for text in texts if not text.isdigit()]) == (panel.title, [])


@pytest.mark.fault("the same number is 0.229 in one panel and 22.9 % in the next")
@pytest.mark.parametrize("metric", ["process_cpu_seconds_total", "process_resident_memory_bytes"])
def test_a_resource_has_one_unit_on_all_boards(metric: str) -> None:
    """The units of the panels with the rate of CPU time, and of those with memory; in tables, of the column."""
    units = set()
    for board in BOARDS:
        for panel in board.panels:
            config = fields.mapping(panel.raw, "fieldConfig")
            of_columns = {
                fields.text(fields.mapping(override, "matcher"), "options"): fields.text(one, "value")
                for override in fields.mappings(config, "overrides")
                for one in fields.mappings(override, "properties")
                if fields.text(one, "id") == "unit"
            }
            default = fields.text(fields.mapping(config, "defaults"), "unit")
            units |= {of_columns.get(query.legend, default) for query in panel.queries if metric in query.expr}
    assert len(units) == 1, units


@pytest.mark.fault("a single bar has no name")
@pytest.mark.parametrize("panel", list(panels("bargauge")))
def test_a_bar_has_its_name(panel: Panel) -> None:
    """Also if it is the only one: Grafana leaves out names that the panel does not set."""
    assert fields.text(fields.mapping(panel.raw, "fieldConfig", "defaults"), "displayName")


@pytest.mark.fault("two kinds of numbers share a graph, on two axes")
@pytest.mark.parametrize("panel", list(panels("timeseries")))
def test_a_graph_has_one_unit_and_one_axis(panel: Panel) -> None:
    """What cannot be compared is in graphs of its own."""
    overrides = fields.mappings(fields.mapping(panel.raw, "fieldConfig"), "overrides")
    properties = [fields.text(one, "id") for override in overrides for one in fields.mappings(override, "properties")]
    assert {"unit", "custom.axisPlacement"}.isdisjoint(properties)


@pytest.mark.fault("there are 0.2 agents at the axis of a graph")
def test_axes_of_counts_have_whole_numbers() -> None:
    """Of graphs without a unit only means have fractions."""
    of_means = set[str]()
    for panel in (panel for board in BOARDS for panel in board.panels if panel.type == "timeseries"):
        config = fields.mapping(panel.raw, "fieldConfig", "defaults")
        is_mean = any("avg" in query.expr or " / " in query.expr for query in panel.queries)
        if (unit := fields.text(config, "unit")) in ("none", "short", ""):
            assert (unit, config.get("decimals")) == (("short", None) if is_mean else ("none", 0)), panel.title
            of_means |= {panel.title} if is_mean else set()
    assert of_means == {"Endpoints per slice", "Redirects to the proxy"}


@pytest.mark.fault("a line through single events is a zigzag, as if they rose and fell")
def test_what_is_counted_per_minute_has_steps_or_bars() -> None:
    """Each value holds for the time before it; of bars, which have no dashes, none has a style of lines."""
    shapes = set[tuple[object, object]]()
    for panel in (panel for board in BOARDS for panel in board.panels if panel.type == "timeseries"):
        config = fields.mapping(panel.raw, "fieldConfig", "defaults")
        custom = fields.mapping(config, "custom")
        if fields.text(config, "unit") == "count:/min":
            shapes.add((custom.get("lineInterpolation"), custom.get("drawStyle")))
        if custom.get("drawStyle") == "bars":
            assert "lineStyle" not in str(panel.raw)
    assert shapes == {("stepBefore", None), (None, "bars")}


# Numbers of the same series that are another fact: of a node, all sessions are down, not one of them; and what is not
# full yet.
ANOTHER_FACT = (
    "cilium-bgp / Nodes without any session / nodes",
    "cilium-capacity / Expected usage in 24 h / {{map_name}}",
)


@pytest.mark.fault("what is yellow as a number is red in a table")
def test_a_fact_has_one_severity_in_numbers_and_tables() -> None:
    """Numbers, rates and shares that read the same series have one color at each limit of any of them.

    A share of what is well is as bad as the rest, of what is not. A ranking has no color for what it does not list.
    """
    steps: dict[tuple[str, frozenset[object]], dict[str, Judged]] = defaultdict(dict)
    for board in BOARDS:
        for panel in (one for one in board.panels if one.type in ("stat", "table", "bargauge")):
            for query in panel.queries:
                name = f"{board.uid} / {panel.title} / {query.legend}"
                if (colors := colors_of(panel, query)) and name not in ANOTHER_FACT:
                    selectors = {(one.metric, own_matchers(one)) for one in promql.lenient_selectors(query.expr)}
                    unit = unit_of(panel, query)
                    shown = Judged(of_what_is_bad(colors) if unit == "percentunit" else colors, listed_from(query.expr))
                    steps[unit, frozenset(selectors)][name] = shown
    several = [by_query for by_query in steps.values() if len(by_query) > 1]
    assert len(several) > 12
    different = []
    for by_query in several:
        for limit in {value for judged in by_query.values() for value, _ in judged.colors if value > 0}:
            listed = [judged for judged in by_query.values() if judged.listed_from <= limit]
            if len({color_at(judged.colors, limit) for judged in listed}) > 1:
                different.append((limit, by_query))
    assert different == []


@dataclass(frozen=True, slots=True)
class Judged:
    """The limits of a query's values with their colors, and the value from which on it has any."""

    colors: list[tuple[float, str]]
    listed_from: float


def of_what_is_bad(colors: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """The limits of a share of what is well as those of the rest."""
    if colors[-1][1] != "green":
        return colors
    worse = [color for _, color in reversed(colors[:-1]) if color in BAD]
    limits = [round(1 - limit, 9) for limit, _ in reversed(colors) if limit]
    return [(0.0, "green"), *zip(limits, worse, strict=True)]


def listed_from(expr: str) -> float:
    """The value above which a ranking has a query's series; 0 if it compares with none."""
    node = promql.parse(re.sub(r"\$__\w+", "5m", expr))
    while not isinstance(node, promql_parser.BinaryExpr) or str(node.op) == "or":
        if isinstance(node, promql_parser.BinaryExpr):
            node = node.lhs
        elif isinstance(node, promql_parser.AggregateExpr | promql_parser.ParenExpr):
            node = node.expr
        else:
            return 0.0
    if str(node.op) in (">", ">=") and isinstance(node.rhs, promql_parser.NumberLiteral):
        return float(node.rhs.val)
    return 0.0


def colors_of(panel: Panel, query: Query) -> list[tuple[float, str]]:
    """The limits of a query's values with the colors from them on; empty if nothing judges them."""
    config = fields.mapping(panel.raw, "fieldConfig")
    shown = fields.mapping(config, "defaults", "thresholds")
    for override in fields.mappings(config, "overrides"):
        if fields.mapping(override, "matcher").get("options") in (query.legend, query.ref):
            own = {fields.text(one, "id"): one.get("value") for one in fields.mappings(override, "properties")}
            if {"color", "mappings"} & own.keys():
                return []
            shown = fields.mapping(own, "thresholds") or shown
    colors = [(float(step.get("value") or 0), str(step["color"])) for step in fields.mappings(shown, "steps")]
    return colors if {*BAD} & {color for _, color in colors} else []


def color_at(colors: list[tuple[float, str]], value: float) -> str:
    """The color of a value."""
    return [color for limit, color in colors if limit <= value][-1]


def own_matchers(selector: promql.Selector) -> frozenset[str]:
    """The matchers but for those of a board's variables."""
    return frozenset(str(one) for one in selector.matchers if "$" not in one.value and one.value != ".*")


def unit_of(panel: Panel, query: Query) -> str:
    """The unit of a query's values."""
    config = fields.mapping(panel.raw, "fieldConfig")
    of_columns = {
        fields.mapping(override, "matcher").get("options"): fields.text(one, "value")
        for override in fields.mappings(config, "overrides")
        for one in fields.mappings(override, "properties")
        if fields.text(one, "id") == "unit"
    }
    default = fields.text(fields.mapping(config, "defaults"), "unit")
    return of_columns.get(query.legend) or of_columns.get(query.ref) or default


@pytest.mark.fault("the same number is red on one board and yellow on the next")
def test_a_number_has_the_same_colors_on_all_boards() -> None:
    """Stats with the same query, but for a board's own variables, have the same thresholds and unit."""
    steps: dict[str, dict[str, object]] = defaultdict(dict)
    for board in BOARDS:
        for panel in (one for one in board.panels if one.type == "stat"):
            shown = fields.mapping(panel.raw, "fieldConfig", "defaults")
            for query in panel.queries:
                everywhere = re.sub(r'(, ?)?\w+=~"\$\w+"', "", query.expr).replace("{}", "")
                steps[everywhere][f"{board.uid} / {panel.title}"] = (shown.get("thresholds"), shown.get("unit"))
    several = [by_panel for by_panel in steps.values() if len(by_panel) > 1]
    assert several
    assert [one for one in several if len({repr(shown) for shown in one.values()}) > 1] == []


# What has a unit of its own: shares and times, and numbers without one.
NOT_A_RATE = {"percentunit", "percent", "s", "ms", "none", "short", ""}
SINGLE_EVENTS = {"cilium_kubernetes_events_total"}  # of policies they are few, of all objects many


@pytest.mark.fault("the same drops are packets on one board and events on the next")
def test_the_rate_of_a_metric_has_one_unit_on_all_boards() -> None:
    """Of each counter whose rate is shown."""
    units: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for board in BOARDS:
        for panel in board.panels:
            for query in panel.queries:
                unit = unit_of(panel, query)
                if "rate(" in query.expr and unit not in NOT_A_RATE:
                    counters = {one.metric for one in promql.lenient_selectors(query.expr) if one.window}
                    for metric in counters - SINGLE_EVENTS:
                        units[metric][unit].append(f"{board.uid} / {panel.title} / {query.legend}")
    assert len(units) > 50
    assert {metric: dict(by_unit) for metric, by_unit in units.items() if len(by_unit) > 1} == {}


@pytest.mark.fault("a table that leaves out what is below a limit says that there is none")
def test_a_table_with_a_limit_says_that_there_is_no_outlier() -> None:
    """Below the limit of a query there may be some."""
    texts = {
        (board.uid, panel.title): panel.no_value
        for board in (built(name, NEWEST) for name in names())
        for row in board.rows
        for panel in row.panels
        if isinstance(panel, Table) and panel.no_value and any(query.levels for query in panel.queries)
    }
    assert texts
    assert set(texts.values()) == {"no outlier"}, texts
