"""Colors that mean something: bad is red on every board, doubtful orange, good green.

A reason takes its color from its name, so that it looks the same wherever it appears; a direction has one of its own.
Everything else takes the palette's colors in order: neighbours are easy to tell apart.
"""

import re
from collections.abc import Mapping, Sequence

from dashboards_py.model import Query

BAD = "/^(?!No Error).*(error|fail|drop|den(y|ied)|unreach|degraded|time-?out|refused|5xx|5..$)/i"
WARNING = "/warn|audit|connecting|idle|non-existent|4xx|4..$/i"
GOOD = "/success|no error|ok|ready|reachable|forward|allow|2xx|2..$/i"
NEUTRAL = "/redirect|trace|translate/i"  # what happens to a flow, and is neither good nor bad

EGRESS, INGRESS, SERVICE, UNKNOWN = "/egress/i", "/ingress/i", "/service/i", "/unknown/i"

# The labels whose values are judged, and as what they can appear.
COLORED_LABELS = {
    "level": (WARNING, BAD),
    "status": (GOOD, WARNING, BAD),
    "outcome": (GOOD, BAD),
    "verdict": (GOOD, WARNING, BAD, NEUTRAL),
    "action": (GOOD, WARNING, BAD, NEUTRAL),
    "rcode": (GOOD, WARNING, BAD),
    "return_code": (GOOD, WARNING, BAD),
    "envoy_response_code_class": (GOOD, WARNING, BAD),
    "direction": (EGRESS, INGRESS, SERVICE, UNKNOWN),
}
COLORS = {
    EGRESS: "purple",
    INGRESS: "blue",
    SERVICE: "dark-green",
    UNKNOWN: "text",
    NEUTRAL: "blue",
    GOOD: "green",
    WARNING: "orange",
    BAD: "red",
}
LABELS_COLORED_BY_NAME = ("reason", "error")  # labels that give a series its color by name


def by_name(queries: Sequence[Query]) -> bool:
    """Whether series take their colours by name: where legends name a reason."""
    return any(f"{{{{{label}}}}}" in query.legend for query in queries for label in LABELS_COLORED_BY_NAME)


def meanings(queries: Sequence[Query]) -> Mapping[str, str]:
    """Colours of good, doubtful and bad series by a pattern, where legends hold only labels that tell them apart."""
    labels = {label for query in queries for label in re.findall(r"{{(\w+)}}", query.legend)}
    if not labels <= COLORED_LABELS.keys():
        return {}
    meanings_used = {meaning for label in labels for meaning in COLORED_LABELS[label]}
    return {names: color for names, color in COLORS.items() if names in meanings_used}
