"""Rewrite queries of histograms so that they work for classic series and for native histograms.

A native histogram is one series without suffix, read with `histogram_count`, `histogram_sum` and `histogram_quantile`.
If a target's histograms are stored natively, `_bucket`, `_sum` and `_count` do not exist; `or` selects the kind that
exists.
"""

from typing import Any

from dashboards_py.promql.distributions import (
    OF_BUCKETS,
    RATES,
    DistributionSeries,
    SeriesLookup,
    in_brackets,
    selector_of,
    series_of,
)
from dashboards_py.promql.parsing import QueryError, parse
from dashboards_py.promql.positions import Part, parts, rewrite
from dashboards_py.promql.syntax import grouped_by

FUNCTIONS = {"_count": "histogram_count", "_sum": "histogram_sum"}
ADDED = ("sum", "avg")  # aggregations that accept native histograms
# Functions that depend on the series that a selector returns, not on their values.
OF_SELECTORS = ("absent", "timestamp", "info")


class ClassicOnly(QueryError):
    """A query that cannot be written for both kinds of histogram."""


def for_both_kinds(expr: str, lookup: SeriesLookup, *, heatmap: bool = False) -> str:
    """Append `or` and the equivalent for native histograms to each rate and quantile of a classic histogram.

    Counts and sums are combined per series, so that enclosing aggregations, ratios and `topk` are right even if some
    targets are stored natively and others are not. A quantile is of one kind per group: if a group has both, as during
    a rollout from Cilium 1.19 to 1.20, its native targets are missing from the quantile. With `heatmap`, the query may
    return buckets. Raises ClassicOnly if no such query exists, and QueryError if the query does not parse.
    """
    root = parts(expr)
    result = _Writer(expr, lookup, heatmap).text(root, None)
    parse(result)
    return result


class _Writer:
    def __init__(self, expr: str, lookup: SeriesLookup, heatmap: bool) -> None:
        self.expr, self.lookup, self.heatmap = expr, lookup, heatmap

    def text(self, part: Part, parent: Part | None) -> str:
        """The text of a part for both kinds; `parent` is the enclosing part."""
        if self.is_joined(part):
            return self.expr[part.start : part.end]
        if part.kind == "Call" and (index := OF_BUCKETS.get(str(part.node.func.name))) is not None:
            return self.quantile(part, part.children[index], parent)
        if self.heatmap and parent is None and "_bucket" in self.suffixes(part):
            return f"{self.expr[part.start : part.end]} or ignoring (le) {self.native(part)}"
        if part.kind == "Call":
            name, argument = str(part.node.func.name), part.children[0] if part.children else None
            series = argument and self.histogram(argument)
            if series and name in OF_SELECTORS:
                raise self.error(part, f"{name} of a series that a native histogram lacks", "use its rate")
            if series and argument and argument.kind == "MatrixSelector":
                return self.write_count(part, argument, series, parent)
        if series := self.histogram(part):
            return self.write_count(part, part, series, parent)
        pieces, end = [], part.start
        for child in part.children:
            pieces += [self.expr[end : child.start], self.text(child, part)]
            end = child.end
        return "".join(pieces) + self.expr[end : part.end]

    def write_count(self, part: Part, argument: Part, series: DistributionSeries, parent: Part | None) -> str:
        """The text of a `_sum` or `_count`, or of its rate, for both kinds."""
        if series.suffix == "_bucket":
            raise self.error(part, "buckets outside of a quantile", "use histogram_quantile, or a heatmap")
        if argument is not part and str(part.node.func.name) not in RATES:
            raise self.error(part, f"{part.node.func.name} has no equivalent for native histograms", "use rate")
        if argument is part and part.kind == "MatrixSelector":
            raise self.error(part, "its window has no equivalent for native histograms", "use rate")
        native = self.replace_child(part, argument, self.native_selector(argument, series))
        return self.join(part, f"{FUNCTIONS[series.suffix]}({native})", parent)

    def quantile(self, part: Part, buckets: Part, parent: Part | None) -> str:
        """The text of a quantile or fraction for both kinds."""
        if "_bucket" not in self.suffixes(buckets):
            return self.expr[part.start : part.end]
        return self.join(part, self.replace_child(part, buckets, self.native(buckets)), parent)

    def replace_child(self, part: Part, inner: Part, new: str) -> str:
        """The text of a part with one of its children replaced."""
        return self.expr[part.start : inner.start] + new + self.expr[inner.end : part.end]

    def join(self, part: Part, native: str, parent: Part | None) -> str:
        text = f"{self.expr[part.start : part.end]} or {native}"
        bare = parent is None or parent.kind in ("Call", "AggregateExpr", "ParenExpr")
        return text if bare or _is_plain_or(parent) else in_brackets(self.expr, part, text)

    def native(self, part: Part) -> str:
        """The equivalent, in native histograms, of a part that returns buckets."""
        if part.kind in ("VectorSelector", "MatrixSelector"):
            series = self.histogram(part)
            if series is None or series.suffix != "_bucket":
                raise self.error(part, "not the buckets of a histogram", "use its _bucket")
            return self.native_selector(part, series)
        if part.kind == "AggregateExpr" and str(part.node.op) in ADDED:
            return f"{part.node.op}{self.grouping(part)}({self.native(part.children[-1])})"
        if part.kind == "Call" and str(part.node.func.name) not in RATES:
            raise self.error(part, f"{part.node.func.name} of buckets", "use sum, avg, rate, increase or irate")
        if part.kind == "BinaryExpr":
            self.require_arithmetic(part)
        elif part.kind not in ("Call", "ParenExpr"):
            what = part.node.op if part.kind == "AggregateExpr" else part.kind
            raise self.error(part, f"{what} of buckets", "use sum, avg, rate, increase or irate")
        return rewrite(self.expr, part, lambda inner: None if inner is part else self.operand(inner))

    def operand(self, part: Part) -> str:
        return self.native(part) if self.suffixes(part) else self.expr[part.start : part.end]

    def require_arithmetic(self, part: Part) -> None:
        """Raise ClassicOnly unless histograms are added, subtracted or scaled by a number."""
        left, right = ("_bucket" in self.suffixes(child) for child in part.children)
        operator = str(part.node.op)
        scaled = operator in ("*", "/") and left and part.children[1].kind == "NumberLiteral"
        scaled = scaled or (operator == "*" and right and part.children[0].kind == "NumberLiteral")
        if not (scaled or (operator in ("+", "-") and left and right and not _matching(part.node))):
            raise self.error(part, f"{operator} of buckets", "add buckets, or scale them by a number")

    def grouping(self, part: Part) -> str:
        """The aggregation's grouping without `le`."""
        if part.grouping is None:
            raise self.error(part, "an aggregation that drops le", "add le to its labels")
        by = str(part.node.modifier.type).endswith("By")
        labels = grouped_by(part.node)
        if by and "le" not in labels:
            raise self.error(part, "an aggregation that drops le", "add le to its labels")
        if not by and "le" in part.node.modifier.labels:
            raise self.error(part, "an aggregation that drops le", "keep le")
        if not by:
            return f" {self.expr[part.grouping[0] : part.grouping[1]]} "
        other_labels = ", ".join(label for label in labels if label != "le")
        return f" by ({other_labels}) " if other_labels else ""

    def native_selector(self, part: Part, series: DistributionSeries) -> str:
        """The selector of the native histogram."""
        if part.name_end is None:
            raise self.error(part, "a metric named within braces", "write the name before the braces")
        if any(matcher.label == "le" for matcher in selector_of(part).matchers):
            raise self.error(part, "a matcher on le", "use histogram_fraction")
        return series.base + self.expr[part.name_end : part.end]

    def histogram(self, part: Part) -> DistributionSeries | None:
        series = series_of(part, self.lookup)
        return series if series and series.is_histogram else None

    def suffixes(self, part: Part) -> set[str]:
        return {series.suffix for inner in part.walk() if (series := self.histogram(inner))}

    def is_joined(self, part: Part) -> bool:
        """True for an `or` whose right side reads the native histograms of the classic ones on its left."""
        if part.kind != "BinaryExpr" or str(part.node.op) != "or":
            return False
        left, right = part.children
        bases = {series.base for inner in left.walk() if (series := self.histogram(inner))}
        plain = {
            selector_of(inner).metric for inner in right.walk() if inner.kind in ("VectorSelector", "MatrixSelector")
        }
        return bool(bases & plain) and not self.suffixes(right)

    def error(self, part: Part, cause: str, fix: str) -> ClassicOnly:
        return ClassicOnly(
            f"query {self.expr!r}",
            cause=f"`{self.expr[part.start : part.end]}` is empty if histograms are stored natively: {cause}",
            fix=fix,
        )


def _is_plain_or(part: Part | None) -> bool:
    return part is not None and part.kind == "BinaryExpr" and str(part.node.op) == "or" and not _matching(part.node)


def _matching(node: Any) -> Any:
    return node.modifier and node.modifier.matching
