"""A storage whose series have other names for some labels, as in a Prometheus with labels of a house's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.labels import Labels
from dashboards_py.demo.engine.matching import Matcher
from dashboards_py.demo.engine.storage import Block, Selection, Storage


@dataclass(frozen=True, eq=False)
class Renamed:
    """The series of `storage` with labels renamed by `names`, old to new; a label that had a new name is dropped."""

    storage: Storage
    names: Mapping[str, str]

    def select(self, matchers: tuple[Matcher, ...], begin: int, end: int) -> Selection:
        """The series that all the matchers match, by their new labels."""
        absent = self.names.keys() - set(self.names.values())
        missing = [matcher for matcher in matchers if matcher.label in absent]
        if not all(matcher.accepts("") for matcher in missing):
            return Selection((), ())
        old = {new: old for old, new in self.names.items()}
        requested = tuple(replace(one, label=old.get(one.label, one.label)) for one in matchers if one not in missing)
        return self._renamed(self.storage.select(requested, begin, end))

    def holders(self, label: str) -> tuple[str, ...]:
        """Those of the label under its old name."""
        return self.storage.holders({new: old for old, new in self.names.items()}.get(label, label))

    def _renamed(self, selection: Selection) -> Selection:
        series = [self._labels(one) for one in selection.labels]
        order = sorted(range(len(series)), key=series.__getitem__)
        position = np.empty(len(order), dtype=np.int64)
        position[order] = np.arange(len(order))
        blocks = [Block(position[block.rows], block.times, block.values, block.stale) for block in selection.blocks]
        return Selection(tuple(series[index] for index in order), tuple(blocks))

    def _labels(self, series: Labels) -> Labels:
        return labels.of(
            {self.names.get(key, key): value for key, value in series if key not in set(self.names.values())}
        )
