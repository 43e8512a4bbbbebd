"""The limits at which panels turn yellow and red: one table, so that a house can set them without editing boards.

`warning` and `critical` are in the unit of the panels; a share is a number from 0 to 1. What is bad from the first one
on (a node without a session) has a limit of 1. States such as ready and not ready have none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack

from dashboards_py.model import Level, Unit

LevelName = Literal["warning", "critical", "floor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit: yellow from `warning` on, red from `critical` on; None: it has no such level.

    `lower_is_worse`: below these instead. `floor`: an alert's share counts from so much traffic on.
    """

    name: str
    about: str
    unit: Unit
    warning: float | None = None
    critical: float | None = None
    lower_is_worse: bool = False
    floor: float | None = None

    @property
    def levels(self) -> tuple[Level, ...]:
        """Its levels, with their names."""
        values: Mapping[str, float | None] = {"warning": self.warning, "critical": self.critical, "floor": self.floor}
        return tuple(
            Level(limit=self.name, name=name, value=value) for name, value in values.items() if value is not None
        )

    def level(self, name: LevelName) -> Level:
        """One level, for a number in a query; raises ValueError if the limit has none of this name."""
        for level in self.levels:
            if level.name == name:
                return level
        raise ValueError(f"limit {self.name} has no {name}")


class _Levels(TypedDict, total=False):
    warning: float
    critical: float


def _limit(name: str, about: str, unit: Unit = "none", **levels: Unpack[_Levels]) -> Limit:
    return Limit(name=name, about=about, unit=unit, **levels)


def _share(name: str, about: str, **levels: Unpack[_Levels]) -> Limit:
    return Limit(name=name, about=f"share of {about}", unit="percentunit", **levels)


def _least(name: str, about: str, unit: Unit = "none", **levels: Unpack[_Levels]) -> Limit:
    return Limit(name=name, about=about, unit=unit, lower_is_worse=True, **levels)


AGENTS_MISSING = _limit("agents-missing", "nodes without a scraped agent", critical=1)
AGENTS_NOT_CONNECTED = _limit("agents-not-connected", "agents without a connection to a remote cluster", critical=1)
AGENT_API_FAILURES = _limit("agent-api-failures", "calls to the agent's API that fail", "reqps", warning=0.1)
API_CALLS_FAILED = _share(
    "api-calls-failed", "the operator's calls to the API server that fail", warning=0.01, critical=0.1
)
BGP_RECONCILE_TIME = _limit("bgp-reconcile-time", "time to reconcile BGP", "s", warning=5)
BGP_SESSIONS_DOWN = _limit("bgp-sessions-down", "BGP sessions that are down", warning=1)
CRITICAL_ALERTS = _limit("critical-alerts", "critical alerts that fire", critical=1)
CERTIFICATE = _least(
    "certificate-lifetime", "days until Envoy's first certificate expires", "suffix: days", warning=7, critical=1
)
CLIENTS_WITHOUT_ANSWER = _share(
    "unanswered-dns-queries", "a client's DNS queries without an answer", warning=0.05, critical=0.2
)
CLIENT_THROTTLING = _limit(
    "client-throttling", "wait of calls to the API server in the agent's own rate limit", "s", warning=0.5, critical=2
)
CONFIGURATION_REFUSED = _limit("envoy-configuration-refused", "configurations that Envoy refuses", critical=1)
CONFIG_DRIFT = _limit("config-drift", "nodes whose agent runs an older configuration", warning=1)
DENIED_PACKETS = _limit("denied-packets", "packets that policy denies on a node", "count:pkt/s", warning=1)
DENIALS = _limit("denials", "connections that policy denies", "eps", warning=1)
DNS_ANSWERS_LEFT = _least(
    "dns-answers-left", "share of the DNS answers of an hour ago", "percentunit", warning=0.95, critical=0.8
)  # what is missing is unanswered: see DNS_UNANSWERED
DNS_DROPS = _limit("dns-drops", "dropped packets to DNS servers", "eps", critical=0.1)
DNS_ERRORS = _share("dns-error-share", "DNS answers that are errors", warning=0.3, critical=0.6)
DNS_REFUSED = _share("dns-refused-share", "DNS queries that policy refuses", warning=0.01, critical=0.1)
DNS_UNANSWERED = _share(
    "dns-unanswered-share", "a namespace's DNS lookups without an answer", warning=0.05, critical=0.2
)
DROPPED_FLOWS = _limit("dropped-flows", "events of dropped flows", "eps", warning=1)
DROPS = _limit("drops", "Hubble's events of packets that are dropped, but for denials", "eps", warning=1)
DROP_SHARE = _share("drop-share", "packets that the datapath drops", warning=0.001, critical=0.01)
ENDPOINTS_NOT_READY = _limit("endpoints-not-ready", "endpoints whose datapath is not ready", warning=1)
ENDPOINT_TIME = _limit("hubble-scrape-time", "time of a scrape of Hubble's metrics", "s", warning=5, critical=8)
ENVOYS_DOWN = _limit("envoys-down", "Envoys that do not serve", critical=1)
ETCD_DISK = _limit("etcd-disk-time", "mean time in which etcd writes to its disk", "s", warning=0.1, critical=1)
ETCD_LEADER = _limit("etcd-without-leader", "members of etcd without a leader", critical=1)
ETCD_SPACE = _share("etcd-space", "the quota of etcd in use", warning=0.7, critical=0.9)
EVENTS_DROPPED = _share("flow-drop-share", "Hubble's events that are drops", warning=0.01, critical=0.05)
EVENTS_LOST = _limit("events-lost", "events that Hubble loses", "eps", warning=1)
FAILED_COLLECTIONS = _limit("failed-collections", "garbage collections that fail", warning=1)
FAILED_IMPORTS = _limit("failed-imports", "policies that agents cannot import", critical=1)
FAILED_MAP_OPERATIONS = _limit("failed-map-operations", "operations on BPF maps that fail", "ops", critical=1)
FAILING_CONTROLLERS = _limit("failing-controllers", "reconcile loops of agents that fail", warning=1, critical=10)
FAILING_LOOPS = _limit("failing-loops", "failures of a loop of the operator in an hour", warning=5)
FORECAST = _limit("forecast", "usage of maps, addresses and ports in 24 hours", "percentunit", warning=0.9, critical=1)
FQDN_PRESSURE = _limit("fqdn-pressure", "names that a limit of toFQDNs refuses or releases late", "reqps", warning=1)
FREE_ADDRESSES = _least("free-subnet-addresses", "free addresses of a cloud's subnet", "short", warning=51, critical=11)
HTTP_DURATION = _limit("http-duration", "mean duration of HTTP requests", "s", warning=0.5, critical=2)
HTTP_5XX_RISE = _share(
    "http-5xx-rise", "HTTP requests with a 5xx, less that of an hour ago", warning=0.01, critical=0.2
)
HTTP_SUCCESS = _least(
    "http-success-share", "share of HTTP requests without a 5xx", "percentunit", warning=0.99, critical=0.8
)
HUBBLE_MISSING = _limit("hubble-missing", "nodes without a scraped Hubble", warning=1)
IDENTITIES = _limit("identities", "identities in use in the cluster", warning=45_696, critical=58_752)
IDENTITY_SHARE = _share("identity-share", "the possible identities in use", warning=0.7, critical=0.9)
IDENTITY_UPDATES = _limit("identity-updates", "time of identity updates, wait and run", "s", warning=5)
IP_POOLS = _share("ip-pools", "the addresses of a pool in use", warning=0.8, critical=0.95)
KVSTORE_TIME = _limit("kvstore-time", "time of operations and quorum checks of a kvstore", "s", warning=0.1, critical=1)
MAP_PRESSURE = _share("map-pressure", "a BPF map in use", warning=0.7, critical=0.9)
MESH_SYNCS_FAILED = _share(
    "mesh-syncs-failed", "writes of EndpointSlices of global services that fail", warning=0.01, critical=0.1
)
NAMESPACE_5XX = _share("namespace-5xx", "a namespace's HTTP requests with a 5xx", warning=0.01, critical=0.2)
NAMESPACE_FAILURES = _share(
    "namespace-failures",
    "a namespace's verdicts that deny, or DNS lookups without an answer",
    warning=0.05,
    critical=0.2,
)
NODES_WITHOUT_SESSION = _limit("nodes-without-session", "nodes without any BGP session", critical=1)
NODE_5XX = _share("node-5xx", "the HTTP responses of a node's Envoy that are 5xx", warning=0.01, critical=0.2)
NODE_DROPS = _limit("node-drops", "packets that a node drops, at least, to be an outlier", "count:pkt/s", warning=1)
NO_ROOM = _limit(
    "insertion-failures",
    "packets dropped because connection tracking or NAT has no room",
    "count:pkt/s",
    critical=1e-06,
)
OPEN_FILES = _share("open-files", "the limit of open files in use", warning=0.7, critical=0.9)
OPERATORS = _least("operators", "operators that are scraped", critical=1)
PODS_WITHOUT_CILIUM = _limit("pods-without-cilium", "pods that Cilium does not manage", warning=1)
POD_ADDRESSES = _share("pod-addresses", "the pod addresses of a node in use", warning=0.8, critical=0.95)
POLICY_DELAY = _limit("policy-delay", "time from a change of policy to its enforcement", "s", warning=5, critical=30)
POLICY_STREAM = _limit("policy-stream-down", "nodes whose Envoy gets no policy", critical=1)
REFUSED_CALLS = _limit(
    "refused-operator-calls", "calls of the operator that the API server refuses", "reqps", critical=0.05
)
RELAYS_MISSING = _limit("relays-missing", "relays that do not answer", warning=1)
RELAY_PEERS = _limit("relay-peers-failing", "agents that a relay cannot connect to", warning=1, critical=10)
REMOTE_CLUSTERS = _limit("remote-clusters-failing", "remote clusters that are not ready", critical=1)
RPCS_FAILED = _share("relay-rpcs-failed", "relay's RPCs that fail", warning=0.1, critical=0.5)
SERVICES_WAITING = _limit("services-waiting", "LoadBalancer services without an address", warning=1)
SILENCE = _limit("agent-silence", "time since an agent last saw an event", "s", critical=600)
SLICE_TIME = _limit("slice-time", "wait and round trip of CiliumEndpointSlices", "s", warning=5, critical=30)
SOURCE_PORTS = _share("source-ports", "the source ports to one address in use", warning=0.7, critical=0.9)
UNREACHABLE = _limit("unreachable", "nodes or endpoints that health probes do not reach", critical=1)

LIMITS: Mapping[str, Limit] = {limit.name: limit for limit in tuple(globals().values()) if isinstance(limit, Limit)}
