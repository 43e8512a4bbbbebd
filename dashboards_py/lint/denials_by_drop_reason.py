"""denials-by-drop-reason: the query counts policy denials by the reason of drops.

A denied packet is two events with that reason, the verdict and the drop, and `hubble_drop_total` counts both. It also
has three reasons for denials: POLICY_DENIED, POLICY_DENY for deny rules, and DROP_REASON_UNKNOWN for L7 rules.
`hubble_policy_verdicts_total{action="dropped"}` of the handler `policy` counts each denial once. Source:
pkg/hubble/metrics/drop/handler.go, pkg/hubble/metrics/policy/handler.go.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release, entries
from dashboards_py.findings import Severity
from dashboards_py.lint._selectors import all_queries, recorded_metric
from dashboards_py.promql import Selector, selectors

SEVERITY = Severity.WARNING

METRIC = "hubble_drop_total"
DENIED = ("POLICY_DENIED", "POLICY_DENY")


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Selectors of drops that select those with reasons of policy."""
    (drops,) = entries(METRIC)
    others = [reason for reason in drops.values_on("reason", release) if reason not in DENIED]
    for panel, query in all_queries(board):
        if METRIC not in query.expr and "__name__" not in query.expr:
            continue
        for selector in selectors(query.expr):
            if selects_drops(selector) and chooses_denials(selector, others):
                yield panel, "counts each denied packet twice, and no denials by L7 rules: count verdicts instead"


def selects_drops(selector: Selector) -> bool:
    """True if a selector selects the counter of drops or what is recorded of it, by name or by a pattern of names."""
    names = [matcher for matcher in selector.matchers if matcher.label == "__name__"]
    if selector.metric or not names:
        return recorded_metric(selector) == METRIC
    return all(matcher.accepts(METRIC) for matcher in names)


def chooses_denials(selector: Selector, others: list[str]) -> bool:
    """True if a selector accepts a reason of policy, and rejects more of the other reasons than it accepts."""
    reasons = [matcher for matcher in selector.matchers if matcher.label == "reason"]
    if any(matcher.is_open for matcher in reasons):
        return False
    accepted = [reason for reason in (*DENIED, *others) if all(matcher.accepts(reason) for matcher in reasons)]
    return any(reason in DENIED for reason in accepted) and 2 * len(accepted) < len(others)
