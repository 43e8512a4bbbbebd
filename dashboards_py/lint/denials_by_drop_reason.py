"""denials-by-drop-reason: the query counts what policy denied by the reason of a drop.

A packet that policy denies is two events with that reason, the verdict and the drop, and `hubble_drop_total` counts
both. Of three kinds of denial the reason POLICY_DENIED is one: deny rules give POLICY_DENY, and L7 rules
DROP_REASON_UNKNOWN. `hubble_policy_verdicts_total{action="dropped"}` of the handler `policy` counts each once. Source:
pkg/hubble/metrics/drop/handler.go, pkg/hubble/metrics/policy/handler.go.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import all_queries, resolve_selectors

DENIED, OTHER = "POLICY_DENIED", "INVALID_SOURCE_IP"


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Selectors of drops that take denials by policy and not other reasons."""
    for panel, query in all_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            if resolved.selector.metric != "hubble_drop_total":
                continue
            reasons = [matcher for matcher in resolved.selector.matchers if matcher.label == "reason"]
            if all(matcher.accepts(DENIED) for matcher in reasons) and any(
                matcher.accepts(OTHER) is False for matcher in reasons
            ):
                yield panel, "counts each denied packet twice, and no denials by L7 rules: take verdicts instead"
