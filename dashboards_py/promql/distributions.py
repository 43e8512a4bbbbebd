"""Find series of histograms and summaries in a query's syntax tree."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboards_py.promql.matcher import Selector
from dashboards_py.promql.positions import Part
from dashboards_py.promql.syntax import selector

RATES = ("rate", "increase", "irate")  # the functions of counters that accept native histograms
# Functions of buckets, with the index of the argument that is the buckets.
OF_BUCKETS = {"histogram_quantile": 1, "histogram_fraction": 2, "histogram_quantiles": 0}


@dataclass(frozen=True, slots=True)
class DistributionSeries:
    """A series of a histogram or summary: `base` is the metric's name, `suffix` `_bucket`, `_sum` or `_count`."""

    base: str
    suffix: str
    is_histogram: bool = True


# The series of a histogram or summary that a selector reads; None for other metrics.
SeriesLookup = Callable[[Selector], DistributionSeries | None]


def series_in(part: Part, lookup: SeriesLookup) -> list[DistributionSeries]:
    """The series of histograms and summaries that a part of a query and its children select."""
    return [series for inner in part.walk() if (series := series_of(inner, lookup))]


def series_of(part: Part, lookup: SeriesLookup) -> DistributionSeries | None:
    """The series of a histogram or summary that a selector reads; None for any other part."""
    if part.kind not in ("VectorSelector", "MatrixSelector"):
        return None
    return lookup(selector_of(part))


def selector_of(part: Part) -> Selector:
    """The part, which must be a selector with or without a window, as a Selector."""
    return selector(part.node.vector_selector if part.kind == "MatrixSelector" else part.node)


def in_brackets(expr: str, part: Part, new: str) -> str:
    """The new text of a part in brackets. An empty `()` keeps `group_left` from reading them as its labels."""
    before = expr[: part.start].rstrip().lower()
    return f"() ({new})" if before.endswith(("group_left", "group_right")) else f"({new})"
