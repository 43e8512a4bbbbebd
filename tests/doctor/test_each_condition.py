"""Each condition by itself: what shows it, which causes it goes deeper than, and how severe it is alone."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.cli._kube import conditions
from dashboards_py.cluster import connect
from dashboards_py.cluster.checks import cilium
from dashboards_py.cluster.checks.boards import board_checks
from dashboards_py.cluster.checks.fixes import setup_fixes
from dashboards_py.cluster.inspect import inspect
from dashboards_py.doctor import Client, Condition, RulesToExamine, cause_ids, rule_findings
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.conditions._condition import pages
from dashboards_py.doctor.deepen import alone, deepest
from dashboards_py.documents.rule_files import Rule
from dashboards_py.findings import Severity
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.values.check import Gap
from tests.doctor.kube import kube_faults
from tests.doctor.test_causes import DROPS, seen, target
from tests.doctor.test_each_cause import executed
from tests.doctor.test_kube import NAMESPACE, OPTIONS, healthy, read
from tests.fakes.cluster import FakeCluster

# Those of Grafana: tests/doctor/test_grafana.py puts each into a Grafana.
OF_GRAFANA = {
    "another-prometheus",
    "another-replica",
    "board-in-schema-v2",
    "edited-board",
    "failing-data-source",
    "library-panel",
    "missing-data-source",
    "older-board",
    "undeployed-board",
}
RULE = Rule("cilium", "AgentGone", is_alert=True, expr="sum(up)  < 1")


def of_cluster(change: Callable[[FakeCluster], None]) -> set[str]:
    """The conditions of a healthy cluster after a change."""
    cluster = healthy()
    change(cluster)
    return {condition.cause for condition in conditions(read(cluster).checks)}


def of_rules(*loaded: Mapping[str, Any]) -> set[str]:
    """The findings on a rule of ours, in a Prometheus that has loaded others."""

    def ask(_path: str, _params: Mapping[str, str]) -> Any:
        return {
            "groups": [{"rules": [{"type": "alerting", "name": "AgentGone", "health": "ok", **one} for one in loaded]}]
        }

    return {finding.rule for finding in rule_findings(Client(ask), [RulesToExamine("rules.yaml", (RULE,))])}


def of_boards() -> set[str]:
    """The conditions of boards in a cluster that has none and no sidecar that would load them."""
    cluster = healthy()
    cluster.run("kubectl create namespace prometheus")
    clients = connect(None, None, None, runner=cluster)
    checks = board_checks(clients, inspect(clients, OPTIONS), OPTIONS, NEWEST, [], setup_fixes(OPTIONS))
    return {check.cause for check in checks}


def edit(cluster: FakeCluster) -> None:
    """Somebody changes an object of Helm's."""
    cluster.api.patch("ConfigMap", NAMESPACE, "cilium-config", {"data": {"debug": "true"}}, "kubectl-edit")


def interrupt(cluster: FakeCluster) -> None:
    """Helm ends in the middle of an upgrade."""
    revisions = cluster.releases.revisions[NAMESPACE, "cilium"]
    revisions[-1] = replace(revisions[-1], status="pending-upgrade")


def unready(cluster: FakeCluster) -> None:
    """Relay does not become ready."""
    cluster.api.unready.add("hubble-relay")
    cluster.run(f"kubectl -n {NAMESPACE} rollout restart deployment/hubble-relay")


def forbid(cluster: FakeCluster) -> None:
    """Prometheus objects may not be read."""
    cluster.api.denied |= {("list", "prometheuses"), ("get", "prometheuses")}


CASES: dict[str, Callable[[], set[str]]] = {
    "edited-object": lambda: of_cluster(edit),
    "pending-release": lambda: of_cluster(interrupt),
    "unready-pods": lambda: of_cluster(unready),
    "missing-rights": lambda: of_cluster(forbid),
    "missing-cilium": lambda: {check.cause for check in read(FakeCluster()).checks},
    "missing-boards": of_boards,
    "unwatched-boards": of_boards,
    "unloaded-rule": of_rules,
    "older-rule": lambda: of_rules({"query": "sum(up) < 2"}),
    "failing-rule": lambda: of_rules({"query": "sum(up)<1", "health": "err", "lastError": "duplicate series"}),
}


@pytest.mark.fault("a condition of doctor is never tried by itself")
def test_every_condition_has_a_case() -> None:
    """A new condition needs one in the table here, a fault in faults/kube.toml, or one of Grafana's."""
    of_kube = {fault.cause for fault in kube_faults()}
    assert {*CASES, *of_kube, *OF_GRAFANA, "missing-values"} == set(pages())


@pytest.mark.parametrize("condition", CASES)
def test_what_shows_a_condition(condition: str) -> None:
    """What is wrong in a cluster, or with rules, has the condition; what is right has not."""
    assert condition in CASES[condition]()


def test_rules_that_are_loaded_as_they_are() -> None:
    """Prometheus prints an expression in its own form: it is the same rule."""
    assert of_rules({"query": "sum(up) < 1"}) == set()


def test_values_that_lack_what_has_no_cause_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a reason is no instance of another cause, the values lack something."""
    lacking = SimpleNamespace(gap=Gap.EMPTY, why=("no reason of a known kind",))
    monkeypatch.setattr(cilium, "check", lambda *_, **__: [lacking])
    helm = HelmRelease("cilium", NAMESPACE, "cilium", "1.20.0", 1, "deployed")
    assert cilium.values_check({}, helm, OPTIONS, NEWEST, "up").cause == "missing-values"


@pytest.mark.parametrize("condition", pages())
def test_what_a_condition_goes_deeper_than(condition: str) -> None:
    """One of the component takes the place of the causes that it explains, with its own fix, and of no others."""
    page = pages()[condition]
    observed = seen(
        targets=(target("cilium-agent", "timeout"),),
        series={},
        conditions=(Condition(condition, "what is wrong", "seen", "do this", frozenset({"cilium-agent"})),),
    )
    query = executed(DROPS, observed)
    for cause in set(cause_ids()) - set(pages()):
        named, diagnosis = deepest(cause, Diagnosis("shown", "why", "fix"), query, observed)
        assert (named, diagnosis.fix) == ((condition, "do this") if cause in page.EXPLAINS else (cause, "fix"))
    elsewhere = replace(observed, conditions=(replace(observed.conditions[0], subjects=frozenset({"hubble"})),))
    assert all(deepest(cause, Diagnosis("shown"), query, elsewhere)[0] == cause for cause in page.EXPLAINS)


@pytest.mark.parametrize("condition", pages())
def test_a_condition_alone(condition: str) -> None:
    """One that explains no panel has the severity of its page, or is not reported; none is reported twice."""
    observed = seen(targets=(target("cilium-agent", "timeout"),), series={})
    only = Condition(condition, "what is wrong", subjects=frozenset({"cilium-agent"}))
    reported = list(alone([only], [], observed))
    assert [finding.severity for finding in reported] == (
        [pages()[condition].ALONE] if pages()[condition].ALONE else []
    )
    assert list(alone([only], reported, observed)) == []
    assert set(Severity) > {finding.severity for finding in reported}
