"""A cluster in which everything that can go wrong does: all series change, and no two are equal."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from zlib import crc32

from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.shapes import Counter, Gauge, Shape, Started
from dashboards_py.style.hubble import HUBBLE_SCRAPED

# Normally zero, and raised on every second node: sessions, streams, remote clusters, routes and backends.
STOPPED = re.compile(
    "session_state|connected_state|readiness_status|advertised_routes|membership_healthy|envoy_server_live"
)
MIRROR = re.compile("cilium_kvstoremesh_")  # of which there is one, with series of several clusters
# Worse on the first node than on all others.
OUTLYING = re.compile(r"cilium_(unreachable_|bpf_map_pressure|drop_count_total)")
# Seconds from which on a call is slow, and the share of the fast ones that are left on the first node: of nodes that
# are all alike a sum over them has the quantile of each. Sums of time grow with each further node.
SLOW, FAST_SHARE = 0.05, 0.3
# Rare in a healthy cluster, and frequent here: denials and server errors of each namespace, and of the operator's
# calls, by (metric, label, value).
FREQUENT = {
    ("hubble_policy_verdicts_total", "action", "dropped"),
    ("hubble_http_requests_total", "status", "503"),
    ("envoy_http_downstream_rq_xx", "envoy_response_code_class", "5"),
    ("cilium_operator_k8s_client_api_calls_total", "return_code", "429"),
    ("cilium_operator_k8s_client_api_calls_total", "return_code", "500"),
}
# Levels of what would otherwise not tell a wrong query from the right one, by (metric, label, value): more nodes than
# agents, relays that connect for minutes, and identities that are deleted all at once.
LEVELS = {
    ("cilium_nodes_all_num", "", ""): 40.0,
    ("hubble_relay_pool_peer_connection_status", "status", "CONNECTING"): 1.0,
    ("cilium_operator_identity_gc_entries", "status", "deleted"): 900.0,
}
# Not the same on each node: services and endpoints of remote clusters, and addresses, nearly all of which are used.
UNEQUAL = {"cilium_clustermesh_remote_cluster_": 1.0, "cilium_ip_addresses": 20.0}
MOST_ADDRESSES = 205.0
OLD_VERSION = "1.0.0"  # of the first node's agent
SESSIONS, LOST_NODE = "cilium_bgp_control_plane_session_state", "node-9"  # on which no agent answers
DEAD_ENVOY = 3  # the number of the one that does not answer
DAY, SILENCE = 86400.0, 900.0  # seconds
# Alerts about the agents of a cluster, by the number of the node: name, state, severity, and what else it names.
ALERTS: dict[int, tuple[tuple[str, str, str, tuple[str, ...]], ...]] = {
    1: (
        ("CiliumMapNearlyFull", "firing", "critical", ("node",)),
        ("HubbleDNSUnanswered", "firing", "critical", ("namespace",)),
        ("CiliumDropsHigh", "pending", "critical", ("node",)),
        ("CiliumVersionSkew", "firing", "info", ()),
        ("NodeFilesystemFull", "firing", "critical", ("node",)),
        ("CiliumAgentCallsFailing", "firing", "warning", ("node",)),
        ("CiliumAgentCallsFailing", "firing", "warning", ("node", "pod")),
    ),
    2: (
        ("CiliumAgentRestarting", "firing", "warning", ("node", "pod")),
        ("CiliumMapNearlyFull", "firing", "critical", ("node",)),
        ("CiliumAgentCallsFailing", "firing", "warning", ("node",)),
    ),
    3: (("CiliumAgentCallsFailing", "firing", "warning", ("node",)),),
}


def troubled(series: Iterable[Series]) -> Iterator[Series]:
    """The series: some targets are down, and what is normally zero gets levels from 0 to 3, rates from 0.01 to 0.05.

    On every second node nothing is connected and nothing was heard of late; the first one has just started, and is an
    outlier in what nodes are compared by. The second one has no Hubble. Of the third one's Envoy nothing is known but
    that it does not answer, and of one more node nothing but its BGP sessions. Which is which follows from names and
    labels.
    """
    for one_series in series:
        if _is_of_dead_envoy(one_series):
            if one_series.name == "up":
                yield replace(one_series, shape=Gauge(0.0))
            continue
        if one_series.name == HUBBLE_SCRAPED and one_series.target.number == 2:
            continue
        if one_series.name == "cilium_version" and one_series.target.number == 1:
            one_series = replace(one_series, labels=tuple({**dict(one_series.labels), "version": OLD_VERSION}.items()))
        chance = crc32(repr((one_series.name, one_series.labels)).encode())
        yield replace(one_series, shape=_moved(one_series, chance))
        if one_series.name == SESSIONS and one_series.target.number == 1:
            yield replace(one_series, labels=tuple({**dict(one_series.labels), "node": LOST_NODE}.items()))
        if one_series.name == "up" and one_series.target.component == "cilium-agent":
            yield from _alerts(one_series)


def _alerts(up: Series) -> Iterator[Series]:
    """The series that Prometheus writes for alerts, by those of an agent's target."""
    target = dict(up.labels)
    for name, state, severity, kept in ALERTS.get(up.target.number, ()):
        about = {label: target[label] for label in ("cluster", *kept) if label in target}
        labels = {"alertname": name, "alertstate": state, "severity": severity, **about}
        yield Series("ALERTS", tuple(sorted(labels.items())), Gauge(1.0), up.target)


def _is_of_dead_envoy(of: Series) -> bool:
    return of.target.component == "cilium-envoy" and of.target.number == DEAD_ENVOY


def _moved(of: Series, chance: int) -> Shape:
    is_mirror = MIRROR.match(of.name) is not None
    shape, cut_off = _own_time(of), (chance if is_mirror else of.target.number) % 2 == 0
    if of.name == "up":
        return Gauge(float(chance % 2))
    if isinstance(shape, Started):
        started = "start_time" in of.name and of.target.number == 1
        return Started(shape.moment + DAY if started else shape.moment - SILENCE * cut_off)
    if OUTLYING.match(of.name) and of.target.number == 1:
        if isinstance(shape, Counter):
            return replace(shape, rate=40.0 + chance % 7)
        return Gauge(0.92 + chance % 7 / 100 if "pressure" in of.name else 4.0 + chance % 3)
    if isinstance(shape, Gauge) and (level := _own_level(of, shape)):
        return level
    if isinstance(shape, Gauge) and STOPPED.search(of.name) and cut_off:
        return Gauge(0.0)
    if isinstance(shape, Gauge) and not shape.level:
        return replace(shape, level=float(chance % 4))
    if isinstance(shape, Counter) and FREQUENT & {(of.name, *label) for label in of.labels}:
        return replace(shape, rate=40 * shape.rate)
    if isinstance(shape, Counter) and not shape.rate:
        return replace(shape, rate=0.01 * (1 + chance % 5), wave=0.2)
    return shape


def _own_time(of: Series) -> Shape:
    """The shape with what a histogram or summary counts on this node."""
    if not isinstance(of.shape, Counter) or "_seconds_" not in of.name:
        return of.shape
    if of.name.endswith("_sum"):
        return replace(of.shape, rate=of.target.number * of.shape.rate)
    is_fast = of.name.endswith("_bucket") and float(dict(of.labels)["le"]) < SLOW
    return replace(of.shape, rate=FAST_SHARE * of.shape.rate) if is_fast and of.target.number == 1 else of.shape


def _own_level(of: Series, shape: Gauge) -> Gauge | None:
    """The gauge where it has a level of its own."""
    for label in (("", ""), *of.labels):
        if (of.name, *label) in LEVELS:
            return replace(shape, level=LEVELS[(of.name, *label)])
    for name, step in UNEQUAL.items():
        if of.name.startswith(name) and "status" not in of.name:
            level = MOST_ADDRESSES if "addresses" in name else shape.level
            return replace(shape, level=level + step * of.target.number, wave=0.01)
    return None
