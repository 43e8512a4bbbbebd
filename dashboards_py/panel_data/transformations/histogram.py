"""How often values are in buckets of one size."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from dashboards_py.panel_data.conversions import leading_number, text
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame
from dashboards_py.panel_data.javascript import rounded
from dashboards_py.panel_data.transformations._transformation import Frames, Json, NotApplied

# Sizes of buckets that Grafana chooses from: these times powers of ten, and 2.5 times but for units.
_SIZES = tuple(
    float(f"{digit}e{power}")
    for power in range(-9, 10)
    for digit in ((1, 2, 4, 5) if power == 0 else (1, 2, 2.5, 4, 5))
)
_BUCKETS = 30
_MOST_BUCKETS = 100_000


def transform(frames: Frames, options: Json) -> Frames:
    """One frame: the bounds of the buckets that have values, and the number of values of each field in them."""
    fields = [field for frame in frames for field in frame.fields if field.type is FieldType.NUMBER]
    if not fields:
        return () if frames else frames
    numbers = [[value for value in field.values if isinstance(value, int | float)] for field in fields]
    size = _option(options, "bucketSize") or 0.0
    size = size if size > 0 else _size(sorted(value for values in numbers for value in values if math.isfinite(value)))
    if not size:
        raise NotApplied("its values have no size of buckets")
    offset = _option(options, "bucketOffset") or 0.0
    counts = [Counter(_bucket(value, size, offset) for value in values if math.isfinite(value)) for values in numbers]
    lower = sorted(set().union(*counts))
    if len(lower) > _MOST_BUCKETS:
        raise NotApplied(f"it has more than {_MOST_BUCKETS} buckets")
    decimals = re.search(r"\.(\d+)$", text(size))
    config = FieldConfig(decimals=len(decimals[1])) if decimals else FieldConfig()
    columns = [tuple(float(count[bound]) for bound in lower) for count in counts]
    if options.get("combine"):
        total = tuple(float(sum(column)) for column in zip(*columns, strict=True))
        counted = [replace(fields[0], name="count", values=total)]
    else:
        counted = [replace(field, values=column) for field, column in zip(fields, columns, strict=True)]
    bounds = {"xMin": tuple(lower), "xMax": tuple(bound + size for bound in lower)}
    return (
        Frame(
            fields=(
                *(
                    Field(name=name, type=FieldType.NUMBER, values=values, config=config)
                    for name, values in bounds.items()
                ),
                *counted,
            ),
            ref="histogram",
        ),
    )


def _option(options: Json, key: str) -> float | None:
    value = options.get(key)
    number = leading_number(value) if isinstance(value, str | int | float) else math.nan
    return number if math.isfinite(number) else None


def _size(values: Sequence[float]) -> float:
    """A size that makes about 30 buckets of the values, in order, and is not below the least distance of two."""
    if not values:
        return 0.0
    least = min((after - before for before, after in pairwise(values) if after != before), default=math.inf)
    least = 1.0 if len(values) == 1 else least
    target = (values[-1] - values[0]) / _BUCKETS
    return next((size for size in _SIZES if target < size and size >= least), 0.0)


def _bucket(value: float, size: float, offset: float) -> float:
    """The lower bound of a value's bucket, rounded to 9 digits."""
    bound = math.floor((value - offset) / size) * size + offset
    if bound == int(bound):
        return bound
    return rounded(bound * 1e9 * (1 + 2**-52)) / 1e9
