"""Which panel of a board is which of another version: by id, then by title, then by what it asks."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher

from dashboards_py import promql
from dashboards_py.board import Board, Panel

MOST_COMPARED = 40_000
ALIKE = 0.6  # of what two panels ask and are called


def pairs(before: Board, after: Board) -> list[tuple[Panel | None, Panel | None]]:
    """The panels of both in the order of the newer board, then those that were removed.

    An id alone does not make two panels one: another panel may have got it.
    """
    old, new = list(before.panels), list(after.panels)
    paired: dict[int, int] = {}  # by index of the newer, the older one's

    def match(key: Callable[[Panel], Hashable], *, alike: float = 0.0) -> None:
        """Pair those left that alone have a key in common."""
        left = _by_key(key, old, set(paired.values()))
        for name, numbers in _by_key(key, new, set(paired)).items():
            candidates = left.get(name, [])
            if len(numbers) == len(candidates):
                for number, other in zip(numbers, candidates, strict=True):
                    if not alike or _likeness(old[other], new[number]) >= alike:
                        paired[number] = other

    match(lambda panel: (panel.id, panel.title.strip()) if panel.id is not None else None)
    match(lambda panel: (panel.title.strip(), panel.type) if panel.title.strip() else None)
    match(lambda panel: panel.title.strip() or None)
    match(lambda panel: tuple(query.expr for query in panel.queries if query.expr.strip()) or None)
    match(lambda panel: panel.id, alike=ALIKE / 2)
    match(lambda panel: panel.type if panel.id is None and not panel.title.strip() and not panel.queries else None)
    _match_alike(old, new, paired)
    removed = [(panel, None) for number, panel in enumerate(old) if number not in set(paired.values())]
    return [
        *((old[paired[number]] if number in paired else None, panel) for number, panel in enumerate(new)),
        *removed,
    ]


def _by_key(key: Callable[[Panel], Hashable], panels: Sequence[Panel], paired: set[int]) -> dict[Hashable, list[int]]:
    result: dict[Hashable, list[int]] = {}
    for number, panel in enumerate(panels):
        if number not in paired and (name := key(panel)) is not None:
            result.setdefault(name, []).append(number)
    return result


def _match_alike(old: Sequence[Panel], new: Sequence[Panel], paired: dict[int, int]) -> None:
    """Pair those left that are most alike, the most alike first."""
    left = set(range(len(old))) - set(paired.values())
    if len(left) * (len(new) - len(paired)) > MOST_COMPARED:
        return
    likeness = sorted(
        (
            (-_likeness(old[other], new[number]), number, other)
            for number in range(len(new))
            if number not in paired
            for other in left
            if old[other].type == new[number].type and _metrics(old[other]) & _metrics(new[number])
        ),
    )
    for negative, number, other in likeness:
        if -negative >= ALIKE and number not in paired and other in left:
            paired[number] = other
            left.discard(other)


def _likeness(one: Panel, other: Panel) -> float:
    """How much two panels are alike, from 0 to 1: by what they ask, or by title where they ask nothing."""
    first, second = ("\n".join(query.expr for query in panel.queries) for panel in (one, other))
    if not first and not second:
        return SequenceMatcher(None, one.title, other.title).ratio()
    of_one, of_other = _metrics(one), _metrics(other)
    shared = len(of_one & of_other) / max(len(of_one | of_other), 1)
    title = SequenceMatcher(None, one.title, other.title).ratio()
    return max(0.7 * shared + 0.3 * title, SequenceMatcher(None, first, second).quick_ratio() if shared else 0.0)


def metrics(expr: str) -> frozenset[str]:
    """The names of the metrics in a query, also in one that cannot be read."""
    return frozenset(selector.metric for selector in promql.lenient_selectors(expr) if selector.metric)


def _metrics(panel: Panel) -> frozenset[str]:
    return frozenset(name for query in panel.queries for name in metrics(query.expr))


def moved(order: Sequence[int]) -> frozenset[int]:
    """The positions in a list of different numbers that are not in its longest ascending part: what was moved."""
    ends: list[int] = []  # for each length of an ascending part: the position of its least last number
    numbers: list[int] = []  # the numbers at these positions
    previous: dict[int, int | None] = {}
    for position, number in enumerate(order):
        length = bisect_left(numbers, number)
        previous[position] = ends[length - 1] if length else None
        numbers[length : length + 1], ends[length : length + 1] = [number], [position]
    ascending: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        ascending.add(last)
        last = previous[last]
    return frozenset(range(len(order))) - ascending
