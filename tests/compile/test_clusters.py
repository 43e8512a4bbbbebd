"""Nodes and pods of two clusters may have the same names: no board adds them up, or joins one with the other."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.promql import children, grouped_by, parse

WITHIN_CLUSTER = {"node", "pod"}  # labels whose values are unique within a cluster only
FAULT = pytest.mark.fault("equal node names of two clusters are merged")


def groupings(node: Any) -> Iterator[tuple[str, ...]]:
    """The labels of each `by` and `on` in a syntax tree."""
    if grouped := grouped_by(node):
        yield grouped
    for child in children(node):
        yield from groupings(child)


def merged(expr: str) -> list[tuple[str, ...]]:
    """The groupings of a query by a node or a pod, but not by its cluster."""
    return [labels for labels in groupings(parse(expr)) if WITHIN_CLUSTER & {*labels} and "cluster" not in labels]


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_nodes_are_grouped_within_their_clusters(release: Release) -> None:
    """Each aggregation and each join by `node` or `pod` is by `cluster` too, in panels and annotations."""
    count = 0
    for board in map(read, (compiled.json for compiled in compile_boards(release))):
        exprs = [(panel.title, query.expr) for panel, query in board.queries()]
        for title, expr in [*exprs, *((mark.name, mark.expr) for mark in board.annotations if mark.expr)]:
            assert merged(expr) == [], (board.uid, title, expr)
            count += any(WITHIN_CLUSTER & {*labels} for labels in groupings(parse(expr)))
    assert count


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("sum by (node) (up)", [("node",)]),
        ("max(sum by (node, family) (up) / on (pod) up)", [("node", "family"), ("pod",)]),
        ("sum by (cluster, node) (up) and on (cluster, node) up", []),
        ("sum by (namespace) (up)", []),
    ],
)
def test_a_merging_query_is_noticed(expr: str, expected: list[tuple[str, ...]]) -> None:
    """The test above finds groupings at any depth, and joins."""
    assert sorted(merged(expr)) == sorted(expected)
