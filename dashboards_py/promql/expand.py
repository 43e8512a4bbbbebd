"""The queries of recording rules in the place of the names of the series that they record."""

from collections.abc import Mapping

from dashboards_py.promql.parsing import QueryError
from dashboards_py.promql.positions import Part, parts, rewrite

DEEPEST = 5  # recording rules that read each other
LONGEST = 20_000  # characters of an expanded query


def expanded(expr: str, records: Mapping[str, str]) -> str:
    """The query with the queries of recorded series; unchanged if it cannot be parsed or becomes too long.

    Values are those of the recorded series. A matcher selects some of them, and is left out: use it for what holds of
    all values. A window becomes a subquery.
    """
    result = expr
    for _ in range(DEEPEST):
        try:
            following = rewrite(result, parts(result), lambda part: _replaced(part, records))
        except QueryError:
            return result
        if following == result or len(following) > LONGEST:
            return result
        result = following
    return result


def renamed_metrics(expr: str, names: Mapping[str, str]) -> str:
    """The query with other names for metrics; unchanged if it cannot be parsed."""
    try:
        return rewrite(expr, parts(expr), lambda part: _renamed(expr, part, names))
    except QueryError:
        return expr


def _renamed(expr: str, part: Part, names: Mapping[str, str]) -> str | None:
    if part.kind not in ("VectorSelector", "MatrixSelector") or part.name_end is None:
        return None
    name = expr[part.start : part.name_end]
    return names[name] + expr[part.name_end : part.end] if name in names else None


def _replaced(part: Part, records: Mapping[str, str]) -> str | None:
    if part.kind not in ("VectorSelector", "MatrixSelector"):
        return None
    node = part.node.vector_selector if part.kind == "MatrixSelector" else part.node
    query = records.get(node.name or "")
    if query is None:
        return None
    try:
        parts(query)
    except QueryError:
        return None
    if part.kind == "VectorSelector":
        return f"({query})"
    return f"({query})[{round(part.node.range.total_seconds() * 1000)}ms:]"
