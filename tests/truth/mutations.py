"""Mutations of queries: faults that people make, each as the original and the changed query."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from dashboards_py.catalog import NEWEST, entries, names, split
from dashboards_py.demo.cluster.series import is_exposed
from dashboards_py.promql import selectors
from tests.live.cluster import EVERYTHING

AGGREGATIONS = ("sum", "max", "min", "avg", "count")
MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')
Change = Callable[[str, random.Random], str | None]


def metric(expr: str, dice: random.Random) -> str | None:
    """Another existing metric of the same component and type."""
    old = dice.choice([selector.metric for selector in selectors(expr)])
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
    return re.sub(rf"\b{old}\b", dice.choice(others) + suffix, expr) if others else None


def matcher(expr: str, dice: random.Random) -> str | None:
    """Remove a matcher."""
    matches = list(re.finditer(MATCHER.pattern + r",?\s?", expr))
    if not matches:
        return None
    chosen = dice.choice(matches)
    return re.sub(r",\s*}", "}", expr[: chosen.start()] + expr[chosen.end() :])


def turned(expr: str, dice: random.Random) -> str | None:
    """Negate the operator of a matcher."""
    matches = list(MATCHER.finditer(expr))
    if not matches:
        return None
    chosen = dice.choice(matches)
    sign = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}[chosen[2]]
    return f'{expr[: chosen.start()]}{chosen[1]}{sign}"{chosen[3]}"{expr[chosen.end() :]}'


def value(expr: str, dice: random.Random) -> str | None:
    """Misspell the value of a matcher."""
    matches = [match for match in MATCHER.finditer(expr) if not match[3].startswith("$")]
    if not matches:
        return None
    chosen = dice.choice(matches)
    other = chosen[3].swapcase() if chosen[3].swapcase() != chosen[3] else chosen[3] + "x"
    return f"{expr[: chosen.start(3)]}{other}{expr[chosen.end(3) :]}"


def window(expr: str, dice: random.Random) -> str | None:
    """Another window."""
    matches = list(re.finditer(r"\[(\$\w+)\]", expr))
    if not matches:
        return None
    chosen = dice.choice(matches)
    others = [
        window for window in ("$__interval", "$__range", "$__rate_interval", "15s", "1m", "10m") if window != chosen[1]
    ]
    return f"{expr[: chosen.start(1)]}{dice.choice(others)}{expr[chosen.end(1) :]}"


def aggregation(expr: str, dice: random.Random) -> str | None:
    """Another aggregation, or one label fewer in `by`."""
    matches = list(re.finditer(r"\b(sum|max|min|avg|count)\b(?= by|\()", expr))
    grouped = list(re.finditer(r"by \(([^()]+)\)", expr))
    if grouped and dice.random() < 0.4:
        chosen = dice.choice(grouped)
        labels = chosen[1].split(", ")
        labels.remove(dice.choice(labels))
        return f"{expr[: chosen.start(1)]}{', '.join(labels)}{expr[chosen.end(1) :]}"
    if not matches:
        return None
    chosen = dice.choice(matches)
    other = dice.choice([aggregation for aggregation in AGGREGATIONS if aggregation != chosen[1]])
    return f"{expr[: chosen.start()]}{other}{expr[chosen.end() :]}"


def operator(expr: str, dice: random.Random) -> str | None:
    """Another operator, function or number."""
    swaps = {" / ": " * ", " * ": " / ", " + ": " - ", " - ": " + ", " > ": " < ", " == ": " != "}
    applicable = [swap for swap in swaps if swap in expr]
    if applicable:
        chosen = dice.choice(applicable)
        positions = [match.start() for match in re.finditer(re.escape(chosen), expr)]
        position = dice.choice(positions)
        return expr[:position] + swaps[chosen] + expr[position + len(chosen) :]
    others = {"rate(": "increase(", "increase(": "rate(", "topk(": "bottomk(", "0.99": "0.9", "0.5,": "0.95,"}
    for old, new in others.items():
        if old in expr:
            return expr.replace(old, new, 1)
    return None


CHANGES: tuple[Change, ...] = (metric, matcher, turned, value, window, aggregation, operator)


def mutations(queries: Sequence[str], count: int, seed: int) -> Iterator[tuple[int, str, str]]:
    """A number of different faults: the query's index, the kind of fault, and the mutated query."""
    dice = random.Random(seed)
    seen: set[tuple[int, str]] = set()
    while len(seen) < count:
        change = CHANGES[len(seen) % len(CHANGES)]
        index = dice.randrange(len(queries))
        mutated = change(queries[index], dice)
        if mutated and mutated != queries[index] and (index, mutated) not in seen:
            seen.add((index, mutated))
            yield index, change.__name__, mutated
