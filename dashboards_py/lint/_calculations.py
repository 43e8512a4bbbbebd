"""The calculations of Grafana itself from a panel's queries, written as PromQL.

Server-side expressions have a target of the data source `__expr__`: `math` with an `expression` of `$A` or `${A}`, and
`reduce` and `resample` with the name of another target (pkg/expr/models.go). The transformation `calculateField` in
mode `binary` names the fields `left` and `right`, in newer releases within a matcher; a field is called like its query
or its legend (packages/grafana-data/src/transformations/transformers/calculateField.ts).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Panel, fields

REFERENCE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


def calculations(panel: Panel) -> Iterator[str]:
    """The expressions and calculated fields of a panel that can be written as PromQL."""
    exprs = {query.ref: query.expr for query in panel.queries if query.expr}
    by_field = {name: query.expr for query in panel.queries if query.expr for name in (query.legend, query.ref)}
    by_field |= {f"Value #{ref}": expr for ref, expr in exprs.items()}
    written = []
    for target in fields.mappings(panel.raw, "targets"):
        expression, ref = target.get("expression"), target.get("refId")
        if not isinstance(expression, str) or not isinstance(ref, str):
            continue
        expr = exprs.get(expression.strip(" $")) or _substituted(expression, exprs)
        if _is_readable(expr):
            exprs[ref] = expr
            written.append(expr)
    transformations = fields.mappings(panel.raw, "transformations")
    written += [_binary(item.get("options"), by_field) for item in transformations if item.get("disabled") is not True]
    yield from filter(_is_readable, written)


def _substituted(expression: str, exprs: Mapping[str, str]) -> str:
    """The expression with the queries that it refers to; Grafana's name of an unknown one stays, as a variable."""

    def query(match: re.Match[str]) -> str:
        expr = exprs.get(match[1] or match[2])
        return f"({expr})" if expr else match[0]

    return REFERENCE.sub(query, expression)


def _binary(options: Any, by_field: Mapping[str, str]) -> str:
    """The calculation of a transformation in mode `binary`, "" for any other."""
    is_binary = isinstance(options, Mapping) and options.get("mode") == "binary"
    binary = options.get("binary") if is_binary else None
    if not isinstance(binary, Mapping):
        return ""
    left, right = (by_field.get(_field(binary.get(side)), "") for side in ("left", "right"))
    return f"({left}) {binary.get('operator')} ({right})" if left and right else ""


def _field(side: Any) -> str:
    """The name of an operand's field."""
    matcher = side.get("matcher") if isinstance(side, Mapping) else None
    name = matcher.get("options") if isinstance(matcher, Mapping) else side
    return name if isinstance(name, str) else ""


def _is_readable(expr: str) -> bool:
    try:
        return bool(expr and promql.selectors(expr))
    except promql.QueryError:
        return False
