"""Numbers with their nouns, and the first of many."""

from collections.abc import Sequence


def counted(number: int, singular: str, plural: str = "") -> str:
    """The number and its noun: `1 panel`, `2 panels`; words that agree with it go into both forms.

    >>> counted(1, "panel"), counted(0, "query"), counted(2, "panel lacks", "panels lack")
    ('1 panel', '0 queries', '2 panels lack')
    """
    return f"{number} {singular if number == 1 else plural or plural_of(singular)}"


def counted_of(part: int, total: int, noun: str, singular: str, plural: str) -> str:
    """Some of several: the noun has the number of all, the verb that of some.

    >>> counted_of(1, 2, "target", "is down", "are down"), counted_of(2, 2, "target", "is down", "are down")
    ('1 of 2 targets is down', '2 of 2 targets are down')
    """
    return f"{part} of {counted(total, noun)} {singular if 1 in (part, total) else plural}"


def some_of(items: Sequence[str], most: int) -> str:
    """The first of several, and how many more there are.

    >>> some_of(["a", "b", "c"], 2), some_of(["a", "b"], 2)
    ('a, b and 1 more', 'a, b')
    """
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(items[:most]) + more


def plural_of(noun: str) -> str:
    """The plural of a noun that has a regular one."""
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
