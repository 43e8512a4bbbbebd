"""Parts of queries that can be recorded: how they aggregate, which labels they keep, what they are in proportion to."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from dashboards_py.promql.distributions import selector_of
from dashboards_py.promql.grafana import has_variable
from dashboards_py.promql.matcher import Matcher, Selector
from dashboards_py.promql.positions import Part
from dashboards_py.promql.syntax import grouped_by
from dashboards_py.promql.zero_counts import number, returns_bool

SELECTORS = ("VectorSelector", "MatrixSelector")
RATES = ("rate", "increase")
RANKINGS = ("topk", "bottomk")
CHOOSING = (*RANKINGS, "limitk", "limit_ratio")  # aggregations that return series as they are
CLOCK = frozenset(
    {"time", "timestamp", "predict_linear", "minute", "hour", "day_of_week", "day_of_month", "day_of_year"}
    | {"days_in_month", "month", "year"}
)
OFFSET_OF_GRAFANA = re.compile(r"\boffset\s*(-?\s*(?:\$\{\w+\}|\$\w+))\s*(?:@.*)?$", re.IGNORECASE | re.DOTALL)
WITHOUT_LABELS = ("absent", "absent_over_time", "scalar", "vector", "info", "time", "pi")


def in_order(labels: Iterable[str]) -> list[str]:
    """The cluster first, then the others by name."""
    return sorted(labels, key=lambda label: (label != "cluster", label))


def has_fixed_labels(part: Part) -> bool:
    """True for an aggregation by fixed labels, or by none."""
    modifier = part.node.modifier
    return modifier is None or (str(modifier.type).endswith("By") and not any(map(has_variable, grouped_by(part.node))))


def selectors_in(part: Part) -> Iterator[Selector]:
    return (selector_of(inner) for inner in part.walk() if inner.kind in SELECTORS)


def matchers_in(part: Part) -> Iterator[tuple[Matcher, ...]]:
    return (selector.matchers for selector in selectors_in(part))


def is_positive(part: Part) -> bool:
    """True for `> 0`."""
    if part.kind != "BinaryExpr" or str(part.node.op) != ">" or returns_bool(part):
        return False
    return number(part.children[1]) == 0


def reads_clock(part: Part) -> bool:
    return any(inner.kind == "Call" and str(inner.node.func.name) in CLOCK for inner in part.walk())


def is_aggregated(part: Part) -> bool:
    """True if each series that the part reads is aggregated by some labels."""
    if part.kind in SELECTORS:
        return False
    if part.kind == "AggregateExpr" and str(part.node.op) not in CHOOSING:
        return has_fixed_labels(part)
    return all(map(is_aggregated, part.children))


def keeps(part: Part, label: str) -> bool:
    """True if the part gives, of the series with one value of the label, those of its results with that value."""
    vectors = [child for child in part.children if any(inner.kind in SELECTORS for inner in child.walk())]
    if part.kind == "AggregateExpr":
        if str(part.node.op) in (*CHOOSING, "count_values", "quantile") and not _by(part):
            return False
        return label in _by(part) and all(keeps(child, label) for child in vectors)
    if part.kind == "BinaryExpr" and len(vectors) == 2 and not _joins_on(part, label):
        return False
    if part.kind == "Call":
        name = str(part.node.func.name)
        if name in WITHOUT_LABELS or (name in ("label_replace", "label_join") and _sets(part, label)):
            return False
    return all(keeps(child, label) for child in vectors)


def _by(part: Part) -> tuple[str, ...]:
    return grouped_by(part.node) if has_fixed_labels(part) else ()


def _joins_on(part: Part, label: str) -> bool:
    """True if the two sides of an operator are matched by the label, among others."""
    modifier = part.node.modifier
    matching = modifier.matching if modifier else None
    if matching is None:
        return True
    listed = str(matching.type).endswith("Include")
    return (label in matching.labels) == listed


def _sets(call: Part, label: str) -> bool:
    return str(call.node.args[1].val) == label


def scale_of(part: Part, expr: str) -> tuple[str, str] | None:
    """The function and window if the part's values are in proportion to one kind of rates; None if not."""
    if part.kind == "Call":
        name = str(part.node.func.name)
        if name in RATES and part.children[0].kind == "MatrixSelector":
            return name, window_of(part.children[0], expr)
        if name in ("histogram_count", "histogram_sum", "label_replace", "label_join"):
            return scale_of(part.children[0], expr)
        return None
    if part.kind == "ParenExpr" or (part.kind == "AggregateExpr" and str(part.node.op) == "sum"):
        return scale_of(part.children[-1], expr)
    if part.kind == "BinaryExpr" and str(part.node.op) == "or":
        left, right = (scale_of(child, expr) for child in part.children)
        return left if left == right else None
    return None


def vector_node(part: Part) -> Any:
    return part.node.vector_selector if part.kind == "MatrixSelector" else part.node


def window_of(part: Part, expr: str) -> str:
    """The window of a selector as written, "" without one."""
    if part.kind != "MatrixSelector":
        return ""
    text = expr[part.start : part.end]
    return text[text.rindex("[") + 1 : text.rindex("]")]


def offset_of(part: Part, expr: str) -> str:
    """The offset of a selector, as text; one that Grafana sets as written, such as `$__interval`."""
    offset = vector_node(part).offset
    if not offset:
        return ""
    if written := OFFSET_OF_GRAFANA.search(expr[part.start : part.end]):
        return f" offset {written[1]}"
    seconds = round(offset.total_seconds() * 1000)
    return f" offset {'-' if seconds < 0 else ''}{_duration(abs(seconds))}"


def _duration(milliseconds: int) -> str:
    for unit, length in (("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds % length == 0:
            return f"{milliseconds // length}{unit}"
    return f"{milliseconds}ms"
