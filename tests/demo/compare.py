"""Two answers to one query compared, series by series and sample by sample."""

import math
import re
from collections.abc import Mapping

from dashboards_py.panel_data.source import Series

TOLERANCE = 1e-9  # relative: sums in another order
Answer = Mapping[frozenset[tuple[str, str]], Mapping[float, float]]


def answer(series: tuple[Series, ...]) -> Answer:
    """The values by labels and time."""
    return {
        frozenset(one.labels.items()): {time: value for time, value in one.samples if isinstance(value, float)}
        for one in series
    }


def difference(engine: Answer, real: Answer, expr: str) -> str:
    """What is different, "" where nothing is; which of several equal series make a top ten is undefined."""
    if re.search("topk|bottomk", expr):
        is_grouped = re.search("(topk|bottomk) (by|without)", expr) is not None
        return _ranked_difference(engine, real, greatest="topk" in expr, is_grouped=is_grouped)
    if engine.keys() != real.keys():
        more, fewer = engine.keys() - real.keys(), real.keys() - engine.keys()
        return f"series: {list(more)[:3]} in the engine alone, {list(fewer)[:3]} in Prometheus alone"
    for labels, samples in real.items():
        if samples.keys() != engine[labels].keys():
            return f"{dict(labels)} has samples at {sorted(samples.keys() ^ engine[labels].keys())[:5]} in one alone"
        for time, value in samples.items():
            if not close(value, engine[labels][time]):
                return f"{dict(labels)} at {time}: {engine[labels][time]!r} for {value!r}"
    return ""


def close(one: float, two: float) -> bool:
    """Whether two values are the same but for the order in which they were added."""
    return one == two or (math.isnan(one) and math.isnan(two)) or math.isclose(one, two, rel_tol=TOLERANCE)


def _ranked_difference(engine: Answer, real: Answer, *, greatest: bool, is_grouped: bool) -> str:
    for time in sorted({time for one in (engine, real) for samples in one.values() for time in samples}):
        columns = [
            {labels: samples[time] for labels, samples in one.items() if time in samples} for one in (engine, real)
        ]
        left, right = (sorted(column.values(), key=lambda value: (math.isnan(value), value)) for column in columns)
        if len(left) != len(right) or not all(map(close, left, right)):
            return f"at {time}: {left} for {right}"
        if is_grouped:  # each group has a limit of its own
            continue
        limit = right[0] if greatest else right[-1]
        certain = [{labels for labels, value in column.items() if not close(value, limit)} for column in columns]
        if certain[0] != certain[1]:
            return f"at {time}: {[*certain[0] ^ certain[1]][:3]} in one alone"
    return ""
