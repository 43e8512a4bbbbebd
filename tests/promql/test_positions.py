"""The positions of the parts of a query: those of the parser's tree, in the text as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards_py.board import read
from dashboards_py.compile import compile_boards
from dashboards_py.promql import UnreadableQuery
from dashboards_py.promql.positions import parts, rewrite
from dashboards_py.queries import board_queries


@pytest.mark.parametrize(
    ("expr", "texts"),
    [
        ("a - b - c", ["a - b - c", "a - b", "a", "b", "c"]),
        ("a ^ b ^ c", ["a ^ b ^ c", "a", "b ^ c", "b", "c"]),
        ("-a ^ b * c", ["-a ^ b * c", "-a ^ b", "a ^ b", "a", "b", "c"]),
        ("a or b and c", ["a or b and c", "a", "b and c", "b", "c"]),
        (
            "a / on (x) group_left (y) b > bool c",
            ["a / on (x) group_left (y) b > bool c", "a / on (x) group_left (y) b", "a", "b", "c"],
        ),
        ("sum(a) by (x) + 1", ["sum(a) by (x) + 1", "sum(a) by (x)", "a", "1"]),
        ("topk(3, a)", ["topk(3, a)", "3", "a"]),
        ('count_values("v", a)', ['count_values("v", a)', '"v"', "a"]),
        ("rate(a[5m] offset -1h)", ["rate(a[5m] offset -1h)", "a[5m] offset -1h"]),
        (
            "max_over_time(rate(a[5m])[1h:1m] @ end())[1d:]",
            [
                "max_over_time(rate(a[5m])[1h:1m] @ end())[1d:]",
                "max_over_time(rate(a[5m])[1h:1m] @ end())",
                "rate(a[5m])[1h:1m] @ end()",
                "rate(a[5m])",
                "a[5m]",
            ],
        ),
        (
            'rate(a{b="}"}[$w] @ $t)',
            ['rate(a{b="}"}[$w] @ $t)', 'a{b="}"}[$w] @ $t'],
        ),
        ("a # c + d\n + b", ["a # c + d\n + b", "a", "b"]),
    ],
)
def test_the_text_of_each_part(expr: str, texts: list[str]) -> None:
    """In the order written, outer parts first."""
    assert [expr[part.start : part.end] for part in parts(expr).walk()] == texts


def test_every_query_of_ours_has_positions() -> None:
    """Writing each part unchanged gives the query."""
    for compiled in compile_boards():
        for query in board_queries(read(compiled.json)):
            assert rewrite(query.expr, parts(query.expr), lambda _: None) == query.expr.strip()


def test_unknown_positions_are_not_guessed() -> None:
    """The parser renames a function of Prometheus 2, so that tree and text differ."""
    with pytest.raises(UnreadableQuery, match="positions are unknown"):
        parts("holt_winters(a[5m], 0.5, 0.5)")


ATOMS = st.sampled_from(["a", 'a{b="c"}', "rate(a[5m])", "sum by (x) (a)", "sum(a) without (x)", "(a)", "max(a)"])
OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "^", "==", ">", "and", "or", "unless", "/ on (x) group_left ()"])


@given(st.lists(st.tuples(OPERATORS, ATOMS), max_size=6), ATOMS)
def test_operators_bind_as_in_the_parser(rest: list[tuple[str, str]], first: str) -> None:
    """Whatever the operators: the tree by text is the parser's, or the query has no positions (never another tree)."""
    expr = first + "".join(f" {operator} {atom}" for operator, atom in rest)
    assert rewrite(expr, parts(expr), lambda _: None) == expr
