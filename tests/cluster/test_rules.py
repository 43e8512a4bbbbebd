"""`up --rules` applies the alerts as a PrometheusRule that the Prometheus selects, and `down` removes it."""

from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.cluster import Options, execute, verify
from dashboards_py.cluster.steps.apply_rules import ApplyRules
from dashboards_py.cluster.steps.delete_rules import DeleteRules
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.configuration import Alerts, Configuration
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.targets import WRITES, Action, Change
from dashboards_py.targets._prometheus_rule import GROUP, apply_rules, plan_rules
from tests.cluster.plans import VERSIONS, clients_of, down, planned_down, planned_up, titles, up, with_cilium
from tests.cluster.test_execute import record_of
from tests.fakes.cluster import FakeCluster, Killed, kill

FAULT = pytest.mark.fault("Cilium ships no alert, and public ones are wrong")
NAME, PROMETHEUS = "cilium-dashboards", "prometheus-kube-prometheus-prometheus"


def rule_of(cluster: FakeCluster, namespace: str = "prometheus") -> Any:
    """The object in the cluster; None if there is none."""
    return cluster.api.get("PrometheusRule", namespace, NAME)


def edit(cluster: FakeCluster, namespace: str = "prometheus") -> None:
    """An edit by hand of one alert."""
    groups = rule_of(cluster, namespace)["spec"]["groups"]
    groups[0]["rules"][0]["for"] = "1h"
    cluster.api.patch("PrometheusRule", namespace, NAME, {"spec": {"groups": groups}}, "kubectl-edit")


def the_step(cluster: FakeCluster, **options: Any) -> ApplyRules:
    (step,) = (step for step in planned_up(cluster, rules=True, **options) if isinstance(step, ApplyRules))
    return step


@FAULT
def test_up_applies_and_down_removes() -> None:
    """Only with the option; a second run does nothing; nothing is left."""
    cluster = with_cilium()
    up(cluster, restart=True)
    assert rule_of(cluster) is None
    assert titles(planned_up(cluster, rules=True)) == [f"apply PrometheusRule {NAME} for Cilium 1.20 in prometheus"]
    up(cluster, rules=True)
    body = rule_of(cluster)
    assert body["metadata"]["labels"] == {"app.kubernetes.io/part-of": NAME, "release": "prometheus"}
    assert body["spec"]["groups"]
    assert planned_up(cluster, rules=True) == ()
    assert planned_up(cluster) == ()
    assert "rules prometheus" in record_of(cluster)["created"]
    down(cluster)
    assert cluster.api.get("Namespace", "", "prometheus") is None
    assert cluster.api.get("CustomResourceDefinition", "", "prometheusrules.monitoring.coreos.com") is None


@FAULT
def test_settings_reach_the_cluster() -> None:
    """Other severities are a change, and so is an alert that is left out."""
    cluster = with_cilium()
    up(cluster, rules=True, restart=True)
    changed = Configuration(alerts=Alerts(without=("CiliumVersionSkew",)))
    step = the_step(cluster, configuration=changed)
    assert "CiliumVersionSkew" not in str(step.body)
    execute(step, clients_of(cluster))
    assert "CiliumVersionSkew" not in str(rule_of(cluster))
    assert planned_up(cluster, rules=True, configuration=changed) == ()


@FAULT
def test_an_edit_is_kept() -> None:
    """By `up`, which names who made it, and by `down`; --take-over overwrites and removes it."""
    cluster = with_cilium()
    up(cluster, rules=True)
    edit(cluster)
    with pytest.raises(ProblemsFound, match="was edited by kubectl-edit"):
        execute(the_step(cluster), clients_of(cluster))
    steps = planned_down(cluster)
    assert not [step for step in steps if isinstance(step, DeleteRules)]
    notices = [step.text for step in steps if isinstance(step, Notice)]
    assert "PrometheusRules in prometheus that were edited are kept" in notices
    down(cluster)
    assert rule_of(cluster)["spec"]["groups"][0]["rules"][0]["for"] == "1h"
    down(cluster, take_over=True)
    assert rule_of(cluster) is None


@FAULT
def test_an_edit_while_up_runs() -> None:
    """An object that was created or changed after the plan is kept, also with --take-over."""
    cluster = with_cilium()
    up(cluster, restart=True)
    step = the_step(cluster)
    up(cluster, rules=True)
    edit(cluster)
    with pytest.raises(ProblemsFound, match="was edited by kubectl-edit"):
        execute(step, clients_of(cluster))
    step = the_step(cluster, take_over=True)
    edit_again = {"metadata": {"annotations": {"note": "mine"}}}
    cluster.api.patch("PrometheusRule", "prometheus", NAME, edit_again, "kubectl-edit")
    with pytest.raises(ProblemsFound, match="was changed after it was planned"):
        execute(step, clients_of(cluster))
    assert rule_of(cluster)["metadata"]["annotations"]["note"] == "mine"


@FAULT
def test_an_object_of_others_of_the_same_name() -> None:
    """It is left alone."""
    cluster = with_cilium()
    up(cluster, restart=True)
    body = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": NAME, "namespace": "prometheus"},
        "spec": {"groups": []},
    }
    cluster.api.create(body, "kubectl-create")
    with pytest.raises(ProblemsFound, match="is not ours"):
        execute(the_step(cluster), clients_of(cluster))
    assert rule_of(cluster)["spec"] == {"groups": []}


@FAULT
def test_an_interrupted_run_is_resumed() -> None:
    """A kill before the write leaves a record, and `up` and `down` go on from there."""
    cluster = with_cilium()
    up(cluster, restart=True)
    cluster.before("apply --server-side", kill)
    with pytest.raises(Killed):
        execute(the_step(cluster), clients_of(cluster))
    assert rule_of(cluster) is None
    up(cluster, rules=True)
    assert rule_of(cluster)
    down(cluster)
    assert not record_of(cluster)


@FAULT
@pytest.mark.parametrize(
    ("selector", "outcome"),
    [
        ({"matchLabels": {"release": None, "prometheus": "main"}}, {"prometheus": "main"}),
        ({"matchLabels": None}, {}),
        (None, "has no ruleSelector, which selects no alerts"),
    ],
    ids=["labels", "all", "none"],
)
def test_the_labels_are_those_that_the_prometheus_selects(selector: Any, outcome: Any) -> None:
    """Of the one that is there."""
    cluster = with_cilium()
    up(cluster, restart=True)
    cluster.api.patch("Prometheus", "prometheus", PROMETHEUS, {"spec": {"ruleSelector": selector}}, "kubectl-edit")
    if isinstance(outcome, str):
        with pytest.raises(ProblemsFound, match=outcome):
            planned_up(cluster, rules=True)
        return
    body = the_step(cluster).body
    assert body["metadata"]["labels"] == {"app.kubernetes.io/part-of": NAME, **outcome}


@FAULT
def test_labels_of_ones_own() -> None:
    """Settings win, if the Prometheus selects them."""
    cluster = with_cilium()
    up(cluster, restart=True)
    selector = {"matchLabels": {"release": None, "team": "net"}}
    cluster.api.patch("Prometheus", "prometheus", PROMETHEUS, {"spec": {"ruleSelector": selector}}, "kubectl-edit")
    settings = Configuration(alerts=Alerts(selector=(("team", "net"), ("a", "b"))), source="s.toml")
    assert the_step(cluster, configuration=settings).body["metadata"]["labels"]["a"] == "b"
    settings = Configuration(alerts=Alerts(selector=(("team", "other"),)), source="s.toml")
    with pytest.raises(ProblemsFound, match=r"does not select the labels .*team=other"):
        planned_up(cluster, rules=True, configuration=settings)


def deployed(cluster: FakeCluster, labels: str = "prometheus", *, overwrite: bool = False) -> Change:
    """The alerts as `deploy` plans and applies them in the namespace default; what would happen afterwards."""
    body = {"apiVersion": f"{GROUP}/v1", "kind": "PrometheusRule", "metadata": {}, "spec": {"groups": []}}
    body["metadata"] = {"name": NAME, "labels": {"app.kubernetes.io/part-of": NAME, "release": labels}}
    kubectl = clients_of(cluster).at("default")
    required, change = plan_rules(kubectl, body, overwrite=overwrite)
    if change.action in WRITES:
        apply_rules(kubectl, required, "", overwrite=overwrite)
        assert plan_rules(kubectl, body, overwrite=overwrite)[1].action == Action.UNCHANGED
    return change


@FAULT
def test_alerts_are_deployed_without_the_setup() -> None:
    """Only where there is the kind; an edit is kept, also one while it is applied; --overwrite takes it over."""
    cluster = with_cilium()
    change = deployed(cluster)
    assert (change.action, "has no kind PrometheusRule" in change.why) == (Action.IMPOSSIBLE, True)
    up(cluster, restart=True)
    assert deployed(cluster).action == Action.CREATE
    assert rule_of(cluster, "default")["metadata"]["labels"]["release"] == "prometheus"
    edit_of = {"spec": {"groups": [{"name": "mine", "rules": []}]}}
    cluster.api.patch("PrometheusRule", "default", NAME, edit_of, "kubectl-edit")
    change = deployed(cluster)
    assert (change.action, "--overwrite" in change.why) == (Action.CONFLICT, True)
    with pytest.raises(ProblemsFound, match="was edited by kubectl-edit: keep a copy"):
        apply_rules(clients_of(cluster).at("default"), {**rule_of(cluster, "default"), "spec": {}}, "", overwrite=False)
    assert deployed(cluster, overwrite=True).action == Action.UPDATE


@FAULT
def test_deployed_alerts_are_selected() -> None:
    """They get the labels by which the only Prometheus selects; where none of several selects them, that is refused."""
    cluster = with_cilium()
    up(cluster, restart=True)
    selector = {"matchLabels": {"release": None, "team": "net"}}
    cluster.api.patch("Prometheus", "prometheus", PROMETHEUS, {"spec": {"ruleSelector": selector}}, "kubectl-edit")
    change = deployed(cluster, "mine")
    assert (change.action, "selects no rules with the labels release=mine" in change.why) == (Action.IMPOSSIBLE, True)
    assert deployed(cluster).action == Action.CREATE
    assert rule_of(cluster, "default")["metadata"]["labels"]["team"] == "net"


def verified(cluster: FakeCluster, ask: Any = None) -> dict[str, tuple[bool | None, str, str]]:
    """What verify says of alerts: the result, what was observed and the cause, by the name of the check."""
    options = Options(VERSIONS)
    checks = verify(clients_of(cluster), options, ask, ("namespace", "release", "stack"))
    return {
        check.name: (check.ok, check.observed, check.cause)
        for check in checks
        if "PrometheusRule" in check.name or "alerts" in check.name
    }


@FAULT
def test_verify_checks_the_object() -> None:
    """That it is there where it was applied, has the alerts of the release, and is selected; nothing without alerts."""
    cluster = with_cilium()
    up(cluster, restart=True)
    assert verified(cluster) == {}
    up(cluster, rules=True)
    good = verified(cluster)
    assert [ok for ok, _, _ in good.values()] == [True, True, None]  # None: no Prometheus runs in this cluster
    spec: dict[str, Any] = {"spec": {"ruleNamespaceSelector": {"matchLabels": {"team": "net"}}}}
    cluster.api.patch("Prometheus", "prometheus", PROMETHEUS, spec, "kubectl-edit")
    ok, observed, cause = verified(cluster)[f"PrometheusRule {NAME} selected"]
    assert (ok, "ruleNamespaceSelector" in observed, cause) == (False, True, "unloaded-rule")
    cluster.api.patch("PrometheusRule", "prometheus", NAME, {"metadata": {"labels": {"release": "x"}}}, "kubectl-edit")
    ok, observed, cause = verified(cluster)[f"PrometheusRule {NAME} selected"]
    assert (ok, "release=x" in observed, cause) == (False, True, "unloaded-rule")
    edit(cluster)
    ok, observed, cause = verified(cluster)[f"PrometheusRule {NAME}"]
    assert (ok, "was edited by kubectl-edit" in observed, cause) == (False, True, "edited-object")
    cluster.api.delete("PrometheusRule", "prometheus", NAME)
    assert verified(cluster) == {
        f"PrometheusRule {NAME}": (False, "is not in prometheus, where it was applied", "unloaded-rule")
    }


@FAULT
def test_verify_checks_alerts_of_another_release() -> None:
    """Alerts that a deployment for another release left are others than those of the one that runs."""
    cluster = with_cilium()
    up(cluster, rules=True, restart=True)
    groups = rule_of(cluster)["spec"]["groups"][1:]
    cluster.api.patch("PrometheusRule", "prometheus", NAME, {"spec": {"groups": groups}}, "kubectl")
    ok, observed, cause = verified(cluster)[f"PrometheusRule {NAME}"]
    assert (ok, "has other alerts than those for Cilium 1.20" in observed, cause) == (False, True, "older-rule")


@FAULT
def test_verify_checks_what_prometheus_has_loaded() -> None:
    """All alerts, with the same expressions, and without errors; one that does not tell leaves it open."""
    cluster = with_cilium()
    up(cluster, rules=True, restart=True)
    loaded = [
        {"type": "alerting", "name": rule["alert"], "query": rule["expr"], "health": "ok"}
        for group in rule_of(cluster)["spec"]["groups"]
        for rule in group["rules"]
    ]

    def ask(path: str, params: Mapping[str, str]) -> Any:  # noqa: ARG001
        if path != "rules":
            raise DashboardsError("Prometheus", cause="is only asked for rules here")
        return {"groups": [{"rules": loaded}] if loaded else []}

    assert verified(cluster, ask)["alerts in Prometheus"][0] is True
    loaded[0] = {**loaded[0], "health": "err", "lastError": "many-to-many matching not allowed"}
    ok, observed, cause = verified(cluster, ask)["alerts in Prometheus"]
    assert (ok, "many-to-many" in observed, cause) == (False, True, "failing-rule")
    del loaded[0]
    ok, observed, cause = verified(cluster, ask)["alerts in Prometheus"]
    assert (ok, observed.startswith("1 of "), cause) == (False, True, "unloaded-rule")
    loaded.clear()
    assert verified(cluster, ask)["alerts in Prometheus"][0] is None


@FAULT
def test_no_prometheus_operator() -> None:
    """Without its kinds there is nothing to apply to."""
    cluster = with_cilium()
    with pytest.raises(DashboardsError):
        planned_up(cluster, rules=True, stack=False)
