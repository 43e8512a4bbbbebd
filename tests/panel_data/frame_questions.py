"""What Grafana is asked about frames: names, colors and texts of fields with all kinds of options."""

from random import Random
from typing import Any

from tests.panel_data.grafana_data import Question

UNITS = ("", "none", "short", "bytes", "s", "percentunit", "ops", "pps", "d", "currencyUSD", "locale", "bool", "string")
DATES = ("dateTimeAsIso", "time:YYYY", "dateTimeAsUS")
MODES = (
    *("thresholds", "thresholds", "palette-classic", "palette-classic-by-name", "fixed", "shades", "nonsense"),
    *("continuous-GrYlRd", "continuous-BlPu", "continuous-blues", "continuous-reds", "continuous-viridis"),
    *("continuous-magma", "continuous-plasma", "continuous-inferno", "continuous-cividis", "continuous-YlBl"),
)
COLORS = ("green", "red", "dark-orange", "super-light-blue", "text", "transparent", "#abc", "rgb(10, 20, 30)", "Tomato")
NAMES = (
    *("green", "dark-green", "semi-dark-orange", "super-light-blue", "light-purple", "text", "transparent", "panel-bg"),
    *(
        "#fff",
        "#FADE2A",
        "#12345678",
        "#1234",
        "rgb(1,2,3)",
        "rgba(10, 20, 30, 0.5)",
        "rgb(10%, 20%, 300)",
        "hsl(120, 50%, 50%)",
    ),
    *(
        "hsla(400, 100, 50, .25)",
        "hsv(0, 1, 1)",
        "rebeccapurple",
        "Green",
        "Orange",
        "MediumPurple",
        "nonsense",
        "",
        " red ",
    ),
    *(
        "rgb(1, 2)",
        "#12",
        "#gggggg",
        "RGB(1,2,3)",
        "hsl(0.5turn 1 1)",
        "rgb(1.0, 1.0, 1.0)",
        "hsva(200,0.3,0.4,1.5)",
        "dark-pink",
    ),
)
STRINGS = ("up", "down", "", "12", " 7 ", "1e3", "0x1F", "nope-42", "NaN%", "true", "Infinite", "2024-05-06T07:08:09Z")
ISO_DATES = ("2024-05-06T07:08:09Z", "2024-05-06 07:08:09.5", "2024-05-06", "2024-05-06T07:08+02:00", "", None)
NUMBERS = (0, 1, -1, 42, 0.5, 99.9, 1234.5678, 1e9, -3e-7, 80, 100, 1e-12, "NaN", "Infinity", None, 0.1 + 0.2)
MAPPINGS: tuple[dict[str, Any], ...] = (
    {"type": "value", "options": {"0": {"text": "no", "color": "red"}, "1": {"text": "yes"}, "up": {"color": "blue"}}},
    {"type": "value", "options": {"true": {"text": "on", "color": "#00ff00"}, "1234.5678": {"text": ""}, "12": {}}},
    {"type": "range", "options": {"from": 10, "to": 90, "result": {"text": "middle", "color": "orange"}}},
    {"type": "range", "options": {"from": None, "to": 0, "result": {"text": "low"}}},
    {"type": "range", "options": {"from": 1e6, "result": {"color": "dark-red"}}},
    {"type": "regex", "options": {"pattern": "/n(.)pe-(x)?(\\d+)/", "result": {"text": "$3 $1 $& $$ $2 $12 $4 $' $`"}}},
    {"type": "regex", "options": {"pattern": "/[a-z]/gi", "result": {"text": "*", "color": "purple"}}},
    {"type": "regex", "options": {"pattern": "u.*", "result": {"color": "yellow"}}},
    {"type": "special", "options": {"match": "null", "result": {"text": "nothing", "color": "text"}}},
    {"type": "special", "options": {"match": "nan", "result": {"text": "not a number"}}},
    {"type": "special", "options": {"match": "null+nan", "result": {"text": "gone"}}},
    {"type": "special", "options": {"match": "true", "result": {"text": "right"}}},
    {"type": "special", "options": {"match": "false", "result": {"text": "wrong", "color": "#f00"}}},
    {"type": "special", "options": {"match": "empty", "result": {"text": "(empty)"}}},
)
THRESHOLDS: tuple[dict[str, Any], ...] = (
    {"mode": "absolute", "steps": [{"value": None, "color": "green"}, {"value": 80, "color": "red"}]},
    {
        "mode": "percentage",
        "steps": [
            {"value": None, "color": "blue"},
            {"value": 25, "color": "yellow"},
            {"value": 75, "color": "dark-red"},
        ],
    },
    {
        "mode": "absolute",
        "steps": [{"value": 10, "color": "purple"}, {"value": 50, "color": "#123456"}, {"value": 20, "color": "red"}],
    },
    {"mode": "absolute", "steps": [{"value": None, "color": "transparent"}, {"value": 0.3, "color": "text"}]},
    {"mode": "absolute", "steps": []},
)
LABELS: tuple[dict[str, str], ...] = (
    {},
    {"pod": "cilium-1"},
    {"pod": "cilium-2"},
    {"pod": ""},
    {"pod": "cilium-1", "node": "a"},
    {"__name__": "up", "job": "x"},
    {"direction": "egress"},
)


def config(random: Random, kind: str) -> dict[str, Any]:
    """Options of a field of a type."""
    options: dict[str, Any] = {
        "unit": random.choice({"string": UNITS, "time": (*DATES, "")}.get(kind, (*UNITS, *DATES)))
    }
    chances: tuple[tuple[float, str, Any], ...] = (
        (0.3, "decimals", random.choice((0, 1, 2, 4))),
        (0.3, "min", random.choice((0, -10, 5.5))),
        (0.3, "max", random.choice((100, 1, 1e6))),
        (0.2, "fieldMinMax", True),
        (0.2, "noValue", random.choice(("none", "0", "-"))),
        (0.15, "displayName", random.choice(("Shown", "Nodes up"))),
        (0.2, "displayNameFromDS", random.choice(("cilium-1", "p99", "Value #A"))),
        (0.7, "thresholds", random.choice(THRESHOLDS)),
        (0.4, "mappings", random.sample(MAPPINGS, random.randint(1, 4))),
        (0.8, "color", color(random)),
    )
    return options | {name: value for chance, name, value in chances if random.random() < chance}


def color(random: Random) -> dict[str, Any]:
    """A color mode."""
    mode: dict[str, Any] = {"mode": random.choice(MODES)}
    if random.random() < 0.5:
        mode["fixedColor"] = random.choice(COLORS)
    if random.random() < 0.4:
        mode["seriesBy"] = random.choice(("last", "min", "max"))
    return mode


def field(random: Random, length: int) -> dict[str, Any]:
    """A field of so many values."""
    kind = random.choice(("number", "number", "number", "string", "boolean", "time"))
    values: dict[str, Any] = {
        "number": lambda: random.choice((*NUMBERS, round(random.uniform(-100, 1e4), random.randint(0, 5)))),
        "string": lambda: random.choice((*STRINGS, None)),
        "boolean": lambda: random.choice((True, False, None)),
        "time": lambda: random.choice((1764115200000, 1764115230500, 1764118800000)),
    }
    return {
        "name": "Time" if kind == "time" else random.choice(("Value", "Time", "up", "Value #A", "pod", "")),
        "type": kind,
        "values": [values[kind]() for _ in range(length)],
        **({"labels": random.choice(LABELS)} if random.random() < 0.6 and kind != "time" else {}),
        "config": config(random, kind),
    }


def frames(random: Random) -> list[dict[str, Any]]:
    """Some frames: of one length each, with names or without."""
    result = []
    for ref in "ABC"[: random.choice((1, 1, 2, 3))]:
        length = random.choice((0, 1, 3, 5))
        frame: dict[str, Any] = {"refId": ref, "fields": [field(random, length) for _ in range(random.randint(1, 4))]}
        if random.random() < 0.4:
            frame["name"] = random.choice(("up", "other", ""))
        result.append(frame)
    return result


def random_questions(seed: int, count: int) -> list[Question]:
    """Frames with any options, on dark and light pages."""
    random = Random(seed)
    return [{"ask": "frames", "dark": index % 3 != 0, "frames": frames(random)} for index in range(count)]


def one_field(kind: str, values: tuple[object, ...], options: dict[str, Any]) -> list[dict[str, Any]]:
    """A frame with one field."""
    return [{"fields": [{"name": "Value", "type": kind, "values": list(values), "config": options}]}]


CALCS = (
    *(
        "last",
        "lastNotNull",
        "first",
        "firstNotNull",
        "min",
        "max",
        "mean",
        "median",
        "sum",
        "count",
        "countAll",
        "range",
    ),
    *("diff", "diffperc", "delta", "step", "logmin", "variance", "stdDev", "allIsZero", "allIsNull", "changeCount"),
    *("distinctCount", "allValues", "uniqueValues", "p1", "p50", "p95", "p99"),
)
OVERRIDES: list[dict[str, Any]] = [
    {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}],
    }
    for name, color in (("up", "blue"), ("down", "#010203"), ("Value", "dark-red"), ("Shown", "text"))
]
TEXTS = (
    *(
        "b",
        "a",
        "B",
        "A",
        "é",
        "e",
        "f",
        "node10",
        "node9",
        "node 9",
        "node-9",
        "node_9",
        "Node09",
        "1",
        "10",
        "9",
        "02",
    ),
    *(
        "",
        " ",
        '{pod="a"}',
        '{pod="b"}',
        "a/b",
        "a.b",
        "a:b",
        "99th %",
        "p9",
        "p99",
        "kube-dns",
        "kube_dns",
        "kubedns",
        "Z",
        "z1",
    ),
)


def shown_questions(seed: int, count: int) -> list[Question]:
    """What stats of any frames show, and what legends of them say."""
    random = Random(seed)
    questions: list[Question] = []
    for index in range(count):
        common: dict[str, Any] = {"dark": index % 3 != 0, "frames": frames(random)}
        calcs = random.sample(CALCS, random.randint(0, 4))
        options = {"calcs": calcs, "values": random.random() < 0.4}
        if random.random() < 0.3:
            options["limit"] = random.choice((1, 2, 3, 100))
        if random.random() < 0.5:
            options["fields"] = random.choice(("", "/.*/", "/^Value/", "up", "Shown", "/(pod|cilium)/i"))
        defaults = config(random, "number")
        questions.append(
            {"ask": "shown", "reduceOptions": options, "defaults": defaults, "overrides": OVERRIDES, **common}
        )
        # A graph draws booleans as numbers: those of @grafana/data are of numbers.
        numbers = [
            frame | {"fields": [field for field in frame["fields"] if field["type"] != "boolean"]}
            for frame in common["frames"]
        ]
        questions.append({"ask": "legend", "calcs": calcs, "dark": common["dark"], "frames": numbers})
    return questions


def table_of_shown() -> list[Question]:
    """The questions of the table."""
    every_calc = {
        "ask": "legend",
        "calcs": list(CALCS),
        "dark": True,
        "frames": [
            {
                "fields": [
                    {"name": "Time", "type": "time", "values": [1764115200000 + 15000 * step for step in range(6)]},
                    {"name": "Value", "type": "number", "values": [3, 1, None, 1, 4, 1.5], "config": {"unit": "s"}},
                ]
            }
        ],
    }
    return [{"ask": "collated", "texts": list(TEXTS)}, every_calc, *shown_questions(19, 20)]


def frame_questions() -> list[Question]:
    """The questions of the table."""
    return [
        *({"ask": "colors", "names": list(NAMES), "dark": dark} for dark in (True, False)),
        *(
            {"ask": "axis", "decimals": decimals, "frames": one_field("number", NUMBERS, {"unit": unit})}
            for unit in ("short", "s", "bytes", "currencyUSD", "locale")
            for decimals in (0, 2)
        ),
        {"ask": "axis", "decimals": 2, "frames": one_field("number", NUMBERS, {"unit": "s", "decimals": 1})},
        {"ask": "frames", "dark": True, "frames": one_field("string", ISO_DATES, {"unit": "dateTimeAsIso"})},
        *random_questions(17, 40),
    ]
