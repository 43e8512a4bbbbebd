"""Times as Grafana's addresses have them: now-6h, now/d, ISO 8601, milliseconds. Source: dateMath in @grafana/data."""

import re
from datetime import UTC, datetime, timedelta

from dashboards_py.errors import DashboardsError

_RELATIVE = re.compile(r"now((?:[+-]\d+[smhdwMy]|/[smhdwMy])*)")
_PART = re.compile(r"([+-]\d+|/)([smhdwMy])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800, "M": 2_629_800, "y": 31_557_600}
_LAST = 253_370_764_800  # the year 9999
FIX = "write now-6h, 2026-01-31T12:00Z, or milliseconds since 1970"


def parse_time(text: str, now: float, *, is_end: bool) -> float:
    """The Unix seconds of a time; one that is not a time raises DashboardsError.

    A rounded one (now/d) is the begin of its unit, or the end of it if `is_end`. All times are UTC.
    """
    try:
        moment = _parsed(text.strip(), now, is_end=is_end)
    except (ValueError, OverflowError) as error:
        raise DashboardsError(f"time {text!r}", cause="is not a time", fix=FIX) from error
    if not 0 <= moment < _LAST:
        raise DashboardsError(f"time {text!r}", cause="is before 1970 or after 9998", fix=FIX)
    return moment


def _parsed(text: str, now: float, *, is_end: bool) -> float:
    if match := _RELATIVE.fullmatch(text):
        return _relative(match[1], now, is_end=is_end)
    if re.fullmatch(r"\d{10,14}", text):
        return int(text) / (1000 if len(text) > 10 else 1)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _relative(parts: str, now: float, *, is_end: bool) -> float:
    moment = now
    for amount, unit in _PART.findall(parts):
        moment = _rounded(moment, unit, is_end=is_end) if amount == "/" else moment + int(amount) * _SECONDS[unit]
    return moment


def _rounded(moment: float, unit: str, *, is_end: bool) -> float:
    """The begin of the unit of time that the moment is in, or its last second."""
    day = datetime.fromtimestamp(moment, UTC)
    fields = {"minute": 0, "hour": 0, "day": 1, "month": 1}
    begin = day.replace(second=0 if unit != "s" else day.second, microsecond=0)
    for name, units in (("minute", "hdwMy"), ("hour", "dwMy"), ("day", "My"), ("month", "y")):
        if unit in units:
            begin = begin.replace(**{name: fields[name]})  # type: ignore[arg-type]
    if unit == "w":
        begin -= timedelta(days=begin.weekday())
    return begin.timestamp() + (_SECONDS[unit] - 1 if is_end else 0)
