"""Find panels that lack data with a user's values of the Cilium chart."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from itertools import starmap
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.catalog import Metric, Release
from dashboards_py.needs import needs_of, required_metrics
from dashboards_py.queries import BoardQuery, requires_label, resolve
from dashboards_py.values.exposed import Exposed
from dashboards_py.values.keys import MUTUALLY_EXCLUSIVE, Values
from dashboards_py.values.required import excluded_needs


class Gap(StrEnum):
    """The kind of data that a panel lacks."""

    EMPTY = "empty"  # no query returns data
    PARTLY = "partly"  # some queries return no data, or not all
    MISSING_LABELS = "missing labels"  # series lack a label that distinguishes them
    ALWAYS_ABSENT = "always absent"  # a query of `absent` has a result, or an alert fires, because nothing is collected
    FEATURE = "feature off"  # empty because the panel is about a feature of Cilium that is off
    EXCLUDED = "excluded"  # empty with all values: other panels need a handler that Cilium accepts instead of its own

    @property
    def is_fault(self) -> bool:
        """True if other values would fill it, without a feature that is off."""
        return self not in (Gap.FEATURE, Gap.EXCLUDED)


@dataclass(frozen=True, slots=True)
class Finding:
    """A panel that lacks data, and the reasons."""

    board: str
    panel: str
    gap: Gap
    why: tuple[str, ...]


def check(
    boards: Sequence[Board],
    values: Values,
    release: Release,
    *,
    labels: Mapping[str, str],
    scraped: Collection[str] = (),
    selects: Callable[[Mapping[str, str]], bool] | None = None,
) -> tuple[Finding, ...]:
    """The panels of the boards that lack data with these values of the Cilium chart.

    `labels` as in `required_values`; empty if ServiceMonitors are not selected by labels. `scraped` are components
    that something else than their ServiceMonitors scrapes. With `selects`, which is True if Prometheus selects a
    ServiceMonitor with these labels, `labels` only name what it lacks.
    """
    return tuple(_findings(boards, Exposed(values, release, labels, scraped=scraped, selects=selects)))


def _findings(boards: Sequence[Board], exposed: Exposed) -> Iterator[Finding]:
    exclusive = frozenset(map(exposed.not_listed, MUTUALLY_EXCLUSIVE))

    @cache
    def excluded() -> dict[tuple[str, str], set[str]]:
        """By board and panel, why it lacks a handler that others exclude; computed if a panel may be such a one."""
        reasons: dict[tuple[str, str], set[str]] = {}
        for need in excluded_needs(needs_of(boards, exposed.release)):
            reasons.setdefault((need.board, need.panel), set()).add(exposed.not_listed(need.metric.handler))
        return reasons

    for board in boards:
        for panel in board.panels:
            queries = [BoardQuery(panel.title, query, panel) for query in panel.queries if query.expr.strip()]
            results = [_query_gap(query, exposed) for query in queries]
            reasons = tuple(sorted({reason for _, reasons in results for reason in reasons}))
            if reasons and (gap := _panel_gap([gap for gap, _ in results])):
                named = (board.uid or board.title, panel.title)
                if exclusive.issuperset(reasons) and excluded().get(named, set()).issuperset(reasons):
                    gap = Gap.EXCLUDED
                yield Finding(board.uid or board.title, panel.title, gap, reasons)


def _panel_gap(gaps: Sequence[Gap | None]) -> Gap | None:
    """The gap of a panel, from the gaps of its queries."""
    if Gap.ALWAYS_ABSENT in gaps:
        return Gap.ALWAYS_ABSENT
    if all(gap in (Gap.EMPTY, Gap.FEATURE) for gap in gaps):
        return Gap.FEATURE if set(gaps) == {Gap.FEATURE} else Gap.EMPTY
    if Gap.EMPTY in gaps or Gap.PARTLY in gaps:
        return Gap.PARTLY
    # A feature that only one of several queries shows is not a gap.
    return Gap.MISSING_LABELS if Gap.MISSING_LABELS in gaps else None


def _query_gap(query: BoardQuery, exposed: Exposed) -> tuple[Gap | None, tuple[str, ...]]:
    """The gap of a query, and the reasons."""
    expr = query.expr
    resolved = resolve(expr, exposed.release)
    if any(item.reason for item in resolved):
        return None, ()  # the gaps of an unreadable query are unknown
    metrics_of = {item.selector: required_metrics(item) for item in resolved if item.selector}
    not_on_release = {item.selector for item in resolved if item.is_known and not item.metrics}
    if not promql.can_return_data(expr, lambda selector: selector in not_on_release):
        return None, ()  # whatever the values are

    def reasons_of(selector: promql.Selector, reasons: Callable[[Metric], Iterator[str]]) -> list[str]:
        """The reasons why none of the selector's metrics is available; empty if one is."""
        by_metric = [list(reasons(metric)) for metric in metrics_of[selector]]
        if not all(by_metric):
            return []
        return [reason for metric_reasons in by_metric for reason in metric_reasons]

    absent = {
        selector: reasons_of(selector, exposed.reasons_absent)
        or reasons_of(selector, partial(exposed.reasons_dropped, series=selector.metric))
        or _unmatched_labels(selector, exposed, metrics)
        for selector, metrics in metrics_of.items()
    }
    idle = {selector: reasons_of(selector, exposed.reasons_idle) for selector in metrics_of}
    off = {selector for selector in metrics_of if absent[selector] or idle[selector] or selector in not_on_release}
    reported = frozenset(_reported_absent(promql.parse(expr)))
    awaited = [
        one
        for one in off - not_on_release
        if promql.ABSENT & {*one.functions} and (one.metric, one.matchers) in reported
    ]
    if awaited and promql.outcome(expr, lambda selector: selector in off) is not promql.Outcome.NOTHING:
        why = (reason for selector in awaited for reason in absent[selector] or idle[selector])
        return Gap.ALWAYS_ABSENT, tuple(dict.fromkeys(why))
    if not promql.can_return_data(expr, lambda selector: bool(absent[selector]) or selector in not_on_release):
        return Gap.EMPTY, tuple(dict.fromkeys(reason for reasons in absent.values() for reason in reasons))
    if not promql.can_return_data(expr, lambda selector: selector in off):
        return Gap.FEATURE, tuple(dict.fromkeys(reason for reasons in idle.values() for reason in reasons))
    used = {selector: query.labels_of(selector) for selector in metrics_of}
    missing = {
        (metric.handler, label)
        for selector, metrics in metrics_of.items()
        for metric in metrics
        for label in exposed.missing_labels(metric, used[selector])
    }
    reasons = tuple(starmap(exposed.missing_label_text, sorted(missing)))
    events = {
        reason for metrics in metrics_of.values() for metric in metrics for reason in exposed.reasons_partial(metric)
    }
    lost = {
        reason
        for selector, metrics in metrics_of.items()
        for metric in metrics
        for label in used[selector]
        for reason in exposed.reasons_label_dropped(metric, label)
    }
    reasons = (*reasons, *sorted(lost))
    if events:
        return Gap.PARTLY, (*sorted(events), *reasons)
    return (Gap.MISSING_LABELS, reasons) if reasons else (None, ())


def _reported_absent(node: Any) -> Iterator[tuple[str, tuple[promql.Matcher, ...]]]:
    """Metrics and matchers of which the query is about the absence; `-absent(x)` is a state that a panel shows."""
    kind = type(node).__name__
    if kind == "Call" and node.func.name in promql.ABSENT:
        yield from ((one.metric, one.matchers) for one in promql.selectors_of(node))
    elif kind == "BinaryExpr" and str(node.op) == "unless":
        yield from _reported_absent(node.lhs)
    elif kind in ("BinaryExpr", "ParenExpr", "AggregateExpr"):
        for child in promql.children(node):
            yield from _reported_absent(child)


def _unmatched_labels(selector: promql.Selector, exposed: Exposed, metrics: Sequence[Metric]) -> list[str]:
    """Reasons why a selector matches nothing: it requires labels that the handler does not add, or that are dropped."""
    dropped = [
        reason
        for metric in metrics
        for matcher in selector.matchers
        if requires_label(matcher)
        for reason in exposed.reasons_label_dropped(metric, matcher.label)
    ]
    return dropped or [
        exposed.missing_label_text(metric.handler, matcher.label)
        for metric in metrics
        for matcher in selector.matchers
        if requires_label(matcher) and matcher.label in exposed.missing_labels(metric, frozenset({matcher.label}))
    ]
