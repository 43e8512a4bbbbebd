"""Groups as in Prometheus' rule files, which most formats share."""

from typing import Any

from dashboards_py.compiled import CompiledAlert, CompiledGroup, CompiledRecording, CompiledRules, RecordingGroup


def groups(rules: CompiledRules, *, classic: bool = False) -> list[Any]:
    """The groups of alerts, then those of recording rules; `classic` is for servers without native histograms.

    Rules that only these have are then left out, and groups without rules.
    """
    alerts = (_group(group, [_alert(alert, classic) for alert in group.alerts]) for group in rules.groups)
    recordings = (
        _group(group, [_recording(recording, classic) for recording in group.recordings])
        for group in rules.recording_groups
    )
    return [group for group in (*alerts, *recordings) if group["rules"]]


def _group(group: CompiledGroup | RecordingGroup, rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": group.name,
        **({"interval": group.interval} if group.interval else {}),
        "rules": [rule for rule in rules if rule["expr"]],
    }


def _alert(alert: CompiledAlert, classic: bool) -> dict[str, Any]:
    return {
        "alert": alert.alert,
        "expr": alert.classic_expr if classic else alert.expr,
        "for": alert.hold,
        **({"keep_firing_for": alert.keep_firing_for} if alert.keep_firing_for else {}),
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
    }


def _recording(recording: CompiledRecording, classic: bool) -> dict[str, Any]:
    return {
        "record": recording.record,
        "expr": recording.classic_expr if classic else recording.expr,
        "labels": dict(recording.labels),
    }
