"""The functions of PromQL by name."""

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from dashboards_py.demo.engine import label_functions, labels, over_time, rates, scalars, trends
from dashboards_py.demo.engine.errors import EvaluationError, NotSupported
from dashboards_py.demo.engine.quantiles import histogram_quantile
from dashboards_py.demo.engine.storage import Selection
from dashboards_py.demo.engine.syntax import Call, Node, Select, Text
from dashboards_py.demo.engine.vector import Floats, Grid, Integers, Mask, Scalar, Value, Vector
from dashboards_py.demo.engine.windows import Windows

OverWindows = Callable[..., tuple[Floats, Mask]]


class Context(Protocol):
    """What functions need of an evaluation."""

    @property
    def grid(self) -> Grid:
        """The steps."""
        ...

    def vector(self, node: Node) -> Vector:
        """An argument that is a vector."""
        ...

    def scalar(self, node: Node) -> Scalar:
        """An argument that is a number."""
        ...

    def windows(self, node: Node) -> tuple[Selection, int, Integers]:
        """An argument that is a range: its samples, the length of the windows, and their ends."""
        ...

    def sample_times(self, node: Select) -> Vector:
        """When the samples of a selector were scraped, in seconds."""
        ...


# Functions of a range, and the position of the range among their arguments.
RANGES: Mapping[str, tuple[OverWindows, int]] = {
    "avg_over_time": (over_time.mean, 0),
    "changes": (over_time.changes, 0),
    "count_over_time": (over_time.count, 0),
    "delta": (rates.delta, 0),
    "deriv": (trends.deriv, 0),
    "first_over_time": (over_time.first, 0),
    "idelta": (rates.idelta, 0),
    "increase": (rates.increase, 0),
    "irate": (rates.irate, 0),
    "last_over_time": (over_time.last, 0),
    "max_over_time": (over_time.maximum, 0),
    "min_over_time": (over_time.minimum, 0),
    "predict_linear": (trends.predict_linear, 0),
    "present_over_time": (over_time.present, 0),
    "quantile_over_time": (over_time.quantile_over_time, 1),
    "rate": (rates.rate, 0),
    "resets": (over_time.resets, 0),
    "stddev_over_time": (over_time.deviation, 0),
    "stdvar_over_time": (over_time.variance, 0),
    "sum_over_time": (over_time.total, 0),
}
KEEP_NAME = ("first_over_time", "last_over_time")
# Functions of native histograms return nothing for numbers, and this engine stores nothing else.
NATIVE = ("histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum")


def call(context: Context, node: Call) -> Value:
    """The value of a function; raises EvaluationError."""
    name, args = node.function, node.args
    if name in RANGES:
        return _over_range(context, name, args)
    if name in scalars.ARITHMETIC:
        vector = context.vector(args[0])
        return vector.with_values(scalars.ARITHMETIC[name](vector.values))
    if name in scalars.DATES:
        return _date(context, name, args)
    if name in _OTHERS:
        return _OTHERS[name](context, args)
    raise NotSupported(f"{name}()")


def over_windows(context: Context, node: Node, function: OverWindows, *args: Floats) -> Vector:
    """A function of ranges applied to each block of samples."""
    selection, length, ends = context.windows(node)
    values = np.full((len(selection.labels), len(ends)), np.nan)
    present = np.zeros(values.shape, dtype=bool)
    for block in selection.blocks:
        windows = Windows.of(block, ends, context.grid.times, length)
        if len(windows.times):
            values[block.rows], present[block.rows] = function(windows, *args)
    return Vector(selection.labels, values, present).existing()


def _over_range(context: Context, name: str, args: tuple[Node, ...]) -> Vector:
    function, position = RANGES[name]
    numbers = [context.scalar(arg).values for index, arg in enumerate(args) if index != position]
    result = over_windows(context, args[position], function, *numbers)
    return result if name in KEEP_NAME else result.relabeled(labels.without_name)


def _date(context: Context, name: str, args: tuple[Node, ...]) -> Vector:
    if args:
        vector = context.vector(args[0])
        return vector.with_values(scalars.date_part(name, vector.values, vector.present))
    times = context.grid.times / 1000
    return _single(scalars.date_part(name, times, np.ones(len(times), dtype=bool)))


def _single(values: Floats, of: labels.Labels = ()) -> Vector:
    return Vector((of,), values[None, :], np.ones((1, len(values)), dtype=bool))


def _absent(context: Context, args: tuple[Node, ...]) -> Vector:
    return _absence(context.vector(args[0]).present, args[0])


def _absent_over_time(context: Context, args: tuple[Node, ...]) -> Vector:
    return _absence(over_windows(context, args[0], over_time.present).present, args[0])


def _absence(present: Mask, node: Node) -> Vector:
    missing: Mask = ~np.asarray(present.any(axis=0))
    return _single(np.ones(len(missing)), label_functions.of_absent(node)).where(missing[None, :])


def _round(context: Context, args: tuple[Node, ...]) -> Vector:
    vector = context.vector(args[0])
    nearest = context.scalar(args[1]).values if len(args) > 1 else np.ones(vector.values.shape[1])
    return vector.with_values(scalars.rounded(vector.values, nearest))


def _clamp(context: Context, node: Node, lowest: Node | None, highest: Node | None) -> Vector:
    vector, unlimited = context.vector(node), np.full(context.grid.length, np.inf)
    low = -unlimited if lowest is None else context.scalar(lowest).values
    high = unlimited if highest is None else context.scalar(highest).values
    return vector.with_values(scalars.clamped(vector.values, low, high)).where(~(high < low))


def _timestamp(context: Context, args: tuple[Node, ...]) -> Vector:
    if isinstance(args[0], Select):
        return context.sample_times(args[0]).relabeled(labels.without_name)
    vector = context.vector(args[0])
    return vector.with_values(np.broadcast_to(context.grid.times / 1000, vector.values.shape))


def _scalar(context: Context, args: tuple[Node, ...]) -> Scalar:
    vector = context.vector(args[0])
    one = vector.present.sum(axis=0) == 1
    return Scalar(np.where(one, np.where(vector.present, vector.values, 0.0).sum(axis=0), np.nan))


def _sort(context: Context, args: tuple[Node, ...], sign: float) -> Vector:
    """By value in an instant query; a range query sorts its series by their labels afterwards."""
    vector = context.vector(args[0])
    first = sign * vector.values[:, 0]
    return vector.rows(np.lexsort((first, np.isnan(first))))


def _label_replace(context: Context, args: tuple[Node, ...]) -> Vector:
    target, template, source, pattern = map(_text, args[1:])
    return context.vector(args[0]).relabeled(label_functions.label_replace(target, template, source, pattern))


def _label_join(context: Context, args: tuple[Node, ...]) -> Vector:
    target, separator, *sources = map(_text, args[1:])
    return context.vector(args[0]).relabeled(label_functions.label_join(target, separator, tuple(sources)))


def _text(node: Node) -> str:
    if not isinstance(node, Text):
        raise EvaluationError("expected a string")
    return node.value


_OTHERS: Mapping[str, Callable[[Context, tuple[Node, ...]], Value]] = {
    "absent": _absent,
    "absent_over_time": _absent_over_time,
    "clamp": lambda context, args: _clamp(context, args[0], args[1], args[2]),
    "clamp_max": lambda context, args: _clamp(context, args[0], None, args[1]),
    "clamp_min": lambda context, args: _clamp(context, args[0], args[1], None),
    "histogram_quantile": lambda context, args: histogram_quantile(context.scalar(args[0]), context.vector(args[1])),
    "label_join": _label_join,
    "label_replace": _label_replace,
    "pi": lambda context, _: Scalar(np.full(context.grid.length, np.pi)),
    "round": _round,
    "scalar": _scalar,
    "sort": lambda context, args: _sort(context, args, 1.0),
    "sort_desc": lambda context, args: _sort(context, args, -1.0),
    "time": lambda context, _: Scalar(context.grid.times / 1000),
    "timestamp": _timestamp,
    "vector": lambda context, args: _single(context.scalar(args[0]).values),
    **dict.fromkeys(NATIVE, lambda context, args: context.vector(args[0]).rows([])),
}
