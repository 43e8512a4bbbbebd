"""Scenes in a real Prometheus: recorded output of Cilium's own code (`tests/recorded`), repeated once a second."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from dashboards_py.board import Board, Panel, Query
from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.shapes import Counter, Gauge
from dashboards_py.style import HUBBLE_SCRAPED
from tests.live.cluster import END, HISTORY
from tests.live.panel_queries import Hour, defaults, instant_query, run_query
from tests.live.processes import prometheus
from tests.recorded import played, restarted, target_of
from tests.synthetic.backfill import backfill

IDLE = {"CONNECTING": 0, "IDLE": 5, "NIL_CONNECTION": 0, "READY": 0, "SHUTDOWN": 0, "TRANSIENT_FAILURE": 0}
RESTART = HISTORY - 60.0  # within the last window of every query


def idle_relay() -> Iterator[Series]:
    """Relay with five agents and no client: gRPC lets the connections go idle."""
    target = target_of("hubble-relay")
    for status, peers in IDLE.items():
        labels = tuple(sorted((*target.labels, ("status", status))))
        yield Series("hubble_relay_pool_peer_connection_status", labels, Gauge(float(peers)), target)


def two_nodes(kind: str) -> Iterator[Series]:
    """One connection per second, as seen by the nodes of its client and of its server."""
    yield from played(f"hubble-served-client-node{kind}", "hubble", 1)
    yield from played(f"hubble-served-server-node{kind}", "hubble", 2)


def scraped(recorded: Iterable[Series]) -> Iterator[Series]:
    """The series, and Hubble's count of its own scrapes where the recording leaves that out."""
    series = tuple(recorded)
    yield from series
    if all(one.name != HUBBLE_SCRAPED for one in series):
        for target in {one.target for one in series if one.target.component == "hubble"}:
            labels = tuple(sorted((*target.labels, ("code", "200"))))
            yield Series(HUBBLE_SCRAPED, labels, Counter(1 / 30), target)


ONE_NODE = "a connection served on one node, policies at both ends"
TWO_NODES = "a connection served between two nodes, policies at both ends"
ONE_NODE_OPEN = "a connection served on one node, no policy"
BY_WORKLOAD = "the same between two nodes, pods named by workload"
ALL = "every kind of event"
IDLE_PEERS = "relay with idle peers"
DEAD_PEER = "relay with four peers and one that is dead"
REFUSED = "an agent that refuses relay 20 times and a client on the node once"
DNS = "a DNS proxy that answers, denies, and waits for a dead server"
DNS_FIVE = "five answers to DNS, four of them errors, with a fifth label in `dns`"
DNS_SIX = "the same with what `values --merge-with` makes of five labels"
AGENT_RESTART = "an agent that restarted, with as many observations"
HTTP_RESTART = "a Hubble that restarted, with as many requests that took four times as long"
REAL = "a real agent: 20 connections served, 5 denied, 21 lookups"
# What happens in each scene, once a second.
SCENES: Mapping[str, Callable[[], Iterator[Series]]] = {
    ONE_NODE: partial(played, "hubble-served-one-node", "hubble"),
    ONE_NODE_OPEN: partial(played, "hubble-served-one-node-no-policy", "hubble"),
    TWO_NODES: partial(two_nodes, ""),
    "a connection served between two nodes, no policy": partial(two_nodes, "-no-policy"),
    BY_WORKLOAD: partial(two_nodes, "-by-workload"),
    ALL: partial(played, "hubble-every-event", "hubble"),
    IDLE_PEERS: idle_relay,
    DEAD_PEER: partial(played, "hubble-relay-one-peer-dead", "hubble-relay"),
    REFUSED: partial(played, "hubble-refuses-relay", "hubble"),
    DNS: partial(played, "cilium-agent", "cilium-agent"),
    DNS_FIVE: partial(played, "hubble-dns-five-labels", "hubble"),
    DNS_SIX: partial(played, "hubble-dns-six-labels", "hubble"),
    AGENT_RESTART: partial(restarted, "cilium-agent", "cilium-agent", "cilium-agent", RESTART, sums=2.0),
    HTTP_RESTART: partial(restarted, "hubble-http", "hubble-http-slow", "hubble", RESTART),
    REAL: partial(played, "hubble", "hubble"),
}


@dataclass(frozen=True)
class Scene:
    """A scene in a Prometheus, and its hour of data."""

    source: str
    hour: Hour = (END - 3600, END)

    def panel(self, board: Board, panel: Panel, legend: str = "") -> dict[str, float]:
        """A panel's last values, by the legend of its queries, with All chosen; of one query if `legend` is set."""
        shown = {}
        for query in panel.queries:
            if legend in ("", query.legend):
                for answer in run_query(self.source, panel, query, dict.fromkeys(defaults(board), ".*"), self.hour):
                    shown[row_name(query, dict(answer.labels), panel)] = answer.values[-1][1]
        return shown

    def number(self, expr: str) -> float | None:
        """The only value of an expression; None if it has no answer."""
        answers = instant_query(self.source, expr, self.hour[1])
        assert len(answers) < 2, expr
        return answers[0].values[-1][1] if answers else None


def row_name(query: Query, labels: Mapping[str, str], panel: Panel) -> str:
    """The legend with its labels filled in; for a table the labels by which its query groups, in that order."""
    if panel.type != "table":
        return re.sub(r"{{(\w+)}}", lambda label: labels.get(label[1], ""), query.legend)
    grouping = re.search(r"by \(([^)]*)\)", query.expr)
    assert grouping, query.expr
    return " ".join(labels.get(label.strip(), "") for label in grouping[1].split(","))


@contextmanager
def start_scenes(directory: Path) -> Iterator[Callable[[str], Scene]]:
    """Starts the Prometheus of a scene at its first use, each in a separate directory."""
    with ExitStack() as stack:

        @cache
        def start(scene: str) -> Scene:
            data = directory / f"scene-{list(SCENES).index(scene)}" / "data"
            data.mkdir(parents=True)
            backfill(scraped(SCENES[scene]()), data, end=END, length=HISTORY, interval=30)
            return Scene(stack.enter_context(prometheus(data)))

        yield start
