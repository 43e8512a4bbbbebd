"""Grafana's units and the measures they display (packages/grafana-data/src/valueFormats/categories.ts)."""

from collections.abc import Iterator, Mapping

from dashboards_py.lint._measure import BYTES, PLAIN, SECONDS, TIMESTAMP, Measure

Measures = tuple[Measure, ...]
PER_SECOND = "ops reqps rps wps iops pps cps eps mps recps rowsps hertz"
PER_MINUTE = "opm reqpm rpm wpm epm mpm cpm recpm rowspm"
DATES = (
    "dateTimeAsIso dateTimeAsIsoNoDateIfToday dateTimeAsUS dateTimeAsUSNoDateIfToday dateTimeAsLocal "
    "dateTimeAsLocalNoDateIfToday dateTimeAsSystem dateTimeFromNow"
)


def _times() -> Iterator[tuple[str, Measures]]:
    factors = {"s": 1, "ms": 1e3, "µs": 1e6, "ns": 1e9, "m": 1 / 60, "h": 1 / 3600, "d": 1 / 86400, "timeticks": 100}
    factors |= {"dtdurations": 1, "dthms": 1, "dtdhms": 1, "clocks": 1, "dtdurationms": 1e3, "clockms": 1e3}
    yield from ((unit, (Measure(SECONDS, factor=factor),)) for unit, factor in factors.items())
    yield from ((unit, (Measure(TIMESTAMP, factor=1e3),)) for unit in DATES.split())


def _sizes() -> Iterator[tuple[str, Measures]]:
    """Sizes in steps of 1024 or 1000. Mixing the two is a small error, so both are accepted for each unit."""
    for power, letter in enumerate(["", "k", "m", "g", "t", "p"]):
        factors = tuple(base**-power for base in (1000.0, 1024.0))
        for unit in (f"{letter}bytes", f"dec{letter}bytes"):
            yield unit, tuple(Measure(BYTES, factor=factor) for factor in factors)
        big = letter.upper()
        for unit in (f"{big}Bs", f"{big}iBs") if letter else ("Bps", "binBps"):
            yield unit, tuple(Measure(BYTES, per_second=True, factor=factor) for factor in factors)
        for unit in (f"{big}bits", f"{big}ibits") if letter else ("bps", "binbps"):
            yield unit, tuple(Measure(BYTES, per_second=True, factor=8 * factor) for factor in factors)
    yield from ((unit, (Measure(BYTES, factor=8),)) for unit in ("bits", "decbits"))


# The measures that fit each unit. Units that do not imply a measure (`short`, custom units) are missing.
UNITS: Mapping[str, Measures] = {
    **dict(_times()),
    **dict(_sizes()),
    **dict.fromkeys(PER_SECOND.split(), (Measure(PLAIN, per_second=True),)),
    **dict.fromkeys(PER_MINUTE.split(), (Measure(PLAIN, per_second=True, factor=60),)),
    "percentunit": (Measure(PLAIN), Measure(SECONDS, per_second=True)),
    "percent": (Measure(PLAIN, factor=100), Measure(SECONDS, per_second=True, factor=100)),
}

# `count:` has a text of its own behind the number, such as `count:packets/s`.
COUNTED: Mapping[str, Measures] = {
    "/s": (Measure(PLAIN, per_second=True),),
    "/min": (Measure(PLAIN, per_second=True, factor=60),),
}


def measures(unit: str) -> Measures:
    """The measures that a unit can display; () if it implies none."""
    if unit.startswith("time:"):
        return (Measure(TIMESTAMP, factor=1e3),)
    if unit.startswith("count:") and unit.endswith(tuple(COUNTED)):
        return COUNTED[unit[unit.rindex("/") :]]
    return UNITS.get(unit, ())
