"""Tables of outcomes: what failed, was denied or dropped is the first column, so that the worst row is the first."""

import re
from collections.abc import Iterator

import pytest

from dashboards_py.board import Board, Panel, Query, fields, read
from dashboards_py.compile import compile_boards
from dashboards_py.promql import selectors

OUTCOMES = {"action", "verdict", "result", "outcome", "status", "return_code", "rcode", "envoy_response_code_class"}
BAD = re.compile("fail|error|drop|denied|refused|audit|4|5", re.IGNORECASE)
GOOD = re.compile(r"success|\bok\b|no error|^2\.\.$", re.IGNORECASE)
NOBODY_ASKED = re.compile(r" or on \(\) label_replace\(-absent\(\w+[^()]*\)[^()]*\)$")  # the row that reports it
OF_FAILURES = re.compile("fail|error|timeout|overflow|reject|refus|dropped|unreachable")  # names of metrics
TABLES = [
    pytest.param(board, panel, id=f"{board.uid} / {panel.title}")
    for board in (read(compiled.json) for compiled in compile_boards())
    for panel in board.panels
    if panel.type == "table"
]
FAULT = pytest.mark.fault("denied and failed rows are below those where all is well, and look like them")


def is_bad(query: Query) -> bool:
    """Whether a query selects only what ended badly, by a matcher or by the name of a metric."""
    return any(_is_bad(label, op, value) for label, op, value in _matchers(query)) or all(
        OF_FAILURES.search(selector.metric) for selector in selectors(NOBODY_ASKED.sub("", query.expr))
    )


def _matchers(query: Query) -> Iterator[tuple[str, str, str]]:
    for selector in selectors(query.expr):
        yield from ((matcher.label, matcher.op, matcher.value) for matcher in selector.matchers)


def _is_bad(label: str, op: str, value: str) -> bool:
    return label in OUTCOMES and bool((BAD if op.startswith("=") else GOOD).search(value))


def names_outcomes(panel: Panel) -> bool:
    """Whether an outcome is a column of labels."""
    groups = {
        label.strip()
        for query in panel.queries
        for by in re.findall(r"by \(([^)]*)\)", query.expr)
        for label in by.split(",")
    }
    return bool(groups & OUTCOMES)


def lists_only_bad(panel: Panel) -> bool:
    """Whether every number of the table is red: what is listed at all is bad."""
    steps = fields.mappings(fields.mapping(panel.raw, "fieldConfig", "defaults", "thresholds"), "steps")
    return ("red", 0) in [(step["color"], step["value"]) for step in steps]


def is_colored(panel: Panel, column: str) -> bool:
    """Whether thresholds color a column."""
    own = [
        item["properties"]
        for item in fields.mappings(fields.mapping(panel.raw, "fieldConfig"), "overrides")
        if item["matcher"]["options"] == column
    ]
    has_own = any(item["id"] in ("thresholds", "mappings") for properties in own for item in properties)
    return has_own or bool(fields.mapping(panel.raw, "fieldConfig", "defaults", "thresholds"))


def faults(panel: Panel) -> list[str]:
    """What is wrong with the order or the colors of a table."""
    bad = [is_bad(query) or lists_only_bad(panel) for query in panel.queries]
    messages = []
    if (any(bad) or names_outcomes(panel)) and not bad[0]:
        messages.append("the first column is not of what is bad")
    if any(bad) and not all(bad) and not is_colored(panel, panel.queries[0].legend):
        messages.append("what is bad has no color")
    return messages


@FAULT
@pytest.mark.parametrize(("_", "panel"), TABLES)
def test_what_is_bad_comes_first(_: Board, panel: Panel) -> None:
    """In the first column, by which a table is sorted, and in a color where the others are not bad."""
    assert faults(panel) == []


RATE = "sum by (action) (rate(hubble_policy_verdicts_total{}[5m]))"


@FAULT
@pytest.mark.parametrize(
    ("exprs", "expected"),
    [
        ([RATE.format("")], ["the first column is not of what is bad"]),
        ([RATE.format('{action="dropped"}')], []),
        ([RATE.format('{action="dropped"}'), RATE.format('{action!="dropped"}')], ["what is bad has no color"]),
        (
            [RATE.format('{action!="dropped"}'), RATE.format('{action="dropped"}')],
            ["the first column is not of what is bad", "what is bad has no color"],
        ),
    ],
    ids=["mixed", "only bad", "no color", "bad one last"],
)
def test_a_table_that_hides_it_is_seen(exprs: list[str], expected: list[str]) -> None:
    """Each kind of fault."""
    queries = tuple(Query("A", expr, legend="x") for expr in exprs)
    assert faults(Panel(1, "", "table", queries=queries, raw={})) == expected
