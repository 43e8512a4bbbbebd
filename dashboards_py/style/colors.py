"""Colors with a meaning: on all boards red is bad, orange a warning, and green good.

Reasons are colored by their names, so that a reason has the same color everywhere; each direction has its own color.
All other series take the palette's colors in order, which keeps neighbours distinguishable.
"""

import re
from collections.abc import Mapping, Sequence

from dashboards_py.model import Query

BAD = "/^(?!No Error).*(error|fail|drop|den(y|ied)|unreach|degraded|time-?out|refused|5xx|5..$)/i"
WARNING = "/warn|audit|connecting|idle|non-existent|4xx|4..$/i"
GOOD = "/success|no error|ok|ready|reachable|forward|allow|2xx|2..$/i"
NEUTRAL = "/redirect|trace|translate/i"  # outcomes of a flow that are neither good nor bad

EGRESS, INGRESS, SERVICE, UNKNOWN = "/egress/i", "/ingress/i", "/service/i", "/unknown/i"

# Labels whose values have a meaning, and the meanings that occur.
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
LABELS_COLORED_BY_NAME = ("reason", "error")  # labels whose value determines a series' color


def by_name(queries: Sequence[Query]) -> bool:
    """True if series are colored by name, because a legend shows a reason."""
    return any(f"{{{{{label}}}}}" in query.legend for query in queries for label in LABELS_COLORED_BY_NAME)


def meanings(queries: Sequence[Query]) -> Mapping[str, str]:
    """Colors by pattern of series names; empty unless all labels in the legends have a meaning."""
    labels = {label for query in queries for label in re.findall(r"{{(\w+)}}", query.legend)}
    if not labels <= COLORED_LABELS.keys():
        return {}
    meanings_used = {meaning for label in labels for meaning in COLORED_LABELS[label]}
    return {names: color for names, color in COLORS.items() if names in meanings_used}
