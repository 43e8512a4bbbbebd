"""What a query returns if some of its selectors return nothing."""

import pytest

from dashboards_py import promql
from dashboards_py.promql import Outcome

# The outcome if `gone` has no series and `here` has: as Prometheus answers (promql/engine.go, functions.go).
CASES = {
    "here": Outcome.DATA,
    "gone": Outcome.NOTHING,
    "rate(gone[5m])": Outcome.NOTHING,
    "sum by (x) (gone)": Outcome.NOTHING,
    "count(gone) or here": Outcome.DATA,
    "here or gone": Outcome.DATA,
    "gone or vector(0)": Outcome.CONSTANT,
    "here or vector(0)": Outcome.DATA,
    "here and gone": Outcome.NOTHING,
    "here unless gone": Outcome.DATA,
    "gone unless here": Outcome.NOTHING,
    "here unless on () absent(gone)": Outcome.NOTHING,
    "here unless on () (absent(gone) * 2 or here)": Outcome.NOTHING,
    "here unless on (x) absent(gone)": Outcome.DATA,
    "here unless on () absent(here)": Outcome.DATA,
    "here unless on () (absent(gone) > 1)": Outcome.DATA,
    "here unless on () vector(1)": Outcome.NOTHING,
    "here unless on () (here and vector(1))": Outcome.DATA,
    "here / gone": Outcome.NOTHING,
    "here > bool 3": Outcome.DATA,
    "gone > bool 3": Outcome.NOTHING,
    "absent(gone)": Outcome.CONSTANT,
    "absent(here)": Outcome.DATA,
    "absent_over_time(gone[5m])": Outcome.CONSTANT,
    "absent(gone) * 2 > 1": Outcome.CONSTANT,
    "scalar(gone)": Outcome.NAN,
    "here + scalar(gone)": Outcome.NAN,
    "here > scalar(gone)": Outcome.NOTHING,
    "here > bool scalar(gone)": Outcome.NAN,
    "vector(scalar(gone))": Outcome.NAN,
    "topk(3, gone)": Outcome.NOTHING,
    "topk(scalar(here), gone)": Outcome.NOTHING,
    "vector(1)": Outcome.CONSTANT,
    "time() - here": Outcome.DATA,
    "time() - gone": Outcome.NOTHING,
    "time()": Outcome.CONSTANT,
    "1 + 1": Outcome.CONSTANT,
    "-gone": Outcome.NOTHING,
    "max_over_time(gone[1h:5m])": Outcome.NOTHING,
    'label_replace(gone, "a", "b", "c", "d")': Outcome.NOTHING,
    'label_replace(here, "a", "b", "c", "d")': Outcome.DATA,
    "histogram_quantile(0.9, sum by (le) (rate(gone[5m])))": Outcome.NOTHING,
    "histogram_quantile(0.9, sum by (le) (rate(gone[5m]))) or histogram_quantile(0.9, rate(here[5m]))": Outcome.DATA,
}


@pytest.mark.parametrize(("expr", "expected"), CASES.items(), ids=CASES)
def test_outcome(expr: str, expected: Outcome) -> None:
    """`gone` has no series, all others have."""
    assert promql.outcome(expr, lambda selector: selector.metric == "gone") is expected


WORST = {
    "here and on () absent(new)": Outcome.NOTHING,
    "here unless new": Outcome.NOTHING,
    "here unless count(new) > 3": Outcome.NOTHING,
    "here unless new * here": Outcome.DATA,
    "new": Outcome.DATA,
    "absent(new) or here": Outcome.DATA,
    "here unless absent(gone)": Outcome.NOTHING,
}


@pytest.mark.parametrize(("expr", "expected"), WORST.items(), ids=WORST)
def test_worst_outcome(expr: str, expected: Outcome) -> None:
    """The same if `new` is known to have series."""
    removed, new = (lambda selector, name=name: selector.metric == name for name in ("gone", "new"))
    assert promql.worst_outcome(expr, removed, new) is expected


LABELS = {"a": {"pod", "x"}, "b": {"pod"}, "c": {"pod", "x"}}
JOINS = {
    "a + b": [{"x"}],
    "a + c": [set()],
    "a + ignoring (x) b": [set()],
    "a + on (pod) b": [set()],
    "a + on () b": [set()],
    "a and b": [{"x"}],
    "a or b": [set()],
    "a unless b": [set()],
    "a + 1": [set()],
    "sum by (pod) (a) / b": [set()],
    "sum(a) / sum(b)": [set()],
    "a * 2 + (b - c)": [{"x"}, set(), {"x"}],
    "a + unknown": [set()],
}


@pytest.mark.parametrize(("expr", "expected"), JOINS.items(), ids=JOINS)
def test_labels_of_one_side_only(expr: str, expected: list[set[str]]) -> None:
    """Labels that keep the two sides of an operation from matching, by operation in the order written."""
    unequal = promql.unequal_sides(
        expr, lambda selector: frozenset(LABELS[selector.metric]) if selector.metric in LABELS else None
    )
    # `a * 2 + (b - c)` is the sum, then its left side, then its right side
    assert [set(labels) for labels in unequal] == expected


def test_an_operation_whose_sides_do_not_match() -> None:
    """It returns nothing, unless another operand of `or` does."""
    assert promql.outcome("a + b", lambda _: False, {0}) is Outcome.NOTHING
    assert promql.outcome("(a + b) or c", lambda _: False, {1}) is Outcome.DATA
    assert promql.outcome("(a + b) or c", lambda _: False, {0}) is Outcome.NOTHING
