"""Which parts of a query differ."""

import pytest

from dashboards_py import promql


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a > 5", "a > 6", [("threshold", "> 5", "> 6")]),
        ("a > 5", "a >= bool 5", [("threshold", "> 5", ">= bool 5")]),
        ("a / on (x) group_left (y) b", "a / on (x) b", [("operator", "/ on (x) group_left (y)", "/ on (x)")]),
        ("topk(5, a)", "topk(10, a)", [("number", "5", "10")]),
        ("a offset 5m", "a", [("offset", "300s", "")]),
        ("max_over_time(a[5m:1m])", "max_over_time(a[6m:1m])", [("window", "[5m:1m]", "[6m:1m]")]),
        ("max_over_time(rate(a[1m])[5m:1m])", "max_over_time(rate(a[1m])[5m:])", [("window", "[300s:60s]", "[300s:]")]),
        ("rate(a[5m])", "increase(a[5m])", [("function", "rate", "increase")]),
        ("a", "b", [("metric", "a", "b")]),
        ("a", "a or b", [("metric", "", "b"), ("operator", "", "or")]),
        ('a{x="1"}', "a", [("matcher", 'x="1"', "")]),
        ("sum(a)", "avg without (pod) (a)", [("aggregation", "sum", "avg without (pod)")]),
        ("a @ end()", "a", [("at", "@ end()", "")]),
        ('label_replace(a, "x", "$1", "y", "(.*)")', 'label_replace(a, "x", "$1", "z", "(.*)")', [("text", "y", "z")]),
    ],
)
def test_the_part_that_differs_is_named(before: str, after: str, expected: list[tuple[str, str, str]]) -> None:
    """And no other; the query itself is not the same."""
    changes = promql.query_changes(before, after)
    assert [(change.kind, change.before, change.after) for change in changes] == expected
    assert not promql.same_query(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('a{x="1",y="2"}', 'a{y="2", x="1"}'),
        ("sum by (a, b) (x)", "sum(x) by (b, a)"),
        ("a  +  b", "a+b # sum"),
        ("rate(a[$__rate_interval])", "rate( a[$__rate_interval] )"),
    ],
)
def test_the_order_of_labels_and_blanks_do_not_matter(before: str, after: str) -> None:
    """Prometheus answers the same."""
    assert promql.same_query(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a - b", "b - a"),
        ('a{x="$one"}', 'a{x="$two"}'),
        ("a[5m]", "a[$__range]"),
        ("a + (b * c)", "(a + b) * c"),
        ("sum(x", "sum(y"),
        ("topk($n, a)", "topk($m, a)"),
    ],
)
def test_another_query_is_not_the_same(before: str, after: str) -> None:
    """Also if the same parts stand elsewhere, or it cannot be read."""
    assert not promql.same_query(before, after)
