"""One Prometheus with several clusters: each is examined alone, and --kube needs the name of its own."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.cli import _kube
from dashboards_py.cli._examination import Boards, Kube, Sources, examination
from dashboards_py.cluster import Scraping
from dashboards_py.configuration import DEFAULTS
from dashboards_py.doctor import Client, Clusters, ScrapeTarget, look_at_clusters, of_cluster
from dashboards_py.doctor.observe.targets import of_cilium
from dashboards_py.documents import limits
from dashboards_py.errors import USAGE, DashboardsError, Refused
from dashboards_py.findings import Severity
from tests.fakes.prometheus import nothing

BOARD = {
    "uid": "own",
    "title": "Own",
    "panels": [{"type": "stat", "title": "Agents", "targets": [{"refId": "A", "expr": "count(cilium_version)"}]}],
}


class Prometheus:
    """Answers with agents of some clusters, and keeps the queries that it was asked."""

    def __init__(self, *clusters: str) -> None:
        self.clusters = clusters
        self.queries: list[str] = []

    def __call__(self, path: str, params: Mapping[str, str]) -> Any:
        """An answer of the API."""
        if path != "query":
            return nothing(path)
        query = params.get("query", "")
        self.queries.append(query)
        if query == "time()":
            return {"resultType": "scalar", "result": [0, "1760000000"]}
        rows = self.clusters if query.startswith("group by (cluster)") else ()
        return {"resultType": "vector", "result": [{"metric": {"cluster": name}, "value": [0, "1"]} for name in rows]}


@pytest.fixture(autouse=True)
def _kubernetes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster of Kubernetes with nothing wrong."""
    monkeypatch.setattr(_kube, "read_cluster", lambda *_: Scraping((), {}, None))


def examined(directory: Path, prometheus: Prometheus, *chosen: str, kube: bool = True) -> Mapping[str, Any]:
    """The reports by cluster."""
    file = directory / "own.json"
    file.write_text(json.dumps(BOARD))
    boards = Boards((str(file),), DEFAULTS, limits.BOARDS, {"cluster": chosen} if chosen else {})
    sources = Sources({"": prometheus}, Kube(None, None) if kube else None)
    return examination(sources, boards, None, 30.0)()


@pytest.mark.fault("doctor --kube over a Prometheus with several clusters does not say which one to name")
@pytest.mark.parametrize("chosen", [(), ("west", "east")])
def test_kube_needs_the_name_of_its_cluster(tmp_path: Path, chosen: tuple[str, ...]) -> None:
    """Bad usage: without a name, or with two, the clusters are named, and an option with one of them."""
    with pytest.raises(DashboardsError) as refused:
        examined(tmp_path, Prometheus("east", "west"), *chosen)
    text = str(refused.value)
    assert refused.value.exit_code == USAGE
    assert ("east" in text, "west" in text, f"--var cluster={(chosen or ('east',))[0]}" in text) == (True, True, True)


@pytest.mark.fault("with --var cluster=NAME doctor judges the targets of all clusters")
@pytest.mark.parametrize("kube", [True, False])
def test_a_chosen_cluster_is_examined_alone(tmp_path: Path, kube: bool) -> None:
    """Nothing of others is asked, but for their names; a board needs no variable for it."""
    prometheus = Prometheus("east", "west")
    assert list(examined(tmp_path, prometheus, "west", kube=kube)) == ["west"]
    others = [query for query in prometheus.queries if "cilium" in query and 'cluster="west"' not in query]
    assert others == ["group by (cluster) (cilium_version)", of_cilium("up")]


@pytest.mark.parametrize("clusters", [(), ("east",)])
def test_one_cluster_needs_no_name(tmp_path: Path, clusters: tuple[str, ...]) -> None:
    """Without the label, or with one value of it, all is examined."""
    assert list(examined(tmp_path, Prometheus(*clusters))) == [""]


def test_each_cluster_is_examined(tmp_path: Path) -> None:
    """Without --kube all of them are, sorted; with some names those."""
    assert list(examined(tmp_path, Prometheus("b", "a"), kube=False)) == ["a", "b"]
    assert list(examined(tmp_path, Prometheus("a", "b", "c"), "c", "a", kube=False)) == ["c", "a"]


@pytest.mark.fault("doctor --kube of somebody without any right in the cluster says nothing of the Prometheus either")
def test_a_cluster_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a remark, with the right to ask for; any other failure of kubectl is an error, as before."""

    def fail(error: DashboardsError) -> None:
        def read(*_: object) -> Scraping:
            raise error

        monkeypatch.setattr(_kube, "read_cluster", read)

    fail(Refused("the cluster", cause='cannot list resource "daemonsets"', fix="ask for that right"))
    (finding,) = [item for item in examined(tmp_path, Prometheus())[""].findings if item.rule == "missing-rights"]
    assert (finding.severity, "daemonsets" in finding.what) == (Severity.INFO, True)
    assert finding.fix.startswith("ask for that right")
    fail(DashboardsError("the cluster", cause="connection refused"))
    with pytest.raises(DashboardsError, match="connection refused"):
        examined(tmp_path, Prometheus())


AGENT = {"job": "cilium-agent", "k8s_app": "cilium", "instance": "10.0.0.1:9962", "pod": "cilium-1"}
OPERATOR = {"job": "cilium-operator", "io_cilium_app": "operator", "instance": "10.0.0.1:9963", "pod": "op-1"}
EAST, WEST = {"cluster": "east"}, {"cluster": "west"}
DOWN = {**AGENT, **WEST}


def looked_at(
    targets: Sequence[Mapping[str, str]],
    agents: Sequence[Mapping[str, str]] = (),
    before: Mapping[str, Sequence[str]] | None = None,
) -> Clusters:
    """The clusters of a Prometheus; `before` are the clusters of a day, each with its pods."""

    def ask(path: str, params: Mapping[str, str]) -> Any:
        if path.startswith("label/"):
            named = [pods for name, pods in (before or {}).items() if f'cluster="{name}"' in params["match[]"]]
            return [*(before or {})] if path == "label/cluster/values" else [pod for pods in named for pod in pods]
        if params["query"] == "time()":
            return {"resultType": "scalar", "result": [0, "1760000000"]}
        rows = agents if "cilium_version" in params["query"] else targets
        listed = [{"metric": labels, "value": [0, "0" if labels == DOWN else "1"]} for labels in rows]
        return {"resultType": "vector", "result": listed}

    return look_at_clusters(Client(ask))


@pytest.mark.fault("a cluster whose agents are all down is no cluster, and its targets count as those of the other")
def test_a_cluster_without_an_agent_that_is_up() -> None:
    """Targets tell of clusters as well as agents do; one that is written to the server has no targets."""
    assert looked_at([{**AGENT, **EAST}, DOWN], [EAST]).names == ("east", "west")
    assert looked_at([], [EAST, WEST]).names == ("east", "west")
    assert looked_at([AGENT], [{}]) == Clusters(
        (), (), {"cilium-agent": (ScrapeTarget("cilium-agent", AGENT, True),)}, {"cilium-agent": frozenset()}
    )


@pytest.mark.fault("of several clusters one lacks the label on its operator, and doctor says that it is not scraped")
def test_targets_in_no_cluster() -> None:
    """They may be of a cluster that lacks the component; where none does they are reported once, and not in each."""
    both = [{**AGENT, **EAST}, {**AGENT, **WEST}]
    one_lacks = looked_at([*both, {**OPERATOR, **EAST}, OPERATOR])
    assert one_lacks.without_label("east", is_first=True) == ()
    assert [one.labels for one in one_lacks.without_label("west", is_first=False)] == [OPERATOR]
    none_lacks = looked_at([*both, AGENT])
    assert [len(none_lacks.without_label(name, is_first=name == "east")) for name in ("east", "west")] == [1, 0]
    assert looked_at(both).without_label("east", is_first=True) == ()


@pytest.mark.fault("a cluster that stopped to send anything is not missed")
@pytest.mark.parametrize(
    ("before", "lost"),
    [
        pytest.param({"east": ["cilium-1"], "west": ["cilium-7"]}, ("west",), id="gone"),
        pytest.param({"east": ["cilium-1"], "old": ["cilium-1"]}, (), id="the same pods under another name"),
        pytest.param({"east": ["cilium-1"]}, (), id="none"),
    ],
)
def test_a_cluster_of_which_nothing_is_left(before: Mapping[str, Sequence[str]], lost: tuple[str, ...]) -> None:
    """It had agents within the last day, whose pods are not those of another cluster now."""
    assert looked_at([{**AGENT, **EAST}], [EAST], before).lost == lost


@pytest.mark.fault("what a target of another cluster with the same address exposes is taken for what this one exposes")
def test_what_is_exposed_is_asked_by_cluster() -> None:
    """Nodes of two clusters may have the same addresses."""
    sent: list[Mapping[str, str]] = []
    of_cluster(lambda _, params: sent.append(params), "west")("targets/metadata", {"match_target": '{instance="a"}'})
    assert sent == [{"match_target": '{instance="a", cluster="west"}'}]
