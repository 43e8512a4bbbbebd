"""The limits of alerts that no panel has: where a panel has one, its alert has the same (style/limits.py)."""

from collections.abc import Mapping
from typing import TypedDict, Unpack

from dashboards_py.model import Unit
from dashboards_py.style.limits import Limit


class _Levels(TypedDict, total=False):
    warning: float
    critical: float
    floor: float


def _count(name: str, about: str, unit: Unit = "none", **levels: Unpack[_Levels]) -> Limit:
    return Limit(name=name, about=about, unit=unit, **levels)


def _share(name: str, about: str, **levels: Unpack[_Levels]) -> Limit:
    return Limit(name=name, about=f"share of {about}", unit="percentunit", **levels)


AGENTS_NOT_READY = _count("agents-not-ready", "agents that their DaemonSet wants and that are not ready", warning=1)
AGENT_API_ERRORS = _count("agent-api-errors", "answers 5xx of a node's agent API in 15 minutes", warning=3)
AGENT_CALLS_FAILED = _share(
    "agent-calls-failed", "an agent's calls to the API server that fail", warning=0.1, floor=0.05
)
BGP_RECONCILE_ERRORS = _count(
    "bgp-reconcile-errors", "failed reconciliations of BGP in an agent or operator in 15 minutes", warning=3
)
CONNTRACK_COLLECTIONS = _count(
    "conntrack-collections", "collections of connection tracking in an hour, none of which is completed", warning=2
)
DNS_PROXY_TIMEOUTS = _share(
    "dns-proxy-timeouts", "lookups through the DNS proxy that time out", warning=0.05, floor=0.1
)
DNS_SERVER_FAILURES = _share(
    "dns-server-failures", "a namespace's DNS answers that are server failures", warning=0.05, floor=0.1
)
ENDPOINT_CREATIONS = _count("endpoint-creations-failed", "endpoints not created on a node in 15 minutes", warning=2)
ETCD_QUORUM = _count("quorum-errors", "failed quorum checks of a client of the kvstore in 15 minutes", critical=3)
HTTP_LATENCY = _count(
    "http-latency", "duration of a workload's HTTP requests, 95th percentile", "s", warning=2, floor=0.1
)
IPSEC_ERRORS = _count("ipsec-errors", "packets that IPsec refuses on a node in 15 minutes", warning=10)
IPSEC_KEYS = _count("ipsec-keys", "IPsec keys in use on a node; a rotation has two for some minutes", warning=2)
LISTENER_5XX = _share("envoy-5xx", "an Envoy listener's HTTP responses that are 5xx", warning=0.05, floor=0.1)
# There are 16,777,215 (MaxAllocatorLocalIdentity in pkg/identity), but a policy map has 16,384 entries by default.
LOCAL_IDENTITIES = _count("local-identities", "identities of CIDRs and DNS names on a node", warning=12_000)
MESH_FLAPS = _count("remote-cluster-failures", "failed connections to a remote cluster in an hour", warning=5)
FAILED_REGENERATIONS = _count(
    "failed-regenerations", "failed regenerations on a node in 10 minutes, from which their share counts", floor=3
)
IDENTITY_COLLECTIONS = _count(
    "identity-collections-failed", "collections of identities that fail in an hour", warning=2
)
NO_ROOM_DROPS = _count(
    "no-room-drops",
    "packets that a node drops because connection tracking or NAT has no room",
    "count:pkt/s",
    critical=0.05,
)
REGENERATIONS_FAILED = _share("regenerations-failed", "a node's endpoint regenerations that fail", critical=0.05)
RELAY_PEERS_FAILING = _share("relay-peers-failing-share", "agents that a relay cannot connect to", warning=0.05)
RESTARTS = _count("restarts", "restarts of a process in an hour", warning=3)
SLICE_SYNCS_FAILED = _share("slice-syncs-failed", "writes of CiliumEndpointSlices that fail", warning=0.1, floor=0.01)
SYNC_ERRORS = _count("mesh-sync-errors", "failed writes to the kvstore of Cluster Mesh in 15 minutes", warning=3)
TRAFFIC = _count("alert-traffic", "events per second from which an alert looks at their share", "reqps", floor=0.1)
WORKLOAD_5XX = _share("workload-5xx", "a workload's HTTP responses that are 5xx", warning=0.05, floor=0.1)

ALERT_LIMITS: Mapping[str, Limit] = {
    limit.name: limit for limit in tuple(globals().values()) if isinstance(limit, Limit)
}
