"""Series of histograms and summaries in a query's syntax tree."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboards_py.promql.matcher import Selector
from dashboards_py.promql.positions import Part
from dashboards_py.promql.syntax import selector

RATES = ("rate", "increase", "irate")  # what PromQL has for native histograms of counters
# Functions of buckets, with the argument that holds them.
OF_BUCKETS = {"histogram_quantile": 1, "histogram_fraction": 2, "histogram_quantiles": 0}


@dataclass(frozen=True, slots=True)
class DistributionSeries:
    """A series of a histogram or summary: `base` is the metric's name, `suffix` `_bucket`, `_sum` or `_count`."""

    base: str
    suffix: str
    is_histogram: bool = True


# Which series of a histogram or summary a selector reads, None for anything else.
SeriesLookup = Callable[[Selector], DistributionSeries | None]


def series_in(part: Part, lookup: SeriesLookup) -> list[DistributionSeries]:
    """The series of histograms and summaries that the part, and the parts in it, select."""
    return [series for inner in part.walk() if (series := series_of(inner, lookup))]


def series_of(part: Part, lookup: SeriesLookup) -> DistributionSeries | None:
    """The series of a histogram or summary that the part selects."""
    if part.kind not in ("VectorSelector", "MatrixSelector"):
        return None
    return lookup(selector_of(part))


def selector_of(part: Part) -> Selector:
    """The selector of a part that is one, with or without a window."""
    return selector(part.node.vector_selector if part.kind == "MatrixSelector" else part.node)


def bracketed(expr: str, part: Part, new: str) -> str:
    """The new text of a part in brackets, which are not to be taken for the labels of `group_left`."""
    before = expr[: part.start].rstrip().lower()
    return f"() ({new})" if before.endswith(("group_left", "group_right")) else f"({new})"
