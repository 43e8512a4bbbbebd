"""An alert rule as Grafana's API has it, and the mark by which we know ours and notice edits.

The mark is an annotation: Grafana takes names between double underscores as private, as of the panel that shows a
rule (`__panelId__`), and leaves them out of notifications (removePrivateItems in templates/template_data.go of
grafana/alerting).
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from dashboards_py.documents.value import with_plain_numbers
from dashboards_py.shapes import Json

MARK: Final = "__ciliumDashboards__"
DROPPED: Final = "__ciliumDashboardsDropped__"  # beside the mark: our values of what an older Grafana drops
CONTENT = ("uid", "title", "condition", "noDataState", "execErrState", "for", "labels")
# Not in every Grafana: an older one drops them, so that a live rule without them is compared as if it had ours.
NEWER: Mapping[str, Any] = {"keep_firing_for": "0s", "missingSeriesEvalsToResolve": 1}
EXPRESSION: Final = "__expr__"  # the data source of a step that asks none
DURATIONS = ("for", "keep_firing_for")  # 24h comes back as 1d
# What a house decides in Grafana and keeps: where the rule is, whether it is paused, who is notified.
KEPT = ("folderUID", "ruleGroup", "isPaused", "notification_settings")
# What our queries have. Saving adds others with Grafana's defaults (AlertQuery.PreSave in ngalert/models).
MODEL = ("refId", "expr", "instant", "range", "type", "expression", "conditions")


def from_file(rule: Mapping[str, Any], group: str, folder: str, replaced: Mapping[str, str]) -> Json:
    """A rule of provisioning/alerting (AlertRuleV1) as the HTTP API takes it (ProvisionedAlertRule).

    `replaced` has the data sources to ask instead of those of the file.
    """
    annotations = dict(rule["annotations"])
    if "panelId" in rule:
        annotations |= {"__dashboardUid__": rule["dashboardUid"], "__panelId__": str(rule["panelId"])}
    sources = [query["datasourceUid"] for query in rule["data"]]
    data = [
        {**query, "datasourceUid": replaced.get(uid, uid)} for query, uid in zip(rule["data"], sources, strict=True)
    ]
    return {
        "uid": rule["uid"],
        "title": rule["title"],
        "folderUID": folder,
        "ruleGroup": group,
        "condition": rule["condition"],
        "data": data,
        "noDataState": rule["noDataState"],
        "execErrState": rule["execErrState"],
        "for": rule["for"],
        "keep_firing_for": rule.get("keepFiringFor", NEWER["keep_firing_for"]),
        "missingSeriesEvalsToResolve": rule["missing_series_evals_to_resolve"],
        "labels": dict(rule["labels"]),
        "annotations": annotations,
        "isPaused": rule["isPaused"],
    }


def rule_hash(rule: Mapping[str, Any], newer: Mapping[str, Any] | None = None) -> str:
    """The hash of a rule's content, without our mark, what Grafana adds and what a house decides there.

    `newer` has the values of what an older Grafana drops; without it, those beside the mark, or Grafana's defaults.
    """
    from hashlib import sha256  # OpenSSL, for which --help need not wait

    from dashboards_py.promql.durations import seconds  # imports the parser

    annotations = rule.get("annotations") or {}
    newer = dropped_values(rule) or NEWER if newer is None else newer
    content = {
        **{key: rule.get(key) or "" for key in CONTENT},
        **{key: rule.get(key, newer.get(key)) for key in NEWER},
        "annotations": {key: text for key, text in annotations.items() if key not in (MARK, DROPPED)},
        "data": [_query(query) for query in rule.get("data") or ()],
    }
    content |= {key: seconds(str(content[key])) for key in DURATIONS}
    return sha256(json.dumps(with_plain_numbers(content), sort_keys=True).encode()).hexdigest()


def _query(query: Mapping[str, Any]) -> Json:
    model = query.get("model") or {}
    time_range = query.get("relativeTimeRange") or {}
    return {
        "refId": query.get("refId"),
        "datasourceUid": query.get("datasourceUid"),
        "from": time_range.get("from") or 0,
        "to": time_range.get("to") or 0,
        "model": {key: model.get(key) for key in MODEL},
    }


def marked_rule(rule: Json) -> Json:
    """The rule with our mark."""
    dropped = json.dumps({key: rule.get(key, default) for key, default in NEWER.items()})
    return {**rule, "annotations": {**rule["annotations"], MARK: rule_hash(rule), DROPPED: dropped}}


def dropped_values(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """Our values of what an older Grafana drops, from beside the mark; empty if they are not there."""
    try:
        values = json.loads((rule.get("annotations") or {}).get(DROPPED) or "{}")
    except (TypeError, ValueError):  # edited by hand
        return {}
    return {key: values[key] for key in NEWER if key in values} if isinstance(values, dict) else {}


def rule_mark(rule: Mapping[str, Any]) -> str:
    """The mark of a live rule, "" if we never wrote it."""
    return str((rule.get("annotations") or {}).get(MARK) or "")
