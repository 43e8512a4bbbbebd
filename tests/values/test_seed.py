"""Helm flags from guides, and the panels that they leave empty."""

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.values import helm_set
from dashboards_py.values.check import Gap, check
from dashboards_py.values.handler_problems import handler_problems

LABELS = (
    r"source_ip\,source_namespace\,source_workload\,destination_ip\,destination_namespace\,destination_workload"
    r"\,traffic_direction"
)
HANDLERS = "dns,drop,tcp,flow,port-distribution,icmp,httpV2:exemplars=true;labelsContext="
MONITORED = ("prometheus", "operator.prometheus", "envoy.prometheus", "hubble.metrics", "hubble.relay.prometheus")
FLAGS = (
    "prometheus.enabled=true",
    "operator.enabled=true",
    "operator.prometheus.enabled=true",
    "envoy.enabled=true",
    "envoy.prometheus.enabled=true",
    "hubble.enabled=true",
    "hubble.metrics.enableOpenMetrics=true",
    "hubble.relay.enabled=true",
    "hubble.relay.prometheus.enabled=true",
    *(f"{key}.serviceMonitor.enabled=true" for key in MONITORED),
    *(f"{key}.serviceMonitor.labels.release=prometheus" for key in MONITORED),
)
EMPTY = {
    ("cilium-agent", "BPF system call time"),
    ("cilium-agent", "BPF system calls"),
    ("cilium-policy", "Denied pairs"),
    ("cilium-policy", "Denied share"),
    ("cilium-policy", "Verdicts by match"),
    ("cilium-policy", "Would be denied"),
    ("cilium-policy", "FQDN under pressure"),
    ("cilium-policy", "Endpoints with most names"),
    ("hubble-dns", "Dropped on the way to DNS"),
    ("hubble-network", "Denials against an hour ago"),
    ("hubble-network", "Denied by direction"),
    ("hubble-network", "Denied by policy"),
    ("hubble-network", "Denied pairs"),
    ("hubble-network", "Denied share"),
    ("hubble-network", "Flows to the world"),
    ("hubble-overview", "DNS unanswered"),
    ("hubble-overview", "Denials against an hour ago"),
    ("hubble-overview", "Dropped share"),
    ("hubble-overview", "Denied by match"),
    ("hubble-overview", "Traffic out of the cluster"),
    ("hubble-overview", "Who is denied, and by whom"),
}


def gaps_with(*flags: str) -> dict[tuple[str, str], Gap]:
    """The gap of each panel with the flags, without features of Cilium."""
    boards = [read(board.json) for board in compile_boards()]
    all_problems = check(boards, helm_set.values(flags), NEWEST, labels={"release": "prometheus"})
    return {(problem.board, problem.panel): problem.gap for problem in all_problems if problem.gap != Gap.FEATURE}


def test_panels_left_empty() -> None:
    """Two handlers and six metrics that no page names leave panels empty; elsewhere names of lines are missing."""
    gaps = gaps_with(*FLAGS, f"hubble.metrics.enabled={{{HANDLERS}{LABELS}}}")
    assert {panel for panel, gap in gaps.items() if gap == Gap.EMPTY} == EMPTY
    assert set(gaps.values()) == {Gap.EMPTY, Gap.PARTLY, Gap.MISSING_LABELS}


def test_one_backslash_missing() -> None:
    """The label behind the bare comma became a handler: it is named, and so are the panels with unnamed lines."""
    right = LABELS.replace("_workload", "_app")
    broken_labels = right.replace(r"\,destination_app", ",destination_app")
    flag = f"hubble.metrics.enabled={{{HANDLERS}{broken_labels}}}"
    (message,) = (problem.text for problem in handler_problems(helm_set.values((flag,)), NEWEST, flags=True))
    assert message.startswith("hubble.metrics.enabled: 'destination_app,traffic_direction' is not a Hubble handler")
    assert message.endswith(r"need a backslash (\,destination_app,traffic_direction)")
    complete, broken = gaps_with(*FLAGS, f"hubble.metrics.enabled={{{HANDLERS}{right}}}"), gaps_with(*FLAGS, flag)
    more = {board for board, _ in broken.keys() - complete.keys()}
    assert more == {"hubble-http"}
