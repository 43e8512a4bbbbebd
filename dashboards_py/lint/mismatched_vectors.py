"""mismatched-vectors: the two sides of an operation have no labels in common, or many series on both sides.

Without `on` or `ignoring`, Prometheus pairs series that agree in all labels. If one side has a label that the other
cannot have (drops have `reason`, forwarded packets have not; one side is grouped by pod, the other by node), or if each
requires another value, nothing is paired. With `on`, a side with several series for a pair is an error ("many-to-many
matching not allowed"). Before: `rate(cilium_drop_count_total[5m]) / rate(cilium_forward_count_total[5m])`. After:
`sum by (node) (rate(cilium_drop_count_total[5m])) / sum by (node) (rate(cilium_forward_count_total[5m]))`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._nodes import SELECTORS, kind_of, number, operator_of, selector_of, walk, without_brackets
from dashboards_py.lint._selectors import label_lookup, statuses_on
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._truth import shown

OF_ALERTS = True

TARGET = frozenset(("instance", "pod", "node"))  # labels of which each tells the targets of a component apart
SCALARS = ("time", "pi", "scalar")
WITHOUT_SERIES = frozenset(("absent", "absent_over_time", "scalar", "vector", "time"))


@dataclass(frozen=True, slots=True)
class Side:
    """The series of one side: labels that `always` have a value, those with a `fixed` one, and those that are possible.

    `possible` is None if it is not known. `per_target` is true if there is a series for each target, and `targets` are
    the labels of these by which an aggregation groups.
    """

    always: frozenset[str] = frozenset()
    fixed: dict[str, str] = field(default_factory=dict)
    possible: frozenset[str] | None = None
    per_target: bool = False
    targets: frozenset[str] = frozenset()


def check(judged: JudgedRule, release: Release, settings: Settings) -> Iterator[str]:
    """Operations on two vectors that Prometheus cannot pair."""
    tree = judged.tree
    if tree is None:
        return
    for node in walk(tree):
        if kind_of(node) != "BinaryExpr" or operator_of(node) in ("or", "unless"):
            continue
        if any(number(side) is not None or is_scalar(side) for side in (node.lhs, node.rhs)):
            continue
        sides = side_of(node.lhs, release, settings), side_of(node.rhs, release, settings)
        if problem := problem_of(node, *sides):
            yield f"`{shown(node)}`: {problem}"


def is_scalar(node: Any) -> bool:
    """True for a number that is calculated, such as `time()`: it is paired with every series."""
    node = without_brackets(node)
    if kind_of(node) == "BinaryExpr":
        return is_scalar(node.lhs) and is_scalar(node.rhs)
    is_signed = kind_of(node) == "UnaryExpr"
    return is_scalar(node.expr) if is_signed else kind_of(node) == "NumberLiteral" or operator_of(node) in SCALARS


def problem_of(node: Any, left: Side, right: Side) -> str:
    """Why the series of the sides cannot be paired; "" if they can, or if that is not known."""
    matching = getattr(node.modifier, "matching", None)
    on = matching is not None and str(matching.type).endswith("Include")
    named = frozenset(matching.labels) if matching is not None else frozenset()
    if any("$" in label for label in named):
        return ""
    for label in sorted(left.fixed.keys() & right.fixed.keys()):
        is_matched = label in named if on else label not in named
        if is_matched and left.fixed[label] != right.fixed[label]:
            return (
                f'the left side has {label}="{left.fixed[label]}", the right side {label}="{right.fixed[label]}": '
                "nothing is paired"
            )
    if not on:
        return _unpaired(left, right, named)
    many = [name for name, side in (("left", left), ("right", right)) if _is_many(side, named)]
    if operator_of(node) == "and" or not many:
        return ""
    card = str(node.modifier.card)
    allowed = "left" if card.endswith("ManyToOne") else "right" if card.endswith("OneToMany") else ""
    extra = [name for name in many if name != allowed]
    if not extra:
        return ""
    return f"several series of the {' and the '.join(extra)} side have the same {', '.join(sorted(named)) or 'labels'}"


def _unpaired(left: Side, right: Side, ignored: frozenset[str]) -> str:
    """Labels that all series of one side have, and none of the other."""
    for name, other_name, side, other in (("left", "right", left, right), ("right", "left", right, left)):
        if other.possible is None:
            continue
        extra = sorted((side.always | side.targets | {*side.fixed}) - other.possible - ignored - {"__name__"})
        if extra:
            return f"only the {name} side has {', '.join(extra)}: nothing is paired with the {other_name} side"
    return ""


def _is_many(side: Side, on: frozenset[str]) -> bool:
    """True if a side surely has several series for the labels of `on`."""
    return bool(side.always - on) or (side.per_target and not on & TARGET)


def side_of(node: Any, release: Release, settings: Settings) -> Side:
    """The labels of the series that a node returns."""
    node = without_brackets(node)
    possible = promql.output_labels(node, label_lookup(release, settings.labels))
    kind = kind_of(node)
    if kind in SELECTORS:
        return _of_selector(selector_of(node), possible, release)
    if kind == "AggregateExpr":
        return _of_aggregation(node, possible, release, settings)
    if kind == "BinaryExpr":
        return _of_operation(node, possible, release, settings)
    if kind in ("SubqueryExpr", "UnaryExpr"):
        return side_of(node.expr, release, settings)
    if kind == "Call" and node.func.name not in WITHOUT_SERIES:
        arguments = [child for child in promql.children(node) if kind_of(child) != "StringLiteral"]
        vectors = [argument for argument in arguments if number(argument) is None]
        inner = side_of(vectors[0], release, settings) if len(vectors) == 1 else Side()
        if node.func.name in ("label_replace", "label_join"):
            return Side(possible=possible)
        always = inner.always - {"le"} if node.func.name == "histogram_quantile" else inner.always
        return Side(always, inner.fixed, possible, inner.per_target, inner.targets)
    return Side(possible=possible)


def _of_selector(selector: promql.Selector, possible: frozenset[str] | None, release: Release) -> Side:
    fixed = {m.label: m.value for m in selector.matchers if m.op == "=" and m.value and not m.is_open}
    metrics = statuses_on(selector, release)
    own = [_always(metric, release) for metric in metrics]
    always = frozenset.intersection(*own) if own else frozenset()
    if metrics and selector.metric.endswith("_bucket"):
        always |= {"le"}
    always -= fixed.keys()
    per_target = bool(metrics) and all(metric.exposed_by.has_node for metric in metrics) and not TARGET & fixed.keys()
    fixed.pop("__name__", None)
    return Side(always, fixed, possible, per_target)


def _always(metric: Any, release: Release) -> frozenset[str]:
    """The metric's own labels that have a value on every series, as far as the catalogue says."""
    own = metric.labels_on(release)
    return frozenset(label for label in own if label != "cidr" and "" not in metric.values_on(label, release))


def _of_aggregation(node: Any, possible: frozenset[str] | None, release: Release, settings: Settings) -> Side:
    inner = side_of(node.expr, release, settings)
    if operator_of(node) in ("topk", "bottomk", "limitk", "limit_ratio"):
        return Side(inner.always, inner.fixed, possible, inner.per_target)
    dropped, by = promql.dropped_by(node), frozenset(promql.grouped_by(node))
    if dropped is not None:
        always = inner.always - {*dropped}
        fixed = {label: value for label, value in inner.fixed.items() if label not in dropped}
        return Side(always, fixed, possible, inner.per_target and not {*dropped} >= TARGET and not TARGET & {*dropped})
    fixed = {label: value for label, value in inner.fixed.items() if label in by}
    targets = frozenset(label for label in by & TARGET if inner.possible is not None and label in inner.possible)
    is_per_target = inner.per_target and bool(TARGET & by)
    return Side(inner.always & by, fixed, possible, is_per_target, targets if inner.per_target else frozenset())


def _of_operation(node: Any, possible: frozenset[str] | None, release: Release, settings: Settings) -> Side:
    if number(node.lhs) is not None or is_scalar(node.lhs):
        return side_of(node.rhs, release, settings)
    left = side_of(node.lhs, release, settings)
    if number(node.rhs) is not None or is_scalar(node.rhs) or operator_of(node) in ("and", "unless"):
        return left
    if operator_of(node) == "or" or getattr(node.modifier, "matching", None) is not None:
        return Side(possible=possible)
    right = side_of(node.rhs, release, settings)
    return Side(left.always | right.always, left.fixed, possible, left.per_target, left.targets | right.targets)
