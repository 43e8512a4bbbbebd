"""idle-relay-peers: the query counts idle peers of Hubble relay as failing.

Relay connects to an agent when someone observes flows, and gRPC lets go of a connection that was not used for half an
hour. A healthy cluster at night has no peer in READY and all of them in IDLE. Count those in TRANSIENT_FAILURE,
SHUTDOWN and NIL_CONNECTION, and those that stay in CONNECTING. Source: pkg/hubble/relay/pool/client.go.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import all_queries, recorded_metric

METRIC = "hubble_relay_pool_peer_connection_status"
READY, IDLE, FAILING = "READY", "IDLE", "TRANSIENT_FAILURE"
FEWER = (("<", "<=", "==", "!="), (">", ">=", "==", "!="))  # comparisons that few ready peers meet, left and right


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Peers that are not READY, and READY compared with all or with a number."""
    for panel, query in all_queries(board):
        tree = promql.parse(query.expr)
        if any(not_ready(selector) for selector in ungrouped(tree)):
            yield panel, f"counts peers in {IDLE}, which nobody uses, with those that fail"
        elif any(ready_of_all(node) for node in operations(tree)):
            yield panel, f"compares peers in {READY} with all: those in {IDLE} seem to be missing"
        elif any(misses_ready(node) for node in operations(tree)):
            yield panel, f"takes few peers in {READY} for a fault: those in {IDLE} seem to be missing"


def accepts(selector: promql.Selector, status: str) -> bool:
    """True if a selector takes peers of that status."""
    return all(matcher.accepts(status) is not False for matcher in selector.matchers if matcher.label == "status")


def not_ready(selector: promql.Selector) -> bool:
    """True if a selector takes idle peers with failing ones, and no ready ones."""
    return accepts(selector, IDLE) and accepts(selector, FAILING) and not accepts(selector, READY)


def only_ready(node: Any) -> bool:
    """True if an operand has peers in READY and none in IDLE."""
    return any(accepts(one, READY) and not accepts(one, IDLE) for one in peers_below(node))


def ready_of_all(node: Any) -> bool:
    """True if one operand takes only ready peers, and the other all, or a count of something else such as agents."""
    left, right = promql.children(node)
    return (only_ready(left) and counts_all(right, str(node.op) in "-/")) or (
        only_ready(right) and counts_all(left, str(node.op) == "-")
    )


def counts_all(node: Any, of_anything: bool) -> bool:
    """True if an operand counts peers in any status or, where that may be meant, something else."""
    if any(True for _ in peers_below(node)):
        return any(accepts(one, READY) and accepts(one, IDLE) for one in ungrouped(node))
    return of_anything and any(True for _ in promql.selectors_of(node))


def misses_ready(node: Any) -> bool:
    """True if a comparison looks for few ready peers: fewer than a number, or than a count of something else."""
    operands = promql.children(node)
    return any(
        str(node.op) in operators and only_ready(ready) and not any(True for _ in peers_below(other))
        for ready, other, operators in zip(operands, reversed(operands), FEWER, strict=True)
    )


def operations(node: Any) -> Iterator[Any]:
    """The operations of arithmetic and comparison below a node."""
    if type(node).__name__ == "BinaryExpr" and str(node.op) not in ("and", "or", "unless"):
        yield node
    for child in promql.children(node):
        yield from operations(child)


def peers_below(node: Any) -> Iterator[promql.Selector]:
    """The selectors of peers below a node."""
    yield from (selector for selector in promql.selectors_of(node) if recorded_metric(selector) == METRIC)


def ungrouped(node: Any) -> Iterator[promql.Selector]:
    """The selectors of peers below a node, but for those whose result still has the status of each."""
    kind = type(node).__name__
    if kind == "AggregateExpr" and keeps_status(node):
        return
    if kind in ("VectorSelector", "MatrixSelector"):
        yield from peers_below(node)
    for child in promql.children(node):
        yield from ungrouped(child)


def keeps_status(node: Any) -> bool:
    """True if an aggregation has a row for each status."""
    dropped = promql.dropped_by(node)
    return "status" in promql.grouped_by(node) or (dropped is not None and "status" not in dropped)
