"""A cluster where whatever can be wrong is wrong somewhere: nothing stands still, and no two are alike."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from zlib import crc32

from tests.synthetic.series import Series
from tests.synthetic.shapes import Counter, Gauge, Shape


def troubled(series: Iterable[Series]) -> Iterator[Series]:
    """The series: some targets are down, and what stands at nothing gets levels from 0 to 3, rates from 0.01 to 0.05.

    Which is which follows from names and labels.
    """
    for each in series:
        chance = crc32(repr((each.name, each.labels)).encode())
        yield replace(each, shape=Gauge(float(chance % 2)) if each.name == "up" else _moved(each.shape, chance))


def _moved(shape: Shape, chance: int) -> Shape:
    if isinstance(shape, Gauge) and not shape.level:
        return replace(shape, level=float(chance % 4))
    if isinstance(shape, Counter) and not shape.rate:
        return replace(shape, rate=0.01 * (1 + chance % 5), wave=0.2)
    return shape
