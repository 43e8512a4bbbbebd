"""`deploy grafana --rules`, on the stand-in and on a real Grafana: alerts are guarded as boards are."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from dashboards_py.alert_files import grafana as grafana_format
from dashboards_py.compile.rules import compile_rules
from dashboards_py.configuration import DEFAULTS
from dashboards_py.provisioning import rule_files
from dashboards_py.targets import Deployment, Payload
from tests.grafana.servers import Server
from tests.grafana.test_deploy_grafana import plan
from tests.targets.small_boards import payload

PATH = "/v1/provisioning/alert-rules"
RULE = "CiliumTargetDown"
FILE = "rules/grafana.yaml"
SOURCE = {"name": "Prometheus", "type": "prometheus", "uid": "prometheus", "url": "http://localhost:9090"}


@pytest.fixture
def grafana(server: Server) -> Server:
    """A Grafana with the data source that the alerts ask."""
    add_source(server, **SOURCE)
    return server


def add_source(server: Server, **source: str) -> None:
    if server.fake:
        server.fake.organization(server.organisation).sources.append({**source, "isDefault": False})
    else:
        server.api("/datasources", {**source, "access": "proxy"})


@cache
def document() -> Any:
    """Our file of alerts for Grafana."""
    return grafana_format.document(compile_rules(), DEFAULTS.alerts)


def with_alerts(*left_out: str, hold: str = "10m", keep: int = 3) -> Payload:
    """The small boards and the first alerts of the first group; those of `left_out` are missing."""
    group = document()["groups"][0]
    rules = [{**rule, "for": hold} for rule in group["rules"][:keep] if rule["uid"] not in left_out]
    content = json.dumps({"groups": [{**group, "rules": rules}]}).encode()  # JSON is YAML
    return replace(payload(), rules={FILE: content})


def alerts(deployment: Deployment) -> dict[str, str]:
    return {
        change.name.removeprefix("alert "): str(change.action)
        for change in deployment.changes
        if change.name.startswith("alert ")
    }


def why(deployment: Deployment, name: str) -> str:
    return next(change.why for change in deployment.changes if change.name == name)


def deploy(server: Server, boards: Payload, **changes: Any) -> list[str]:
    """Deploy, and return the changes of alerts as `action uid`."""
    done = [f"{change.action} {change.name}" for change in plan(server, boards, **changes).apply()]
    return [line.replace("alert ", "") for line in done if " alert " in line]


def edit(server: Server, uid: str = RULE, **changes: Any) -> None:
    """Change a rule as the page does: without provenance, all else kept."""
    rule = server.api(f"{PATH}/{uid}")
    status, answer = server.request(
        f"/api{PATH}/{uid}", {**rule, **changes}, method="PUT", headers={"X-Disable-Provenance": "true"}
    )
    assert status == 200, answer


def test_all_alerts_are_loaded_once(grafana: Server) -> None:
    """Every alert is in its folder and group, links to its panel and can be edited; a second deploy writes nothing."""
    full = replace(payload(), rules=rule_files())
    uids = [rule["uid"] for group in document()["groups"] for rule in group["rules"]]
    assert deploy(grafana, full) == [f"create {uid}" for uid in uids]
    assert set(alerts(plan(grafana, full)).values()) == {"unchanged"}
    live = {rule["uid"]: rule for rule in grafana.api(PATH)}
    assert live.keys() == set(uids)
    assert {rule["folderUID"] for rule in live.values()} == {"cilium-alerts"}
    assert live[RULE]["ruleGroup"] == "cilium-agent"
    assert live[RULE]["annotations"]["__dashboardUid__"] == "cilium-overview"
    assert not live[RULE].get("provenance")
    assert alerts(plan(grafana)) == {}


def test_changes_of_a_house_are_kept(grafana: Server) -> None:
    """A pause stays over an update; a day is written in other words; what was edited is refused unless overwritten."""
    deploy(grafana, with_alerts(hold="24h"))
    edit(grafana, isPaused=True)
    assert set(alerts(plan(grafana, with_alerts(hold="24h"))).values()) == {"unchanged"}
    assert len(deploy(grafana, with_alerts(hold="5m"))) == 3
    assert (grafana.api(f"{PATH}/{RULE}")["isPaused"], grafana.api(f"{PATH}/{RULE}")["for"]) == (True, "5m")
    edit(grafana, **{"for": "1h"})
    again = plan(grafana, with_alerts(hold="10m"))
    assert alerts(again)[RULE] == "conflict"
    assert "was edited on " in why(again, f"alert {RULE}")
    assert len(deploy(grafana, with_alerts(hold="10m"))) == 2
    assert grafana.api(f"{PATH}/{RULE}")["for"] == "1h"
    assert deploy(grafana, with_alerts(hold="10m"), overwrite=True) == [f"update {RULE}"]
    assert grafana.api(f"{PATH}/{RULE}")["isPaused"]


def test_edited_between_plan_and_write(grafana: Server) -> None:
    """The edit stays, and that alert is a conflict; the others are written."""
    deploy(grafana, with_alerts())
    deployment = plan(grafana, with_alerts(hold="5m"))
    edit(grafana, labels={"severity": "info"})
    assert [str(change.action) for change in deployment.apply()] == ["conflict", "update", "update"]
    assert grafana.api(f"{PATH}/{RULE}")["labels"] == {"severity": "info"}


def test_alerts_of_others(grafana: Server) -> None:
    """One with our uid, one of another tool, one with our title in our folder: each is left alone, with its reason."""
    deploy(grafana, with_alerts())
    first, second, third = (rule["uid"] for rule in grafana.api(PATH))
    rules = {rule["uid"]: rule for rule in grafana.api(PATH)}
    for uid in (first, second, third):
        grafana.api(f"{PATH}/{uid}", method="DELETE")
    without_mark = {key: text for key, text in rules[first]["annotations"].items() if "ciliumDashboards" not in key}
    foreign = {**rules[first], "annotations": without_mark, "for": "7m"}
    assert grafana.request(f"/api{PATH}", foreign, headers={"X-Disable-Provenance": "true"})[0] == 201
    grafana.api(PATH, rules[second])
    grafana.api(PATH, {**rules[third], "uid": "other"})
    seen = plan(grafana, with_alerts(), overwrite=False)
    actions = alerts(seen)
    assert (actions[first], actions[second], actions[third]) == ("foreign", "conflict", "foreign")
    assert "never by us" in why(seen, f"alert {first}")
    assert "provenance api" in why(seen, f"alert {second}")
    assert "uid other" in why(seen, f"alert {third}")
    assert deploy(grafana, with_alerts(), overwrite=True) == [f"update {first}"]


def test_left_over(grafana: Server) -> None:
    """An alert that we no longer have is named with its page, and stays; an edited one is left to its editor."""
    deploy(grafana, with_alerts())
    assert alerts(plan(grafana, with_alerts(RULE)))[RULE] == "left over"
    assert f"{grafana.url}/alerting/grafana/{RULE}/view" in why(plan(grafana, with_alerts(RULE)), f"alert {RULE}")
    edit(grafana, title="Mine")
    assert RULE not in alerts(plan(grafana, with_alerts(RULE)))


def test_data_source(server: Server) -> None:
    """Without the data source of the settings the only Prometheus is asked; among several none is guessed."""
    assert "has no Prometheus" in why(plan(server, with_alerts()), "alerts")
    add_source(server, **{**SOURCE, "uid": "mine"})
    deploy(server, with_alerts())
    assert server.api(f"{PATH}/{RULE}")["data"][0]["datasourceUid"] == "mine"
    add_source(server, **{**SOURCE, "uid": "second", "name": "Second"})
    assert "Grafana has mine, second: set alerts.datasource" in why(plan(server, with_alerts()), "alerts")
