"""Guards against NaN and +Inf in queries of histograms: quantiles without observations, and means after a restart."""

from collections.abc import Iterator
from math import inf

from dashboards_py.promql.distributions import (
    OF_BUCKETS,
    SeriesLookup,
    in_brackets,
    series_in,
)
from dashboards_py.promql.positions import Part, parts, rewrite
from dashboards_py.promql.zero_counts import (
    excludes_zero,
    is_comparison,
    is_filter,
    number,
    returns_bool,
    selects_zero,
    without_brackets,
    zero_counts,
)


def guard_quantiles(expr: str, lookup: SeriesLookup) -> str:
    """Add `>= 0` to each quantile that is not compared, so that no observations give no result instead of NaN.

    Assumes that observed values are never negative, as in all of Cilium's histograms.
    """
    root = parts(expr)
    compared = {id(child) for part in root.walk() if is_comparison(part) for child in part.children}

    def guard(part: Part) -> str | None:
        if part.kind != "Call" or str(part.node.func.name) not in OF_BUCKETS or id(part) in compared:
            return None
        if not any(series.suffix == "_bucket" and series.is_histogram for series in series_in(part, lookup)):
            return None
        text = f"{expr[part.start : part.end]} >= 0"
        return text if enclosing.get(id(part)) in ("", "Call", "AggregateExpr", "ParenExpr") else f"({text})"

    enclosing = {id(child): part.kind for part in root.walk() for child in part.children} | {id(root): ""}
    return rewrite(expr, root, guard)


def guard_means(expr: str, lookup: SeriesLookup) -> str:
    """Add `> 0` to the divisor of each mean (`_sum` / `_count`) that may be 0.

    If a restarted process reaches the same count again, the rate of `_count` is 0, that of `_sum` is not: +Inf.
    """
    guarded = expr
    while (divisor := next(unguarded_divisors(parts(guarded), lookup), None)) is not None:
        compared = in_brackets(guarded, divisor, f"{_counts(guarded, divisor)} > 0")
        guarded = guarded[: divisor.start] + compared + guarded[divisor.end :]
    return guarded


def _counts(expr: str, divisor: Part) -> str:
    """The text of a divisor to compare with 0, without a comparison that does not exclude 0."""
    inner = without_brackets(divisor)
    while is_comparison(inner) and number(inner.children[1]) is not None:
        if not returns_bool(inner) and str(inner.node.op) not in (">", ">="):
            break
        inner = without_brackets(inner.children[0])
    text = expr[inner.start : inner.end]
    return f"({text})" if inner.kind == "BinaryExpr" and str(inner.node.op) in ("and", "or", "unless") else text


def unguarded_divisors(root: Part, lookup: SeriesLookup) -> Iterator[Part]:
    """The divisors of means that may be 0."""
    yield from _unguarded_divisors(root, frozenset(), lookup)


def _unguarded_divisors(part: Part, guarded: frozenset[str], lookup: SeriesLookup) -> Iterator[Part]:
    """The same; `guarded` are histograms for which an enclosing filter removes times without observations."""
    operator = str(part.node.op) if part.kind == "BinaryExpr" else ""
    if operator == "/":
        dividend, divisor = part.children
        sums = {series.base for series in series_in(dividend, lookup) if series.suffix == "_sum"}
        if sums & (zero_counts(divisor, lookup) - guarded):
            yield divisor
    for index, child in enumerate(part.children):
        filtered = frozenset[str]()
        if index == 0 and operator in ("<", "!=") and is_filter(part) and number(part.children[1]) == inf:
            continue  # the filter removes +Inf itself
        if index == 0 and operator == "and":
            filtered = excludes_zero(part.children[1], lookup)
        if index == 0 and operator == "unless":
            filtered = selects_zero(part.children[1], lookup)
        yield from _unguarded_divisors(child, guarded | filtered, lookup)
