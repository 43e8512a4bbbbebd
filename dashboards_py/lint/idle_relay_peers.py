"""idle-relay-peers: the query counts idle peers of Hubble relay as failing.

Relay connects to agents when a client observes flows, and gRPC closes connections that were idle for half an hour. In a
healthy cluster at night, no peer is READY and all are IDLE. Count peers in TRANSIENT_FAILURE, SHUTDOWN and
NIL_CONNECTION, and those that remain in CONNECTING. Source: pkg/hubble/relay/pool/client.go.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._selectors import all_queries, recorded_metric

SEVERITY = Severity.WARNING

METRIC = "hubble_relay_pool_peer_connection_status"
READY, IDLE, FAILING = "READY", "IDLE", "TRANSIENT_FAILURE"
# Comparisons that are true for few ready peers, on the left and on the right side.
FEWER = (("<", "<=", "==", "!="), (">", ">=", "==", "!="))


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Counts of peers that are not READY, and comparisons of READY peers with all or with a number."""
    for panel, query in all_queries(board):
        if METRIC not in query.expr:
            continue
        tree = promql.parse(query.expr)
        if not any(True for _ in peers_below(tree)):
            continue
        if any(not_ready(selector) for selector in ungrouped_peers(tree)):
            yield panel, f"counts peers in {IDLE}, whose connections are unused, with failing ones"
        elif any(ready_of_all(node) for node in operations(tree)):
            yield panel, f"compares peers in {READY} with all: those in {IDLE} count as missing"
        elif any(misses_ready(node) for node in operations(tree)):
            yield panel, f"treats few peers in {READY} as a fault: those in {IDLE} count as missing"


def accepts(selector: promql.Selector, status: str) -> bool:
    """True if a selector accepts peers with that status."""
    return all(matcher.accepts(status) is not False for matcher in selector.matchers if matcher.label == "status")


def not_ready(selector: promql.Selector) -> bool:
    """True if a selector accepts idle and failing peers, but no ready ones."""
    return accepts(selector, IDLE) and accepts(selector, FAILING) and not accepts(selector, READY)


def only_ready(node: Any) -> bool:
    """True if an operand counts peers in READY and none in IDLE."""
    return any(accepts(one, READY) and not accepts(one, IDLE) for one in peers_below(node))


def ready_of_all(node: Any) -> bool:
    """True if one operand counts ready peers only, and the other all peers, or something else such as agents."""
    left, right = promql.children(node)
    return (only_ready(left) and counts_all(right, str(node.op) in "-/")) or (
        only_ready(right) and counts_all(left, str(node.op) == "-")
    )


def counts_all(node: Any, accept_other_metrics: bool) -> bool:
    """True if an operand counts peers of any status or, with `accept_other_metrics`, something else."""
    if any(True for _ in peers_below(node)):
        return any(accepts(one, READY) and accepts(one, IDLE) for one in ungrouped_peers(node))
    return accept_other_metrics and any(True for _ in promql.selectors_of(node))


def misses_ready(node: Any) -> bool:
    """True if a comparison detects few ready peers: fewer than a number, or than a count of something else."""
    operands = promql.children(node)
    return any(
        str(node.op) in operators and only_ready(ready) and not any(True for _ in peers_below(other))
        for ready, other, operators in zip(operands, reversed(operands), FEWER, strict=True)
    )


def operations(node: Any) -> Iterator[Any]:
    """The arithmetic operations and comparisons below a node."""
    if type(node).__name__ == "BinaryExpr" and str(node.op) not in ("and", "or", "unless"):
        yield node
    for child in promql.children(node):
        yield from operations(child)


def peers_below(node: Any) -> Iterator[promql.Selector]:
    """The selectors of peers below a node."""
    yield from (selector for selector in promql.selectors_of(node) if recorded_metric(selector) == METRIC)


def ungrouped_peers(node: Any) -> Iterator[promql.Selector]:
    """The selectors of peers below a node whose aggregation does not keep the status."""
    kind = type(node).__name__
    if kind == "AggregateExpr" and keeps_status(node):
        return
    if kind in ("VectorSelector", "MatrixSelector"):
        yield from peers_below(node)
    for child in promql.children(node):
        yield from ungrouped_peers(child)


def keeps_status(node: Any) -> bool:
    """True if an aggregation keeps the label `status`."""
    dropped = promql.dropped_by(node)
    return "status" in promql.grouped_by(node) or (dropped is not None and "status" not in dropped)
