"""What rules take for a factor, for the bounds of a result, and for a calculation of two columns."""

import pytest

from dashboards_py import promql
from dashboards_py.lint._bounds import ANY, Bounds, _calculated
from dashboards_py.lint._calculations import _binary
from dashboards_py.lint._nodes import without_factor


@pytest.mark.parametrize(
    ("expr", "left"),
    [
        ("2 * x", "x"),
        ("x * 2", "x"),
        ("x / 2", "x"),
        ("(100 * (x)) / 2", "x"),
        ("2 / x", "2 / x"),
        ("-2 * x", "-2 * x"),
        ("x * 0", "x * 0"),
        ("x * y", "x * y"),
    ],
)
def test_a_factor_is_positive_and_no_dividend(expr: str, left: str) -> None:
    """Only such a one changes neither the order of values nor whether they are above zero."""
    assert str(without_factor(promql.parse(expr))) == str(promql.parse(left))


@pytest.mark.parametrize(
    ("operator", "bounds"),
    [
        ("*", Bounds(2.0, 12.0)),
        ("/", Bounds(0.25, 1.5)),
        ("%", ANY),
        ("^", ANY),
        ("atan2", ANY),
    ],
)
def test_only_known_operators_have_bounds(operator: str, bounds: Bounds) -> None:
    """Of a value between 1 and 3, and one between 2 and 4."""
    assert _calculated(operator, Bounds(1, 3), Bounds(2, 4)) == bounds


@pytest.mark.parametrize(("mode", "calculation"), [("binary", "(x) / (y)"), ("reduceRow", ""), (None, "")])
def test_options_of_another_mode_are_no_calculation(mode: str | None, calculation: str) -> None:
    """Grafana keeps the options of the mode that was chosen before."""
    options = {"mode": mode, "binary": {"left": "A", "operator": "/", "right": "B"}}
    assert _binary(options, {"A": "x", "B": "y"}) == calculation
