"""The format of each unit, by Grafana's ids; units.json holds those that have but a text and a scale.

Source: @grafana/data, valueFormats/categories.ts and valueFormats.ts (getValueFormat).
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from unicodedata import normalize

from dashboards_py.panel_data.units import durations, moments, numbers
from dashboards_py.panel_data.units.formatted import UTC_CLOCK, Clock, Format, Formatted

ISO, US, LOCAL, SYSTEM = "YYYY-MM-DD HH:mm:ss", "MM/DD/YYYY h:mm:ss a", "MM/DD/YYYY, hh:mm:ss A", "dateTimeAsSystem"
# A date's pattern, and the one of today's dates.
DATES = {
    "dateTimeAsIso": (ISO, ISO),
    "dateTimeAsIsoNoDateIfToday": (ISO, "HH:mm:ss"),
    "dateTimeAsUS": (US, US),
    "dateTimeAsUSNoDateIfToday": (US, "h:mm:ss a"),
    "dateTimeAsLocal": (LOCAL, LOCAL),
    "dateTimeAsLocalNoDateIfToday": (LOCAL, "hh:mm:ss A"),
}


def format_value(unit: str, value: float | None, decimals: int | None = None, *, clock: Clock = UTC_CLOCK) -> Formatted:
    """A number in a unit (Grafana's id, "" for none) with so many decimals, as many as it needs with None.

    An unknown unit is written behind the number, as in Grafana.
    """
    return _format(unit)(value, decimals, clock)


def date(pattern: str, today: str = "") -> Format:
    """A time by a pattern of moment.js; `today` is the pattern of a time of today."""

    def write(value: float | None, _: int | None, clock: Clock) -> Formatted:
        milliseconds = float("nan") if value is None else value
        day = [moments.format_moment(time, ISO[:10], clock.zone) for time in (milliseconds, clock.now)]
        chosen = today if today and day[0] == day[1] != moments.INVALID else pattern
        return Formatted(moments.format_moment(milliseconds, chosen, clock.zone))

    return write


def system_date(value: float | None, _: int | None, clock: Clock) -> Formatted:
    """A time as it is written where no format is chosen."""
    pattern = f"{ISO}.SSS" if clock.milliseconds else ISO
    return Formatted(moments.format_moment(float("nan") if value is None else value, pattern, clock.zone))


def time_from_now(value: float | None, _: int | None, clock: Clock) -> Formatted:
    """How long ago a time was."""
    return Formatted(moments.from_now(float("nan") if value is None else value, clock.now))


def _by_text(unit: str) -> Format | None:
    """The format of a unit that says how to write it: suffix:%, si:mW, currency:financial:€, time:HH:mm."""
    kind, colon, rest = unit.partition(":")
    if not colon:
        return None
    match kind:
        case "prefix" | "suffix":
            return numbers.fixed(rest, before=kind == "prefix")
        case "time":
            return date(rest)
        case "si":
            offset = _si_offset(rest[:1])
            return numbers.si(rest[1:] if offset else rest, offset)
        case "count":
            return numbers.count(rest)
        case "currency":
            financial, *symbol = rest.split(":")
            if financial != "financial" or not symbol:
                return numbers.currency(rest)
            return numbers.full_currency(symbol[0], symbol[1:2] == ["suffix"]) if symbol[0] else numbers.fixed("")
        case "bool":
            true, slash, false = rest.partition("/")
            return numbers.boolean(true, false if slash else "-")
        case _:
            return None


def _si_offset(character: str) -> int:
    """How many thousands a prefix stands for: 1 for k, -1 for m; 0 for what is no prefix."""
    prefixes = [normalize("NFKD", prefix) for prefix in numbers.SI_PREFIXES]
    plain = normalize("NFKD", character)
    return prefixes.index(plain) - numbers.SI_BASE if plain in prefixes else 0


def _known() -> Mapping[str, Format]:
    table = json.loads(files("dashboards_py.panel_data.units").joinpath("units.json").read_text(encoding="utf-8"))
    return {
        **{unit: numbers.fixed(text) for unit, text in table["behind"].items()},
        **{unit: numbers.si(*args) for unit, args in table["si"].items()},
        **{unit: numbers.binary(*args) for unit, args in table["binary"].items()},
        **{unit: numbers.count(text) for unit, text in table["count"].items()},
        **{unit: numbers.currency(symbol) for unit, symbol in table["currency_before"].items()},
        **{unit: numbers.currency(symbol, behind=True) for unit, symbol in table["currency_behind"].items()},
        **{unit: numbers.boolean(*texts) for unit, texts in table["boolean"].items()},
        **{unit: numbers.scaled(1000, suffixes) for unit, suffixes in table["thousands"].items()},
        **{unit: durations.duration(unit) for unit in durations.STEPS},
        **{unit: date(*patterns) for unit, patterns in DATES.items()},
        "percent": numbers.percent(1),
        "percentunit": numbers.percent(100),
        "string": numbers.plain,
        "locale": numbers.grouped,
        "sci": numbers.scientific,
        "hex": numbers.hexadecimal(""),
        "hex0x": numbers.hexadecimal("0x"),
        "timeticks": durations.duration("s", 100),
        "dtdurationms": durations.in_words("millisecond"),
        "dtdurations": durations.in_words("second"),
        "dthms": durations.clock_time,
        "dtdhms": durations.days_and_clock_time,
        "clockms": durations.clock(1),
        "clocks": durations.clock(1000),
        SYSTEM: system_date,
        "dateTimeFromNow": time_from_now,
        "farenheit": numbers.fixed("°F"),
    }


UNITS = _known()


@lru_cache(maxsize=1024)
def _format(unit: str) -> Format:
    return UNITS.get(unit) or _by_text(unit) or numbers.fixed(unit)
