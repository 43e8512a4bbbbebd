"""The first rows, or with a negative number the last ones."""

import math
from dataclasses import replace

from dashboards_py.panel_data.conversions import leading_number
from dashboards_py.panel_data.frame import Frame
from dashboards_py.panel_data.transformations._transformation import Frames, Json

_DEFAULT = 10.0


def transform(frames: Frames, options: Json) -> Frames:
    """Frames of at most as many rows as `limitField`."""
    value = options.get("limitField", _DEFAULT)
    limit = leading_number(value) if isinstance(value, str | int | float) else math.nan
    return frames if math.isnan(limit) or math.isinf(limit) else tuple(_cut(frame, int(limit)) for frame in frames)


def _cut(frame: Frame, limit: int) -> Frame:
    if frame.length <= limit:
        return frame
    rows = slice(0, limit) if limit >= 0 else slice(limit, None)
    return replace(frame, fields=tuple(replace(field, values=field.values[rows]) for field in frame.fields))
