"""Thresholds: green, yellow and red, only for limits that call for action."""

from typing import Literal

from dashboards_py.model import Threshold
from dashboards_py.style.limits import Limit

Thresholds = tuple[Threshold, ...]


def above(
    limit: Limit | None = None,
    *,
    only: Literal["", "warning", "critical"] = "",
    warning: float | None = None,
    critical: float | None = None,
    lowest: Literal["green", "text"] = "green",
) -> Thresholds:
    """Yellow from `warning` and red from `critical` upwards, in the panel's unit: those of a limit, or numbers.

    Less is good, or judged by no color (`lowest="text"`): some denials are neither good nor bad.
    """
    steps = _levels(limit, only, warning, critical)
    colors: dict[str, Literal["yellow", "red"]] = {"warning": "yellow", "critical": "red"}
    return (
        Threshold(color=lowest),
        *(Threshold(color=colors[name], value=value, level=level) for name, (value, level) in steps.items()),
    )


def below(limit: Limit | None = None, *, warning: float | None = None, critical: float | None = None) -> Thresholds:
    """Yellow below `warning` and red below `critical`, in the panel's unit: those of a limit, or numbers."""
    steps = _levels(limit, "", warning, critical)
    green, level = next(iter(steps.values()))
    good = Threshold(color="green", value=green, level=level)
    if "critical" not in steps:
        return (Threshold(color="yellow"), good)
    if "warning" not in steps:
        return (Threshold(color="red"), good)
    red, level = steps["critical"]
    return (Threshold(color="red"), Threshold(color="yellow", value=red, level=level), good)


def good_bad(*, good: float, bad: float) -> Thresholds:
    """Red from `bad` and green from `good` upwards: for states such as 0 and 1."""
    return (Threshold(color="red", value=bad), Threshold(color="green", value=good))


def _levels(
    limit: Limit | None, only: str, warning: float | None, critical: float | None
) -> dict[str, tuple[float, str]]:
    """The values of the levels with their qualified names, by name, warning first."""
    if limit is not None:
        levels = [level for level in limit.levels if only in ("", level.name)]
        return {level.name: (level.value, level.qualified_name) for level in levels}
    numbers = {"warning": warning, "critical": critical}
    return {name: (value, "") for name, value in numbers.items() if value is not None}
