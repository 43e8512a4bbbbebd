"""Points in time, written by the patterns of moment.js in English, which Grafana uses.

Source: moment 2.30, units/*.js, locale/en and duration/humanize.js.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

INVALID = "Invalid date"
LATEST = 8.64e15  # milliseconds since 1970, of JavaScript's Date
_DAY = 86_400_000
_CYCLE = 146_097  # days of 400 years, after which days of the week repeat too
_TOKEN = re.compile(
    r"(?P<literal>\[[^\[]*\])|(?P<escaped>\\)?(?P<token>[Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[o|w]?|W[o|W]?"
    r"|Qo?|N{1,5}|YYYYYY|YYYYY|YYYY|YY|y{2,4}|yo?|gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|.)"
)
_LONG_TOKEN = re.compile(r"(\[[^\[]*\])|(\\)?(LTS|LT|LL?L?L?|l{1,4})")
_LONG = {
    "LTS": "h:mm:ss A",
    "LT": "h:mm A",
    "L": "MM/DD/YYYY",
    "LL": "MMMM D, YYYY",
    "LLL": "MMMM D, YYYY h:mm A",
    "LLLL": "dddd, MMMM D, YYYY h:mm A",
    "l": "M/D/YYYY",
    "ll": "MMM D, YYYY",
    "lll": "MMM D, YYYY h:mm A",
    "llll": "ddd, MMM D, YYYY h:mm A",
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, in a zone. `local` is in the years 1970 to 2369; `cycles` of 400 years are to be added."""

    milliseconds: int
    local: datetime
    cycles: int

    @property
    def year(self) -> int:
        """The year, 0 and below before our era."""
        return self.local.year + 400 * self.cycles

    @property
    def weekday(self) -> int:
        """0 for Sunday."""
        return self.local.isoweekday() % 7

    @property
    def day_of_year(self) -> int:
        """From 1."""
        return self.local.timetuple().tm_yday

    @property
    def week(self) -> tuple[int, int]:
        """Year and week, which begins on Sunday; the first is the one with the first of January."""
        saturday = self.local + timedelta(6 - self.weekday)
        return saturday.year + 400 * self.cycles, (saturday.timetuple().tm_yday - 1) // 7 + 1

    @property
    def iso_week(self) -> tuple[int, int]:
        """Year and week of ISO 8601."""
        year, week, _ = self.local.isocalendar()
        return year + 400 * self.cycles, week

    @property
    def offset(self) -> int:
        """Minutes before UTC."""
        return round((self.local.utcoffset() or timedelta()).total_seconds() / 60)


def moment(milliseconds: float, zone: tzinfo = UTC) -> Moment | None:
    """The point in time so many milliseconds after 1970, None where JavaScript has none."""
    if not abs(milliseconds) <= LATEST:
        return None
    exact = int(milliseconds)
    cycles, rest = divmod(exact, _CYCLE * _DAY)
    shifted = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=rest)
    if cycles == -1 and shifted.year - 400 > 1:  # the zone's own history
        shifted, cycles = shifted.replace(year=shifted.year - 400), 0
    return Moment(exact, shifted.astimezone(zone), cycles)


def format_moment(milliseconds: float, pattern: str, zone: tzinfo = UTC) -> str:
    """A point in time by a pattern such as `YYYY-MM-DD HH:mm:ss`; the format of ISO 8601 where it is empty."""
    point = moment(milliseconds, zone)
    if point is None:
        return INVALID
    pattern = pattern or f"YYYY-MM-DDTHH:mm:ss{'[Z]' if zone is UTC else 'Z'}"
    for _ in range(6):
        pattern = _LONG_TOKEN.sub(lambda match: _LONG.get(match[0], match[0]), pattern)
        if not _LONG_TOKEN.search(pattern):
            break

    def write(match: re.Match[str]) -> str:
        if match["literal"]:
            return match[0][1:-1]
        token = _TOKENS.get(match[0])
        return token(point) if token else match[0].replace("\\", "")

    return "".join(map(write, _TOKEN.finditer(pattern)))


def from_now(milliseconds: float, now: float) -> str:
    """How long ago a point in time was, or will be: `3 hours ago`, `in a day`."""
    point, present = moment(milliseconds), moment(now)
    if point is None or present is None:
        return INVALID
    earlier, later = (point, present) if point.milliseconds < present.milliseconds else (present, point)
    months = (later.year - earlier.year) * 12 + later.local.month - earlier.local.month
    while months and _after_months(earlier, months) > later.milliseconds:
        months -= 1
    rest = later.milliseconds - _after_months(earlier, months)
    text = _in_words(months, rest)
    return f"in {text}" if point.milliseconds > present.milliseconds else f"{text} ago"


def _after_months(start: Moment, months: int) -> int:
    """Milliseconds of the same day and time so many months later, or of the month's last day."""
    index = start.year * 12 + start.local.month - 1 + months
    # A year of the same length that Python has.
    cycles, year = divmod(index // 12, 400)
    first = datetime(2000 + year, index % 12 + 1, 1)
    following = datetime(2000 + year + index % 12 // 11, (index + 1) % 12 + 1, 1)
    date = first.replace(day=min(start.local.day, (following - first).days))
    days = (date - datetime(1970, 1, 1)).days + (cycles - 5) * _CYCLE
    return days * _DAY + start.milliseconds % _DAY


def _in_words(months: int, rest: int) -> str:
    """Months and milliseconds, in the largest unit that they fill."""
    days = math.floor(months * 146097 / 4800 + 0.5)

    def amount(length: float) -> int:
        return math.floor(days * (_DAY / length) + rest / length + 0.5)

    whole_months = months + rest / _DAY * 4800 / 146097
    steps = (
        (amount(1e3) < 45, "a few seconds", "", 0),
        (amount(6e4) <= 1, "a minute", "", 0),
        (amount(6e4) < 45, "", "minutes", amount(6e4)),
        (amount(36e5) <= 1, "an hour", "", 0),
        (amount(36e5) < 22, "", "hours", amount(36e5)),
        (amount(_DAY) <= 1, "a day", "", 0),
        (amount(_DAY) < 26, "", "days", amount(_DAY)),
        (math.floor(whole_months + 0.5) <= 1, "a month", "", 0),
        (math.floor(whole_months + 0.5) < 11, "", "months", math.floor(whole_months + 0.5)),
        (math.floor(whole_months / 12 + 0.5) <= 1, "a year", "", 0),
        (True, "", "years", math.floor(whole_months / 12 + 0.5)),
    )
    _, text, unit, number = next(step for step in steps if step[0])
    return text or f"{number} {unit}"


def _filled(number: int, width: int, sign: str = "") -> str:
    return ("-" if number < 0 else sign) + str(abs(number)).zfill(width)


def _ordinal(number: int) -> str:
    teens = number % 100 // 10 == 1
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _zone(point: Moment, between: str) -> str:
    return f"{'-' if point.offset < 0 else '+'}{abs(point.offset) // 60:02}{between}{abs(point.offset) % 60:02}"


def _zone_name(point: Moment) -> str:
    return point.local.tzname() or ""


def _era_year(point: Moment) -> int:
    return point.year if point.year > 0 else 1 - point.year


Number = Callable[[Moment], int]
Token = Callable[[Moment], str]


def _plain(get: Number) -> Token:
    return lambda point: str(get(point))


def _wide(get: Number, width: int = 2) -> Token:
    return lambda point: _filled(get(point), width)


def _counted(get: Number) -> Token:
    return lambda point: _ordinal(get(point))


def _fraction(width: int) -> Token:
    return lambda point: f"{point.local.microsecond // 1000:03}".ljust(width, "0")[:width]


# A token for the number, one with two digits, one with its ordinal.
_NUMBERS: tuple[tuple[Number, str, str, str], ...] = (
    (lambda point: point.local.month, "M", "MM", "Mo"),
    (lambda point: point.local.day, "D", "DD", "Do"),
    (lambda point: point.day_of_year, "DDD", "", "DDDo"),
    (lambda point: point.weekday, "d", "", "do"),
    (lambda point: point.weekday, "e", "", ""),
    (lambda point: point.local.isoweekday(), "E", "", ""),
    (lambda point: point.week[1], "w", "ww", "wo"),
    (lambda point: point.iso_week[1], "W", "WW", "Wo"),
    (lambda point: (point.local.month + 2) // 3, "Q", "", "Qo"),
    (lambda point: point.local.hour, "H", "HH", ""),
    (lambda point: point.local.hour % 12 or 12, "h", "hh", ""),
    (lambda point: point.local.hour or 24, "k", "kk", ""),
    (lambda point: point.local.minute, "m", "mm", ""),
    (lambda point: point.local.second, "s", "ss", ""),
    (_era_year, "y", "", "yo"),
)
_TOKENS: dict[str, Token] = {
    **{one: _plain(get) for get, one, _, _ in _NUMBERS},
    **{two: _wide(get) for get, _, two, _ in _NUMBERS if two},
    **{ordinal: _counted(get) for get, _, _, ordinal in _NUMBERS if ordinal},
    **{"y" * width: _wide(_era_year, width) for width in (2, 3, 4)},
    **{"N" * width: lambda point: "AD" if point.year > 0 else "BC" for width in (1, 2, 3, 5)},
    **{"g" * width: _wide(lambda point: point.week[0], width) for width in (4, 5)},
    **{"G" * width: _wide(lambda point: point.iso_week[0], width) for width in (4, 5)},
    **{"S" * width: _fraction(width) for width in range(1, 10)},
    "gg": lambda point: _filled(int(math.fmod(point.week[0], 100)), 2),
    "GG": lambda point: _filled(int(math.fmod(point.iso_week[0], 100)), 2),
    "NNNN": lambda point: "Anno Domini" if point.year > 0 else "Before Christ",
    "Y": lambda point: _filled(point.year, 4) if point.year <= 9999 else f"+{point.year}",
    "YY": lambda point: _filled(int(math.fmod(point.year, 100)), 2),
    "YYYY": lambda point: _filled(point.year, 4),
    "YYYYY": lambda point: _filled(point.year, 5),
    "YYYYYY": lambda point: _filled(point.year, 6, "+"),
    "MMM": lambda point: _MONTHS[point.local.month - 1][:3],
    "MMMM": lambda point: _MONTHS[point.local.month - 1],
    "DDDD": lambda point: _filled(point.day_of_year, 3),
    "dd": lambda point: _WEEKDAYS[point.weekday][:2],
    "ddd": lambda point: _WEEKDAYS[point.weekday][:3],
    "dddd": lambda point: _WEEKDAYS[point.weekday],
    "a": lambda point: "am" if point.local.hour < 12 else "pm",
    "A": lambda point: "AM" if point.local.hour < 12 else "PM",
    "hmm": lambda point: f"{point.local.hour % 12 or 12}{point.local.minute:02}",
    "hmmss": lambda point: f"{point.local.hour % 12 or 12}{point.local.minute:02}{point.local.second:02}",
    "Hmm": lambda point: f"{point.local.hour}{point.local.minute:02}",
    "Hmmss": lambda point: f"{point.local.hour}{point.local.minute:02}{point.local.second:02}",
    "X": lambda point: str(point.milliseconds // 1000),
    "x": lambda point: str(point.milliseconds),
    "Z": lambda point: _zone(point, ":"),
    "ZZ": lambda point: _zone(point, ""),
    "z": _zone_name,
    "zz": _zone_name,
}
