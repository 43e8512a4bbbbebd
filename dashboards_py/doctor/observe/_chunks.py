"""Names in queries: an address of a request must not become too long for proxies."""

from collections.abc import Collection, Iterator

NAMES = 60  # in one query


def chunks(names: Collection[str]) -> Iterator[str]:
    """Regular expressions that match all names together, each for some of them."""
    ordered = sorted(names)
    for start in range(0, len(ordered), NAMES):
        yield "|".join(ordered[start : start + NAMES])
