"""Mutations of queries: the faults that people make."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from dashboards_py.catalog import NEWEST, entries, names, split
from dashboards_py.demo.cluster.series import is_exposed
from dashboards_py.promql import selectors
from tests.live.cluster import EVERYTHING

AGGREGATIONS = ("sum", "max", "min", "avg", "count")
# Not those of targets by their service or job, which tests/style/test_not_scraped.py tries: here all have a pod.
MATCHER = re.compile(r'\b(?!(?:service|job)\b)(\w+)(=~|!~|!=|=)"([^"]*)"')
Change = Callable[[str, random.Random], str | None]

NATIVE = re.compile(r" or histogram_\w+\(")


def metric(expr: str, rng: random.Random) -> str | None:
    """Use another existing metric of the same component and type."""
    old = rng.choice([selector.metric for selector in selectors(expr)])
    base, suffix = split(old)
    if not entries(base):
        return None
    (own_metric, *_) = entries(base)
    others = [
        name
        for name in names()
        for metric in entries(name)
        if name != base
        and metric.component == own_metric.component
        and metric.type_on(NEWEST) == own_metric.type_on(NEWEST)
        and is_exposed(metric, EVERYTHING)
    ]
    return re.sub(rf"\b{old}\b", rng.choice(others) + suffix, expr) if others else None


def matcher(expr: str, rng: random.Random) -> str | None:
    """Remove a matcher."""
    matches = list(re.finditer(MATCHER.pattern + r",?\s?", expr))
    if not matches:
        return None
    chosen = rng.choice(matches)
    return re.sub(r",\s*}", "}", expr[: chosen.start()] + expr[chosen.end() :])


def negation(expr: str, rng: random.Random) -> str | None:
    """Negate the operator of a matcher."""
    matches = list(MATCHER.finditer(expr))
    if not matches:
        return None
    chosen = rng.choice(matches)
    sign = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}[chosen[2]]
    return f'{expr[: chosen.start()]}{chosen[1]}{sign}"{chosen[3]}"{expr[chosen.end() :]}'


def value(expr: str, rng: random.Random) -> str | None:
    """Misspell the value of a matcher."""
    matches = [match for match in MATCHER.finditer(expr) if not match[3].startswith("$")]
    if not matches:
        return None
    chosen = rng.choice(matches)
    other = chosen[3].swapcase() if chosen[3].swapcase() != chosen[3] else chosen[3] + "x"
    return f"{expr[: chosen.start(3)]}{other}{expr[chosen.end(3) :]}"


def window(expr: str, rng: random.Random) -> str | None:
    """Use another window."""
    matches = list(re.finditer(r"\[(\$\w+)\]", expr))
    if not matches:
        return None
    chosen = rng.choice(matches)
    others = [
        window for window in ("$__interval", "$__range", "$__rate_interval", "15s", "1m", "10m") if window != chosen[1]
    ]
    return f"{expr[: chosen.start(1)]}{rng.choice(others)}{expr[chosen.end(1) :]}"


def aggregation(expr: str, rng: random.Random) -> str | None:
    """Use another aggregation, or remove a label from `by`."""
    # Of what is multiplied by 0, or follows `unless`, only the labels count.
    matches = list(re.finditer(r"(?<!\b0 \* )(?<!\bunless )\b(sum|max|min|avg|count)\b(?= by|\()", expr))
    grouped = list(re.finditer(r"by \(([^()]+)\)", expr))
    if grouped and rng.random() < 0.4:
        chosen = rng.choice(grouped)
        labels = chosen[1].split(", ")
        labels.remove(rng.choice(labels))
        return f"{expr[: chosen.start(1)]}{', '.join(labels)}{expr[chosen.end(1) :]}"
    if not matches:
        return None
    chosen = rng.choice(matches)
    other = rng.choice([aggregation for aggregation in AGGREGATIONS if aggregation != chosen[1]])
    return f"{expr[: chosen.start()]}{other}{expr[chosen.end() :]}"


def operator(expr: str, rng: random.Random) -> str | None:
    """Use another operator, function or number. Longer rankings than the cluster has nodes have all of them."""
    swaps = {" / ": " * ", " * ": " / ", " + ": " - ", " - ": " + ", " > ": " < ", " == ": " != "}
    # 0 * x is 0 / x.
    positions_of = {
        swap: [match.start() for match in re.finditer(rf"(?<!\b0){re.escape(swap)}", expr)] for swap in swaps
    }
    applicable = [swap for swap, positions in positions_of.items() if positions]
    if applicable:
        chosen = rng.choice(applicable)
        position = rng.choice(positions_of[chosen])
        return expr[:position] + swaps[chosen] + expr[position + len(chosen) :]
    others = {"rate(": "increase(", "increase(": "rate(", "topk(1,": "bottomk(1,", "0.99": "0.9", "0.5,": "0.95,"}
    for old, new in others.items():
        if old in expr and not (old in ("rate(", "increase(") and "histogram_quantile" in expr):  # which has no unit
            return expr.replace(old, new, 1)
    return None


CHANGES: tuple[Change, ...] = (metric, matcher, negation, value, window, aggregation, operator)


def _classic(query: str) -> str:
    """A query without the alternatives for native histograms that the compiler appends: ` or histogram_sum(...)`."""
    while native := NATIVE.search(query):
        depth, end = 1, native.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(query[end], 0)
            end += 1
        query = query[: native.start()] + query[end:]
    return query


def mutations(queries: Sequence[str], count: int, seed: int) -> Iterator[tuple[int, str, str]]:
    """`count` different faults: the query's index, the kind of fault, and the mutated query.

    The alternatives for native histograms stay as they are: where classic ones are stored nobody can tell.
    """
    rng = random.Random(seed)
    seen: set[tuple[int, str]] = set()
    while len(seen) < count:
        change = CHANGES[len(seen) % len(CHANGES)]
        index = rng.randrange(len(queries))
        mutated = change(queries[index], rng)
        if mutated and _classic(mutated) != _classic(queries[index]) and (index, mutated) not in seen:
            seen.add((index, mutated))
            yield index, change.__name__, mutated
