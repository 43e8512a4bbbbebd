"""Styles of lines that have the same color: solid, dashed, dotted, and one more for status codes."""

import re
from collections.abc import Mapping, Sequence

from dashboards_py.model import LineStyle, Query
from dashboards_py.style.colors import all_known_values, decisive_label, known_values, legend_labels

STYLES: tuple[LineStyle, ...] = ("solid", "dash", "dot")
Styles = tuple[tuple[LineStyle, str], ...]  # styles, each with the pattern of values that have it
# Codes that come together differ: 403, 404, 409, 429; 502, 503. A legend shows long dashes as dashes, so that 409,
# which says least, has these.
CODES: Styles = (("dash", r"[1-5]\d[147]"), ("long dash", "409"), ("dot", r"[1-5]\d[258]|429"))
# Labels beside one that has the colors, and values of colored labels that have the same color.
STYLED_LABELS: Mapping[str, Styles] = {
    "direction": (("dash", "egress"),),
    "enforcement": (("dash", "audit-.*"),),
    "type": (("dash", "policy|node"),),
    "proxy_type": (("dash", "fqdn"),),
    "protocol": (("dash", "udp"), ("dot", "icmp.*|sctp")),
    "status": (*CODES, ("dash", "shutdown"), ("dot", "nil_connection")),
    "return_code": CODES,
    "code": CODES,
    "rcode": (("dash", "query refused"),),
}


def query_styles(queries: Sequence[Query]) -> tuple[LineStyle, ...]:
    """A style for the lines of each query: lines of an earlier query with the same labels have the same colors."""
    labels = [decisive_label(query) or " ".join(legend_labels(query)) for query in queries]
    earlier = [labels[:index].count(label) if label else 0 for index, label in enumerate(labels)]
    return tuple(STYLES[min(count, len(STYLES) - 1)] for count in earlier)


def name_styles(queries: Sequence[Query]) -> Mapping[str, LineStyle]:
    """Styles by pattern of series names, where a label with colors does not tell all lines apart."""
    has_reasons = "reason" in map(decisive_label, queries)
    styles: dict[str, LineStyle] = {}
    for query in queries:
        decisive = decisive_label(query)
        for label in legend_labels(query):
            if label == "direction" and decisive == "direction" and not has_reasons:
                continue  # it has the colors
            if decisive or label == "direction":
                of_label = STYLED_LABELS.get(label, ())
                styles |= {_pattern(part): style for style, part in of_label if _is_known(query, label, part)}
    return styles


def styled_labels(query: Query) -> tuple[str, ...]:
    """The labels of a legend, beside one that has the colors, of which each value has a style of its own."""
    decisive = decisive_label(query)
    labels = (label for label in legend_labels(query) if label != decisive and (decisive or label == "direction"))
    return tuple(label for label in labels if label in STYLED_LABELS and _has_style_each(query, label))


def _has_style_each(query: Query, label: str) -> bool:
    values = all_known_values(query, label)
    styles = {
        next((style for style, part in STYLED_LABELS[label] if re.fullmatch(part, value, re.IGNORECASE)), "solid")
        for value in values
    }
    return bool(values) and len(styles) == len(values)


def _pattern(part: str) -> str:
    return rf"/(^| )({part})($| )/i"


def _is_known(query: Query, label: str, part: str) -> bool:
    """True if the catalogue knows such a value; of status codes it has only examples."""
    known = [*known_values(query, label)]
    is_code = part.startswith("[1-5]") and any(re.fullmatch(r"[1-5]\d\d", value) for value in known)
    return is_code or any(re.fullmatch(part, value, re.IGNORECASE) for value in known)
