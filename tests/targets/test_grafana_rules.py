"""Alerts in Grafana: an older Grafana, failures of requests, and rights."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dashboards_py.errors import DashboardsError, ProblemsFound, Refused
from dashboards_py.targets import Payload, _api
from tests.fakes.grafana import FakeGrafana, Fault, fake_grafana
from tests.grafana.test_deploy_alerts import FILE, RULE, SOURCE, with_alerts
from tests.targets.test_grafana import actions, deploy, plan

PATH = "/v1/provisioning/alert-rules"


@pytest.fixture(params=["11.6.0", "12.2.0"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGrafana]:
    monkeypatch.setattr(_api, "sleep", lambda _: None)
    with fake_grafana(version=request.param) as running:
        running.sources.append({**SOURCE, "isDefault": True})
        yield running


def boards(hold: str = "10m") -> Payload:
    return with_alerts(hold=hold, keep=9)


def test_an_older_grafana_drops_keys(server: FakeGrafana) -> None:
    """A Grafana that drops what it does not know has nothing to update, and an update still finds ours."""
    deploy(server, boards())
    assert {action for name, action in actions(plan(server, boards())).items() if "alert" in name} == {"unchanged"}
    assert any("keep_firing_for" in rule for rule in server.alert_rules.values()) == (server.major >= 12)
    assert {action for name, action in actions(plan(server, boards("5m"))).items() if "alert" in name} == {"update"}


def test_what_an_older_grafana_drops_is_no_edit(server: FakeGrafana) -> None:
    """Ours are known by the values that we sent: they are updated if these change, and left over without their code."""

    def firing_on(hold: str) -> Payload:
        document = json.loads(boards(hold).rules[FILE])
        for rule in document["groups"][0]["rules"]:
            rule["keepFiringFor"] = "42m"
        return replace(boards(), rules={FILE: json.dumps(document).encode()})

    deploy(server, boards())
    kinds = {action for name, action in actions(plan(server, firing_on("10m"))).items() if "alert" in name}
    assert kinds == ({"unchanged"} if server.major < 12 else {"update"})  # it would drop the new value as well
    assert {action for name, action in actions(plan(server, firing_on("5m"))).items() if "alert" in name} == {"update"}
    deploy(server, firing_on("5m"))
    left = [name for name, action in actions(plan(server, with_alerts(keep=1))).items() if action == "left over"]
    assert len(left) == len(server.alert_rules) - 1


def test_a_write_that_arrived(server: FakeGrafana) -> None:
    """An answer that got lost: the alert is there when it is sent again, which is no conflict."""
    server.faults.append(Fault(f"POST {PATH}", 502, late=True))
    assert all(str(change.action) == "create" for change in deploy(server, boards()))


@pytest.mark.fault("an alert that someone edits while Grafana is overloaded is overwritten by a repeated request")
def test_an_edit_between_two_attempts(server: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> None:
    """The alert is compared again before each attempt: the edit is kept, and named."""
    deploy(server, boards())

    def edit(_seconds: float) -> None:
        server.alert_rules[RULE]["title"] = "edited"

    monkeypatch.setattr(_api, "sleep", edit)
    server.faults.append(Fault(f"PUT {PATH}/{RULE}", 503))
    changes = {change.name: change for change in deploy(server, boards("5m"))}
    assert "was edited" in changes[f"alert {RULE}"].why
    assert server.alert_rules[RULE]["title"] == "edited"


def test_refused_content(server: FakeGrafana) -> None:
    """An alert that Grafana does not accept is named with Grafana's reason; the others are written."""
    server.faults.append(Fault(f"POST {PATH}", 400, '{"message": "invalid alert rule: too long"}'))
    changes = {change.name: change for change in deploy(server, boards())}
    refused = changes[f"alert {RULE}"]
    assert (refused.action, "invalid alert rule: too long" in refused.why) == ("refused", True)
    assert len(server.alert_rules) == len([name for name in changes if name.startswith("alert")]) - 1


def test_rights_and_folder(server: FakeGrafana) -> None:
    """Who may not write gets the rights to ask for; a Grafana without alerting is named; --folder takes effect."""
    server.faults.append(Fault(f"POST {PATH}", 403, '{"message": "no"}'))
    with pytest.raises(DashboardsError, match=r"alert\.provisioning:read and :write"):
        deploy(server, boards())
    server.faults.append(Fault(f"GET {PATH}", 404, '{"message": "Not found"}'))
    with pytest.raises(DashboardsError, match="has no alerting API"):
        plan(server, boards())
    with pytest.raises(Refused):
        deploy(server, boards(), token="viewer-token")
    fewer = with_alerts(hold="10m", keep=1)
    deploy(server, boards())
    server.faults.append(Fault(f"DELETE {PATH}", 403, '{"message": "no"}'))
    with pytest.raises(DashboardsError, match=r"alert\.provisioning:read and :write"):
        deploy(server, fewer, prune=True)
    server.alert_rules.clear()
    server.folders |= {"mine": "Cilium alerts"}
    del server.folders["cilium-alerts"]
    with pytest.raises(ProblemsFound, match="not ours"):
        plan(server, boards())
    deploy(server, boards(), folder=("Cilium alerts=mine",))
    assert {rule["folderUID"] for rule in server.alert_rules.values()} == {"mine"}
