"""The samples of a scene: every target is scraped at its own moments, for as long as it answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import is_

import numpy as np

from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.labels import NAME, Labels
from dashboards_py.demo.engine.matching import Matcher, accepted
from dashboards_py.demo.engine.storage import Block, Selection
from dashboards_py.demo.engine.vector import Integers, Mask
from dashboards_py.demo.motion import sampled
from dashboards_py.demo.scenes import _living
from dashboards_py.demo.scenes._part import Part, Scene

INTERVAL = 30_000  # milliseconds between scrapes
AT_ONCE = 2 * 3600_000  # of history that is computed at once: a board's hour, and the hour with which it compares
RETENTION = 7 * 24 * 3600_000  # before the end of a scene; before that there are no samples
KEPT_SELECTIONS = 512


@dataclass(eq=False)
class History:
    """The series of a scene that ends at Unix time `end`, made when they are first asked for."""

    scene: Scene
    end: float
    _metrics: dict[str, tuple[int, Selection]] = field(default_factory=dict)
    _selections: dict[tuple[tuple[Matcher, ...], tuple[int, ...]], Selection] = field(default_factory=dict)

    def select(self, matchers: tuple[Matcher, ...], begin: int, end: int) -> Selection:  # noqa: ARG002
        """The series that all the matchers match, from `begin` or earlier to the end of the scene."""
        begin = max(begin, round(self.end * 1000) - RETENTION)
        names = [matcher for matcher in matchers if matcher.label == NAME]
        others = tuple(matcher for matcher in matchers if matcher.label != NAME)
        chosen = [matcher.value for matcher in names if matcher.op == "="][:1] or _living.series_names()
        if required := {matcher.label for matcher in others if not matcher.accepts("")}:
            chosen = [name for name in chosen if required <= _living.possible_labels(name)]
        metrics = [self._metric(name, begin) for name in chosen if all(matcher.accepts(name) for matcher in names)]
        key = (matchers, tuple(since for since, _ in metrics))
        if key not in self._selections:
            if len(self._selections) >= KEPT_SELECTIONS:
                self._selections.clear()
            self._selections[key] = _filtered([selection for _, selection in metrics], others)
        return self._selections[key]

    def holders(self, label: str) -> tuple[str, ...]:
        """`up`, which each target has with all labels of the target, and the metrics that have the label themselves."""
        return ("up", *(name for name in _living.series_names() if label in _living.own_labels(name)))

    def _metric(self, name: str, begin: int) -> tuple[int, Selection]:
        """All series of a name, and the moment from which on there are samples."""
        known = self._metrics.get(name)
        if known is None or known[0] > begin:
            begin = min(begin, round(self.end * 1000) - AT_ONCE)
            self._metrics[name] = known = (begin, self._create(name, begin))
        return known

    def _create(self, name: str, begin: int) -> Selection:
        healthy = _living.parts_of_scenes(name, self.end)
        played = tuple(part for one in healthy for part in self.scene.played(one))
        if len(played) == len(healthy) and all(map(is_, played, healthy)):
            return _healthy(name, begin, self.end)
        return _scraped(played, begin, self.end)


@lru_cache(maxsize=2048)
def _healthy(name: str, begin: int, end: float) -> Selection:
    """The series of a name to which nothing happens: those of all scenes that leave them alone."""
    return _scraped(_living.parts_of_scenes(name, end), begin, end)


def _scraped(parts: Sequence[Part], begin: int, end: float) -> Selection:
    """The series that the scrapes of parts make, from `begin` in milliseconds to Unix time `end`."""
    labeled = ((labels.of({NAME: part.name, **part.labels}), part) for part in parts)
    of_each = sorted(labeled, key=lambda pair: pair[0])
    if twice := [one for (one, _), (other, _) in pairwise(of_each) if one == other]:
        raise ValueError(f"the scene has two series {labels.text(twice[0])}")
    together: dict[tuple[object, ...], list[int]] = {}
    for row, (_, part) in enumerate(of_each):
        together.setdefault((part.target, part.lives), []).append(row)
    blocks = []
    for rows in together.values():
        times, stale = _scrapes(of_each[rows[0]][1], begin, end)
        if len(times):
            values = sampled((of_each[row][1].motion for row in rows), times / 1000 - end)
            blocks.append(Block(np.array(rows, dtype=np.int64), times, values, stale))
    return Selection(tuple(series for series, _ in of_each), tuple(blocks))


def _scrapes(part: Part, begin: int, end_of_scene: float) -> tuple[Integers, Mask | None]:
    """The moments at which the part's target was scraped, and which of them only say that the series is gone."""
    end = round(end_of_scene * 1000)
    first = begin + (part.target.offset_ms - begin) % INTERVAL
    times = np.arange(first, end + 1, INTERVAL, dtype=np.int64)
    exposed = np.zeros(len(times), dtype=bool)
    for begins, ends in part.lives:
        exposed |= (times >= end + 1000 * begins) & (times < end + 1000 * ends)
    if exposed.all():
        return times, None
    stale = ~exposed & np.concatenate([[False], exposed[:-1]])
    kept = exposed | stale
    return times[kept], stale[kept]


def _filtered(metrics: list[Selection], matchers: tuple[Matcher, ...]) -> Selection:
    """The series of some metrics that the other matchers match."""
    if len(metrics) == 1 and not matchers:
        return metrics[0]
    accepts = accepted(matchers)
    series: list[Labels] = []
    blocks: list[Block] = []
    for selection in metrics:
        kept = {row: len(series) + number for number, row in enumerate(_rows(selection, accepts))}
        series += [selection.labels[row] for row in kept]
        for block in selection.blocks:
            inside = np.array([row in kept for row in block.rows.tolist()], dtype=bool)
            if inside.any():
                rows = np.array([kept[row] for row in block.rows[inside].tolist()], dtype=np.int64)
                blocks.append(Block(rows, block.times, block.values[inside], block.stale))
    return Selection(tuple(series), tuple(blocks))


def _rows(selection: Selection, accepts: object) -> Iterator[int]:
    assert callable(accepts)
    return (row for row, series in enumerate(selection.labels) if accepts(series))
