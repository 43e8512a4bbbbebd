"""The parts in which two queries differ: metrics, matchers, windows, aggregations, functions ..."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any

from dashboards_py.promql import grafana
from dashboards_py.promql.lexer import COMPARISONS, tokens
from dashboards_py.promql.matcher import Matcher, Selector
from dashboards_py.promql.parsing import QueryError, parse
from dashboards_py.promql.query import selectors
from dashboards_py.promql.syntax import children, dropped_by, grouped_by

LONGEST = 400  # parts of one query that are compared one by one


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part of a query before and after, "" where there is none: `kind` is metric, matcher, window, function ..."""

    kind: str
    before: str
    after: str


def same_query(before: str, after: str) -> bool:
    """True if two queries differ at most in blanks, comments, and the order of matchers and of labels."""
    if _tokens(before) == _tokens(after):
        return True
    try:
        return _variables(before) == _variables(after) and _shape(before) == _shape(after)
    except QueryError:
        return False


def query_changes(before: str, after: str) -> tuple[PartChange, ...]:
    """The parts that differ, in the order of the newer query; () if only their order does, or one cannot be read."""
    try:
        old, new = selectors(before), selectors(after)
        old_parts, new_parts = (list(_operations(parse(expr))) for expr in (before, after))
    except QueryError:
        return ()
    if max(map(len, (old, new, old_parts, new_parts))) > LONGEST:
        return ()
    return tuple(dict.fromkeys((*_selector_changes(old, new), *_part_changes(old_parts, new_parts))))


def _tokens(expr: str) -> list[str]:
    return [token.text for token in tokens(expr)]


def _variables(expr: str) -> list[str]:
    """The tokens with variables of Grafana: the tree has other numbers and names instead."""
    return sorted(token for token in _tokens(expr) if grafana.has_variable(token))


def _shape(expr: str) -> tuple[Any, ...]:
    """The parts of a query, without their order where it does not matter to Prometheus."""
    read = [(one.metric, frozenset(one.matchers), one.window, one.filters) for one in selectors(expr)]
    return (*read, tuple(_operations(parse(expr))))


Part = tuple[str, str]  # its kind, and its text


def _operations(node: Any) -> Iterator[Part]:
    """All of a query but its metrics, matchers and windows, outermost first."""
    limit = _limit(node)
    part = ("threshold", limit) if limit else _operation(node)
    if part:
        yield part
    moment = node.vector_selector if type(node).__name__ == "MatrixSelector" else node
    for name in ("offset", "at"):
        if (value := getattr(moment, name, None)) is not None:
            yield name, _seconds(value) or str(value)
    for child in children(node)[: 1 if limit else None]:
        yield from _operations(child)


def _operation(node: Any) -> Part | None:
    """The aggregation, function, operator, number or text of a node."""
    kind = type(node).__name__
    if kind == "AggregateExpr":
        return "aggregation", f"{node.op}{_grouping(node)}"
    if kind == "Call":
        return "function", str(node.func.name)
    if kind == "BinaryExpr":
        return "operator", f"{node.op}{_bool(node)}{_matching(node)}"
    if kind == "UnaryExpr":
        return "operator", "-"
    if kind == "NumberLiteral":
        return "number", f"{node.val:g}"
    if kind == "StringLiteral":
        return "text", grafana.restore(node.val)
    if kind == "SubqueryExpr" and type(node.expr).__name__ != "VectorSelector":  # that has it as its window
        return "window", f"[{_seconds(node.range)}:{_seconds(node.step)}]"
    return None


def _grouping(node: Any) -> str:
    without, by = dropped_by(node), grouped_by(node)
    if without is not None:
        return f" without ({', '.join(sorted(without))})"
    return f" by ({', '.join(sorted(by))})" if by else ""


def _bool(node: Any) -> str:
    return " bool" if getattr(node.modifier, "return_bool", False) else ""


def _seconds(duration: Any) -> str:
    """A duration of the tree, `300s`; "" for anything else."""
    return f"{duration.total_seconds():g}s" if isinstance(duration, timedelta) else ""


def _limit(node: Any) -> str:
    """`> 5` of a comparison with a number; "" for any other operation."""
    if type(node).__name__ != "BinaryExpr" or type(node.rhs).__name__ != "NumberLiteral":
        return ""
    return f"{node.op}{_bool(node)} {node.rhs.val:g}" if str(node.op) in COMPARISONS else ""


def _matching(node: Any) -> str:
    """`on (a) group_left (b)` of an operator, "" without it."""
    matching = getattr(node.modifier, "matching", None)
    if matching is None:
        return ""
    word = "on" if str(matching.type).endswith("Include") else "ignoring"
    side = {"ManyToOne": " group_left", "OneToMany": " group_right"}
    card = next((text for name, text in side.items() if name in str(node.modifier.card)), "")
    extra = f" ({', '.join(sorted(labels))})" if (labels := getattr(node.modifier, "group_labels", None)) else ""
    return f" {word} ({', '.join(sorted(map(grafana.restore, matching.labels)))}){card}{extra if card else ''}"


def _selector_changes(old: Sequence[Selector], new: Sequence[Selector]) -> Iterator[PartChange]:
    for before, after in _paired([one.metric for one in old], [one.metric for one in new]):
        one = old[before] if before is not None else None
        other = new[after] if after is not None else None
        if one is None or other is None:
            yield PartChange("metric", one.metric if one else "", other.metric if other else "")
            continue
        if one.metric != other.metric:
            yield PartChange("metric", one.metric, other.metric)
        yield from _matcher_changes(one.matchers, other.matchers)
        if one.window != other.window:
            yield PartChange("window", *(f"[{window}]" if window else "" for window in (one.window, other.window)))
        if one.filters != other.filters:
            yield PartChange("matcher", ", ".join(one.filters), ", ".join(other.filters))


def _matcher_changes(old: Sequence[Matcher], new: Sequence[Matcher]) -> Iterator[PartChange]:
    """Matchers that differ; two of one label are one change."""
    removed = [matcher for matcher in old if matcher not in new]
    for matcher in [matcher for matcher in new if matcher not in old]:
        same_label = next((other for other in removed if other.label == matcher.label), None)
        if same_label:
            removed.remove(same_label)
        yield PartChange("matcher", str(same_label or ""), str(matcher))
    yield from (PartChange("matcher", str(matcher), "") for matcher in removed)


def _part_changes(old: Sequence[Part], new: Sequence[Part]) -> Iterator[PartChange]:
    """Changes of operations; only those of one kind are before and after each other."""
    for kind in dict.fromkeys(part[0] for part in (*new, *old)):
        before, after = ([text for one, text in parts if one == kind] for parts in (old, new))
        for first, second in _paired(before, after):
            texts = before[first] if first is not None else "", after[second] if second is not None else ""
            if texts[0] != texts[1]:
                yield PartChange(kind, *texts)


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """The indices of items that are in both lists, or that replace each other; None for no such item."""
    for tag, low, high, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("equal", "replace"):
            common = min(high - low, last - first)
            yield from ((low + step, first + step) for step in range(common))
            low, first = low + common, first + common
        yield from ((index, None) for index in range(low, high))
        yield from ((None, index) for index in range(first, last))
