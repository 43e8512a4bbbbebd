"""Other numbers in the comparisons of a query."""

from collections.abc import Iterator, Sequence

from dashboards_py.promql.lexer import COMPARISONS
from dashboards_py.promql.parsing import QueryError
from dashboards_py.promql.positions import Part, parts


def replace_compared(expr: str, numbers: Sequence[tuple[float, float]]) -> str:
    """The query with other numbers in its comparisons: pairs of the number written and the new one, in that order.

    Each pair is for one comparison. Of several with one number inside each other only the outermost counts: in
    `a / (b > 0.05) > 0.05` the second. Raises QueryError if there is no such comparison.
    """
    spans = sorted(_compared(parts(expr), frozenset()))
    replaced: list[tuple[tuple[int, int], float]] = []
    for number, new in numbers:
        index = next((index for index, (_, value) in enumerate(spans) if value == number), None)
        if index is None:
            cause = f"does not compare with {number_text(number)} so often"
            raise QueryError(f"query {expr!r}", cause=cause)
        replaced.append((spans.pop(index)[0], new))
    result = expr
    for (start, end), new in sorted(replaced, reverse=True):
        result = f"{result[:start]}{number_text(new)}{result[end:]}"
    return result


def number_text(value: float) -> str:
    """A number as a person writes it."""
    return str(int(value)) if value == int(value) else repr(value)


def _compared(part: Part, outer: frozenset[float]) -> Iterator[tuple[tuple[int, int], float]]:
    """The spans and values of numbers that are one side of a comparison, but for those of a comparison around it."""
    numbers: set[float] = set()
    if part.kind == "BinaryExpr" and str(part.node.op) in COMPARISONS:
        for side in part.children:
            if side.kind == "NumberLiteral" and (value := float(side.node.val)) not in outer:
                numbers.add(value)
                yield (side.start, side.end), value
    for child in part.children:
        yield from _compared(child, outer | numbers)
