"""Divisors that are the number of observations of a histogram or summary, and may be 0."""

from dashboards_py.promql.distributions import RATES, SeriesLookup, selector_of, series_in, series_of
from dashboards_py.promql.lexer import COMPARISONS
from dashboards_py.promql.positions import Part

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
NEVER_ZERO = ("count", "group", "count_values")  # aggregations that count series, of which there is at least one
# Functions that return 0 for 0; the counts are their first argument.
KEEP_ZERO = frozenset(
    (*RATES, "scalar", "vector", "abs", "ceil", "floor", "round", "sort", "sort_desc", "label_replace", "label_join")
) | {"avg_over_time", "max_over_time", "min_over_time", "sum_over_time"}


def zero_counts(part: Part, lookup: SeriesLookup) -> frozenset[str]:
    """The histograms and summaries (without suffix) whose number of observations the part is, if it may be 0."""
    match part.kind:
        case "VectorSelector" | "MatrixSelector":
            return _selected(part, lookup)
        case "ParenExpr" | "SubqueryExpr":
            return zero_counts(part.children[0], lookup)
        case "AggregateExpr":
            return frozenset() if str(part.node.op) in NEVER_ZERO else zero_counts(part.children[-1], lookup)
        case "Call":
            return _called(part, lookup)
        case "BinaryExpr":
            return _combined(part, lookup)
    return frozenset()


def excludes_zero(part: Part, lookup: SeriesLookup) -> frozenset[str]:
    """The histograms and summaries for which a filter returns nothing while their counts are 0."""
    part = without_brackets(part)
    if part.kind == "AggregateExpr":
        return excludes_zero(part.children[-1], lookup)
    if part.kind != "BinaryExpr":
        return frozenset()
    if str(part.node.op) in ("and", "or", "unless"):
        left, right = (excludes_zero(child, lookup) for child in part.children)
        operator = str(part.node.op)
        return left | right if operator == "and" else left & right if operator == "or" else left
    if is_filter(part) and not keeps_zero(part):
        return zero_counts(part.children[0], lookup) | zero_counts(part.children[1], lookup)
    return frozenset()


def selects_zero(part: Part, lookup: SeriesLookup) -> frozenset[str]:
    """The histograms and summaries whose counts of 0 a comparison, as in `unless x == 0`, returns."""
    part = without_brackets(part)
    if is_filter(part) and keeps_zero(part):
        return zero_counts(part.children[0], lookup) | zero_counts(part.children[1], lookup)
    return frozenset()


def is_filter(part: Part) -> bool:
    """True for a comparison without `bool`."""
    return is_comparison(part) and not returns_bool(part)


def is_comparison(part: Part) -> bool:
    """True for a comparison, with or without `bool`."""
    return part.kind == "BinaryExpr" and str(part.node.op) in COMPARISONS


def returns_bool(part: Part) -> bool:
    """True for a comparison that returns 0 or 1."""
    return bool(part.node.modifier and part.node.modifier.return_bool)


def keeps_zero(comparison: Part) -> bool:
    """True if a comparison with a number is true for 0; False also if the number is unknown."""
    operator = str(comparison.node.op)
    left, right = map(number, comparison.children)
    if right is None:
        operator, right = MIRRORED.get(operator, operator), left
    if right is None:
        return False
    return {
        "==": right == 0,
        "!=": right != 0,
        "<": right > 0,
        "<=": right >= 0,
        ">": right < 0,
        ">=": right <= 0,
    }[operator]


def number(part: Part) -> float | None:
    """The value of a number, with a sign, in brackets or in `vector()`; None for anything else."""
    part = without_brackets(part)
    if part.kind == "NumberLiteral":
        return float(part.node.val)
    if part.kind == "UnaryExpr":
        value = number(part.children[0])
        return None if value is None else -value
    if part.kind == "Call" and str(part.node.func.name) == "vector":
        return number(part.children[0])
    return None


def without_brackets(part: Part) -> Part:
    """The part inside of brackets."""
    while part.kind == "ParenExpr":
        part = part.children[0]
    return part


def _selected(part: Part, lookup: SeriesLookup) -> frozenset[str]:
    series = series_of(part, lookup)
    if series is None:
        return frozenset()
    bounds = [matcher for matcher in selector_of(part).matchers if matcher.label == "le"]
    all_observations = any(matcher.accepts("+Inf") and matcher.accepts("1") is False for matcher in bounds)
    counts = series.suffix == "_count" or (series.suffix == "_bucket" and all_observations)
    return frozenset({series.base}) if counts else frozenset()


def _called(part: Part, lookup: SeriesLookup) -> frozenset[str]:
    name = str(part.node.func.name)
    if name == "histogram_count":
        return frozenset(
            selector_of(inner).metric for inner in part.walk() if inner.kind in ("VectorSelector", "MatrixSelector")
        )
    if name == "clamp_min":
        least = number(part.children[1])
        return zero_counts(part.children[0], lookup) if least is not None and least <= 0 else frozenset()
    return zero_counts(part.children[0], lookup) if name in KEEP_ZERO and part.children else frozenset()


def _combined(part: Part, lookup: SeriesLookup) -> frozenset[str]:
    operator = str(part.node.op)
    left, right = (zero_counts(child, lookup) for child in part.children)
    if is_comparison(part):
        return left | right if returns_bool(part) or keeps_zero(part) else frozenset()
    values = tuple(map(number, part.children))
    if operator == "or":
        counts = {series.base for series in series_in(part.children[0], lookup) if series.suffix == "_count"}
        return left | right | (frozenset(counts) if values[1] == 0 else frozenset())
    if operator == "and":
        return left - excludes_zero(part.children[1], lookup)
    if operator == "unless":
        return left - selects_zero(part.children[1], lookup)
    if operator == "+":
        return left | right if 0 in values or (left and right) else frozenset()
    if operator == "-":
        return left if values[1] == 0 else frozenset()
    return left | right if operator == "*" else left if operator == "/" else frozenset()
