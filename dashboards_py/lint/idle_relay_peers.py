"""idle-relay-peers: the query counts idle peers of Hubble relay as failing.

Relay connects to an agent when somebody observes flows, and gRPC lets go of a connection that was not used for half an
hour. A healthy cluster at night has no peer in READY and all of them in IDLE. Count those in TRANSIENT_FAILURE,
SHUTDOWN and NIL_CONNECTION, and those that stay in CONNECTING. Source: pkg/hubble/relay/pool/client.go.
"""

from collections.abc import Iterator
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._selectors import all_queries

METRIC = "hubble_relay_pool_peer_connection_status"
READY, IDLE, FAILING = "READY", "IDLE", "TRANSIENT_FAILURE"


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Peers that are not READY, and READY compared with all."""
    for panel, query in all_queries(board):
        tree = promql.parse(query.expr)
        if any(not_ready(selector) for selector in ungrouped(tree)):
            yield panel, f"counts peers in {IDLE}, which nobody uses, with those that fail"
        elif any(ready_of_all(node) for node in binary_expressions(tree)):
            yield panel, f"compares peers in {READY} with all: those in {IDLE} seem to be missing"


def accepts(selector: promql.Selector, status: str) -> bool:
    """Whether a selector takes peers of that status."""
    return all(matcher.accepts(status) is not False for matcher in selector.matchers if matcher.label == "status")


def not_ready(selector: promql.Selector) -> bool:
    """Whether a selector takes idle peers with failing ones, and no ready ones."""
    return accepts(selector, IDLE) and accepts(selector, FAILING) and not accepts(selector, READY)


def ready_of_all(node: Any) -> bool:
    """Whether one operand takes only ready peers, and the other all."""
    operands = [list(ungrouped(child)) for child in promql.children(node)]
    ready = [any(accepts(one, READY) and not accepts(one, IDLE) for one in operand) for operand in operands]
    unfiltered = [any(accepts(one, READY) and accepts(one, IDLE) for one in operand) for operand in operands]
    return (ready[0] and unfiltered[1]) or (ready[1] and unfiltered[0])


def binary_expressions(node: Any) -> Iterator[Any]:
    """The operations of arithmetic and comparison below a node."""
    if type(node).__name__ == "BinaryExpr" and str(node.op) not in ("and", "or", "unless"):
        yield node
    for child in promql.children(node):
        yield from binary_expressions(child)


def ungrouped(node: Any) -> Iterator[promql.Selector]:
    """The selectors of peers below a node, but for those whose result still has the status of each."""
    kind = type(node).__name__
    if kind == "AggregateExpr" and "status" in promql.grouped_by(node):
        return
    if kind in ("VectorSelector", "MatrixSelector"):
        yield from (selector for selector in promql.selectors_of(node) if selector.metric == METRIC)
    for child in promql.children(node):
        yield from ungrouped(child)
