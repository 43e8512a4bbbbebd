"""The range that a field's values are in, which percentages are of.

Source: @grafana/data, field/scale.ts (getMinMaxAndDelta) and fieldOverrides.ts (calculateRange).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dashboards_py.panel_data.conversions import divided
from dashboards_py.panel_data.frame import Field, FieldType, Frame, ValueRange
from dashboards_py.panel_data.reduce import reduction

# The range of what is no number, and of a field without values.
WITHOUT_VALUES = ValueRange(0, 100)


def numbered(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """The frames with index and limits of each field, as a panel gets them."""
    common: list[ValueRange] = []
    index = 0
    result = []
    for frame in frames:
        fields = []
        for field in frame.fields:
            fields.append(replace(field, index=index, limits=_limits(field, frames, common)))
            index += field.type is not FieldType.TIME
        result.append(replace(frame, fields=tuple(fields)))
    return tuple(result)


def share(limits: ValueRange, value: float) -> float:
    """Where a value is in a range: 0 for the least, 1 for the greatest, below and above them beyond."""
    position = divided(value - limits.least, limits.most - limits.least)
    return 0.0 if math.isnan(position) else position


def own_limits(field: Field) -> ValueRange:
    """The range of a field by itself."""
    least, most = field.config.minimum, field.config.maximum
    if field.type is not FieldType.NUMBER or (not field.values and (least is None or most is None)):
        return WITHOUT_VALUES
    if least is None:
        least = _number(reduction(field, "min"))
    return ValueRange(least, _number(reduction(field, "max")) if most is None else most)


def common_limits(fields: Iterable[Field]) -> ValueRange:
    """The range of the numbers of several fields, as Grafana finds it.

    A field without any number counts as 0; where the first has no values at all there is no range.
    """
    least: object = None
    most: object = None
    for field in fields:
        if field.type is FieldType.NUMBER:
            low, high = (reduction(field, end) if field.values else math.nan for end in ("min", "max"))
            least = low if least is None or _number(low) < _number(least) else least
            most = high if most is None or _number(high) > _number(most) else most
    return ValueRange(_number(least), _number(most))


def _limits(field: Field, frames: Sequence[Frame], common: list[ValueRange]) -> ValueRange | None:
    """The range of a field: as it is configured, else of the numbers of all fields.

    `common` keeps the range of all fields: as in Grafana that of the first field for which it is configured, if no
    field before that needed it.
    """
    least, most = field.config.minimum, field.config.maximum
    if least is not None and most is not None:
        limits = ValueRange(least, most)
        common += [limits] if not common else []
        return limits
    if field.type is not FieldType.NUMBER:
        return None
    if not field.config.own_range and not common:
        common.append(common_limits(other for frame in frames for other in frame.fields))
    missing = own_limits(field) if field.config.own_range else common[0]
    return ValueRange(missing.least if least is None else least, missing.most if most is None else most)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
