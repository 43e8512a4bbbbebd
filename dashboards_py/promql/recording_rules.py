"""Rules that read each other: small recorded series from large ones."""

from collections.abc import Iterable, Iterator, Sequence

from dashboards_py.promql.positions import Part, parts, rewrite
from dashboards_py.promql.recordable import has_fixed_labels, in_order, selectors_in
from dashboards_py.promql.recording import AGAIN, Recording
from dashboards_py.promql.syntax import grouped_by


def chained(recordings: Iterable[Recording]) -> tuple[Recording, ...]:
    """The same rules, small ones from large: each aggregation that another rule records is read from it.

    They are in the order in which they must be evaluated.
    """
    rules = sorted(set(recordings))
    larger = [(rule, aggregated) for rule in rules if (aggregated := _aggregated(parts(rule.expr), rule.expr))]
    written = [Recording(rule.record, _chain(rule, larger)) for rule in rules]
    return tuple(_sorted(written))


def dependencies(recording: Recording) -> frozenset[str]:
    """The recorded series that a rule reads."""
    return frozenset(selector.metric for selector in selectors_in(parts(recording.expr)) if ":" in selector.metric)


def classic_side(expr: str, is_native: frozenset[str]) -> str:
    """The query without what reads native histograms, named by `is_native`; "" if nothing else is left."""

    def side(part: Part) -> str | None:
        if part.kind == "BinaryExpr" and str(part.node.op) == "or":
            left, right = ({selector.metric for selector in selectors_in(child)} for child in part.children)
            if right and right <= is_native and not left & is_native:
                return rewrite(expr, part.children[0], side)
        return None

    text = rewrite(expr, parts(expr), side)
    return "" if {selector.metric for selector in selectors_in(parts(text))} & is_native else text


_Aggregated = tuple[str, str, frozenset[str]]  # operation, the text that is aggregated, labels


def _aggregated(part: Part, expr: str) -> _Aggregated | None:
    if part.kind != "AggregateExpr" or str(part.node.op) not in AGAIN or not has_fixed_labels(part):
        return None
    inner = part.children[-1]
    return str(part.node.op), expr[inner.start : inner.end], frozenset(grouped_by(part.node))


def _chain(rule: Recording, larger: Sequence[tuple[Recording, _Aggregated]]) -> str:
    root = parts(rule.expr)

    def read(part: Part) -> str | None:
        own = _aggregated(part, rule.expr)
        if own is None:
            return None
        operation, text, labels = own
        candidates = [
            (len(other_labels), other.record)
            for other, (other_operation, other_text, other_labels) in larger
            if (other_operation, other_text) == (operation, text)
            and (labels < other_labels if part is root else labels <= other_labels)
        ]
        if not candidates:
            return None
        by = f" by ({', '.join(in_order(labels))}) " if labels else ""
        return f"{AGAIN[operation]}{by}({min(candidates)[1]})"

    return rewrite(rule.expr, root, read)


def _sorted(rules: Sequence[Recording]) -> Iterator[Recording]:
    """Each after those that it reads."""
    by_name = {rule.record: rule for rule in rules}
    done: set[str] = set()

    def visit(rule: Recording) -> Iterator[Recording]:
        if rule.record in done:
            return
        done.add(rule.record)
        for name in sorted(dependencies(rule)):
            if name in by_name:
                yield from visit(by_name[name])
        yield rule

    for rule in rules:
        yield from visit(rule)
