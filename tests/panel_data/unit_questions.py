"""What Grafana is asked about units: each of them, and those that do more than put a text behind a number at length."""

from tests.panel_data.grafana_data import Question

NOW = 1_764_115_200_123  # a moment in November 2025, in milliseconds
# Of every unit.
SOME = (0, 1, -1.5, 12.3456, 999.9996, 1023.5, 1e6, 1.5e9, 2.5e-7)
# Of units that compute: what lies at and beside the steps, and what no number line is without.
THOROUGH = (
    *(0, -0.0, 1, -1, 2, 0.1, 0.05, -0.05, 0.3333333333333333, 0.5, 1.005, 2.675, 0.000001, 0.0000004),
    *(
        5e-324,
        1.7976931348623157e308,
        1e-9,
        1e-12,
        1.5e-15,
        1e-21,
        2.2e-24,
        9.99e-7,
        1e15,
        1e18,
        1.1e21,
        3e24,
        1e27,
        1e30,
    ),
    *(9, 10, 11, 14.5, 15, 44.4, 45, 59, 59.9999, 60, 61, 99.95, 100, 364, 365, 366),
    *(999, 999.4, 999.5, 999.9999, 1000, 1001, 1023, 1024, 1025, 1439, 1440, 3599, 3600, 3661, -3661, 7199, 8760, 9000),
    *(10079, 10080, 59999, 60000, 60001, 86399, 86400, 90061.5, 99999, 123456.789, 525948, 604799, 604800, 999999.5),
    *(1048575, 1048576, 2592000, 3599999, 3600000, 31535999, 31536000, 31556900, 86400000, 90061001, 1e8, 1234567890),
    *(
        1073741824,
        1099511627776,
        6e10,
        36e11,
        864e11,
        31536e6,
        31536e9,
        2**53,
        -(2**53),
        -1234.5678,
        -0.00012345,
        -1e-9,
    ),
    *("NaN", "Infinity", "-Infinity", None),
)
COMPUTED = (
    *("none", "string", "short", "sishort", "percent", "percentunit", "humidity", "hex", "hex0x", "sci", "locale"),
    *("bytes", "decbytes", "bits", "bps", "Bps", "binBps", "kbytes", "mbytes", "pps", "ops", "opm", "reqps", "yflops"),
    *("currencyUSD", "currencyDKK", "hertz", "nfarad", "pressurepsi", "bool", "bool_yes_no", "flops", "massmg"),
    *("ns", "µs", "ms", "s", "m", "h", "d", "dtdurationms", "dtdurations", "dthms", "dtdhms", "timeticks"),
    *("clockms", "clocks"),
)
CUSTOM = (
    *("suffix:req", "suffix: days", "suffix:", "prefix:~", "prefix:"),
    *("si:W", "si:mW", "si:µg", "si:YB", "si:kg", "si:", "si:fs"),
    *("count:flows", "count:", "currency:฿", "currency:", "currency:financial:$", "currency:financial:€:suffix"),
    *("currency:financial::suffix", "currency:financial", "bool:up/down", "bool:up", "bool:", "bool:/", "unknown"),
    *("flows/s", ":x", "x:y", "si", "", "farenheit", "Suffix:a", "time:"),
)
DATES = (
    *("dateTimeAsIso", "dateTimeAsIsoNoDateIfToday", "dateTimeAsUS", "dateTimeAsUSNoDateIfToday", "dateTimeAsLocal"),
    *("dateTimeAsLocalNoDateIfToday", "dateTimeAsSystem", "dateTimeFromNow", "time:YYYY-MM", "time:LLLL", "time:LTS l"),
    *("time:[at] H\\h m [o'clock] \\Y ", "time:M Mo MM MMM MMMM D Do DD DDD DDDo DDDD d do dd ddd dddd e E"),
    *("time:w wo ww W Wo WW gg gggg ggggg GG GGGG GGGGG Q Qo", "time:Y YY YYYY YYYYY YYYYYY y yo yy yyyy N NNNN NNNNN"),
    *(
        "time:a A h hh H HH k kk m mm s ss hmm hmmss Hmm Hmmss",
        "time:S SS SSS SSSS SSSSSSSSS X x z zz Z ZZ",
        "time:[a[b]c",
    ),
)
MOMENTS = (
    *(0, -1, 1.9, 1e12, NOW, NOW - 1, NOW + 1, "NaN", "Infinity", None, 8.6e15, -8.6e15, 8.64e15 + 1, -62135596800001),
    *(951782400000, 1709164800000, 1735689599999, 1704067200000, 253402300800000, -1e13, 4102444800000.5, 5400000),
    *(NOW + sign * seconds * 1000 for sign in (1, -1) for seconds in (44, 45, 89, 90, 2640, 2699, 2700, 5399, 5400)),
    *(
        NOW - hours * 3600_000
        for hours in (21.4, 21.6, 35.9, 36, 48, 612, 636, 1093, 1094, 3000, 7900, 8300, 13000, 40000)
    ),
    *(NOW - 86400_000, NOW + 43_000_000, NOW - 400 * 86400_000, NOW + 30 * 86400_000, NOW + 31 * 86400_000),
)


# The lists of numbers, which a table names.
NUMBERS = {
    "some": SOME,
    "thorough": THOROUGH,
    "odd": (*SOME, "NaN", "Infinity", None),
    "few": (0, 1.5, 1234.5678, "NaN"),
    "moments": MOMENTS,
}


def spelled_out(question: Question) -> Question:
    """A question with its numbers in place of their name."""
    return question | {"numbers": list(NUMBERS[question["numbers"]])} if "numbers" in question else question


def unit_questions(ids: list[str]) -> list[Question]:
    """The questions, of all units that Grafana lists."""

    def question(unit: str, decimals: int | None, numbers: str, **options: object) -> Question:
        return {"ask": "format", "unit": unit, "decimals": decimals, "numbers": numbers, **options}

    return [
        {"ask": "units"},
        *(question(unit, None, "some") for unit in ids if unit not in (*COMPUTED, *DATES)),
        *(question(unit, decimals, "thorough") for unit in COMPUTED for decimals in (None, 0, 2)),
        *(question(unit, decimals, "few") for unit in ("none", "s", "sci") for decimals in (-1, 20, 25)),
        *(question(unit, decimals, "odd") for unit in CUSTOM for decimals in (None, 2)),
        *(question(unit, None, "moments", now=NOW, milliseconds=not unit.find("dateTimeAsS")) for unit in DATES),
    ]
