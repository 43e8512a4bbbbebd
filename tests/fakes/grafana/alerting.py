"""Alert rules behind /api/v1/provisioning/alert-rules, as pkg/services/ngalert of Grafana's code answers.

RoutePostAlertRule and its siblings (api/api_provisioning.go) give the statuses, AlertRuleService
(provisioning/alert_rules.go) refuses folders, titles and provenances, AlertQuery.PreSave (models/alert_query.go) adds
two keys to each query, and model.Duration writes 24h as 1d.
"""

import secrets
from typing import Any

from dashboards_py.promql.durations import seconds
from tests.fakes.grafana.accounts import Account
from tests.fakes.grafana.state import FakeGrafana

Json = dict[str, Any]
Answer = tuple[int, Any]
UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
DEFAULTS = {"intervalMs": 1000, "maxDataPoints": 43200}
EMPTY: Answer = (404, None)
FORBIDDEN: Answer = (
    403,
    {"message": "You'll need additional permissions to perform this action.", "title": "Access denied"},
)


def answer(
    grafana: FakeGrafana, method: str, words: list[str], account: Account, body: Json, provenance: str
) -> Answer:
    """Status and JSON for a request; `provenance` is what the request would store."""
    if method != "GET" and not account.may_write:
        return FORBIDDEN
    match method, words:
        case "GET", []:
            return 200, list(grafana.alert_rules.values())
        case "GET", [uid]:
            return (200, grafana.alert_rules[uid]) if uid in grafana.alert_rules else EMPTY
        case "POST", []:
            return _create(grafana, {**body, "uid": body.get("uid") or secrets.token_hex(7)}, provenance)
        case "PUT", [uid]:
            return _update(grafana, {**body, "uid": uid}, provenance)
        case "DELETE", [uid]:
            grafana.alert_rules.pop(uid, None)
            return 204, None
    return EMPTY


def _create(grafana: FakeGrafana, rule: Json, provenance: str) -> Answer:
    if refusal := _refusal(grafana, rule):
        return refusal
    if rule["uid"] in grafana.alert_rules:
        return 400, {"message": "rule UID under the same organisation should be unique"}
    return 201, _store(grafana, rule, provenance)


def _update(grafana: FakeGrafana, rule: Json, provenance: str) -> Answer:
    if refusal := _refusal(grafana, rule):
        return refusal
    if rule["uid"] not in grafana.alert_rules:
        return EMPTY
    stored = grafana.alert_rules[rule["uid"]]["provenance"]
    if stored not in ("", provenance):
        return 500, {"message": f"cannot change provenance from '{stored}' to '{provenance}'"}
    return 200, _store(grafana, rule, provenance)


def _refusal(grafana: FakeGrafana, rule: Json) -> Answer | None:
    """Why a rule is not accepted, or None."""
    panel = [key in (rule.get("annotations") or {}) for key in ("__dashboardUid__", "__panelId__")]
    same = [
        other
        for uid, other in grafana.alert_rules.items()
        if uid != rule["uid"] and (other["folderUID"], other["title"]) == (rule.get("folderUID"), rule["title"])
    ]
    if rule.get("folderUID") not in grafana.folders:
        return 400, {"message": "invalid alert rule: folder does not exist"}
    if any(panel) and not all(panel):
        return 400, {"message": "both annotations __dashboardUid__ and __panelId__ must be specified"}
    if same:
        return 400, {"message": "rule title under the same organisation and folder should be unique"}
    return None


def _store(grafana: FakeGrafana, rule: Json, provenance: str) -> Json:
    stored: Json = {
        "id": 1,
        "orgID": grafana.number,
        "isPaused": False,
        "notification_settings": None,
        "record": None,
        **rule,
        "data": [{"queryType": "", **query, "model": {**DEFAULTS, **query["model"]}} for query in rule["data"]],
        "for": duration(rule["for"]),
        "keep_firing_for": duration(rule.get("keep_firing_for") or "0s"),
        "updated": grafana.timestamp(),
        "provenance": provenance,
    }
    if grafana.major < 12:
        stored = {key: value for key, value in stored.items() if key not in NEWER}
    grafana.alert_rules[rule["uid"]] = stored
    return stored


NEWER = ("keep_firing_for", "missingSeriesEvalsToResolve")  # dropped by a Grafana that does not know them


def duration(text: str) -> str:
    """A duration as Prometheus' model.Duration writes it, in the largest units."""
    left, parts = int(seconds(text)), ""
    for size, unit in UNITS:
        if left >= size:
            parts, left = f"{parts}{left // size}{unit}", left % size
    return parts or "0s"
