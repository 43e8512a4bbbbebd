"""Questions about reductions, transformations and matchers, for Grafana and for us."""

import json
from pathlib import Path
from typing import Any

from tests.panel_data.grafana_data import Question

Json = dict[str, Any]
REDUCERS = [
    *("last", "lastNotNull", "first", "firstNotNull", "min", "max", "mean", "median", "sum", "count", "countAll"),
    *("range", "diff", "diffperc", "delta", "step", "logmin", "variance", "stdDev", "allIsNull", "allIsZero"),
    *(
        "changeCount",
        "distinctCount",
        "allValues",
        "uniqueValues",
        "p1",
        "p5",
        "p25",
        "p50",
        "p75",
        "p90",
        "p95",
        "p99",
    ),
]
COLUMNS: list[tuple[str, list[Any]]] = [
    ("number", []),
    ("number", [None, None]),
    ("number", [0, 0]),
    ("number", [0, None]),
    ("number", [5]),
    ("number", [1.5, 2.25, 2.25, -3, 10]),
    ("number", [None, 3, None, 1, 4, None]),
    ("number", [0.1, 0.2, 0.3, 0.4]),
    ("number", [10, 20, 5, 8, 8, 30, 2, 1]),
    ("number", ["NaN", 2, "NaN", 4, "NaN"]),
    ("number", ["NaN"]),
    ("number", ["Infinity", 1, "-Infinity"]),
    ("number", ["-Infinity", "-Infinity"]),
    ("number", [1e300, 1e-300, -1e300]),
    ("number", [-5, -1, 0]),
    ("time", [1767227400000, 1767227430000, 1767227500000]),
    ("string", ["b", "a", None, "b"]),
    ("string", ["x", "y"]),
    ("boolean", [True, False, None, True]),
    ("boolean", [False, False]),
]


def column(name: str, kind: str, *values: Any, **options: Any) -> Json:
    """A field; `options` are labels and config."""
    return {"name": name, "type": kind, "values": list(values), **options}


def series(ref: str, legend: str, values: list[Any], times: tuple[int, ...] = (0, 1, 2), **labels: str) -> Json:
    """A series of a Prometheus: a minute between its values."""
    moments = [1767227400000 + 60000 * time for time in times]
    options: Json = {"labels": labels} if labels else {}
    value = column("Value", "number", *values, **options, config={"displayNameFromDS": legend} if legend else {})
    return {"refId": ref, "fields": [column("Time", "time", *moments), value]}


def table(ref: str, value: str, *rows: tuple[Any, ...]) -> Json:
    """A table of a Prometheus: time, two labels, value."""
    times, nodes, maps, values = zip(*rows, strict=True) if rows else ((), (), (), ())
    moments = [1767227400000 + 60000 * time for time in times]
    return {
        "refId": ref,
        "fields": [
            column("Time", "time", *moments),
            column("node", "string", *nodes),
            column("map", "string", *maps),
            column(value, "number", *values),
        ],
    }


TABLE = table(
    "A", "Value", (0, "b", "x", 2), (0, "A", "y", 10.5), (0, "c", "", 2), (0, "a", "x", "NaN"), (0, "_", "y", 0)
)
FIRST = table("A", "Value #A", (0, "a", "x", 1), (0, "b", "x", 2), (0, "c", "y", 3))
SECOND = table("B", "Value #B", (0, "b", "x", 20), (0, "d", "y", 40), (0, "a", "x", 10))
EMPTY = table("C", "Value #C")
NOTHING: Json = {"refId": "D", "fields": []}
SERIES = [series("A", "", [1, 2, 3], node="a"), series("A", "", [4, None, 6], node="b")]
NAMED = [
    series("A", "on a", [1, 2, 3], node="a"),
    series("B", "on b", [4, 5], (1, 3), node="b"),
    series("B", "all", [7, 8, 9], (0, 1, 2)),
]
LABELLED = [
    series("A", "", [1, 2], (0, 1), node="a", zone="z"),
    series("A", "", [3, 4], (0, 1), node="b", zone="z", only="here"),
]
FRAMES_WITH_NAMES = [{**series("A", "", [1, 2], (0, 1)), "name": "one"}, {**series("B", "", [3], (0,)), "name": "two"}]
MIXED: Json = {
    "refId": "A",
    "fields": [
        column("text", "string", "10", "1,000.5", "x", "", "2026-01-01T00:00:00Z"),
        column("on", "boolean", True, False, True, True, False),
        column("number", "number", 1, 0, -2.5, "NaN", "Infinity"),
        column("seconds", "number", 1, 2, 3, 4, 5),
        column("Time", "time", 1, 2, 3, 4, 5),
    ],
}
WORDS: Json = {
    "refId": "A",
    "fields": [
        column("w", "string", "hello World", "ÜBER uns", " x ", "two  words"),
        column("n", "number", 1, 2, 3, 4),
    ],
}
TWICE: Json = {
    "refId": "A",
    "fields": [column("Value", "number", 3, 1), column("Value", "number", 2, 4), column("s", "string", "x", "y")],
}


COLLATED: Json = {
    "refId": "A",
    "fields": [
        column("w", "string", "b10", "B9", "a b", "ab", "a-b", "Ä", "z", "_x", "10", "9", "é", "E", "a_b", "~", "")
    ],
}
WIDE: Json = {
    "refId": "A",
    "fields": [
        column("node10", "number", 1, labels={"node": "n2"}),
        column("Node9", "number", 2, labels={"node": "n10"}),
        column("Time", "time", 1),
        column("alpha", "number", 3, labels={"node": "n2"}),
    ],
}
FRAMES: dict[str, Json] = {
    "collated": COLLATED,
    "wide": WIDE,
    "first": FIRST,
    "second": SECOND,
    "empty": EMPTY,
    "nothing": NOTHING,
    "table": TABLE,
    "mixed": MIXED,
    "words": WORDS,
    "twice": TWICE,
    **dict(zip(("series a", "series b"), SERIES, strict=True)),
    **dict(zip(("named a", "named b", "named c"), NAMED, strict=True)),
    **dict(zip(("labelled a", "labelled b"), LABELLED, strict=True)),
    **dict(zip(("frame a", "frame b"), FRAMES_WITH_NAMES, strict=True)),
}
# What is done with which frames: a line each.
CASES: list[Json] = [
    json.loads(line) for line in Path(__file__).with_name("transform_cases.jsonl").read_text("utf-8").splitlines()
]
MATCHERS: list[Json] = [
    *({"id": "byName", "options": name} for name in ("on a", "Value", "Time", "node", "none", "all", "time")),
    {"id": "byNames", "options": {"names": ["on a", "all"], "mode": "include"}},
    {"id": "byNames", "options": {"names": ["on a", "all"], "mode": "exclude", "readOnly": True}},
    *({"id": "byRegexp", "options": pattern} for pattern in ("/^on/", "on", "on .*", "/ON/i", "", "/a|T/")),
    {"id": "byRegexpOrNames", "options": {"pattern": "/^on b/", "names": ["all"]}},
    *({"id": "byType", "options": kind} for kind in ("number", "time", "string")),
    *({"id": "byFrameRefID", "options": ref} for ref in ("A", "B", "Z")),
    *({"id": name} for name in ("numeric", "time", "first", "firstTimeField", "alwaysMatch", "neverMatch")),
    *(
        {"id": "byValue", "options": {"reducer": reducer, "op": op, "value": value}}
        for reducer, op, value in (
            ("max", "gt", 5), ("max", "gte", 9), ("lastNotNull", "lt", 4), ("min", "lte", 1), ("sum", "eq", 9),
            ("sum", "", "9"), ("count", "neq", 3), ("allIsNull", "gte", 0), ("allIsZero", "gte", 0), ("last", "gte", 0),
            ("last", "gte", None), ("max", "gt", "5"), ("max", ">", 5),
        )
    ),
    {"id": "byValue", "options": {}},
    {"id": "anyMatch", "options": [{"id": "byName", "options": "all"}, {"id": "time"}]},
    {"id": "allMatch", "options": [{"id": "byFrameRefID", "options": "B"}, {"id": "numeric"}]},
    {"id": "invertMatch", "options": {"id": "numeric"}},
]  # fmt: skip
METRIC: Json = {
    "refId": "A",
    "fields": [column("Time", "time", 1), column("up", "number", 1, labels={"__name__": "up", "node": "a"})],
}
NULLS = [series("A", "", [None, None], (0, 1), node="n"), series("A", "", [0, 0], (0, 1), node="z")]
GAPS: list[Json] = [
    {
        "refId": "A",
        "fields": [
            column("Time", "time", 120000, 180000, 360000, config={"interval": 60000}),
            column("Value", "number", 1, 2, 3),
        ],
    },
    {"refId": "B", "fields": [column("Time", "time", 60000, 120000), column("Value", "number", 1, 2)]},
    {
        "refId": "C",
        "fields": [
            column("Time", "time", 60000, 300000),
            column("Value", "number", 1, 2, config={"custom": {"insertNulls": 100000}}),
        ],
    },
    {"refId": "D", "fields": [column("Time", "time", config={"interval": 60000}), column("Value", "number")]},
]


def reduction_questions() -> list[Question]:
    """Each column reduced in every way, and what the ways are called."""
    questions: list[Question] = [{"ask": "reducers"}]
    return questions + [
        {"ask": "reduce", "field": column("x", kind, *values), "reducers": REDUCERS} for kind, values in COLUMNS
    ]


def transform_questions() -> list[Question]:
    """Transformations, matchers, and values that are missing."""
    transforms: list[Question] = [
        {
            "ask": "transform",
            "frames": [FRAMES[name] for name in case["frames"]],
            "transformations": case["transformations"],
        }
        for case in CASES
    ]
    matches = [{"ask": "match", "frames": frames, "matchers": MATCHERS} for frames in (NAMED, [METRIC], SERIES, NULLS)]
    windows = [(0, 600000), (120000, 360000), (100000, 390000), (None, None)]
    return [
        *transforms,
        *matches,
        *({"ask": "gaps", "frames": GAPS, "from": begin, "to": end} for begin, end in windows),
    ]
