"""Groups as in Prometheus' rule files, which most formats share."""

from collections.abc import Callable
from typing import Any

from dashboards_py.compiled import CompiledAlert, CompiledRules


def groups(rules: CompiledRules, expr: Callable[[CompiledAlert], str] = lambda alert: alert.expr) -> list[Any]:
    """The groups; alerts whose `expr` is "" are left out, and groups without alerts."""
    listed = [
        {
            "name": group.name,
            **({"interval": group.interval} if group.interval else {}),
            "rules": [_rule(alert, expr(alert)) for alert in group.alerts if expr(alert)],
        }
        for group in rules.groups
    ]
    return [group for group in listed if group["rules"]]


def _rule(alert: CompiledAlert, expr: str) -> dict[str, Any]:
    return {
        "alert": alert.alert,
        "expr": expr,
        "for": alert.hold,
        **({"keep_firing_for": alert.keep_firing_for} if alert.keep_firing_for else {}),
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
    }
