"""Colours that mean something: bad is red on every board, doubtful orange, good green.

A reason takes its colour from its name, so that it looks the same wherever it appears; a direction has one of its own.
Everything else takes the palette's colours in order: neighbours are easy to tell apart.
"""

import re
from collections.abc import Sequence
from typing import Any

from dashboards_py.style.query import Query

BAD = "/^(?!No Error).*(error|fail|drop|den(y|ied)|unreach|degraded|time-?out|refused|5xx|5..$)/i"
DOUBTFUL = "/warn|audit|connecting|idle|non-existent|4xx|4..$/i"
GOOD = "/success|no error|ok|ready|reachable|forward|allow|2xx|2..$/i"
NEITHER = "/redirect|trace|translate/i"  # what happens to a flow, and is neither good nor bad

EGRESS, INGRESS, SERVICE, UNKNOWN = "/egress/i", "/ingress/i", "/service/i", "/unknown/i"

# The labels whose values are judged, and as what they can appear.
JUDGED = {
    "level": (DOUBTFUL, BAD),
    "status": (GOOD, DOUBTFUL, BAD),
    "outcome": (GOOD, BAD),
    "verdict": (GOOD, DOUBTFUL, BAD, NEITHER),
    "action": (GOOD, DOUBTFUL, BAD, NEITHER),
    "rcode": (GOOD, DOUBTFUL, BAD),
    "return_code": (GOOD, DOUBTFUL, BAD),
    "envoy_response_code_class": (GOOD, DOUBTFUL, BAD),
    "direction": (EGRESS, INGRESS, SERVICE, UNKNOWN),
}
COLOURS = {
    EGRESS: "purple",
    INGRESS: "blue",
    SERVICE: "dark-green",
    UNKNOWN: "text",
    NEITHER: "blue",
    GOOD: "green",
    DOUBTFUL: "orange",
    BAD: "red",
}
NAMED = ("reason", "error")  # labels that give a series its colour by name


def scheme(queries: Sequence[Query]) -> dict[str, str]:
    """The colour mode of a graph: by name where its legends name a reason, else the palette in order."""
    named = any(f"{{{{{label}}}}}" in query.legend for query in queries for label in NAMED)
    return {"mode": "palette-classic-by-name" if named else "palette-classic"}


def meanings(queries: Sequence[Query]) -> list[dict[str, Any]]:
    """Overrides that colour good, doubtful and bad series, where legends hold only labels that tell them apart."""
    labels = {label for query in queries for label in re.findall(r"{{(\w+)}}", query.legend)}
    if not labels <= JUDGED.keys():
        return []
    found = {meaning for label in labels for meaning in JUDGED[label]}
    return [
        {
            "matcher": {"id": "byRegexp", "options": names},
            "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": colour}}],
        }
        for names, colour in COLOURS.items()
        if names in found
    ]
