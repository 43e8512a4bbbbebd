"""Thresholds: green, yellow and red only where there is a limit to act on."""

from dashboards_py.model import Threshold

Thresholds = tuple[Threshold, ...]


def above(*, warning: float | None = None, critical: float | None = None) -> Thresholds:
    """Bad when the value reaches `warning` (yellow) or `critical` (red), in the panel's unit."""
    yellow = (Threshold(color="yellow", value=warning),) if warning is not None else ()
    red = (Threshold(color="red", value=critical),) if critical is not None else ()
    return (Threshold(color="green"), *yellow, *red)


def below(*, warning: float | None = None, critical: float | None = None) -> Thresholds:
    """Bad when the value is under `warning` (yellow) or under `critical` (red), in the panel's unit."""
    green = (Threshold(color="green", value=critical if warning is None else warning),)
    if critical is None:
        return (Threshold(color="yellow"), *green)
    yellow = (Threshold(color="yellow", value=critical),) if warning is not None else ()
    return (Threshold(color="red"), *yellow, *green)


def good_bad(*, good: float, bad: float) -> Thresholds:
    """Red from `bad` on, green from `good` on: for states such as 0 and 1."""
    return (Threshold(color="red", value=bad), Threshold(color="green", value=good))
