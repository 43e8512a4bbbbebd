"""Boards on Cilium's recorded output: panels show what happened, where plausible queries did not.

Each scene is a recording of Cilium's own code (`tests/recorded`) in a real Prometheus. NOW holds the expected values,
derived by hand from the scene; BEFORE holds queries that were on our boards, or are on others, and their misleading
values.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from dashboards_py.board import Board, Panel, Query, read
from dashboards_py.catalog import NEWEST, components, entries
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.shapes import Gauge
from dashboards_py.promql import Selector, selectors
from tests.components import require
from tests.live.asking import Hour, ask, defaults, instant
from tests.live.cluster import END, HISTORY
from tests.live.processes import prometheus
from tests.recorded import played, target_of
from tests.synthetic.backfill import backfill

BOARDS = {board.uid: read(board.json) for board in compile_boards()}
IDLE = {"CONNECTING": 0, "IDLE": 5, "NIL_CONNECTION": 0, "READY": 0, "SHUTDOWN": 0, "TRANSIENT_FAILURE": 0}
NOTHING: dict[str, float] = {}


def relay_at_night() -> Iterator[Series]:
    """Relay with five agents that nobody uses: gRPC lets their connections go idle."""
    target = target_of("hubble-relay")
    for status, peers in IDLE.items():
        labels = tuple(sorted((*target.labels, ("status", status))))
        yield Series("hubble_relay_pool_peer_connection_status", labels, Gauge(float(peers)), target)


def two_nodes(kind: str) -> Iterator[Series]:
    """One connection a second, as the nodes of its client and of its server see it."""
    yield from played(f"hubble-served-client-node{kind}", "hubble", 1)
    yield from played(f"hubble-served-server-node{kind}", "hubble", 2)


ONE_NODE = "a connection served on one node, policies at both ends"
TWO_NODES = "a connection served between two nodes, policies at both ends"
ALL, IDLE_PEERS, DEAD_PEER = (
    "every kind of event",
    "relay with idle peers",
    "relay with four peers and one that is dead",
)
ONE_NODE_OPEN = "a connection served on one node, no policy"
BY_WORKLOAD = "the same between two nodes, pods named by workload"
DNS = "a DNS proxy that answers, denies, and waits for a dead server"
# What happens in each scene, once a second.
SCENES: Mapping[str, Callable[[], Iterator[Series]]] = {
    ONE_NODE: lambda: played("hubble-served-one-node", "hubble"),
    ONE_NODE_OPEN: lambda: played("hubble-served-one-node-no-policy", "hubble"),
    TWO_NODES: lambda: two_nodes(""),
    "a connection served between two nodes, no policy": lambda: two_nodes("-no-policy"),
    BY_WORKLOAD: lambda: two_nodes("-by-workload"),
    ALL: lambda: played("hubble-every-event", "hubble"),
    IDLE_PEERS: relay_at_night,
    DEAD_PEER: lambda: played("hubble-relay-one-peer-dead", "hubble-relay"),
    DNS: lambda: played("cilium-agent", "cilium-agent"),
}
UNANSWERED = (
    'clamp_min(1 - sum(rate(hubble_tcp_flags_total{flag="SYN-ACK"}[2m]))'
    ' / sum(rate(hubble_tcp_flags_total{flag="SYN"}[2m])), 0)'
)
PAIRS_TO_BANK = (
    "count(sum by (source_namespace, source_workload, destination_namespace, destination_workload)"
    ' (rate(hubble_flows_processed_total{destination_namespace="bank"}[2m])))'
)
DENIED = 'sum(rate(hubble_drop_total{reason="POLICY_DENIED"}[2m]))'
NOT_READY = 'sum(hubble_relay_pool_peer_connection_status{status!="READY"})'
DNS_TIME = (
    'sum(rate(cilium_proxy_upstream_reply_seconds_sum{scope="totalTime"}[2m]))'
    ' / sum(rate(cilium_proxy_upstream_reply_seconds_count{scope="totalTime"}[2m]))'
)
DNS_DENIED = 'sum(rate(cilium_proxy_upstream_reply_seconds_count{scope="totalTime", error="denied"}[2m]))'

# Scene, what a misleading query is meant to show, the query, and its value.
BEFORE: tuple[tuple[str, str, str, float | None], ...] = (
    (ONE_NODE, "connections without answer", UNANSWERED, 2 / 3),
    (ONE_NODE_OPEN, "connections without answer", UNANSWERED, 0.0),
    (TWO_NODES, "connections without answer", UNANSWERED, 0.5),
    (BY_WORKLOAD, "pairs that lead to bank", PAIRS_TO_BANK, 2.0),
    (ALL, "denied by policy: 2 at L3/L4, 1 by a deny rule, 2 at L7", DENIED, 4.0),
    (IDLE_PEERS, "peers missing", NOT_READY, 5.0),
    (DNS, "mean time of a lookup", DNS_TIME, 5.00160),
    (DNS, "lookups denied", DNS_DENIED, None),
)

Row = tuple[str, str, str, Mapping[str, float]]
# Scene, board, panel, and its values by legend; a table's rows are named by the labels it groups by.
NOW: tuple[Row, ...] = (
    # A healthy connection raises nothing, with policies or without.
    *(
        (scene, "hubble-network", panel, NOTHING)
        for scene in SCENES
        if scene.startswith("a connection")
        for panel in ("Denied by policy", "Other drops", "Denied pairs", "Dropped pairs", "Denied by direction")
    ),
    (ONE_NODE, "hubble-network", "Connections", {"SYN sent": 3, "SYN-ACK received": 1}),
    (TWO_NODES, "hubble-network", "Connections", {"SYN sent": 4, "SYN-ACK received": 2}),
    (ONE_NODE, "hubble-overview", "Dropped share", {"of events": 0}),
    # Pods on other nodes have a name: both nodes' reports of a pair share a row; replies are the other row.
    *((scene, "hubble-network", "Peers", {"I talk to": 1, "talk to me": 1}) for scene in (ONE_NODE, TWO_NODES)),
    (
        TWO_NODES,
        "hubble-network",
        "Who talks to whom",
        {"shop fron bank paym": 6, "bank paym shop fron": 2},
    ),
    # Each denial counts once, L7 and deny rules among them; other drops are apart.
    (ALL, "hubble-network", "Denied by policy", {"leaving": 5, "arriving": 5}),
    (ALL, "hubble-network", "Other drops", {"leaving": 6, "arriving": 6}),
    (
        ALL,
        "hubble-overview",
        "Denied by match",
        {"egress none": 2, "egress l7/dns": 1, "ingress l3-l4": 1, "ingress l7/http": 1},
    ),
    (
        ALL,
        "hubble-overview",
        "Who is denied, and by whom",
        {"bank paym stock cart": 2, "shop fron kube-system core": 1, "shop fron bank paym": 1, "shop fron  ": 1},
    ),
    (ALL, "hubble-overview", "Dropped share", {"of events": 11 / 54}),  # 9 drops and 2 L7 denials of 54 events
    # Relay: an unused peer is not missing; a dead one fails.
    (IDLE_PEERS, "hubble-relay", "Peers failing", {"worst relay": 0}),
    (IDLE_PEERS, "hubble-relay", "Peers", {"known": 5, "in use": 0}),
    (IDLE_PEERS, "cilium-overview", "Relay peers failing", {"worst relay": 0}),
    (DEAD_PEER, "hubble-relay", "Peers failing", {"worst relay": 1}),
    (DEAD_PEER, "hubble-relay", "Peers", {"known": 5, "in use": 4}),
    (DEAD_PEER, "cilium-overview", "Relay peers failing", {"worst relay": 1}),
    # The DNS proxy: time-outs and denials are counted; they do not count as lookup time.
    (
        DNS,
        "cilium-policy",
        "DNS proxy verdicts",
        {"received": 36, "forwarded": 33, "denied": 3, "parse_errors": 0, "timed out": 3},
    ),
)


@dataclass(frozen=True)
class Stage:
    """The Prometheus of a scene, and the hour of data in it."""

    source: str
    hour: Hour = (END - 3600, END)

    def panel(self, board: Board, title: str) -> dict[str, float]:
        """A panel's last values, by the legend of its queries, with All chosen everywhere."""
        (panel,) = (panel for panel in board.panels if panel.title == title)
        shown = {}
        for query in panel.queries:
            for answer in ask(self.source, panel, query, dict.fromkeys(defaults(board), ".*"), self.hour):
                shown[named(query, dict(answer.labels), panel)] = answer.values[-1][1]
        return shown

    def number(self, expr: str) -> float | None:
        """The only value of an expression; None where it has none."""
        answers = instant(self.source, expr, END)
        assert len(answers) < 2, expr
        return answers[0].values[-1][1] if answers else None


def named(query: Query, labels: Mapping[str, str], panel: Panel) -> str:
    """The legend with its labels filled in; a table's row by the labels that its query groups by, in that order."""
    if panel.type != "table":
        return re.sub(r"{{(\w+)}}", lambda label: labels.get(label[1], ""), query.legend)
    grouping = re.search(r"by \(([^)]*)\)", query.expr)
    assert grouping, query.expr
    return " ".join(labels.get(label.strip(), "") for label in grouping[1].split(","))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Stage]]:
    """The Prometheus of a scene, started at first use."""
    require("prometheus", "promtool")
    with ExitStack() as stack:

        @cache
        def of(scene: str) -> Stage:
            directory = tmp_path_factory.mktemp("scene") / "data"
            directory.mkdir()
            backfill(SCENES[scene](), directory, end=END, length=HISTORY, interval=30)
            return Stage(stack.enter_context(prometheus(directory)))

        yield of


@pytest.mark.parametrize(("scene", "what", "expr", "value"), BEFORE)
def test_queries_that_mislead(
    stage: Callable[[str], Stage],
    scene: str,
    what: str,
    expr: str,
    value: float | None,
    report: Callable[[str], None],
) -> None:
    """Queries of earlier or other boards show what did not happen, or miss what did."""
    shown = stage(scene).number(expr)
    assert (shown is None) == (value is None)
    assert shown is None or value is None or math.isclose(shown, value, rel_tol=1e-3, abs_tol=1e-9)
    report(f"{scene}: before, {what}: {'no answer' if shown is None else format(shown, '.4g')}")


@pytest.mark.parametrize(("scene", "uid", "title", "values"), NOW)
def test_panels_show_what_happened(
    stage: Callable[[str], Stage],
    scene: str,
    uid: str,
    title: str,
    values: Mapping[str, float],
    report: Callable[[str], None],
) -> None:
    """A panel on Cilium's recorded output shows what happened in the scene."""
    shown = stage(scene).panel(BOARDS[uid], title)
    assert shown == pytest.approx(values, rel=1e-6)
    words = ", ".join(f"{name} {value:.4g}" for name, value in shown.items()) or "nothing"
    report(f"{scene}: now, {uid} / {title}: {words}")


def test_timeouts_do_not_count_as_lookup_time(stage: Callable[[str], Stage]) -> None:
    """Three answers took 1.4 ms on average; the three lookups that timed out after ten seconds are counted apart."""
    shown = stage(DNS).panel(BOARDS["cilium-policy"], "DNS proxy time by stage, mean")
    assert shown["total, worst node"] == shown["totalTime"] == pytest.approx(0.0014113, rel=1e-4)


# Recordings of running components, each with its node; Hubble's have workload labels. Where none of
# them ran under HTTP traffic or audit, only the handlers did.
REAL = (
    ("cilium-agent", 1),
    ("cilium-agent-in-a-mesh", 2),
    ("hubble", 1),
    ("hubble-every-event-by-workload", 2),
    ("cilium-operator", 1),
    ("cilium-operator-slices-identities-mcs", 2),
    ("hubble-relay-one-peer-dead", 1),
    ("clustermesh-apiserver", 1),
    ("kvstoremesh", 1),
    ("cilium-envoy", 1),
)
# Metrics that none of them had, though they need no feature, because the event did not happen.
DID_NOT_HAPPEN = {
    "cilium_bpf_ratelimit_dropped_total": "the kernel held no event back",
    "cilium_feature_adv_connect_and_lb_transparent_encryption": "no traffic was encrypted",
    "cilium_fragmented_count_total": "no packet was fragmented",
    "cilium_ipcache_errors_total": "no address was refused",
    "cilium_mtu_error_message_total": "no packet was too large",
    "envoy_cilium_access_denied": "that Envoy has no filter of Cilium's",
    "envoy_cilium_npds_control_plane_connected_state": "that Envoy has no filter of Cilium's",
    "envoy_cilium_npds_update_rejected": "that Envoy has no filter of Cilium's",
    "envoy_cilium_npds_update_success": "that Envoy has no filter of Cilium's",
}


def component_of(recording: str) -> str:
    """The component that printed a recording."""
    return max((name for name in components() if recording.startswith(name)), key=len)


def really() -> Iterator[Series]:
    """The series that all of them exposed."""
    for recording, node in REAL:
        component = component_of(recording)
        yield from played(recording, component, node)
        target = target_of(component, node)
        yield Series("up", target.labels, Gauge(1.0), target)


def explained(expr: str, exposed: Mapping[str, Sequence[Mapping[str, str]]]) -> str:
    """The reason why a query has no answer; "" if nothing explains it."""
    for selector in selectors(expr):
        if selector.metric not in exposed:
            return absent(selector.metric)
        if not any(taken(selector, labels) for labels in exposed[selector.metric]):
            own = ", ".join(str(matcher) for matcher in selector.matchers if not matcher.is_open)
            return f"nothing with {own}"
    return "nothing over the limit" if re.search(r"[<>]|[!=]=", expr) else ""


def absent(metric: str) -> str:
    """Why no component exposed a metric: a missing component or feature, or an event that did not happen."""
    (known,) = entries(metric)
    if known.component not in {component_of(recording) for recording, _ in REAL}:
        return f"no {known.component}"
    return f"no {', '.join(known.when.on(NEWEST))}" if known.when.on(NEWEST) else DID_NOT_HAPPEN.get(metric, "")


def taken(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Whether a series with these labels is one of a selector's, whatever variables hold."""
    return all(matcher.accepts(labels.get(matcher.label, "")) is not False for matcher in selector.matchers)


def test_every_query_on_recorded_components(tmp_path: Path, report: Callable[[str], None]) -> None:
    """Each query has an answer, or its event did not happen; it matches only labels that series have."""
    require("prometheus", "promtool")
    series = tuple(really())
    exposed: dict[str, list[Mapping[str, str]]] = {}
    for one_series in series:
        exposed.setdefault(one_series.name, []).append(dict(one_series.labels))
    assert not DID_NOT_HAPPEN.keys() & exposed.keys()
    backfill(series, tmp_path / "data", end=END, length=HISTORY, interval=30)
    answered, empty, unknown = 0, Counter[str](), []
    with prometheus(tmp_path / "data") as source:
        for compiled in compile_boards(NEWEST, "workload"):
            board = read(compiled.json)
            values = dict.fromkeys(defaults(board), ".*")
            for panel, query in board.queries():
                where = f"{board.uid} / {panel.title} {query.ref}: {query.expr}"
                unknown += [f"{label} in {where}" for label in labels_that_no_series_has(query.expr, exposed)]
                if any(answer.finite for answer in ask(source, panel, query, values, (END - 3600, END))):
                    answered += 1
                    continue
                reason = explained(query.expr, exposed)
                assert reason, where
                empty[reason] += 1
    assert unknown == []
    report(
        f"cilium {NEWEST}, recorded from real components: {answered + empty.total()} queries, {answered} answered; "
        + ", ".join(f"{reason} {count}" for reason, count in sorted(empty.items()))
    )


def labels_that_no_series_has(expr: str, exposed: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[str]:
    """Labels that a query matches, and no series of its metric has; that of a cluster is Prometheus' own."""
    for selector in selectors(expr):
        known = {name for labels in exposed.get(selector.metric, ()) for name in labels}
        yield from (
            matcher.label for matcher in selector.matchers if known and matcher.label not in {*known, "cluster"}
        )
