"""Rewrite queries of histograms for both ways in which Prometheus may store them, and guard means and quantiles.

The catalogue knows which series belong to a histogram. Any of them may be stored natively, whatever Cilium exposes:
`convert_classic_histograms_to_nhcb` converts them all. Summaries are never converted.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Annotation, Dashboard, Heatmap, LabelVariable, Panel, Row, Variable
from dashboards_py.queries import catalogued_series, histogram_names, variable_query


def write_for_both_kinds(board: Dashboard, release: Release) -> Dashboard:
    """Make all queries work with classic and native histograms; raises DashboardsError if one cannot."""
    return replace(
        board,
        rows=tuple(_row(row, board.uid, release) for row in board.rows),
        annotations=tuple(_annotation(annotation, board.uid, release) for annotation in board.annotations),
        variables=tuple(_variable(variable, board.uid, release) for variable in board.variables),
    )


def _row(row: Row, uid: str, release: Release) -> Row:
    return replace(row, panels=tuple(_panel(panel, uid, release) for panel in row.panels))


def _panel(panel: Panel, uid: str, release: Release) -> Panel:
    where = f"board {uid}, panel {panel.title!r}"
    write = partial(rewrite, release=release, heatmap=isinstance(panel, Heatmap))
    written = [_with_location(where, write, query.expr) for query in panel.queries]
    if written == [query.expr for query in panel.queries]:
        return panel
    queries = tuple(replace(query, expr=expr) for query, expr in zip(panel.queries, written, strict=True))
    return replace(panel, queries=queries)


def _annotation(annotation: Annotation, uid: str, release: Release) -> Annotation:
    where = f"board {uid}, annotation {annotation.name!r}"
    return replace(annotation, expr=_with_location(where, partial(rewrite, release=release), annotation.expr))


def _variable(variable: Variable, uid: str, release: Release) -> Variable:
    """Rewrite a query_result; label_values takes one selector, so it raises DashboardsError for a histogram."""
    if not isinstance(variable, LabelVariable):
        return variable
    query, where = variable_query(variable.query), f"board {uid}, variable {variable.name!r}"
    if not query.expr:
        return variable
    if query.kind == "query_result":
        written = _with_location(where, partial(rewrite, release=release), query.expr)
        return replace(variable, query=str(query.with_expr(written)))
    for selector in promql.selectors(query.expr):
        series = catalogued_series(release)(selector)
        if series and series.is_histogram:
            raise DashboardsError(
                where,
                cause=f"{selector.metric} is empty if histograms are stored natively",
                fix="take the values from a counter or gauge",
            )
    return variable


def rewrite(expr: str, *, release: Release, heatmap: bool = False) -> str:
    """One query for classic and native histograms, with its means and quantiles guarded; raises DashboardsError."""
    lookup = catalogued_series(release)
    selectors = promql.selectors(expr)
    for selector in selectors:
        if not selector.metric and (name := next(histogram_names(selector.matchers, release), None)):
            raise promql.ClassicOnly(
                f"query {expr!r}",
                cause=f"reads {name} by a pattern of names, and is empty if histograms are stored natively",
                fix="name the metric",
            )
    if not any(map(lookup, selectors)):
        return expr  # most queries have no histogram, and parsing their parts takes time
    return promql.for_both_kinds(guard(expr, release), lookup, heatmap=heatmap)


def guard(expr: str, release: Release) -> str:
    """The query without the means and quantiles of nothing observed."""
    lookup = catalogued_series(release)
    if not any(map(lookup, promql.selectors(expr))):
        return expr
    return promql.guard_quantiles(promql.guard_means(expr, lookup), lookup)


def _with_location(where: str, write: Callable[[str], str], expr: str) -> str:
    try:
        return write(expr)
    except DashboardsError as error:
        raise DashboardsError(where, cause=f"{error.what} {error.cause}", fix=error.fix) from error
