"""The labels that an expression's series can have, and groupings by labels that they cannot have."""

import pytest

from dashboards_py.promql import Selector, missing_labels, output_labels, parse

KNOWN = {"a": {"node", "x"}, "b": {"node", "y"}, "none": set()}


def known_labels(selector: Selector) -> frozenset[str] | None:
    """The labels of `a`, `b` and `none`; any other metric may have any."""
    labels = KNOWN.get(selector.metric)
    return None if labels is None else frozenset(labels)


@pytest.mark.parametrize(
    ("expr", "labels"),
    [
        ("a", "node x"),
        ("rate(a[5m])", "node x"),
        ("-(a)", "node x"),
        ("max_over_time(a[5m:])", "node x"),
        ("foreign", None),
        ("sum(a)", ""),
        ("sum by (node, y) (a)", "node"),
        ("sum by (node, y) (foreign)", "node y"),
        ("sum by (node, $by) (a)", "node x"),
        ("sum by ($by) (foreign)", None),
        ("sum without (x) (a)", "node"),
        ("sum without (x) (foreign)", None),
        ("topk by (x) (3, a)", "node x"),
        ('count_values by (x) ("v", a)', "v x"),
        ("histogram_quantile(0.9, sum by (le, x) (foreign))", "x"),
        ('label_replace(a, "z", "$1", "x", "(.*)")', "node x z"),
        ('label_join(a, "$z", "-", "x")', None),
        ("absent(a)", None),
        ("time()", ""),
        ("vector(1)", ""),
        ("scalar(a)", ""),
        ("a * 2", "node x"),
        ("100 - a", "node x"),
        ("a > bool time()", "node x"),
        ("a or b", "node x y"),
        ("a or foreign", None),
        ("a and on (node) b", "node x"),
        ("a unless foreign", "node x"),
        ("a / b", "node"),
        ("a / foreign", "node x"),
        ("a / on (node) b", "node"),
        ("foreign / on (node, $by) b", "node y"),
        ("a / ignoring (x) b", "node"),
        ("a * on (node) group_left(y, z) b", "node x y"),
        ("a * on (node) group_right(x) b", "node x y"),
        ("foreign * on (node) group_left(y) b", None),
        ("a * on (node) group_left(z) foreign", "node x z"),
    ],
)
def test_possible_labels_of_series(expr: str, labels: str | None) -> None:
    """Labels that functions and operators keep, add and drop; None if any label is possible."""
    actual = output_labels(parse(expr), known_labels)
    assert actual == (None if labels is None else frozenset(labels.split()))


def test_groupings_by_missing_labels() -> None:
    """From the outside in, each with the labels that its own input series cannot have."""
    expr = "sum by (y) (a) + on (node, q) group_left(x) max by (node, x) (b)"
    assert [(missing.what, missing.labels, missing.where) for missing in missing_labels(expr, known_labels)] == [
        ("on(node, q)", ("q",), "neither side has"),
        ("on(node, q)", ("node",), "the left side never has"),
        ("group_left(x)", ("x",), "the right side never has"),
        ("sum by (y)", ("y",), "none of the series has"),
        ("max by (node, x)", ("x",), "none of the series has"),
    ]


@pytest.mark.parametrize("expr", ["a unless on (z) vector(1)", "foreign unless on (x) vector(1)"])
def test_series_without_a_label_are_left_out_on_purpose(expr: str) -> None:
    """`unless on (label) vector(1)` compares the label with none: it is not a join that lacks a label."""
    assert list(missing_labels(expr, known_labels)) == []
