"""Boards on Cilium's recorded output: the misleading values of earlier queries, and the values of our panels.

Each scene is a recording of Cilium's own code (`tests/recorded`) in a real Prometheus. Rows with `expr` are misleading
queries that were on our boards, or are on others; the other rows are panels of ours, with values derived by hand from
the scene. All of them are printed as a table at the end of the run.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from dashboards_py.board import Panel, read
from dashboards_py.catalog import Handler
from dashboards_py.compile import compile_boards
from dashboards_py.values.dns import problem
from tests.components import require
from tests.live import scenes
from tests.live.scenes import SCENES, Scene, start_scenes
from tests.oracle import facts
from tests.recorded.programs import VERSION

BOARDS = {board.uid: read(board.json) for board in compile_boards()}
NOTHING: dict[str, float] = {}
UNANSWERED = "two thirds of a healthy connection seem unanswered if policies select its ends"
IDLE = "idle relay peers are shown as missing"
REFUSED = "agents refusing relay are never shown"
NAMELESS = "pods of other nodes have no name: a pair across nodes is two incomplete rows"
DENIED = "policy denials count twice, those by deny rules and at L7 not at all"
DNS_PROXY = "time-outs of the DNS proxy count as lookup time, and its denials are never shown"
RCODE = "a fifth label in `dns` takes rcode away from the DNS boards, a ninth stops the agent"
RESTART = "means turn +Inf after an agent restart"
EVENTS = "verdicts, traces and L7 records of a connection are called packets and flows"
FAULTS = (UNANSWERED, IDLE, REFUSED, NAMELESS, DENIED, DNS_PROXY, RCODE, RESTART, EVENTS)


@dataclass(frozen=True, slots=True)
class Row:
    """The values of a query or panel in a scene, by legend, or by row of a table; a query has one value or none.

    A panel is `uid / title`; `legend` chooses one of its queries.
    """

    fault: str
    scene: str
    what: str
    values: Mapping[str, float]
    expr: str = ""
    legend: str = ""

    @property
    def panel(self) -> Panel:
        """The panel of the row."""
        uid, title = self.what.split(" / ")
        return next(panel for panel in BOARDS[uid].panels if panel.title == title)


def before(fault: str, scene: str, what: str, expr: str, value: float | None) -> Row:
    """A misleading query: what it was meant to show, and the value that it shows."""
    return Row(fault, scene, what, NOTHING if value is None else {"": value}, expr)


def mean(metric: str, by: str = "", matchers: str = "") -> str:
    """A mean without a guard."""
    return f"sum{by}(rate({metric}_sum{matchers}[2m])) / sum{by}(rate({metric}_count{matchers}[2m]))"


NO_ANSWER = (
    'clamp_min(1 - sum(rate(hubble_tcp_flags_total{flag="SYN-ACK"}[2m]))'
    ' / sum(rate(hubble_tcp_flags_total{flag="SYN"}[2m])), 0)'
)
CLIENTS_WITHOUT_ANSWER = (
    'count(sum by (source_app) (rate(hubble_tcp_flags_total{flag="SYN"}[2m])) - on(source_app) label_replace('
    'sum by (destination_app) (rate(hubble_tcp_flags_total{flag="SYN-ACK"}[2m])),'
    ' "source_app", "$1", "destination_app", "(.*)") > 0)'
)
PAIRS_TO_BANK = (
    "count(sum by (source_namespace, source_workload, destination_namespace, destination_workload)"
    ' (rate(hubble_flows_processed_total{destination_namespace="bank"}[2m])))'
)
READY = (
    'min(sum by (cluster, pod) (hubble_relay_pool_peer_connection_status{status="READY"})'
    " / sum by (cluster, pod) (hubble_relay_pool_peer_connection_status))"
)
AGENTS_REFUSING = (
    'sum(rate(grpc_server_handled_total{pod=~"cilium-[^-]+", grpc_code!~"OK|Canceled"}[2m]))'  # per method and code
)
DNS_TIME = mean("cilium_proxy_upstream_reply_seconds", matchers='{scope="totalTime"}')
ERRORS = 'sum(rate(hubble_dns_responses_total{rcode!="No Error"}[2m])) / sum(rate(hubble_dns_responses_total[2m]))'

ROWS: tuple[Row, ...] = (
    # A healthy connection raises nothing, with policies or without.
    before(UNANSWERED, scenes.ONE_NODE, "connections without answer", NO_ANSWER, 2 / 3),
    before(UNANSWERED, scenes.ONE_NODE, "clients without answer", CLIENTS_WITHOUT_ANSWER, 1),
    before(UNANSWERED, scenes.ONE_NODE_OPEN, "connections without answer", NO_ANSWER, 0),
    before(UNANSWERED, scenes.TWO_NODES, "connections without answer", NO_ANSWER, 0.5),
    before(UNANSWERED, scenes.REAL, "connections without answer", NO_ANSWER, 0.5),
    *(
        Row(UNANSWERED, scene, f"hubble-network / {title}", NOTHING)
        for scene in SCENES
        if scene.startswith("a connection")
        for title in ("Denied by policy", "Other drops", "Dropped pairs", "Denied by direction")
    ),
    *(  # without a policy there are no verdicts, of which the table has a gray row
        Row(UNANSWERED, scene, "hubble-network / Denied pairs", {" All     ": -1} if "no policy" in scene else NOTHING)
        for scene in SCENES
        if scene.startswith("a connection")
    ),
    Row(UNANSWERED, scenes.ONE_NODE, "hubble-network / Connections", {"SYN sent": 3, "SYN-ACK received": 1}),
    Row(UNANSWERED, scenes.TWO_NODES, "hubble-network / Connections", {"SYN sent": 4, "SYN-ACK received": 2}),
    # Relay: an unused peer is not missing; a dead one fails.
    before(
        IDLE,
        scenes.IDLE_PEERS,
        "peers missing",
        'sum(hubble_relay_pool_peer_connection_status{status!="READY"})',
        5,
    ),
    before(IDLE, scenes.IDLE_PEERS, "relay peers ready", READY, 0),
    Row(IDLE, scenes.IDLE_PEERS, "hubble-relay / Peers failing", {"failing": 0, "known": 5, "in use": 0}),
    Row(IDLE, scenes.IDLE_PEERS, "cilium-overview / Relay peers failing", {"worst relay": 0}),
    # Of an agent's two servers only the one on the unix socket has metrics; relay uses the other, and reports failures.
    before(REFUSED, scenes.REFUSED, "what agents refuse", AGENTS_REFUSING, 1),
    Row(REFUSED, scenes.DEAD_PEER, "hubble-relay / Peers failing", {"failing": 1, "known": 5, "in use": 4}),
    Row(REFUSED, scenes.DEAD_PEER, "cilium-overview / Relay peers failing", {"worst relay": 1}),
    # Pods on other nodes have a name: both nodes' reports of a pair share a row; replies are the other row.
    before(NAMELESS, scenes.BY_WORKLOAD, "pairs that lead to bank", PAIRS_TO_BANK, 2),
    *(
        Row(NAMELESS, scene, "hubble-network / Peers", {"I talk to": 1, "talk to me": 1})
        for scene in (scenes.ONE_NODE, scenes.TWO_NODES)
    ),
    Row(
        NAMELESS,
        scenes.TWO_NODES,
        "hubble-network / Who talks to whom",
        {" shop fron bank paym": 6, " bank paym shop fron": 2},
    ),
    # Each denial counts once, L7 and deny rules among them; other drops are apart.
    before(
        DENIED,
        scenes.ALL,
        "denied by policy: 2 at L3/L4, 1 by a deny rule, 2 at L7",
        'sum(rate(hubble_drop_total{reason="POLICY_DENIED"}[2m]))',
        4,
    ),
    Row(DENIED, scenes.ALL, "hubble-network / Denied by policy", {"leaving": 5, "arriving": 5}),
    Row(DENIED, scenes.ALL, "hubble-network / Other drops", {"leaving": 6, "arriving": 6, "no room": 1}),
    Row(
        DENIED,
        scenes.ALL,
        "hubble-overview / Denied by match",
        {"none egress": 2, "l7/dns egress": 1, "l3-l4 ingress": 1, "l7/http ingress": 1},
    ),
    Row(
        DENIED,
        scenes.ALL,
        "hubble-overview / Who is denied, and by whom",
        {" bank paym stock cart": 2, " shop fron kube-system core": 1, " shop fron bank paym": 1, " shop fron  ": 1},
    ),
    Row(DENIED, scenes.ALL, "hubble-overview / Dropped share", {"shop ": 8 / 27}),  # 7 drops, an L7 denial
    Row(DENIED, scenes.ONE_NODE, "hubble-overview / Dropped share", {"shop ": 0}),
    before(
        DENIED,
        scenes.REAL,
        "denied by policy: 5 at L3/L4, 3 at L7",
        'sum(rate(hubble_drop_total{reason="POLICY_DENIED"}[2m]))',
        10,
    ),
    Row(DENIED, scenes.REAL, "hubble-overview / Denied by match", {"none egress": 5, "l7/dns egress": 3}),
    # The DNS proxy: time-outs and denials are counted; they do not count as lookup time.
    before(DNS_PROXY, scenes.DNS, "mean time of a lookup", DNS_TIME, 5.00160),
    before(
        DNS_PROXY,
        scenes.DNS,
        "lookups denied",
        'sum(rate(cilium_proxy_upstream_reply_seconds_count{scope="totalTime", error="denied"}[2m]))',
        None,
    ),
    Row(
        DNS_PROXY,
        scenes.DNS,
        "cilium-policy / DNS proxy verdicts",
        {"received": 36, "forwarded": 33, "denied": 3, "parse_errors": 0, "timed out": 3},
    ),
    Row(
        DNS_PROXY,
        scenes.DNS,
        "cilium-policy / DNS proxy time by stage, mean",
        {"total, worst node": 0.0014113},
        legend="total, worst node",
    ),
    # With a fifth label Cilium renames rcode to `type`; a sixth, which adds no series, restores it.
    before(RCODE, scenes.DNS_FIVE, "share of errors, four of five answers", ERRORS, 1),
    before(
        RCODE,
        scenes.DNS_FIVE,
        "names that do not exist",
        'sum(rate(hubble_dns_responses_total{rcode="Non-Existent Domain"}[2m]))',
        None,
    ),
    Row(RCODE, scenes.DNS_SIX, "hubble-dns / Error share", {"shop ": 0.8}),
    Row(RCODE, scenes.DNS_SIX, "hubble-dns / Names that do not exist", {"example.com.": 1}),
    Row(
        RCODE,
        scenes.DNS_SIX,
        "hubble-dns / Answers by code",
        {"No Error": 1, "Non-Existent Domain": 1, "Query Refused": 1, "Server Failure": 1, "": 1},  # "": code 15
    ),
    # After a restart at the same count there is nothing to divide by.
    before(
        RESTART, scenes.AGENT_RESTART, "policy takes effect in", mean("cilium_policy_implementation_delay"), math.inf
    ),
    before(
        RESTART,
        scenes.AGENT_RESTART,
        "slowest API call",
        f"max({mean('cilium_k8s_client_api_latency_time_seconds', ' by (node, method, path) ')})",
        math.inf,
    ),
    before(
        RESTART,
        scenes.HTTP_RESTART,
        "slowest HTTP method",
        f"max({mean('hubble_http_request_duration_seconds', ' by (method) ')})",
        math.inf,
    ),
    Row(RESTART, scenes.AGENT_RESTART, "cilium-overview / Policy delay", NOTHING),
    Row(RESTART, scenes.AGENT_RESTART, "cilium-policy / Policy delay", NOTHING),
    Row(
        RESTART,
        scenes.AGENT_RESTART,
        "cilium-agent / API calls: slowest and most frequent",
        NOTHING,
        legend="mean, worst node",
    ),
    Row(RESTART, scenes.HTTP_RESTART, "hubble-overview / HTTP duration, mean", NOTHING),
    # Hubble counts events: a connection or a lookup is several of them.
    before(
        EVENTS,
        scenes.ONE_NODE,
        "packets to port 8080: a SYN and a FIN arrive there",
        'sum(rate(hubble_port_distribution_total{port="8080"}[2m]))',
        4,
    ),
    before(
        EVENTS,
        scenes.REAL,
        "packets to port 8080, of 20 connections and 5 denied ones",
        'sum(rate(hubble_port_distribution_total{port="8080"}[2m]))',
        140,
    ),
    before(
        EVENTS, scenes.REAL, "flows out of the cluster, 21 of them", "sum(rate(hubble_flows_to_world_total[2m]))", 60
    ),
    Row(EVENTS, scenes.ONE_NODE, "hubble-overview / Protocols", {"TCP": 4}),
    Row(EVENTS, scenes.ONE_NODE, "hubble-overview / Busiest ports", {"8080/TCP": 4}),
    Row(EVENTS, scenes.REAL, "hubble-overview / Protocols", {"TCP": 140, "UDP": 60}),
    Row(EVENTS, scenes.REAL, "hubble-overview / Busiest ports", {"8080/TCP": 140, "53/UDP": 60}),
    Row(
        EVENTS,
        scenes.REAL,
        "hubble-overview / Traffic out of the cluster",
        {"UDP FORWARDED": 21, "UDP REDIRECTED": 21, "DNS FORWARDED": 18},
    ),
)


@pytest.fixture(scope="module")
def scene_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Scene]]:
    """The Prometheus of a scene, started at first use."""
    require("prometheus")
    with start_scenes(tmp_path_factory.mktemp("scenes")) as start:
        yield start


@pytest.mark.parametrize(
    "row", [pytest.param(row, marks=pytest.mark.fault(row.fault), id=f"{number:02}") for number, row in enumerate(ROWS)]
)
def test_before_and_now(scene_of: Callable[[str], Scene], row: Row, report: Callable[[str], None]) -> None:
    """A misleading query shows what did not happen, or misses what did; a panel of ours shows what happened."""
    if row.expr:
        value = scene_of(row.scene).number(row.expr)
        shown = {} if value is None else {"": value}
    else:
        shown = scene_of(row.scene).panel(BOARDS[row.what.split(" / ")[0]], row.panel, row.legend)
    assert shown == pytest.approx(row.values, rel=1e-3, abs=1e-9)
    first = next(other for other in ROWS if other.fault == row.fault) is row
    report(
        (f"{row.fault}\n" if first else "") + f"  {row.scene}: {'before' if row.expr else 'now'}, {words(row, shown)}"
    )


def words(row: Row, shown: Mapping[str, float]) -> str:
    """The values as text for the table, with few digits, and the unit of a panel."""
    unit = "" if row.expr else row.panel.raw.get("fieldConfig", {}).get("defaults", {}).get("unit", "")
    values = ", ".join(f"{name} {value:.4g}".strip() for name, value in shown.items()) or "nothing"
    return f"{row.what}: {values}{f' ({unit})' if unit and shown else ''}"


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_shown_before_and_now(fault: str) -> None:
    """Each fault has a misleading query and a correct panel in the table."""
    kinds = {bool(row.expr) for row in ROWS if row.fault == fault}
    assert kinds == {True, False}


@pytest.mark.fault(EVENTS)
@pytest.mark.parametrize("title", ["Protocols", "Busiest ports", "Traffic out of the cluster"])
def test_events_are_called_events(title: str) -> None:
    """Neither the unit nor the text of the panel claims packets or flows."""
    panel = next(panel for panel in BOARDS["hubble-overview"].panels if panel.title == title)
    assert panel.raw["fieldConfig"]["defaults"]["unit"] == "eps"
    assert "events" in panel.description.lower()
    assert "packets" not in panel.description


@pytest.mark.fault(RCODE)
def test_nine_labels_before_and_now(report: Callable[[str], None]) -> None:
    """Hubble's real handlers do not start with nine labels; `values --check` reports it in advance."""
    (entry,) = (
        entry
        for entry in facts.entries(VERSION)
        if entry.handlers[0].startswith("dns:query;") and entry.handlers[0].count(",") == 8
    )
    advice = problem(Handler.parse(entry.handlers[0]))
    assert entry.error
    assert "the agent does not start" in advice
    report(f"  nine labels in `dns`: before, the agent: {entry.error}")
    report(f"  nine labels in `dns`: now, values --check: {advice}")
