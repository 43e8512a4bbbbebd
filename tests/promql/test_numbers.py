"""Numbers that a query compares with are replaced, and no others."""

import pytest

from dashboards_py import promql


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("a > 0.9", "a > 0.7"),
        ("topk(8, max by (node) (a) > 0.9)", "topk(8, max by (node) (a) > 0.7)"),
        ("0.9 < a", "0.7 < a"),
        ("a > bool 0.9", "a > bool 0.7"),
        ("quantile(0.9, a) > 0.9 > on (b) group_left () c", "quantile(0.9, a) > 0.7 > on (b) group_left () c"),
        ("a / (b > 0.9) > 0.9", "a / (b > 0.9) > 0.7"),
        ("(a > 0.9) or (b > 0.9)", "(a > 0.7) or (b > 0.9)"),
        ('a{b="> 0.9"} * 0.9 > 0.90', 'a{b="> 0.9"} * 0.9 > 0.7'),
    ],
)
def test_only_what_is_compared(expr: str, expected: str) -> None:
    """By syntax, the outermost comparison with the number."""
    assert promql.replace_compared(expr, [(0.9, 0.7)]) == expected


def test_several_in_the_order_written() -> None:
    """Each pair is for one comparison, so that equal numbers can become different ones."""
    expr = "a > 0.7 or b > 0.7 or c > 0.8"
    numbers = [(0.7, 0.5), (0.7, 0.7), (0.8, 0.6)]
    assert promql.replace_compared(expr, numbers) == "a > 0.5 or b > 0.7 or c > 0.6"


def test_a_number_that_is_not_compared_is_an_error() -> None:
    """Otherwise a threshold would silently have no effect."""
    with pytest.raises(promql.QueryError, match="does not compare with 600"):
        promql.replace_compared("a + 600 > 1", [(600, 300)])


@pytest.mark.parametrize(("value", "text"), [(600.0, "600"), (0.9, "0.9"), (1e-6, "1e-06"), (45_000, "45000")])
def test_numbers_as_texts(value: float, text: str) -> None:
    """As a person writes them, and as PromQL reads them."""
    assert promql.number_text(value) == text
    assert promql.replace_compared("a > 2", [(2, value)]) == f"a > {text}"
