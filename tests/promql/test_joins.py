"""The labels that a join asks of its sides."""

import pytest

from dashboards_py import promql


@pytest.mark.parametrize(
    ("expr", "of_b"),
    [
        ('a{x="1"} / b', {"x"}),
        ('rate(a{x="1"}[5m]) > 0 and rate(b[5m])', {"x"}),
        ('a{x="1", y="2"} / ignoring (x) b', {"y"}),
        ('a{x="1"} / on (n) b', set()),
        ('a{x="1"} or b', set()),
        ('sum by (n) (a{x="1"}) / sum by (n) (b)', set()),
        ('2 * a{x="1"} + sum by (x) (b)', {"x"}),
    ],
)
def test_what_one_side_matches_the_other_needs(expr: str, of_b: set[str]) -> None:
    """Without `on` all labels are compared, as far as aggregations keep them."""
    assert promql.joined_labels(expr)["b", ()] == of_b if of_b else not promql.joined_labels(expr).get(("b", ()))
