"""Thresholds: green/yellow/red only where there is a limit that somebody should act on."""

from typing import Any

Steps = list[dict[str, Any]]


def above(*, warning: float | None = None, critical: float | None = None) -> Steps:
    """Bad when the value reaches `warning` (yellow) or `critical` (red), in the panel's unit."""
    steps: Steps = [{"color": "green"}]
    steps += [{"color": "yellow", "value": warning}] if warning is not None else []
    steps += [{"color": "red", "value": critical}] if critical is not None else []
    return steps


def below(*, warning: float | None = None, critical: float | None = None) -> Steps:
    """Bad when the value is under `warning` (yellow) or under `critical` (red), in the panel's unit."""
    worst = "red" if critical is not None else "yellow"
    steps: Steps = [{"color": worst}]
    if critical is not None:
        steps.append({"color": "yellow" if warning is not None else "green", "value": critical})
    if warning is not None:
        steps.append({"color": "green", "value": warning})
    return steps


def at_most(*, warning: float) -> Steps:
    """Yellow up to and including `warning`, green beyond: for ages, where young is suspicious."""
    return [{"color": "yellow"}, {"color": "green", "value": warning}]


def either(*, bad: float, good: float) -> Steps:
    """Red from `bad`, green from `good`: for states such as 0 and 1."""
    return [{"color": "red", "value": bad}, {"color": "green", "value": good}]
