"""What is seen of the targets of a Prometheus."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.doctor import Client
from dashboards_py.doctor.duplicates import grouped
from dashboards_py.doctor.observation import EMBEDDED, FLOWS, Flow, Observation, ScrapeTarget, Server
from dashboards_py.doctor.observe import observe
from dashboards_py.doctor.observe.embedded import embedded_envoys
from dashboards_py.doctor.observe.empty_pages import empty_pages
from dashboards_py.doctor.observe.flows import flows
from dashboards_py.doctor.observe.releases import versions
from dashboards_py.doctor.observe.series import counted_series, moving_starts, sampled_series
from dashboards_py.doctor.observe.server import look_at_server
from dashboards_py.doctor.observe.targets import look_at_targets
from dashboards_py.doctor.observe.values import stored_values
from tests.fakes.prometheus import of_queries


@pytest.mark.fault("doctor prints the token of an address that is scraped")
@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://10.0.0.1:9962/metrics", "http://10.0.0.1:9962/metrics"),
        ("http://10.0.0.1:9962/metrics?token=hunter2", "http://10.0.0.1:9962/metrics"),
        ("https://ann:hunter2@10.0.0.1:9962/metrics?a=1&token=hunter2", "https://10.0.0.1:9962/metrics"),
        ("http://[fd00::1]:9962/metrics?token=hunter2", "http://[fd00::1]:9962/metrics"),
    ],
)
def test_addresses_have_no_secrets(url: str, shown: str) -> None:
    """Neither the address nor the error of a scrape has a user, a password or parameters; the reason is kept."""

    def ask(path: str, _: Mapping[str, str]) -> Any:
        target = {
            "labels": {"job": "cilium-agent", "k8s_app": "cilium", "instance": "10.0.0.1:9962"},
            "health": "down",
            "scrapeUrl": url,
            "lastError": f'Get "{url}": dial tcp: connect: connection refused (why?)',
        }
        return {"activeTargets": [target]} if path == "targets" else {"resultType": "vector", "result": []}

    (target,) = look_at_targets(Client(ask), 0.0).listed
    assert (target.url, target.error) == (shown, f'Get "{shown}": dial tcp: connect: connection refused (why?)')


def answer(*series: Mapping[str, str]) -> dict[str, Any]:
    """The answer to an instant query."""
    return {"resultType": "vector", "result": [{"metric": labels, "value": [0, "1"]} for labels in series]}


def test_labels_are_read_of_a_few_targets() -> None:
    """Names without series of these targets are read of all, so that a name is never without labels."""
    queries: list[str] = []

    def ask(_: str, params: Mapping[str, str]) -> Any:
        queries.append(params["query"])
        if "instance=~" in queries[-1]:
            return answer({"__name__": "a", "node": "one", "empty": ""})
        return answer({"__name__": "b", "reason": "x"})

    sampled = sampled_series(Client(ask), ("a", "b"), 0.0, ("10.0.0.1:9962",))
    assert sampled == {"a": ({"__name__": "a", "node": "one"},), "b": ({"__name__": "b", "reason": "x"},)}
    assert [('instance=~"10\\\\.0\\\\.0\\\\.1:9962"' in query, "a|b" in query) for query in queries] == [
        (True, True),
        (False, False),
    ]


@pytest.mark.fault("doctor counts the series of all nodes to see which names there are")
def test_names_are_looked_for_on_a_few_targets() -> None:
    """Those that only one component has; of others, and of what these targets lack, all series are read."""
    queries: list[str] = []

    def ask(_: str, params: Mapping[str, str]) -> Any:
        queries.append(params["query"])
        few = "instance=~" in queries[-1]
        return answer({"__name__": "cilium_version", "job": "cilium-agent"} if few else {"__name__": "a"})

    counts = counted_series(Client(ask), ("a",), 0.0, NEWEST, ("10.0.0.1:9962",))
    assert counts == {"cilium_version": {"cilium-agent": 1}, "a": {"": 1}}
    assert ['__name__=~"cilium_version"' in query for query in queries] == [True, False]


@pytest.mark.fault("agents whose label version was dropped count as a release that is not supported")
def test_versions_without_a_label() -> None:
    """Only agents that tell their version have one: a label that is missing has a cause of its own."""
    assert versions(Client(lambda *_: answer({"version": "1.20.2"}, {})), 0.0) == {"1.20.2": 1}


@pytest.mark.fault("doctor says that an Envoy within an agent is not scraped")
def test_envoys_within_agents() -> None:
    """They are looked for where agents have no Envoy beside them, and have our names of labels."""
    agent, envoy = (ScrapeTarget(name, {"pod": "one"}, is_up=True) for name in ("cilium-agent", "cilium-envoy"))
    house = {"node": "kubernetes_node"}
    client = Client(
        lambda _, params: answer({"kubernetes_node": "a", "mode": "embedded"} if EMBEDDED in params["query"] else {})
    )
    assert embedded_envoys(client, Observation(targets=(agent, envoy), label_names=house)) == ()
    embedded = embedded_envoys(client, Observation(targets=(agent,), label_names=house))
    assert embedded == ({"node": "a", "mode": "embedded"},)


def test_flows_without_their_labels_tell_nothing() -> None:
    """Kinds of flow are known only where relabeling keeps the labels."""
    whole = {"protocol": "DNS", "type": "L7", "verdict": "FORWARDED"}
    assert flows(Client(lambda *_: answer(whole)), {FLOWS}, 0.0) == {Flow("DNS", "L7", "FORWARDED")}
    assert flows(Client(lambda *_: answer({"protocol": "DNS"})), {FLOWS}, 0.0) == frozenset()


@pytest.mark.fault("without the handler flow doctor does not know that others are off")
def test_flows_that_others_tell_of() -> None:
    """Other handlers tell of flows by their series alone, agents by counters that rise."""
    rising = {"increase(cilium_forward_count_total": {}, "cilium_policy_l7_total": {"proxy_type": "fqdn"}}

    def ask(_: str, params: Mapping[str, str]) -> Any:
        return answer(*(labels for text, labels in rising.items() if text in params["query"]))

    names = {"hubble_tcp_flags_total", "cilium_forward_count_total", "cilium_drop_count_total"}
    assert flows(Client(ask), names, 0.0) == {
        Flow("TCP", "", "FORWARDED", "hubble_tcp_flags_total"),
        Flow(told_by="cilium_forward_count_total"),
        Flow("DNS", told_by="cilium_policy_l7_total"),
    }
    assert flows(Client(lambda *_: answer()), frozenset(), 0.0) == frozenset()


@pytest.mark.fault("several Envoys or agents behind one address are seen on boards only that read their start time")
def test_processes_that_begin_anew() -> None:
    """Start times that go back, and counters of what has none that begin anew more often than a crashing pod's."""
    labels = {"job": "cilium-envoy", "k8s_app": "cilium-envoy", "instance": "10.0.0.9:9964"}
    for text in (
        "resets(cilium_process_start_time_seconds[10m]) > 0",
        "resets(envoy_cilium_npds_update_attempt[10m]) > 3",
    ):

        def ask(_: str, params: Mapping[str, str], text: str = text) -> Any:
            return answer(labels, {"job": "other"}) if params["query"] == text else answer()

        assert moving_starts(Client(ask), (), 0.0) == (labels,)


@pytest.mark.fault("two releases behind one address are not seen, as only one of them has series at a time")
@pytest.mark.parametrize("is_moving", [True, False])
def test_versions_that_answer_in_turns(is_moving: bool) -> None:
    """Where agents answer in turns all versions of the last minutes count; after a rollout only the new one."""
    agent = {"job": "cilium-agent", "k8s_app": "cilium", "instance": "10.96.0.7:9962"}

    def ask(_: str, params: Mapping[str, str]) -> Any:
        query = params.get("query", "")
        if query == "count by (version) (last_over_time(cilium_version[10m]))":
            return answer({"version": "1.19.6"}, {"version": "1.20.2"})
        return answer(agent) if is_moving and query.startswith("resets(cilium_process") else answer()

    begun = Observation(server=Server(now=1.0), versions={"1.20.2": 1})
    seen = observe(Client(of_queries(ask)), begun, ["cilium_version"], NEWEST)
    assert sorted(seen.versions) == (["1.19.6", "1.20.2"] if is_moving else ["1.20.2"])


@pytest.mark.fault("Thanos has lost a store, answers without a warning, and doctor finds nothing")
def test_stores_of_thanos() -> None:
    """Thanos 0.39.2 lists a store that it does not ask any more with its last error, for five minutes."""
    lost = {"name": "10.0.0.9:10901", "lastError": "rpc error: code = DeadlineExceeded"}
    stores = {"sidecar": [{"name": "10.0.0.8:10901", "lastError": None}, lost], "store": []}

    def ask(path: str, _: Mapping[str, str]) -> Any:
        return {"query": {"resultType": "scalar", "result": [0, "0"]}, "stores": stores}.get(path, {})

    server = look_at_server(Client(ask), 0.0)
    assert server.product == "Thanos"
    assert server.lost_stores == ("10.0.0.9:10901 (sidecar): rpc error: code = DeadlineExceeded",)


@pytest.mark.fault("a tenant that hides all series is taken for a keep-list")
@pytest.mark.fault("targets that are scraped less often than the lookback are said to be of another tenant")
@pytest.mark.parametrize(
    ("shown", "series", "health", "are_hidden"),
    [
        ([], "(up{", "up", True),
        ([], "(up{", "down", False),
        ([{}], "(up{", "up", False),
        ([{}], "last_over_time(up{", "up", False),
    ],
)
def test_targets_without_series(shown: Sequence[Mapping[str, str]], series: str, health: str, are_hidden: bool) -> None:
    """Thanos 0.39.2 that enforces tenancy lists the targets of all tenants, and finds the series of one."""
    labels = {"job": "cilium-agent", "instance": "10.0.0.1:9962"}

    def ask(path: str, params: Mapping[str, str]) -> Any:
        if path == "targets":
            return {"activeTargets": [{"labels": labels, "health": health}]}
        of_target = f'count({series}job="cilium-agent", instance="10.0.0.1:9962"}}'.replace("((", "(")
        return answer(*shown) if params["query"].startswith(of_target) else answer()

    assert look_at_targets(Client(ask), 0.0).are_hidden == are_hidden


REPLICAS = ({"prometheus_replica": "a"}, {"prometheus_replica": "b"})


@pytest.mark.fault("behind a server that deduplicates a pair of Prometheus, doctor says that sums count all twice")
@pytest.mark.parametrize(
    ("of_series", "of_targets", "count", "replicas"),
    [
        pytest.param(({},), ({},), 1, set(), id="both deduplicated, as by Thanos"),
        pytest.param(({},), REPLICAS, 1, set(), id="only series deduplicated"),
        pytest.param(({},), (), 1, set(), id="no targets, as by Mimir"),
        pytest.param(REPLICAS, REPLICAS, 2, {"prometheus_replica"}, id="nothing deduplicated"),
        pytest.param(REPLICAS, ({},), 2, {"prometheus_replica"}, id="targets without external labels"),
        pytest.param(REPLICAS, (), 2, {"prometheus_replica"}, id="no targets, and nothing deduplicated"),
        pytest.param(({},), ({}, {}), 2, set(), id="two targets with the same labels"),
        pytest.param(({"job": "cilium-agent"}, {"job": "pods"}), (), 2, set(), id="two jobs"),
    ],
)
def test_a_pair_of_prometheus(
    of_series: Sequence[Mapping[str, str]], of_targets: Sequence[Mapping[str, str]], count: int, replicas: set[str]
) -> None:
    """A pair is two targets of a pod only if its series are two: these are what sums add up."""
    agent = {"job": "cilium-agent", "k8s_app": "cilium", "pod": "cilium-1", "instance": "10.0.0.1:9962"}
    listed = [{"labels": {**agent, **own}, "health": "up", "scrapeInterval": "30s"} for own in of_targets]

    def ask(path: str, _: Mapping[str, str]) -> Any:
        return {"activeTargets": listed} if path == "targets" else answer(*({**agent, **own} for own in of_series))

    targets = look_at_targets(Client(ask), 0.0).listed
    groups = list(grouped(targets))
    assert len(targets) == count
    assert {label for group in groups for label in group.replicas} == replicas
    assert bool(groups) == (count > 1)
    assert not of_targets or {target.interval for target in targets} == {30.0}


@pytest.mark.fault("what a relabeling made of the values of a label is not looked at where the query has data")
def test_values_of_labels_with_a_fixed_set() -> None:
    """Read at a few targets, of all labels that have such a set on the release, and of no other name."""
    queries: list[str] = []

    def ask(_: str, params: Mapping[str, str]) -> Any:
        queries.append(params["query"])
        return answer({"__name__": FLOWS, "verdict": "dropped"}, {"__name__": FLOWS, "verdict": "FORWARDED"})

    names = (FLOWS, "cilium_nodes_all_num", "mine")
    values = stored_values(Client(ask), names, 0.0, NEWEST, ("10.0.0.1:9965",))
    assert values == {FLOWS: {"verdict": {"dropped", "FORWARDED"}}}
    assert [('instance=~"10' in query, "nodes_all" in query, "verdict" in query) for query in queries] == [
        (True, False, True)
    ]


@pytest.mark.fault("just after a change doctor says that there is no target, where it was not scraped yet")
def test_targets_that_were_not_scraped_yet() -> None:
    """They are no targets that are down; which component they are of is known."""
    labels = {"job": "hubble", "k8s_app": "hubble", "instance": "10.0.0.1:9965"}

    def ask(path: str, _: Mapping[str, str]) -> Any:
        return {"activeTargets": [{"labels": labels, "health": "unknown"}]} if path == "targets" else answer()

    looked = look_at_targets(Client(ask), 0.0)
    assert (looked.listed, set(looked.pending)) == ((), {"hubble"})


@pytest.mark.fault("a component that is up and answers with an empty page, or that of another program, is well")
@pytest.mark.parametrize(
    ("samples", "page", "text"),
    [
        ("0", (), "scrape_samples_scraped is 0"),
        ("30", ("go_goroutines", "nginx_up"), "exposes go_goroutines, nginx_up, and no metric of hubble"),
        ("30", ("go_goroutines", "hubble_dns_queries"), ""),
        ("30", (), ""),
    ],
)
def test_pages_without_metrics(samples: str, page: Sequence[str], text: str) -> None:
    """Not those whose metrics a relabeling drops; where the server does not tell what is exposed, samples do."""
    hubble = {"job": "hubble", "k8s_app": "hubble", "instance": "10.0.0.1:9965"}

    def ask(path: str, _: Mapping[str, str]) -> Any:
        if path == "targets/metadata":
            return [{"metric": name} for name in page]
        return {"resultType": "vector", "result": [{"metric": hubble, "value": [0, samples]}]}

    client = Client(ask)
    targets = (ScrapeTarget("hubble", hubble, is_up=True), ScrapeTarget("cilium-agent", {"pod": "one"}, is_up=True))
    observed = Observation(targets=targets, series={"cilium_version": {"cilium-agent": 1}})
    read = ("cilium_version", "hubble_dns_queries_total")
    assert text in empty_pages(client, read, observed).get("hubble", "")
    assert bool(text) == bool(empty_pages(client, read, observed))
    assert empty_pages(client, read[:1], observed) == {}
