"""A cluster where whatever can be wrong is wrong somewhere: nothing stands still, and no two are alike."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from zlib import crc32

from tests.synthetic.series import Series
from tests.synthetic.shapes import Counter, Gauge, Shape


def troubled(series: Iterable[Series]) -> Iterator[Series]:
    """The series, those at nothing with levels from 0 to 3 and rates from 0.01 to 0.05, by their names and labels."""
    for each in series:
        yield replace(each, shape=_moved(each.shape, crc32(repr((each.name, each.labels)).encode())))


def _moved(shape: Shape, chance: int) -> Shape:
    if isinstance(shape, Gauge) and not shape.level:
        return replace(shape, level=float(chance % 4))
    if isinstance(shape, Counter) and not shape.rate:
        return replace(shape, rate=0.01 * (1 + chance % 5), wave=0.2)
    return shape
