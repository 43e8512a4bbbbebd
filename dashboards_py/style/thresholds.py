"""Thresholds: green, yellow and red, only for limits that call for action."""

from dashboards_py.model import Threshold

Thresholds = tuple[Threshold, ...]


def above(*, warning: float | None = None, critical: float | None = None) -> Thresholds:
    """Yellow from `warning` and red from `critical` upwards, in the panel's unit."""
    yellow = (Threshold(color="yellow", value=warning),) if warning is not None else ()
    red = (Threshold(color="red", value=critical),) if critical is not None else ()
    return (Threshold(color="green"), *yellow, *red)


def below(*, warning: float | None = None, critical: float | None = None) -> Thresholds:
    """Yellow below `warning` and red below `critical`, in the panel's unit."""
    green = (Threshold(color="green", value=critical if warning is None else warning),)
    if critical is None:
        return (Threshold(color="yellow"), *green)
    yellow = (Threshold(color="yellow", value=critical),) if warning is not None else ()
    return (Threshold(color="red"), *yellow, *green)


def good_bad(*, good: float, bad: float) -> Thresholds:
    """Red from `bad` and green from `good` upwards: for states such as 0 and 1."""
    return (Threshold(color="red", value=bad), Threshold(color="green", value=good))
