"""crd-ipam-only: the query reads Kubernetes events that agents count with IPAM by CiliumNode only.

From 1.20 on an agent counts each event as `valid="true"` and `equal="false"`. Only its watch of its own CiliumNode
compares old and new, and it has one with CRD-backed IPAM alone: `ipam.mode` eni, azure, alibabacloud or crd. Elsewhere
the panel is always empty. Before: `rate(cilium_kubernetes_events_received_total{equal="true"}[5m])`. After:
`rate(cilium_kubernetes_events_received_total[5m])`. Source: pkg/k8s/resource/resource.go and pkg/ipam/crd.go.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._selectors import ReadableSelector, all_queries, problems_of_required

SEVERITY = Severity.WARNING

METRIC = "cilium_kubernetes_events_received_total"
ELSEWHERE = {"equal": "false", "valid": "true"}  # the only values without CRD-backed IPAM
SINCE = Release(1, 20)


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that accept neither of the values that all agents write."""
    for panel, query in all_queries(board) if release >= SINCE else ():
        for problem in problems_of_required(query.expr, release, problem_with):
            yield panel, problem


def problem_with(resolved: ReadableSelector, _: Release) -> str:
    """The selector's first matcher on a value that few agents write, as a message; "" if there is none."""
    if resolved.name != METRIC:
        return ""
    for matcher in resolved.selector.matchers:
        if matcher.label in ELSEWHERE and not matcher.is_open and not matcher.accepts(ELSEWHERE[matcher.label]):
            return f"{METRIC}: {matcher} selects events of CRD-backed IPAM alone"
    return ""
