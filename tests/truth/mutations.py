"""Faults that people make in queries: each a query and what became of it."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from dashboards_py.catalog import NEWEST, entries, names, split
from dashboards_py.promql import selectors
from tests.live.cluster import EVERYTHING
from tests.synthetic.series import exposed

AGGREGATIONS = ("sum", "max", "min", "avg", "count")
MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')
Change = Callable[[str, random.Random], str | None]


def metric(expr: str, dice: random.Random) -> str | None:
    """Another metric of the same component and type, that there is."""
    old = dice.choice([each.metric for each in selectors(expr)])
    base, suffix = split(old)
    if not entries(base):
        return None
    (mine, *_) = entries(base)
    others = [
        name
        for name in names()
        for each in entries(name)
        if name != base
        and each.component == mine.component
        and each.type_on(NEWEST) == mine.type_on(NEWEST)
        and exposed(each, EVERYTHING)
    ]
    return re.sub(rf"\b{old}\b", dice.choice(others) + suffix, expr) if others else None


def matcher(expr: str, dice: random.Random) -> str | None:
    """A matcher left out."""
    found = list(re.finditer(MATCHER.pattern + r",?\s?", expr))
    if not found:
        return None
    chosen = dice.choice(found)
    return re.sub(r",\s*}", "}", expr[: chosen.start()] + expr[chosen.end() :])


def turned(expr: str, dice: random.Random) -> str | None:
    """A matcher that says the opposite."""
    found = list(MATCHER.finditer(expr))
    if not found:
        return None
    chosen = dice.choice(found)
    sign = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}[chosen[2]]
    return f'{expr[: chosen.start()]}{chosen[1]}{sign}"{chosen[3]}"{expr[chosen.end() :]}'


def value(expr: str, dice: random.Random) -> str | None:
    """A value that is spelt otherwise."""
    found = [each for each in MATCHER.finditer(expr) if not each[3].startswith("$")]
    if not found:
        return None
    chosen = dice.choice(found)
    other = chosen[3].swapcase() if chosen[3].swapcase() != chosen[3] else chosen[3] + "x"
    return f"{expr[: chosen.start(3)]}{other}{expr[chosen.end(3) :]}"


def window(expr: str, dice: random.Random) -> str | None:
    """Another window."""
    found = list(re.finditer(r"\[(\$\w+)\]", expr))
    if not found:
        return None
    chosen = dice.choice(found)
    others = [each for each in ("$__interval", "$__range", "$__rate_interval", "15s", "1m", "10m") if each != chosen[1]]
    return f"{expr[: chosen.start(1)]}{dice.choice(others)}{expr[chosen.end(1) :]}"


def aggregation(expr: str, dice: random.Random) -> str | None:
    """Another aggregation, or a label less to aggregate by."""
    found = list(re.finditer(r"\b(sum|max|min|avg|count)\b(?= by|\()", expr))
    grouped = list(re.finditer(r"by \(([^()]+)\)", expr))
    if grouped and dice.random() < 0.4:
        chosen = dice.choice(grouped)
        labels = chosen[1].split(", ")
        labels.remove(dice.choice(labels))
        return f"{expr[: chosen.start(1)]}{', '.join(labels)}{expr[chosen.end(1) :]}"
    if not found:
        return None
    chosen = dice.choice(found)
    other = dice.choice([each for each in AGGREGATIONS if each != chosen[1]])
    return f"{expr[: chosen.start()]}{other}{expr[chosen.end() :]}"


def operator(expr: str, dice: random.Random) -> str | None:
    """Another operator, function or number."""
    swaps = {" / ": " * ", " * ": " / ", " + ": " - ", " - ": " + ", " > ": " < ", " == ": " != "}
    found = [each for each in swaps if each in expr]
    if found:
        chosen = dice.choice(found)
        places = [each.start() for each in re.finditer(re.escape(chosen), expr)]
        place = dice.choice(places)
        return expr[:place] + swaps[chosen] + expr[place + len(chosen) :]
    others = {"rate(": "increase(", "increase(": "rate(", "topk(": "bottomk(", "0.99": "0.9", "0.5,": "0.95,"}
    for old, new in others.items():
        if old in expr:
            return expr.replace(old, new, 1)
    return None


CHANGES: tuple[Change, ...] = (metric, matcher, turned, value, window, aggregation, operator)


def mutations(queries: Sequence[str], count: int, seed: int) -> Iterator[tuple[int, str, str]]:
    """So many faults, each another: the query's place, what kind of fault, and the query with it."""
    dice = random.Random(seed)
    seen: set[tuple[int, str]] = set()
    while len(seen) < count:
        change = CHANGES[len(seen) % len(CHANGES)]
        place = dice.randrange(len(queries))
        found = change(queries[place], dice)
        if found and found != queries[place] and (place, found) not in seen:
            seen.add((place, found))
            yield place, change.__name__, found
