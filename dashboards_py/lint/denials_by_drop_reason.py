"""denials-by-drop-reason: the query counts what policy denied by the reason of a drop.

A packet that policy denies is two events with that reason, the verdict and the drop, and `hubble_drop_total` counts
both. Of three kinds of denial the reason POLICY_DENIED is one: deny rules give POLICY_DENY, and L7 rules
DROP_REASON_UNKNOWN. `hubble_policy_verdicts_total{action="dropped"}` of the handler `policy` counts each once. Source:
pkg/hubble/metrics/drop/handler.go, pkg/hubble/metrics/policy/handler.go.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release, entries
from dashboards_py.lint._selectors import all_queries, recorded_metric
from dashboards_py.promql import Selector, selectors

METRIC = "hubble_drop_total"
DENIED = ("POLICY_DENIED", "POLICY_DENY")


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Selectors of drops that choose those of policy."""
    (drops,) = entries(METRIC)
    others = [reason for reason in drops.values_on("reason", release) if reason not in DENIED]
    for panel, query in all_queries(board):
        for selector in selectors(query.expr):
            if recorded_metric(selector) == METRIC and chooses_denials(selector, others):
                yield panel, "counts each denied packet twice, and no denials by L7 rules: take verdicts instead"


def chooses_denials(selector: Selector, others: list[str]) -> bool:
    """True if a selector takes a reason of policy, and leaves out more of the other reasons than it takes."""
    reasons = [matcher for matcher in selector.matchers if matcher.label == "reason"]
    if any(matcher.is_open for matcher in reasons):
        return False
    taken = [reason for reason in (*DENIED, *others) if all(matcher.accepts(reason) for matcher in reasons)]
    return any(reason in DENIED for reason in taken) and 2 * len(taken) < len(others)
