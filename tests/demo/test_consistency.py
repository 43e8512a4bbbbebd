"""Series of the demo tell the same of what happened, in every scene: of a histogram, a connection, and Envoy."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import product

import numpy as np
import pytest

from dashboards_py import demo
from dashboards_py.catalog import entries, split
from dashboards_py.demo.cluster.topology import CONVERSATIONS
from dashboards_py.demo.motion import Floats, sampled
from dashboards_py.demo.scenes import SCENES, _living
from dashboards_py.demo.scenes._part import Part
from tests.demo.boards import is_as_healthy

SCRAPES = np.arange(-5400.0, 1.0, 60.0)  # seconds before the end: all scenes begin to move within them
OUTCOMES = ("_sum", "_count", "_bucket")
DNS_SERVER = ("kube-system", "coredns")
SERVED = {((one.client_namespace, one.client), (one.server_namespace, one.server)) for one in CONVERSATIONS}
BUSY = re.compile(r"proxy|listener|default|(in|e)gress-cluster$")  # Envoy's listeners and backends of pods
OWN = re.compile("admin|async-client|envoy-|xds-grpc|/envoy")
EVERY_SCENE = pytest.mark.parametrize("scene", demo.scene_names())


def played(name: str, scene: str) -> Iterator[Part]:
    """The series of a name in a scene."""
    module = SCENES.load(scene.replace("-", "_"))
    return (part for healthy in _living.parts_of_scenes(name, demo.END) for part in module.played(healthy))


def increases(parts: Iterable[Part], seconds: Floats = SCRAPES) -> Floats:
    """How much each of some counters that live together grew from a scrape to the next, as rows; 0 before and after."""
    parts = tuple(parts)
    exposed = np.zeros(len(seconds), dtype=bool)
    for begins, ends in parts[0].lives:
        exposed |= (seconds >= begins) & (seconds < ends)
    return np.where(exposed[1:] & exposed[:-1], np.diff(sampled([one.motion for one in parts], seconds)), 0.0)


def increase(part: Part) -> float:
    """How much a counter grew in the last ten minutes."""
    return float(increases([part], np.array([-600.0, 0.0]))[0, 0])


def grouped(parts: Iterable[Part], key: Callable[[Part], object]) -> Mapping[object, list[Part]]:
    """The series by what they have in common."""
    groups = defaultdict(list)
    for part in parts:
        groups[key(part)].append(part)
    return groups


def labels(part: Part, *apart: str) -> tuple[tuple[str, str], ...]:
    """The labels of a series but for some of them."""
    return tuple(sorted((label, value) for label, value in part.labels.items() if label not in apart))


def ends(part: Part) -> tuple[tuple[str, str], tuple[str, str]]:
    """The source and the destination of a flow."""
    source, destination = (
        (part.labels[f"{side}_namespace"], part.labels[f"{side}_app"]) for side in ("source", "destination")
    )
    return source, destination


@cache
def observing() -> tuple[str, ...]:
    """The histograms and summaries of the demo's cluster."""
    return tuple(sorted({split(name)[0] for name in _living.series_names() if split(name)[1] == "_sum"}))


@cache
def staged() -> tuple[str, ...]:
    """Those of which a series is the total, and others are stages."""
    return tuple(
        one for one in observing() if any(is_total(part) for part in _living.parts_of_scenes(f"{one}_count", demo.END))
    )


def is_total(part: Part) -> bool:
    """Whether a series is that of all stages together."""
    return part.labels.get("scope", "").startswith("total")


def moved(names: Iterable[str], scene: str) -> list[Part]:
    """The series of some names that a scene moves, in the healthy one all; of one target, since all are alike."""
    names = tuple(names)
    parts: Iterable[Part] = (part for name in names for part in played(name, scene))
    if scene != "healthy":
        if all(is_as_healthy(name, scene) for name in names):
            return []
        calm = {id(part.motion) for name in names for part in _living.parts_of_scenes(name, demo.END)}
        parts = (part for part in parts if id(part.motion) not in calm)
    by_target = grouped(parts, lambda part: part.target)
    return next(iter(by_target.values()), [])


@pytest.mark.fault("the slowest call takes less time than the mean one: the sum grows while nothing is counted")
@EVERY_SCENE
def test_sum_count_and_buckets_move_together(scene: str) -> None:
    """Between any two scrapes, the sum is that of as many observations as are counted, each within its bucket."""
    seen = 0
    for metric in observing():
        parts = moved((metric + suffix for suffix in OUTCOMES if entries(metric + suffix)), scene)
        for of_set in grouped(parts, lambda part: labels(part, "le")).values():
            seen += 1
            rows = dict(zip([outcome(part) for part in of_set], increases(of_set), strict=True))
            of_sum, count = rows.pop("_sum"), rows.pop("_count")
            assert ((of_sum > 0) == (count > 0)).all(), metric
            if rows:
                bounds = sorted(rows, key=float)
                inside = np.diff(np.stack([np.zeros_like(count), *(rows[bound] for bound in bounds)]), axis=0)
                upper = np.array([[float(bound)] for bound in bounds])
                most = np.multiply(inside, upper, where=inside > 0, out=np.zeros_like(inside)).sum(axis=0)
                least = (np.vstack([[[0.0]], upper[:-1]]) * inside).sum(axis=0)
                assert (inside >= 0).all(), metric
                assert (inside.sum(axis=0) == count).all(), metric
                assert (of_sum <= most * (1 + 1e-6) + 1e-9).all(), metric
                assert (of_sum >= least * (1 - 1e-6) - 1e-9).all(), metric
    assert seen or scene != "healthy"


def outcome(part: Part) -> str:
    """The suffix of a series of a histogram, or the bound of its bucket."""
    return part.labels.get("le", split(part.name)[1])


@pytest.mark.fault("a total takes less time than its stages")
@EVERY_SCENE
def test_a_total_is_not_less_than_its_stages(scene: str) -> None:
    """At any time, of whatever has a series for the total and others for stages, which count the same events."""
    assert {"cilium_proxy_upstream_reply_seconds", "cilium_endpoint_regeneration_time_stats_seconds"} <= {*staged()}
    for metric, suffix in product(staged(), ("_sum", "_count")):
        parts = moved((metric + suffix,), scene)
        for of_whole in grouped(parts, lambda part: labels(part, "scope")).values():
            (total,) = increases(filter(is_total, of_whole))
            stages = increases(part for part in of_whole if not is_total(part))
            if suffix == "_count":
                assert (stages == total).all(), metric
            else:
                assert (stages.sum(axis=0) <= total * (1 + 1e-9)).all(), metric
        assert parts or scene != "healthy"


@pytest.mark.fault("servers open connections to their clients")
@EVERY_SCENE
def test_clients_open_connections_and_servers_answer(scene: str) -> None:
    """SYN goes from the client to the server and SYN-ACK back, never more often."""
    sent: dict[tuple[str, object], float] = defaultdict(float)
    for part in played("hubble_tcp_flags_total", scene):
        sent[part.labels["flag"], ends(part)] += increase(part)
    opened = {pair: count for (flag, pair), count in sent.items() if flag == "SYN"}
    answered = {pair[::-1]: count for (flag, pair), count in sent.items() if flag == "SYN-ACK"}  # type: ignore[index]
    assert opened.keys() == answered.keys() <= SERVED
    assert all(0 < count < opened[pair] for pair, count in answered.items())
    assert opened or scene in ("empty", "operator-only", "hubble-off")


@pytest.mark.fault("a drop is no flow, and all drops on the way to DNS are of TCP")
@EVERY_SCENE
def test_a_drop_is_a_flow(scene: str) -> None:
    """Of each pair, about as many flows are dropped as drops are counted, and packets to the DNS server are UDP."""
    names = ("hubble_drop_total", "hubble_flows_processed_total")
    if scene != "healthy" and all(is_as_healthy(name, scene) for name in names):
        return
    of_name: dict[str, dict[object, float]] = {}
    for name in names:
        counted = of_name[name] = defaultdict(float)
        for part in played(name, scene):
            if part.labels.get("verdict", "DROPPED") == "DROPPED":
                counted[ends(part)] += increase(part)
            assert DNS_SERVER not in ends(part) or part.labels["protocol"] in ("UDP", "DNS", "ICMPv4"), part
    drops, flows = of_name.values()
    assert all(count <= 1.3 * flows[pair] + 10 for pair, count in drops.items()), scene


@pytest.mark.fault("each of Envoy's connections has a request at every moment, and backends get more than clients send")
@EVERY_SCENE
def test_envoy_passes_on_what_it_gets(scene: str) -> None:
    """No more requests are open than connections, and backends get the requests of the listeners."""
    for direction in ("http_downstream", "cluster_upstream"):
        requests, connections = (
            {
                (part.target, labels(part)): sampled([part.motion], SCRAPES)[0]
                for part in played(f"envoy_{direction}_{kind}_active", scene)
            }
            for kind in ("rq", "cx")
        )
        assert requests.keys() == connections.keys()
        for series, values in requests.items():
            assert (values <= connections[series]).all(), series
            is_busy = any(BUSY.match(value) for _, value in series[1])
            assert not is_busy or values.max() > 0, series
    retried, requested = (
        {name(part) for part in played(f"envoy_cluster_upstream_rq_{kind}", scene)} for kind in ("retry", "total")
    )
    assert retried == requested
    for suffix in ("total", "xx", "time_count"):
        down, up = (
            sum(increase(part) for part in played(f"envoy_{direction}_rq_{suffix}", scene) if not OWN.match(name(part)))
            for direction in ("http_downstream", "cluster_upstream")
        )
        assert up == pytest.approx(down, rel=0.05), suffix


def name(part: Part) -> str:
    """The listener or the backend of a series of Envoy."""
    return part.labels.get("envoy_cluster_name", "") or part.labels["envoy_http_conn_manager_prefix"]


@pytest.mark.fault("names that do not exist have answers, and pairs without a DNS server have L7 of DNS")
@pytest.mark.parametrize("scene", ["healthy", "map-full"])
def test_dns_is_between_clients_and_the_dns_server(scene: str) -> None:
    """A name exists or not; what is answered was asked; the DNS proxy judges what its clients send to the server."""
    answers, queries = (list(played(f"hubble_dns_{kind}_total", scene)) for kind in ("responses", "queries"))
    names = {
        exists: {part.labels["query"] for part in answers if part.labels["rcode"] == code}
        for exists, code in ((True, "No Error"), (False, "Non-Existent Domain"))
    }
    assert names[True]
    assert names[False]
    assert not names[True] & names[False]
    sent, answered = (_by_name(parts) for parts in (queries, answers))
    assert {key: count for key, count in answered.items() if count > sent[key] + 2} == {}
    of_proxy = [
        part
        for name in ("hubble_flows_processed_total", "hubble_policy_verdicts_total")
        for part in played(name, scene)
        if {"DNS", "l7/dns"} & {*part.labels.values()}
    ]
    assert {ends(part)[0] for part in of_proxy} == {ends(part)[0] for part in queries}
    assert [part.labels for part in of_proxy if DNS_SERVER not in ends(part)] == []


def _by_name(parts: Iterable[Part]) -> Mapping[object, float]:
    """How often each client asked for a name, or got an answer."""
    counted: dict[object, float] = defaultdict(float)
    for part in parts:
        (client,) = {*ends(part)} - {DNS_SERVER}
        counted[part.target.number, client, part.labels["qtypes"], part.labels["query"]] += increase(part)
    return counted


@pytest.mark.fault("DNS of a node whose map is full is answered as before")
def test_a_full_map_costs_lookups() -> None:
    """Of those on its node alone, as many answers as queries are missing: they did not reach the proxy."""
    for name in ("hubble_dns_queries_total", "hubble_dns_responses_total"):
        before, after = (_on_nodes(played(name, scene)) for scene in ("healthy", "map-full"))
        changed = {node: after[node] / before[node] for node in before}
        assert changed.pop("node-2") == pytest.approx(0.55, abs=0.05)
        assert {*changed.values()} == {1.0}


def _on_nodes(parts: Iterable[Part]) -> Mapping[str, float]:
    counted: dict[str, float] = defaultdict(float)
    for part in parts:
        counted[part.node] += increase(part)
    return counted
