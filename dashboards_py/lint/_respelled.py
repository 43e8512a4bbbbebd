"""Matchers with the values that they mean, spelled as Cilium writes them."""

import re
from collections.abc import Collection, Iterator

from dashboards_py.lint._fixable import QueryToFix, with_matcher
from dashboards_py.lint._selectors import resolve_selectors

# Names of the protocol, for which Hubble writes gopacket's words (layers/dns.go).
OTHER_NAMES = {
    "rcode": {
        "noerror": "No Error",
        "formerr": "Format Error",
        "servfail": "Server Failure",
        "nxdomain": "Non-Existent Domain",
        "notimp": "Not Implemented",
        "refused": "Query Refused",
    }
}
NO_LITERAL = r"[*+?()\[\]{}^$\\]"  # in regular expressions, and of variables
SHORTEST = 4  # letters of a value that is the beginning of another


def respelled(item: QueryToFix, operators: Collection[str]) -> Iterator[str]:
    """The query with the only values that its matchers can mean: all of them, and each alone."""
    alone, together = [], item.expr
    for resolved in resolve_selectors(item.expr, item.release):
        for matcher in resolved.selector.matchers if resolved.metrics else ():
            values = {value for metric in resolved.metrics for value in metric.values_on(matcher.label, item.release)}
            if matcher.op not in operators or not values:
                continue
            parts = matcher.value.split("|") if "~" in matcher.op else [matcher.value]
            meant = [_meant(part, matcher.label, values) for part in parts]
            if meant != parts and all(meant):
                new = f'{matcher.label}{matcher.op}"{"|".join(meant)}"'
                alone.append(with_matcher(item.expr, matcher, new))
                together = with_matcher(together, matcher, new)
    yield from dict.fromkeys((together, *alone))


def _meant(value: str, label: str, values: Collection[str]) -> str:
    """The only value that differs in case and punctuation, or else in its ending, or has this other name; else ""."""
    if value in values:
        return value
    if (known := OTHER_NAMES.get(label, {}).get(_spelling(value), "")) in values:
        return known
    alike = [known for known in values if _spelling(known) == _spelling(value)]
    alike = alike or [known for known in values if _begin_alike(known, value)]
    return alike[0] if len(alike) == 1 and not re.search(NO_LITERAL, value) else ""


def _begin_alike(one: str, other: str) -> bool:
    """True if one is the beginning of the other, as `fail` is of `failure`."""
    shorter, longer = sorted((_spelling(one), _spelling(other)), key=len)
    return len(shorter) >= SHORTEST and longer.startswith(shorter)


def _spelling(value: str) -> str:
    return re.sub(r"[^a-z0-9]", "", value.lower())
