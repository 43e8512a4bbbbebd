"""Metrics that some targets lack: which are known to be on all, and what else may be the reason that they are not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST, RELEASES
from dashboards_py.doctor import Client
from dashboards_py.doctor.observation import FLOWS, PartialMetric
from dashboards_py.doctor.observe.dropped_of_some import dropped_of_some
from dashboards_py.doctor.observe.handlers_of_some import handlers_of_some
from dashboards_py.doctor.observe.partial import partial_metrics
from dashboards_py.errors import DashboardsError
from tests.doctor.test_causes import seen, target

WHOLE, PARTIAL, LABELLED = "cilium_nodes_all_num", "cilium_policy", "cilium_drop_count_total"
Row = tuple[Mapping[str, str], float]
Answers = Mapping[str, Sequence[Row]]


def vector(*rows: Row) -> dict[str, Any]:
    """An answer to an instant query."""
    return {"resultType": "vector", "result": [{"metric": labels, "value": [0, str(value)]} for labels, value in rows]}


def server(
    answers: Answers, described: list[str] | None = None, others: Mapping[str, Any] | None = None
) -> tuple[Client, list[str]]:
    """A Prometheus that answers queries which begin so, and the queries that it got; None: it describes nothing.

    `others` are answers to other requests, by path.
    """
    queries: list[str] = []

    def ask(path: str, params: Mapping[str, str]) -> Any:
        if path == "targets/metadata":
            if described is None:
                raise DashboardsError("Prometheus", cause="404", status=404)
            return [{"metric": name} for name in described]
        if path != "query":
            return (others or {})[path]
        queries.append(params["query"])
        return vector(*next((rows for text, rows in answers.items() if queries[-1].startswith(text)), ()))

    return Client(ask), queries


ONE, OTHER = {"instance": "1:9962", "pod": "cilium-1"}, {"instance": "2:9962", "pod": "cilium-2"}
# Agents that have been there for a while: one that has just started may lack what it sets later.
IDENTITY = "(cluster, instance, pod)"
SETTLED = f"group by {IDENTITY} ({WHOLE}) and on {IDENTITY} (count_over_time({WHOLE}[5m]) >= 4)"
HALF: Answers = {
    "count by (__name__)": [({"__name__": WHOLE}, 2), ({"__name__": PARTIAL}, 1)],
    f"{SETTLED} unless on {IDENTITY} last_over_time({PARTIAL}[10m])": [(OTHER, 1)],
    SETTLED: [(ONE, 1), (OTHER, 1)],
}


@pytest.mark.parametrize(
    ("described", "is_dropped"),
    [
        pytest.param([WHOLE], False, id="not exposed"),
        pytest.param([WHOLE, PARTIAL], True, id="dropped"),
        pytest.param(None, None, id="the server does not tell"),
    ],
)
def test_fewer_agents_than_of_another_metric(described: list[str] | None, is_dropped: bool | None) -> None:
    """The agents that lack it are named, and whether they expose it, as far as the server tells."""
    client, _ = server(HALF, described)
    expected = PartialMetric("cilium-agent", 1, 2, ("cilium-2",), is_dropped)
    assert partial_metrics(client, (WHOLE, PARTIAL), seen(), [NEWEST]) == {PARTIAL: expected}


@pytest.mark.fault("an agent that two jobs scrape, one of which drops a metric, is said to lack it")
def test_the_same_agents_more_often() -> None:
    """What counts is agents, not series."""
    client, _ = server({f"{SETTLED} unless": [], **HALF})
    assert partial_metrics(client, (WHOLE, PARTIAL), seen(), [NEWEST]) == {}


@pytest.mark.fault(
    "metrics of a newer release, with labels, of features, operators or several programs are expected of all agents"
)
@pytest.mark.parametrize(
    "name",
    [
        LABELLED,
        "cilium_operator_process_start_time_seconds",
        "go_goroutines",
        "cilium_bpf_maps_virtual_memory_max_bytes",
        "cilium_unreachable_nodes",
    ],
)
def test_only_what_every_agent_has_is_counted(name: str) -> None:
    """Counted are names that all running releases have without labels, and that agents alone have."""
    client, queries = server({})
    partial_metrics(client, (name,), seen(), RELEASES)
    assert (name in queries[0]) == (name == "cilium_bpf_maps_virtual_memory_max_bytes")
    assert "cilium_version" in queries[0]


AGENTS = tuple(target("cilium-agent", instance=f"{number}:9962", pod=f"cilium-{number}") for number in (1, 2))
JOB = {"job": "cilium-agent", "k8s_app": "cilium"}
DROPPING: Answers = {
    "(scrape_samples_post": [({**JOB, "instance": "1:9962"}, 0.5)],
    f"count(group by (instance) ({LABELLED}": [({}, 1)],
    'group by (__name__) ({__name__=~"cilium_drop_count_total|cilium_version", instance="2:9962"': [
        ({"__name__": LABELLED}, 1),
        ({"__name__": "cilium_version"}, 1),
    ],
    'group by (__name__) ({__name__=~"cilium_drop_count_total|cilium_version", instance="1:9962"': [
        ({"__name__": "cilium_version"}, 1)
    ],
}
SERIES = {name: {"cilium-agent": 2} for name in (LABELLED, "cilium_version")}


@pytest.mark.fault("a keep-list on half of the agents is met by silence")
@pytest.mark.parametrize(
    ("described", "dropped"),
    [
        pytest.param([LABELLED, "cilium_version"], True, id="exposed"),
        pytest.param(["cilium_version"], False, id="nothing has happened on that node"),
        pytest.param(None, False, id="the server does not tell"),
    ],
)
def test_what_is_dropped_of_one_target_only(described: list[str] | None, dropped: bool) -> None:
    """It is stored of one, and described by another; a metric with labels may just not be there yet."""
    client, _ = server(DROPPING, described)
    expected = {LABELLED: PartialMetric("cilium-agent", 1, 2, ("1:9962",), is_dropped=True)} if dropped else {}
    assert dropped_of_some(client, (LABELLED,), seen(targets=AGENTS, series=SERIES)) == expected


@pytest.mark.fault("doctor reads all series of two targets although nothing is dropped")
@pytest.mark.parametrize("part", [(), (0.5, 0.5)])
def test_where_all_is_treated_alike_no_more_is_asked(part: tuple[float, ...]) -> None:
    """No target has fewer samples after relabeling, or each has the same part of them."""
    rows = [({**JOB, "instance": f"{number}:9962"}, value) for number, value in enumerate(part, start=1)]
    client, queries = server({"(scrape_samples_post": rows})
    assert dropped_of_some(client, (LABELLED,), seen(targets=AGENTS, series=SERIES)) == {}
    assert len(queries) == 1


@pytest.mark.fault("a histogram that is native on one agent only is said to be dropped")
def test_another_kind_of_histogram_is_not_dropped() -> None:
    """Targets that are scraped natively describe the histogram, and have no buckets."""
    name = "cilium_endpoint_regeneration_time_stats_seconds"
    series = {f"{name}_bucket": {"cilium-agent": 1}, name: {"cilium-agent": 1}}
    answers: Answers = {
        "(scrape_samples_post": [({**JOB, "instance": "1:9962"}, 0.5)],
        f'group by (__name__) ({{__name__=~"{name}|{name}_bucket", instance="1:9962"': [({"__name__": name}, 1)],
        f'group by (__name__) ({{__name__=~"{name}|{name}_bucket", instance="2:9962"': [
            ({"__name__": f"{name}_bucket"}, 1)
        ],
    }
    client, _ = server(answers, [name])
    assert dropped_of_some(client, (f"{name}_bucket", name), seen(targets=AGENTS, series=series)) == {}


HUBBLE = tuple(target("hubble", instance=f"{number}:9965", pod=f"cilium-{number}") for number in (1, 2, 3))
DNS = "hubble_dns_queries_total"
COUNTED = {DNS: {"hubble": 3}, "hubble_drop_total": {"hubble": 3}}  # a board may not read what the handler flow counts


@pytest.mark.fault("agents that were not restarted lack a handler of Hubble, and doctor is silent")
@pytest.mark.parametrize(
    ("having", "flow", "described", "expected"),
    [
        pytest.param(["cilium-1"], {"protocol": "DNS"}, [FLOWS], (1, 2, False), id="off on one"),
        pytest.param(["cilium-1"], {"protocol": "DNS"}, [FLOWS, DNS], (1, 2, True), id="dropped of one"),
        pytest.param(["cilium-1"], {"protocol": "DNS"}, None, (1, 2, None), id="the server does not tell"),
        pytest.param(["cilium-1"], {"protocol": "TCP"}, [FLOWS], None, id="nothing to count there"),
        pytest.param(["cilium-1"], {}, [FLOWS], None, id="flows without labels"),
        pytest.param([], {"protocol": "DNS"}, [FLOWS], None, id="off on all"),
        pytest.param(["cilium-1", "cilium-2", "cilium-3"], {"protocol": "DNS"}, [FLOWS], None, id="on on all"),
    ],
)
def test_handlers_that_some_agents_lack(
    having: list[str], flow: Mapping[str, str], described: list[str] | None, expected: tuple[int, int, bool] | None
) -> None:
    """Off where `flow` has seen what it counts: of the two that have no DNS metrics only one has seen DNS."""
    answers: Answers = {FLOWS_OF: [({"instance": "2:9965", **flow}, 1)]}
    client, queries = server(answers, described, {"label/pod/values": having})
    partial = handlers_of_some(client, (DNS, FLOWS), seen(targets=HUBBLE, series=COUNTED))
    if expected:
        number, total, is_dropped = expected
        assert partial == {DNS: PartialMetric("hubble", number, total, ("cilium-2",), is_dropped)}
        assert 'instance=~"2:9965|3:9965"' in queries[-1]
    else:
        assert partial == {}


FLOWS_OF = "group by (instance, protocol, type, verdict)"
OF_TWO: Answers = {FLOWS_OF: [({"instance": "2:9965", "protocol": "DNS"}, 1)]}


@pytest.mark.fault(
    "a handler that an agent has lost by a restart is missed for hours, as an index still has its series"
)
@pytest.mark.parametrize(
    ("restarted", "current", "is_lost"),
    [
        pytest.param(["cilium-2"], [], True, id="restarted without it"),
        pytest.param(["cilium-2"], ["2:9965"], False, id="restarted with it"),
        pytest.param([], [], False, id="not restarted"),
    ],
)
def test_a_handler_that_was_lost_by_a_restart(restarted: list[str], current: list[str], is_lost: bool) -> None:
    """The index still has the pod's series: of those that were restarted within its pod, what is there now counts."""
    answers: Answers = {
        "group by (pod) (cilium_process_start_time_seconds >": [({"pod": pod}, 1) for pod in restarted],
        f'group by (instance) ({{__name__=~"{DNS}"': [({"instance": instance}, 1) for instance in current],
        **OF_TWO,
    }
    client, _ = server(answers, [FLOWS], {"label/pod/values": ["cilium-1", "cilium-2", "cilium-3"]})
    partial = handlers_of_some(client, (DNS,), seen(targets=HUBBLE, series=COUNTED))
    expected = {DNS: PartialMetric("hubble", 2, 3, ("cilium-2",), is_dropped=False)}
    assert partial == (expected if is_lost else {})


@pytest.mark.fault("a new pod at the address of one that had a handler is taken for having it")
def test_pods_without_a_name_are_told_apart_by_their_address() -> None:
    """Pods are looked for by name; only where they have none by address."""
    named = [replace(one, labels={"instance": one.labels["instance"]}) for one in HUBBLE]
    for targets, path, index in ((HUBBLE, "label/pod/values", "cilium-1"), (named, "label/instance/values", "1:9965")):
        client, _ = server(OF_TWO, [FLOWS], {path: [index]})
        assert handlers_of_some(client, (DNS,), seen(targets=tuple(targets), series=COUNTED)).keys() == {DNS}


@pytest.mark.fault("of 100 agents that lack a handler doctor counts ten, and calls that all of them")
@pytest.mark.parametrize("lacking", [10, 11, 100])
def test_more_agents_than_are_looked_at(lacking: int) -> None:
    """The number is exact up to that, and a lower bound from there on."""
    many = tuple(target("hubble", instance=f"{number}:9965", pod=f"p{number:03}") for number in range(lacking + 5))
    rows = [({"instance": f"{number}:9965", "protocol": "DNS"}, 1.0) for number in range(lacking + 5)]
    client, _ = server({FLOWS_OF: rows}, [FLOWS], {"label/pod/values": [f"p{number:03}" for number in range(5)]})
    one = handlers_of_some(client, (DNS,), seen(targets=many, series=COUNTED))[DNS]
    assert (one.having, one.total, one.is_lower_bound) == (5, 15, lacking > 10)


POOLS = {
    "one": "  metric_relabel_configs:\n  - {source_labels: [reason, qtypes], regex: a;b, action: drop}\n",
    "same": "  metric_relabel_configs:\n  - {source_labels: [reason, qtypes], regex: a;b, action: drop}\n",
    "other": "  metric_relabel_configs:\n  - {source_labels: [reason, qtypes], regex: a;c, action: drop}\n",
    "of-pods": "  metric_relabel_configs:\n  - {source_labels: [pod, reason], regex: a;b, action: drop}\n",
}
CONFIGURATION = {
    "yaml": "global:\n  scrape_interval: 1s\nscrape_configs:\n"
    + "".join(f"- job_name: {name}\n  honor_labels: true\n{rules}" for name, rules in POOLS.items())
    + "storage:\n  exemplars: {}\n"
}


@pytest.mark.fault("a rule for all targets that drops by a label's value is said to drop of some targets")
@pytest.mark.parametrize(
    ("pools", "is_fault"),
    [
        pytest.param(("one", "one"), False, id="one job"),
        pytest.param(("one", "same"), False, id="jobs with the same rules"),
        pytest.param(("one", "other"), True, id="jobs with different rules"),
        pytest.param(("of-pods", "of-pods"), True, id="a rule about pods"),
        pytest.param(("one", "elsewhere"), True, id="another file has the job"),
        pytest.param(("", ""), True, id="the server does not tell the job"),
    ],
)
def test_rules_that_are_the_same_for_all(pools: tuple[str, str], is_fault: bool) -> None:
    """What is left of a target then depends on what it counted, and not on the target."""
    agents = tuple(replace(one, pool=pool) for one, pool in zip(AGENTS, pools, strict=True))
    hubble = tuple(replace(one, pool=pool) for one, pool in zip(HUBBLE, (*pools, pools[0]), strict=True))
    others = {"status/config": CONFIGURATION, "label/pod/values": ["cilium-1"]}
    client, _ = server(DROPPING, [LABELLED, "cilium_version"], others)
    assert bool(dropped_of_some(client, (LABELLED,), seen(targets=agents, series=SERIES))) == is_fault
    client, _ = server(OF_TWO, [FLOWS, DNS], others)
    assert bool(handlers_of_some(client, (DNS,), seen(targets=hubble, series=COUNTED))) == is_fault


def test_one_agent_alone_tells_nothing() -> None:
    """No request is made where nothing can be compared."""
    client, _ = server({}, None, {})
    assert handlers_of_some(client, (DNS,), seen(targets=HUBBLE[:1], series=COUNTED)) == {}
    assert client.requests == 0
