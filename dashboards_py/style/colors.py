"""Colors with a meaning, the same on all boards and in both themes: red is bad, orange a warning, and green good.

Where a legend has labels of several kinds, the reason of a drop decides, then how something ended, then the direction.
All other series have hues that judge nothing (`hues`): what is not judged never looks broken.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from dashboards_py.catalog import ValueSet, entries
from dashboards_py.model import Query

Colors = tuple[tuple[str, tuple[str, ...]], ...]  # colors, each with parts of the values that have it

# Numbers of bars have the colors of these: all can be read in both themes. Grafana has no names for the first two, and
# its `orange` is too pale on white.
TEAL, PINK, ORANGE = "#2b9fb1", "#c95fa8", "semi-dark-orange"
OTHER = "text"

# In the order in which Grafana applies them: the last that matches decides.
DIRECTION: Colors = (("purple", ("egress",)), ("blue", ("ingress",)), (TEAL, ("service",)), (OTHER, ("unknown",)))
OUTCOME: Colors = (
    (OTHER, (r"\b1(..|xx)$",)),
    ("blue", ("redirect", "trace", "translate", r"\b3(..|xx)$")),
    ("green", ("succe", r"\bok\b", "ready", r"\breach", "forward", "allow", r"\back\b", r"\b2(..|xx)$")),
    (ORANGE, ("warn", "audit", "parse_error", r"\bconnecting", r"\b4(..|xx)$")),
    (
        "red",
        (
            *(
                r"(?<!parse_)error",
                "fail",
                "drop",
                "den(y|ied)",
                "unreach",
                "degraded",
                "time(d |-)?out",
                "refused",
                "nack",
            ),
            *("shutdown", "nil_", r"\b5(..|xx)$"),
        ),
    ),
)
ANSWER: Colors = (("red", (".",)), (ORANGE, ("^non-existent domain",)), ("green", ("^no error",)))  # codes of DNS
LEVEL: Colors = ((ORANGE, (r"\bwarn",)), ("red", (r"\berror\b",)))  # a subsystem may stand beside the level
# Why a packet was dropped, as the datapath (`Policy denied`) and Hubble (`POLICY_DENIED`) spell it: a full table is an
# outage, a denial may be intended, and the others differ by where to look.
REASON: Colors = (
    (PINK, ("invalid", "unsupported", "unknown.l")),
    ("light-blue", ("service", "backend", "sock")),
    (TEAL, ("ttl", "fragment")),
    ("purple", ("fib", "tunnel", "node.id")),
    ("blue", ("stale", "host", "target")),
    (ORANGE, ("den(y|ied)", "auth")),
    ("red", ("insert", r"\bct", "mapping", "map.found")),
)
RULE: Colors = (("blue", ("received",)), *OUTCOME)  # of a proxy: what it received, and its verdicts
CALL = tuple((color, parts) for color, parts in OUTCOME if color not in (OTHER, "blue"))  # APIs do not redirect
# The labels that have colors; of several in a legend the last decides.
COLORED_LABELS: dict[str, Colors] = {
    "direction": DIRECTION,
    "enforcement": DIRECTION,
    "endpoint_state": OUTCOME,
    "status": OUTCOME,
    "outcome": OUTCOME,
    "return_code": CALL,
    "code": CALL,
    "grpc_code": OUTCOME,
    "envoy_response_code_class": OUTCOME,
    "rule": RULE,
    "action": OUTCOME,
    "verdict": OUTCOME,
    "rcode": ANSWER,
    "level": LEVEL,
    "reason": REASON,
}
CODE_PARTS = tuple(rf"\b{digit}(" for digit in range(1, 6))  # of codes the catalogue has only examples


def series_colors(queries: Sequence[Query]) -> Mapping[str, str]:
    """Colors by pattern of series names, in the order in which they apply; empty if no label of the legends has any."""
    return _series_colors(tuple(queries))


@cache  # a graph's hues and styles ask for them again and again
def _series_colors(queries: tuple[Query, ...]) -> Mapping[str, str]:
    used: dict[str, str] = {}
    decisive = [decisive_label(query) for query in queries]
    for label, colors in COLORED_LABELS.items():
        parts = {
            part for query, own in zip(queries, decisive, strict=True) if own == label for part in _parts(query, label)
        }
        for color, parts_of_color in colors:
            if chosen := [part for part in parts_of_color if part in parts]:
                used[f"/{'|'.join(chosen)}/i"] = color
    return used


def legend_labels(query: Query) -> tuple[str, ...]:
    """The labels in a query's legend, in the order written."""
    return _legend_labels(query.legend)


def decisive_label(query: Query) -> str:
    """The label by which a query's series are colored; "" if they have none.

    Directions differ by the style of their lines where another label has the colors.
    """
    return _decisive_label(legend_labels(query))


@cache
def _legend_labels(legend: str) -> tuple[str, ...]:
    return tuple(re.findall(r"{{(\w+)}}", legend))


@cache
def _decisive_label(labels: tuple[str, ...]) -> str:
    decisive = next((label for label in reversed(COLORED_LABELS) if label in labels), "")
    return "" if decisive == "direction" and len(labels) > 1 else decisive


def _parts(query: Query, label: str) -> Iterator[str]:
    """The parts that known values of a label have in a query."""
    suffix = re.search(rf"{{{{{label}}}}}(\w*)", query.legend)
    names = [value + (suffix[1] if suffix else "") for value in known_values(query, label)]
    is_code = any(re.fullmatch(r"[1-5](..|xx)", name) for name in names)
    for _, parts in COLORED_LABELS[label]:
        for part in parts:
            is_known = any(re.search(part, name, re.IGNORECASE) for name in names)
            if is_known or (is_code and part.startswith(CODE_PARTS)):
                yield part


def known_values(query: Query, label: str) -> tuple[str, ...]:
    """The values that the catalogue knows of a label of the query's metrics, on any release, and that it may return."""
    return _known_values(query.expr, label)


def all_known_values(query: Query, label: str) -> tuple[str, ...]:
    """The values that the catalogue knows of a label of the query's metrics, on any release: in its order, each once.

    Also those that the query leaves out.
    """
    return _all_known_values(query.expr, label)


def has_only_known_values(query: Query, label: str) -> bool:
    """True if there are no other values of a label of the query's metrics."""
    sets = [*_value_sets(query.expr, label)]
    return bool(sets) and all(one.closed for one in sets)


def has_color(query: Query, values: Mapping[str, str]) -> bool:
    """True if one of the values of labels has a color with a meaning in the query's legend."""
    label = decisive_label(query)
    suffix = re.search(rf"{{{{{label}}}}}(\w*)", query.legend)
    text = values.get(label, "") + (suffix[1] if suffix else "")
    parts = (part for _, parts in COLORED_LABELS.get(label, ()) for part in parts)
    return label in values and any(re.search(part, text, re.IGNORECASE) for part in parts)


@cache
def _known_values(expr: str, label: str) -> tuple[str, ...]:
    matchers = re.findall(rf'\b{label}(=~|!~|=|!=)"([^"$]*)"', expr)
    return tuple(
        value
        for value in _all_known_values(expr, label)
        if all(bool(re.fullmatch(regex, value)) is (sign in ("=", "=~")) for sign, regex in matchers)
    )


@cache
def _all_known_values(expr: str, label: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(value for one in _value_sets(expr, label) for values in one.values.all for value in values)
    )


def _value_sets(expr: str, label: str) -> Iterator[ValueSet]:
    for name in re.findall(r"\b[a-z]\w*_\w+", expr):
        yield from (metric.value_sets[label] for metric in entries(name) if label in metric.value_sets)
