"""Times as Grafana's addresses have them: now-6h, now/d, ISO 8601, milliseconds. Source: @grafana/data, datemath.ts."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dashboards_py.errors import DashboardsError

_PARTS = r"[-+/][0-9]*f?[smhdwMyQ]"
_RELATIVE = re.compile(rf"now((?:{_PARTS})*)")
_PART = re.compile(r"([-+/])([0-9]*)(f?)([smhdwMyQ])")
_FRACTION = re.compile(r"[-+][0-9]*[.,][0-9]")
_LAST_DIGIT = 10  # Grafana refuses a number that goes on beyond this character after "now"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800}
_MONTHS = {"M": 1, "Q": 3, "y": 12}
_LAST = 253_370_764_800  # the year 9999
SUNDAY = 6
UTC_ZONES = ("", "browser", "default", "utc", "etc/utc", "gmt", "zulu")
_DAYS = {"monday": 0, "saturday": 5, "sunday": SUNDAY}
FIX = "write now-6h, 2026-01-31T12:00Z, or milliseconds since 1970"
WHOLE = "write whole numbers, such as now-90m for an hour and a half"


@dataclass(frozen=True, slots=True)
class Calendar:
    """When weeks and fiscal years begin: a weekday (0 is Monday) and a month (0 is January); and the zone of times."""

    week_start: int = SUNDAY
    fiscal_month: int = 0
    zone: tzinfo = UTC

    def moment(self, seconds: float) -> datetime:
        """Unix seconds in the zone."""
        return datetime.fromtimestamp(seconds, self.zone)


def calendar_of(week_start: str, fiscal_month: int, timezone: str = "") -> Calendar:
    """The calendar of a board's weekStart, fiscalYearStartMonth and timezone; weeks begin on Sundays by default.

    A zone that is unknown, and that of a browser, is UTC.
    """
    return Calendar(_DAYS.get(week_start, SUNDAY), fiscal_month % 12, zone_of(timezone) or UTC)


def zone_of(timezone: str) -> tzinfo | None:
    """The zone of a name such as Europe/Berlin; None if it is unknown, UTC for those of a browser."""
    if timezone.lower() in UTC_ZONES:
        return UTC
    try:
        return ZoneInfo(timezone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def parse_time(text: str, now: float, *, is_end: bool, calendar: Calendar | None = None) -> float:
    """The Unix seconds of a time; one that is not a time raises DashboardsError.

    A rounded one (now/d) is the begin of its unit, or the end of it if `is_end`. Times are in the calendar's zone.
    """
    try:
        moment = _parsed(text.strip(), now, is_end=is_end, calendar=calendar or Calendar())
    except (ValueError, OverflowError) as error:
        fix = WHOLE if text.strip().startswith("now") and _FRACTION.search(text) else FIX
        raise DashboardsError(f"time {text!r}", cause="is not a time", fix=fix) from error
    if not 0 <= moment < _LAST:
        raise DashboardsError(f"time {text!r}", cause="is before 1970 or after 9998", fix=FIX)
    return moment


def moved_time(text: str, moment: float, *, is_end: bool, calendar: Calendar) -> float:
    """Unix seconds moved and rounded as a text says, such as -1d/d; one that says nothing raises DashboardsError."""
    return parse_time(f"now{text}", moment, is_end=is_end, calendar=calendar)


def _parsed(text: str, now: float, *, is_end: bool, calendar: Calendar) -> float:
    if match := _RELATIVE.fullmatch(re.sub(r"\s", "", text)):
        return _relative(match[1], now, is_end=is_end, calendar=calendar)
    if re.fullmatch(r"[0-9]{10,14}", text):
        return int(text) / (1000 if len(text) > 10 else 1)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)).timestamp()


def _relative(parts: str, now: float, *, is_end: bool, calendar: Calendar) -> float:
    """A count without number is one; rounding to several units, as in now/2d, is refused."""
    moment = calendar.moment(now)
    for match in _PART.finditer(parts):
        sign, digits, fiscal, unit = match.groups()
        if (digits and match.end(2) > _LAST_DIGIT) or (sign == "/" and int(digits or 1) != 1):
            raise ValueError(parts)
        if sign == "/":
            moment = _rounded(moment, unit, is_end=is_end, calendar=calendar, is_fiscal=bool(fiscal))
        else:
            moment = _moved(moment, int(digits or 1) * (-1 if sign == "-" else 1), unit)
    return moment.timestamp()


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    """A moment so many units later: months and years are those of the calendar, and end on their last day at most."""
    if unit in _SECONDS:
        later = timedelta(seconds=count * _SECONDS[unit])
        # Days are those of the calendar, also where the clock is changed; hours are 3600 seconds.
        return moment + later if unit in "dw" else (moment.astimezone(UTC) + later).astimezone(moment.tzinfo)
    year, month = divmod(moment.year * 12 + moment.month - 1 + count * _MONTHS[unit], 12)
    last_day = monthrange(year, month + 1)[1] if 1 <= year <= 9999 else 1
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))


def _rounded(moment: datetime, unit: str, *, is_end: bool, calendar: Calendar, is_fiscal: bool) -> datetime:
    """The begin of the unit of time that the moment is in, or its last millisecond."""
    if is_fiscal and unit not in ("Q", "y"):
        return moment
    begin = moment.replace(microsecond=0)
    for name, units in (("second", "mhdwMQy"), ("minute", "hdwMQy"), ("hour", "dwMQy")):
        if unit in units:
            begin = begin.replace(**{name: 0})  # type: ignore[arg-type]
    if unit == "w":
        begin -= timedelta(days=(begin.weekday() - calendar.week_start) % 7)
    elif unit in _MONTHS:
        first = calendar.fiscal_month if is_fiscal else 0
        begin = _moved(begin.replace(day=1), -((begin.month - 1 - first) % _MONTHS[unit]), "M")
    return _moved(begin, 1, unit) - timedelta(milliseconds=1) if is_end else begin
