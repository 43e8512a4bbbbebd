"""The range of time of a panel that has one of its own, or shows an earlier one.

Sources: getTimeOverride of PanelTimeRange in public/app/features/dashboard-scene, and describeTextRange in
packages/grafana-data/src/datetime/rangeutil.ts.
"""

import re
from dataclasses import dataclass, replace

from dashboards_py.board import Panel
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import Variables, interpolate
from dashboards_py.panel_data.times import Calendar, moved_time, parse_time

_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "M": "month", "y": "year"}
_ROUNDED = {
    "now/d": "Today so far",
    "now/w": "This week so far",
    "now/M": "This month so far",
    "now/y": "This year so far",
    "now/fQ": "This fiscal quarter so far",
    "now/fy": "This fiscal year so far",
}
_LONGEST = 50  # characters of a text that is no time, in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelTime:
    """The range that a panel shows, what its header says of it, and what of the panel's settings is not used."""

    window: Window
    text: str = ""
    problem: str = ""


def panel_window(panel: Panel, window: Window, variables: Variables) -> Window:
    """The range that the panel shows: the board's, unless it has a relative time or a shift of its own."""
    return panel_time(panel, window, variables).window


def panel_time(panel: Panel, window: Window, variables: Variables) -> PanelTime:
    """As `panel_window`, with words for the header. As in Grafana, after an invalid time nothing else is used."""
    length, shift = (_setting(panel, key, variables) for key in ("timeFrom", "timeShift"))
    result = PanelTime(window=window)
    if length is not None:
        try:
            result = _relative(length, window)
        except DashboardsError:
            problem = f"its own time {length[:_LONGEST]!r} is invalid: the board's is drawn"
            return _hidden(panel, PanelTime(window=window, text="invalid time override", problem=problem))
    if shift is not None:
        try:
            result = _shifted(shift, result)
        except DashboardsError:
            problem = f"its shift of time {shift[:_LONGEST]!r} is invalid: it is not shifted"
            result = replace(result, text="invalid timeshift", problem=problem)
    return _hidden(panel, result)


def _setting(panel: Panel, key: str, variables: Variables) -> str | None:
    """A time of the panel with its variables written out; None without one. What is no text is an invalid one."""
    value = panel.raw.get(key)
    return interpolate(str(value), variables) if value else None


def _hidden(panel: Panel, result: PanelTime) -> PanelTime:
    return replace(result, text="") if panel.raw.get("hideTimeOverride") is True else result


def _relative(length: str, window: Window) -> PanelTime:
    """The last 6h, the next +6h, or the time since now/d; the board's where that has fixed times."""
    is_last = not length.startswith("+")
    expr = length if "now" in length else f"{'now-' if is_last else 'now'}{length}"
    text = _described(expr, is_last=is_last)
    now, weeks = window.end if window.now is None else window.now, _without_fiscal_year(window.calendar)
    first, last = (expr, "now") if is_last else ("now", expr)
    begin = parse_time(first, now, is_end=False, calendar=weeks)
    end = parse_time(last, now, is_end=False, calendar=weeks)
    if end <= begin:
        raise DashboardsError(length, cause="is an empty range")
    if not window.is_relative:
        return PanelTime(window=window)
    return PanelTime(window=replace(window, begin=begin, end=end), text=text)


def _without_fiscal_year(calendar: Calendar) -> Calendar:
    return replace(calendar, fiscal_month=0)


def _shifted(shift: str, shown: PanelTime) -> PanelTime:
    _described(shift if "now" in shift else f"{'now' if shift.startswith('+') else 'now-'}{shift}", is_last=True)
    begin, end = shown.window.begin, shown.window.end
    weeks = _without_fiscal_year(shown.window.calendar)
    window = replace(
        shown.window,
        begin=moved_time(f"-{shift}", begin, is_end=False, calendar=weeks),
        end=moved_time(f"-{shift}", end, is_end=True, calendar=weeks),
    )
    if window.end <= window.begin:
        raise DashboardsError(shift, cause="is an empty range")
    return replace(shown, window=window, text=f"{shown.text} timeshift -{shift}".strip())


def _described(expr: str, *, is_last: bool) -> str:
    """What Grafana's picker calls a range; what it does not know raises DashboardsError."""
    if expr in _ROUNDED:
        return _ROUNDED[expr]
    match = re.match(r"now[-+]([0-9]{1,9})([smhdwMy])", expr)
    if not match:
        raise DashboardsError(expr, cause="is not a range of time")
    return f"{'Last' if is_last else 'Next'} {int(match[1])} {_UNITS[match[2]]}{'s' if int(match[1]) > 1 else ''}"
