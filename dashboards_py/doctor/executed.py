"""A query of a board, as it was asked, with what is known of each of its selectors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from dashboards_py import promql
from dashboards_py.catalog import Metric
from dashboards_py.doctor.observation import Labels
from dashboards_py.errors import DashboardsError
from dashboards_py.findings import Location
from dashboards_py.promql.matcher import Matcher
from dashboards_py.promql.memory import remember
from dashboards_py.promql.sent import SentSelector
from dashboards_py.queries import ResolvedSelector

NEEDS_TWO = frozenset({"rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear"})
NUMBERS = frozenset({"le", "quantile"})  # labels that Prometheus 3 writes as OpenMetrics does (model/textparse)
# Labels that scraping adds, or that the server adds to all series.
SCRAPED = frozenset(
    {
        "job",
        "instance",
        "cluster",
        "namespace",
        "pod",
        "node",
        "service",
        "endpoint",
        "container",
        "k8s_app",
        "io_cilium_app",
    }
)
OF_NOTHING = frozenset({"absent", "absent_over_time"})


@dataclass(frozen=True, slots=True)
class ExecutedSelector:
    """A selector of a query without a result, or with one that may mislead.

    `count` is the number of its series at its moment, None if that was not asked for; `count_now` the same without its
    offset. `rejecting` are matchers of which each alone matches no series of the metric; `values` are some values of
    their labels, where these are from a fixed set, scraping adds them, or the matcher has a variable. `samples` is the
    largest number of samples in its window, `is_fresh`: fewer than two, as its series have one sample only in a longer
    time. `variables` are Grafana's variables in the value of a matcher's label. `lacking` are labels that the query
    names, the metric should have, and no series has.
    """

    sent: SentSelector
    resolved: ResolvedSelector
    variables: Mapping[str, str] = field(default_factory=dict)
    count: int | None = None
    count_now: int | None = None
    rejecting: tuple[Matcher, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    samples: int | None = None
    is_fresh: bool = False
    lacking: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of its series."""
        return self.sent.metric

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics of the catalogue that it reads on the release."""
        return self.resolved.metrics

    @property
    def components(self) -> frozenset[str]:
        """The components that expose it; empty for metrics of any program."""
        return frozenset(metric.component for metric in self.metrics)

    @property
    def is_needed(self) -> bool:
        """False inside of absent(), which is about series that are not there."""
        return not OF_NOTHING & set(self.functions)

    @property
    def is_empty(self) -> bool:
        """Whether nothing can come of it: it has no series, or its rate has fewer than two samples of each."""
        return self.count == 0 or (self.samples is not None and self.samples < 2)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions and aggregations around it."""
        return self.resolved.selector.functions if self.resolved.selector else ()


@dataclass(frozen=True, slots=True)
class ExecutedQuery:
    """A query, where it is, what was sent, and its answer: the labels of its rows, or the error.

    `labels` are those that the query matches, groups by or joins on, and those of its legend. `is_constant`: the answer
    has rows, but none that depends on a series, such as that of `or vector(0)` or a row `not scraped`. `is_unfiltered`:
    the rows are those without its comparisons, so that it may have none, for its levels alone or for want of series.
    """

    location: Location
    expr: str
    sent: str
    selectors: tuple[ExecutedSelector, ...] = ()
    rows: tuple[Labels, ...] = ()
    error: DashboardsError | None = field(default=None, compare=False)
    labels: frozenset[str] = frozenset()
    is_constant: bool = False
    is_unfiltered: bool = False

    @property
    def components(self) -> frozenset[str]:
        """The components whose metrics it reads."""
        return frozenset(name for selector in self.selectors for name in selector.components)

    @property
    def is_empty(self) -> bool:
        """Whether it was answered without data: without a row, or with constants alone."""
        return self.error is None and (not self.rows or self.is_constant)

    @property
    def may_be_constant(self) -> bool:
        """Whether it has rows even if none of its selectors has series, and needs some for data."""
        try:
            fallback = promql.outcome(self.sent, lambda _: True)
        except promql.QueryError:
            return False
        needed = any(selector.is_needed for selector in self.selectors)
        return needed and fallback in (promql.Outcome.CONSTANT, promql.Outcome.NAN)

    def lacks_data(self) -> bool:
        """Whether no data can come of the selectors that have series; one in absent() never gives any."""
        return _lacks_data(self.sent, tuple(not one.is_needed or one.is_empty for one in self.selectors))

    def needs(self, selectors: Collection[ExecutedSelector]) -> bool:
        """Whether no data can come of it without these selectors, whatever the others have."""
        return _lacks_data(self.sent, tuple(not one.is_needed or one in selectors for one in self.selectors))

    def missing(self) -> tuple[ExecutedSelector, ...]:
        """The selectors without series for which the query has no data; empty if others explain that."""
        if not self.is_empty or not self.lacks_data():
            return ()
        return tuple(selector for selector in self.selectors if selector.is_needed and selector.count == 0)


@remember
def _lacks_data(expr: str, lost: tuple[bool, ...]) -> bool:
    """Whether no data can come of a query whose selectors are lost or not; several causes ask for it."""
    remaining = iter(lost)
    try:
        return not promql.can_return_data(expr, lambda _: next(remaining))
    except (promql.QueryError, StopIteration):
        return False
