"""Guards against NaN and +Inf in queries of histograms: quantiles without observations, and means after a restart."""

from collections.abc import Iterator

from dashboards_py.promql.distributions import (
    OF_BUCKETS,
    RATES,
    DistributionSeries,
    SeriesLookup,
    in_brackets,
    series_in,
    series_of,
)
from dashboards_py.promql.positions import Part, parts, rewrite

COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")


def guard_quantiles(expr: str, lookup: SeriesLookup) -> str:
    """Add `>= 0` to each quantile that is not compared, so that no observations give no result instead of NaN.

    Assumes that observed values are never negative, as in all of Cilium's histograms.
    """
    root = parts(expr)
    compared = {id(child) for part in root.walk() if _is_comparison(part) for child in part.children}

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
    """Add `> 0` to the divisor of each mean (`_sum` / `_count`) that is not compared.

    If a restarted process reaches the same count again, the rate of `_count` is 0, that of `_sum` is not: +Inf.
    """
    guarded = expr
    while (divisor := next(unguarded_divisors(parts(guarded), lookup), None)) is not None:
        inner = divisor.children[0] if divisor.kind == "ParenExpr" else divisor
        compared = in_brackets(guarded, divisor, f"{guarded[inner.start : inner.end]} > 0")
        guarded = guarded[: divisor.start] + compared + guarded[divisor.end :]
    return guarded


def _is_comparison(part: Part) -> bool:
    return part.kind == "BinaryExpr" and str(part.node.op) in COMPARISONS


def unguarded_divisors(root: Part, lookup: SeriesLookup) -> Iterator[Part]:
    """The divisors of means that are not guarded against 0."""
    for part in root.walk():
        if part.kind != "BinaryExpr" or str(part.node.op) != "/":
            continue
        dividend, divisor = part.children
        counted = _count_series(divisor, lookup)
        if counted and any(
            series.suffix == "_sum" and series.base == counted.base for series in series_in(dividend, lookup)
        ):
            yield divisor


def _count_series(part: Part, lookup: SeriesLookup) -> DistributionSeries | None:
    """The `_count` series if the part is its rate or aggregated rate, else None."""
    while part.kind in ("ParenExpr", "AggregateExpr", "Call"):
        if part.kind == "Call" and str(part.node.func.name) not in RATES:
            return None
        part = part.children[-1]
    series = series_of(part, lookup)
    return series if series and series.suffix == "_count" else None
