"""Operations on two values: arithmetic, comparisons, and sets."""

from collections.abc import Callable, Mapping

import numpy as np

from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.errors import EvaluationError, NotSupported
from dashboards_py.demo.engine.labels import Labels
from dashboards_py.demo.engine.syntax import Matching
from dashboards_py.demo.engine.vector import Floats, Mask, Scalar, Vector, counted, grouped

ARITHMETIC: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
    "atan2": np.arctan2,
}
COMPARISONS: Mapping[str, Callable[[Floats, Floats], Mask]] = {
    "==": np.equal,
    "!=": np.not_equal,
    ">": np.greater,
    "<": np.less,
    ">=": np.greater_equal,
    "<=": np.less_equal,
}


def scalars(op: str, left: Scalar, right: Scalar) -> Scalar:
    """Two numbers; a comparison is 1 where it holds, else 0."""
    if op in ARITHMETIC:
        return Scalar(ARITHMETIC[op](left.values, right.values))
    return Scalar(_comparison(op)(left.values, right.values).astype(float))


def with_scalar(op: str, vector: Vector, scalar: Scalar, *, swapped: bool, as_bool: bool) -> Vector:
    """Each series with a number, which comes first where `swapped`."""
    left, right = (scalar.values, vector.values) if swapped else (vector.values, scalar.values)
    if op in ARITHMETIC:
        return vector.with_values(ARITHMETIC[op](left, right))
    holds = _comparison(op)(left, right)
    return vector.with_values(holds.astype(float)) if as_bool else vector.where(holds)


def vectors(op: str, left: Vector, right: Vector, matching: Matching, *, as_bool: bool) -> Vector:
    """Each series with the series that has the same matching labels."""
    if matching.many == "right":
        many, one = right, left
    else:
        many, one = left, right
    signature = _signature(matching)
    partners = _partners(one, many, signature, "left" if matching.many == "right" else "right")
    pairs = [(row, match) for row, key in enumerate(map(signature, many.labels)) for match in partners.get(key, ())]
    if not pairs:
        return Vector.empty(left.values.shape[1])
    rows, matches = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    present = many.present[rows] & one.present[matches]
    of_many, of_one = many.values[rows], one.values[matches]
    first, second = (of_one, of_many) if matching.many == "right" else (of_many, of_one)
    drop_name = as_bool or op in ARITHMETIC
    series = tuple(_labels(many.labels[row], one.labels[match], matching, drop_name=drop_name) for row, match in pairs)
    if not matching.many:
        _refuse_several(present, [signature(many.labels[row]) for row in rows], "many-to-one matching must be explicit")
    else:
        _refuse_several(present, list(series), "grouping labels must ensure unique matches")
    if op in ARITHMETIC:
        return Vector(series, ARITHMETIC[op](first, second), present).merged()
    holds = _comparison(op)(first, second)
    if as_bool:
        return Vector(series, holds.astype(float), present).merged()
    return Vector(series, first, present & holds).merged()


def sets(op: str, left: Vector, right: Vector, matching: Matching) -> Vector:
    """`and`, `or` and `unless`: samples of the left side, of both, or of the left side alone."""
    signature = _signature(matching)
    kept = left.where(_exists(right, left, signature)) if op == "and" else left
    if op == "unless":
        kept = left.where(~_exists(right, left, signature))
    if op != "or" or not len(right):
        return kept
    added = right.where(~_exists(left, right, signature)).existing()
    if not len(added):
        return left
    if not len(left):
        return added
    values, present = np.concatenate([left.values, added.values]), np.concatenate([left.present, added.present])
    return Vector((*left.labels, *added.labels), values, present).merged()


def _exists(vector: Vector, other: Vector, signature: Callable[[Labels], Labels]) -> Mask:
    """Where the vector has any sample with the signature of the other's, for each of the other's series."""
    result = np.zeros(other.present.shape, dtype=bool)
    if not len(vector):
        return result
    group, keys = grouped(map(signature, vector.labels))
    present = counted(vector.present, group, len(keys)) > 0
    index = {key: number for number, key in enumerate(keys)}
    for row, key in enumerate(map(signature, other.labels)):
        if key in index:
            result[row] = present[index[key]]
    return result


def _comparison(op: str) -> Callable[[Floats, Floats], Mask]:
    if op not in COMPARISONS:
        raise NotSupported(op)
    return COMPARISONS[op]


def _signature(matching: Matching) -> Callable[[Labels], Labels]:
    """From the labels of a series to those that decide what it matches."""
    if matching.on:
        names = set(matching.labels)
        return lambda of: labels.keep(of, names)
    ignored = {*matching.labels, labels.NAME}
    return lambda of: labels.drop(of, ignored)


def _partners(
    one: Vector, many: Vector, signature: Callable[[Labels], Labels], side: str
) -> Mapping[Labels, tuple[int, ...]]:
    """The rows of the side of which one series may have each signature at a time, by signature."""
    group, keys = grouped(map(signature, one.labels))
    if len(keys) < len(one):
        counts = counted(one.present, group, len(keys)) * many.present.any(axis=0)
        if (counts > 1).any():
            key = labels.text(keys[int(np.argwhere(counts > 1)[0][0])])
            cause = f"found duplicate series for the match group {key} on the {side} hand-side of the operation"
            raise EvaluationError(f"{cause}; many-to-many matching not allowed: labels must be unique on one side")
    rows: dict[Labels, tuple[int, ...]] = {}
    for row, number in enumerate(group.tolist()):
        rows[keys[number]] = (*rows.get(keys[number], ()), row)
    return rows


def _refuse_several(present: Mask, keys: list[Labels], message: str) -> None:
    """Raise EvaluationError where two results would have the same key at one step."""
    group, distinct = grouped(keys)
    if len(distinct) < len(keys) and (counted(present, group, len(distinct)) > 1).any():
        raise EvaluationError(f"multiple matches for labels: {message}")


def _labels(many: Labels, one: Labels, matching: Matching, *, drop_name: bool) -> Labels:
    """The labels of a result (`resultMetric` in Prometheus' promql/engine.go)."""
    result = labels.without_name(many) if drop_name else many
    if not matching.many:
        result = (labels.keep if matching.on else labels.drop)(result, matching.labels)
    for name in matching.include:
        result = labels.replace(result, name, labels.get(one, name))
    return result
