"""The selectors of a dashboard's queries, with the metrics that they refer to on a release."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query
from dashboards_py.catalog import Metric, Release, entries, names, split
from dashboards_py.lint._settings import Settings
from dashboards_py.promql import QueryError
from dashboards_py.promql.memory import remember, remember_latest
from dashboards_py.queries import ResolvedSelector, board_queries, is_cilium_metric, resolve, statuses, variable_query

PREFIXES = ("cilium_", "hubble_")
OF_PROGRAM = frozenset(("job", "pod", "container", "app", "service", "k8s_app"))  # labels that name a program
PROGRAMS = ("cilium", "hubble", "clustermesh", "envoy")


@dataclass(frozen=True, slots=True)
class ReadableSelector(ResolvedSelector):
    """A selector of a query that could be parsed. The metrics of the Go runtime have no statuses."""

    selector: promql.Selector


@remember_latest
def panel_queries(board: Board) -> tuple[tuple[Panel, Query], ...]:
    """The queries of panels that can be parsed."""
    return tuple(
        (board_query.panel, board_query.query)
        for board_query in board_queries(board)
        if board_query.panel and _is_readable(board_query.expr)
    )


@remember_latest
def all_queries(board: Board) -> tuple[tuple[Panel, Query], ...]:
    """The queries of panels, variables and annotations that can be parsed.

    Those of variables and annotations have a placeholder panel, titled `variable NAME` or `annotation NAME`.
    `label_values(selector, label)` is returned as `group by (label) (selector)`, which is what Prometheus evaluates.
    """
    return tuple(
        (board_query.panel or Panel(None, board_query.where, "", queries=(board_query.query,)), board_query.query)
        for board_query in board_queries(board)
        if _is_readable(board_query.expr)
    )


def _is_readable(expr: str) -> bool:
    try:
        return bool(promql.selectors(expr))
    except QueryError:
        return False


@remember
def resolve_selectors(expr: str, release: Release) -> tuple[ReadableSelector, ...]:
    """The selectors of a query that can be parsed; those of metrics that are not Cilium's have no statuses."""
    return tuple(_resolve_one(resolved.selector, release) for resolved in resolve(expr, release) if resolved.selector)


def problems_by_selector(
    expr: str, release: Release, problem_with: Callable[[ReadableSelector, Release], str]
) -> dict[promql.Selector, str]:
    """The messages of `problem_with` by selector, without empty ones; the query must be parseable."""
    problems = {resolved.selector: problem_with(resolved, release) for resolved in resolve_selectors(expr, release)}
    return {selector: problem for selector, problem in problems.items() if problem}


def problems_of_required(
    expr: str, release: Release, problem_with: Callable[[ReadableSelector, Release], str]
) -> Iterator[str]:
    """The problems of selectors without which the query returns nothing: `new or old` needs only one of the two.

    Problems to the right of `unless` are always included, because an empty result there silently changes the answer.
    """
    problems = problems_by_selector(expr, release, problem_with)
    if not problems:
        return iter(())
    has_result = promql.can_return_data(expr, lambda selector: selector in problems)
    return (problem for selector, problem in problems.items() if not has_result or "unless" in selector.functions)


def statuses_on(selector: promql.Selector, release: Release) -> tuple[Metric, ...]:
    """The metrics of a selector that the release exposes."""
    return tuple(item.metric for item in statuses(selector, release) if item.metric and item.present)


def known_labels(board: Board, settings: Settings) -> frozenset[str]:
    """Labels that the user's relabelling adds: those of the settings, and those that variables read.

    Of the latter only those that no metric of Cilium has: others may be meant for another metric.
    """
    of_variables = {variable_query(variable.query).label for variable in board.variables if variable.type == "query"}
    return settings.labels | (of_variables - _catalogued_labels() - {""})


@cache
def _catalogued_labels() -> frozenset[str]:
    """All labels of all metrics in the catalogue, and those that Prometheus adds."""
    metrics = [metric for name in names() for metric in entries(name)]
    return frozenset(label for metric in metrics for release in metric.releases for label in metric.labels_on(release))


def label_lookup(release: Release, others: frozenset[str] = frozenset()) -> promql.LabelLookup:
    """A function that returns the labels that a selector's series can have on the release, with `others`.

    It returns None for metrics that the release does not have and for those that are not Cilium's. Hubble metrics
    include every label that options of their handlers can add.
    """

    def labels(selector: promql.Selector) -> frozenset[str] | None:
        own = _labels(selector, release)
        return own if own is None or not others else own | others

    return labels


@remember
def _labels(selector: promql.Selector, release: Release) -> frozenset[str] | None:
    return _resolve_one(selector, release).labels(release)


def metric_types(selector: promql.Selector, release: Release) -> frozenset[str]:
    """The types of the selector's metric on the release; empty for an unknown metric.

    Go runtime metrics have the same type in every program.
    """
    metric_statuses = statuses(selector, release)
    return frozenset(status.metric.type_on(release) for status in metric_statuses if status.metric and status.present)


def recorded_metric(selector: promql.Selector) -> str:
    """The metric of a selector, or the metric that a recording rule named `level:metric:operations` records."""
    parts = selector.metric.split(":")
    return parts[1] if len(parts) == 3 else selector.metric


def _resolve_one(selector: promql.Selector, release: Release) -> ReadableSelector:
    name = split(selector.metric)[0]
    is_ours = is_cilium_metric(name) and (name.startswith(PREFIXES) or not is_of_another_program(selector))
    return ReadableSelector(selector, statuses(selector, release) if is_ours else ())


def is_of_another_program(selector: promql.Selector) -> bool:
    """True if a selector names a program of others, many of which have `rest_client_requests_total`."""
    named = [matcher for matcher in selector.matchers if matcher.label in OF_PROGRAM and matcher.op in ("=", "=~")]
    words = [matcher.value.lower() for matcher in named if matcher.value.strip(".*+") and not matcher.is_open]
    return bool(words) and not any(word in value for value in words for word in PROGRAMS)
