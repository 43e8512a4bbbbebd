"""From queries to metrics, without ever raising."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards_py.board import Variable, read
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.queries import board_queries, resolve

ONE = pytest.mark.fault("one query is read four ways: what lint sees, `values` forgets, and `compile` refuses")


def kinds(query: str | Variable, release: Release = NEWEST) -> list[tuple[str, str]]:
    """The kind of each selector, and its name."""
    return [
        (
            "unreadable"
            if resolved.reason
            else "known"
            if resolved.is_known
            else "foreign"
            if resolved.is_foreign
            else "",
            resolved.name,
        )
        for resolved in resolve(query, release)
    ]


@ONE
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "cilium_drop_count_total / node_load1 + up",
            [("known", "cilium_drop_count_total"), ("foreign", "node_load1"), ("foreign", "up")],
        ),
        ("namespace:cilium_drop:sum", [("foreign", "namespace:cilium_drop:sum")]),
        ("cilium_drop_cuont_total", [("known", "cilium_drop_cuont_total")]),
        ("$metric", [("foreign", "$metric")]),
        ("$agg(cilium_version)", [("unreadable", "cilium_version")]),
        ("sum(", [("unreadable", "")]),
        ("", []),
        ("  ", []),
        (
            Variable("v", "query", "query_result(topk(3, cilium_bpf_map_pressure))"),
            [("known", "cilium_bpf_map_pressure")],
        ),
        (Variable("v", "query", "label_values( cilium_version , node)"), [("known", "cilium_version")]),
        (Variable("v", "query", "label_values(node)"), []),
        (Variable("v", "custom", "cilium_version"), []),
        (Variable("v", "query", "label_names()"), []),
    ],
)
def test_known_foreign_or_unreadable(query: str | Variable, expected: list[tuple[str, str]]) -> None:
    """Each selector is one of the three, of queries and of variables alike."""
    assert kinds(query) == expected


@pytest.mark.parametrize(
    ("query", "components"),
    [
        ('go_goroutines{pod=~"cilium-operator.*"}', {"cilium-operator"}),
        ('go_goroutines{pod=~"cilium-[^-]+|$x"}', {"cilium-agent", "cilium-operator", "hubble-relay"}),
        ('go_goroutines{pod=~"[[:lower:]]+-relay.*"}', {"hubble-relay"}),
        ("go_goroutines", {"cilium-agent", "cilium-operator", "hubble-relay"}),
    ],
)
def test_a_pod_distinguishes_components(query: str, components: set[str]) -> None:
    """By RE2; a matcher with a variable excludes nothing."""
    actual = {metric.component for resolved in resolve(query, NEWEST) for metric in resolved.metrics}
    assert actual - {"clustermesh-apiserver", "kvstoremesh"} == components


def test_every_query_of_a_board() -> None:
    """Panels, variables and annotations, in reading order, with their location and the labels they use."""
    board = read(
        {
            "title": "B",
            "panels": [{"title": "P", "targets": [{"expr": "sum by (a) (x)"}, {"expr": ""}, {}]}],
            "templating": {"list": [{"name": "v", "type": "query", "query": 'label_values(y{b="c"}, d)'}]},
            "annotations": {"list": [{"name": "m", "expr": 'z{e="f"}'}, {"name": "n"}]},
        }
    )
    assert [(query.where, query.expr, set(query.labels)) for query in board_queries(board)] == [
        ("P", "sum by (a) (x)", {"a"}),
        ("variable v", 'group by (d) (y{b="c"})', {"b", "d"}),
        ("annotation m", 'z{e="f"}', {"e"}),
    ]


PIECES = ["cilium_version", "(", "{", "$x", "[", '"', ",", ")", "a="]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_nothing_raises(text: str) -> None:
    """Any text resolves without an error, as a query or as a variable's."""
    for query in (text, Variable("v", "query", text), Variable("v", "query", f"label_values({text}, a)")):
        assert all(resolved.reason or resolved.selector for resolved in resolve(query, NEWEST))


@pytest.mark.fault("lint of one foreign board imports the compiler and grafanalib")
def test_reading_a_foreign_board_needs_no_compiler() -> None:
    """Neither lint nor values loads what only our own boards need."""
    code = (
        "import sys; from dashboards_py import lint, needs, values, queries; "
        "from dashboards_py.board import read; from dashboards_py.catalog import NEWEST; "
        "lint.lint(read({'title': 'B', 'panels': [{'title': 'P', 'targets': [{'expr': 'node_load1'}]}]}), NEWEST); "
        "print([name for name in sys.modules if name.split('.')[0] == 'grafanalib' or name.startswith("
        "('dashboards_py.style', 'dashboards_py.compile.', 'dashboards_py.render'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
