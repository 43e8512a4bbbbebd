"""Selectors that may read fewer series: what has a result then, has one with all series."""

import pytest

from dashboards_py import promql
from dashboards_py.demo.engine import Engine
from dashboards_py.errors import DashboardsError
from dashboards_py.promql import Matcher
from tests.demo import memory
from tests.demo.expressions import expressions

MOMENT = memory.END / 1000 - 1234.567
COUNT = 400


def number_of_rows(engine: Engine, expr: str) -> int | None:
    """The rows of a result, None if the expression is refused."""
    try:
        return len(engine.instant(expr, MOMENT))
    except DashboardsError:
        return None


def narrowed(expr: str, matcher: Matcher) -> str:
    """The expression with the matcher in each selector that may have it."""
    remaining = iter(promql.narrowable(expr))
    return promql.inject(expr, lambda _: (matcher,) if next(remaining) else ())


@pytest.mark.fault("doctor takes a query for healthy that has no result, since it was tried on a few targets only")
@pytest.mark.parametrize("seed", range(2))
def test_what_few_series_answer_is_answered_by_all(seed: int) -> None:
    """Random expressions, with some series and with all, as they are and without their comparisons."""
    engine, answered, wrong = Engine(memory.small()), 0, []
    for expr in expressions(seed, COUNT):
        for instance, form in (("1", str), ("3", promql.unfiltered)):
            try:
                whole = form(expr)
                few = narrowed(whole, Matcher("instance", "=", instance))
            except DashboardsError:
                continue
            if few != whole and number_of_rows(engine, few):
                answered += 1
                if not number_of_rows(engine, whole):
                    wrong.append((whole, few))
    assert wrong == []
    assert answered > COUNT / 4


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("sum(rate(a[5m]))", [True]),
        ("topk(3, sum by (pod) (a))", [True]),
        ("sum(rate(a[5m])) > 5", [True]),
        ("sum(a) > 5", [False]),
        ("sum(rate(a[5m])) < 5", [False]),
        ("max(a) > 5", [True]),
        ("a < 5", [True]),
        ("avg(rate(a[5m])) > 5", [False]),
        ("sum(rate(a[5m])) / (sum(rate(b[5m])) > 0)", [True, True]),
        ("sum(rate(a[5m])) / sum(rate(b[5m])) > 0.1", [False, False]),
        ("histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m]))) >= 0", [True]),
        ("histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m]))) > 1", [False]),
        ("histogram_quantile(0.9, sum(rate(a[5m])))", [False]),
        ("histogram_quantile(0.9, rate(a[5m]))", [True]),
        ("absent(a)", [False]),
        ("a or vector(0)", [True]),
        ("a unless b", [True, False]),
        ("a and b", [True, True]),
        ("topk(3, a) and b", [False, True]),
        ("a * on (node) b", [False, False]),
        ("a * on (node) group_left () sum by (node) (b)", [True, True]),
        ("a * on (node) group_left () sum by (node, pod) (b)", [False, False]),
        ('{__name__=~"a.*"}', [False]),
        ('label_replace(a, "x", "$1", "y", "(.*)")', [False]),
        ('label_replace(sum by (y) (a), "x", "$1", "y", "(.*)")', [True]),
        ('label_replace(sum by (x, y) (a), "x", "$1", "y", "(.*)")', [False]),
        ("scalar(a) * b", [False, True]),
        ("max_over_time(sum(rate(a[5m]))[10m:1m])", [False]),
        ("(sum(rate(a[5m])) or sum(rate(b[5m]))) > 0", [False, False]),
    ],
)
def test_only_what_more_series_can_only_add_to(expr: str, expected: list[bool]) -> None:
    """Values that may rise above a limit with fewer series, and joins that may be refused with more, stay whole."""
    assert list(promql.narrowable(expr)) == expected


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("sum(a) / sum(b) > 0.1", "sum(a) / sum(b) > bool 0.1"),
        ('a{x!="1", y=~">"}!=b', 'a{x!="1", y=~">"}!= bool b'),
        ("a > bool 1 <= on (node) group_left () b", "a > bool 1 <= bool on (node) group_left () b"),
        ('label_replace(a == 1, "x", ">", "y", "<")', 'label_replace(a == bool 1, "x", ">", "y", "<")'),
        ("rate(a[5m]) or b", "rate(a[5m]) or b"),
    ],
)
def test_comparisons_that_remove_nothing(expr: str, expected: str) -> None:
    """Each has `bool`, operators of matchers and in texts have none; shares may then read few series."""
    assert promql.unfiltered(expr) == expected
    assert all(promql.narrowable(promql.unfiltered("sum(a) / sum(b) > 0.1")))


def test_a_side_without_series_does_not_count() -> None:
    """Of `a or b` the side whose metric is not there changes nothing."""
    expr = "(sum(rate(a[5m])) or sum(rate(b[5m]))) > 0"
    assert promql.narrowable(expr, frozenset({"b"})) == (True, False)
    assert promql.narrowable(expr, frozenset({"a"})) == (False, True)
