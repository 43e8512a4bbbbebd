"""Matchers that accept every series are taken out of a query, and nothing else is."""

import pytest

from dashboards_py import promql


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("a", "a"),
        ('a{b=~".*"}', "a"),
        ('a{b=~".*", c="d"}', 'a{c="d"}'),
        ('a{c="d,=~", b=~".*",}[5m] offset 1h', 'a{c="d,=~"}[5m] offset 1h'),
        ('sum by (b) (rate(a{b=~".*"}[5m])) / c{b=~".*", d=~".*"}', "sum by (b) (rate(a[5m])) / c"),
        ('{b=~".*", __name__=~"a.*"}', '{b=~".*", __name__=~"a.*"}'),
        ('a{b=~".+"}', 'a{b=~".+"}'),
        ('a{b!~".*"}', 'a{b!~".*"}'),
        ('a{b=".*"}', 'a{b=".*"}'),
        ('a{b="x" or c=~".*"}', 'a{b="x" or c=~".*"}'),
        ("a{b=~'.*'}", "a{b=~'.*'}"),
        ("not a query(", "not a query("),
    ],
)
def test_what_accepts_everything_goes(expr: str, expected: str) -> None:
    """The rest of the text stays as it is."""
    assert promql.without_idle_matchers(expr) == expected
