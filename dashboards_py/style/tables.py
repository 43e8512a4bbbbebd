"""Tables: instant queries side by side, merged by their labels."""

import re
from collections.abc import Sequence
from typing import Any

from grafanalib.core import Panel, Table

from dashboards_py.style.limits import Steps
from dashboards_py.style.links import To
from dashboards_py.style.panel import Json, given, ref, targets
from dashboards_py.style.query import Query


def table(
    title: str,
    description: str,
    *queries: Query,
    unit: str = "none",
    limits: Steps | None = None,
    no_value: str = "",
    links: Sequence[To] = (),
    w: int = 12,
    h: int = 8,
    **beside: Any,
) -> Panel:
    """Rows are merged by their labels; each query's legend heads its column, largest of the first on top.

    Label columns stand in the order in which the queries group by them. A column `node` sets this board's `$node` on
    click. `no_value` is said once where the table is empty, not in each empty cell.
    """
    many = len(queries) > 1
    fields = [f"Value #{ref(place)}" if many else "Value" for place in range(len(queries))]
    organize = {
        "excludeByName": {"Time": True},
        "indexByName": {name: place for place, name in enumerate([*_grouping(queries), *fields])},
        "renameByName": {name: query.legend for name, query in zip(fields, queries, strict=True)},
    }
    merge: list[Json] = [{"id": "merge", "options": {}}] if many else []
    kept = given(
        title,
        description,
        unit=unit,
        limits=limits,
        no_value=no_value,
        links=links,
        size=(w, h),
        beside=beside,
        defaults={},
        overrides=[*_columns(queries, limits), *(_blank_cells() if no_value else [])],
        options={"cellHeight": "sm", "sortBy": [{"displayName": queries[0].legend, "desc": True}]},
    )
    drawn = targets(queries, instant=True, format="table")
    transformations = [*merge, {"id": "organize", "options": organize}]
    return Table(targets=drawn, transformations=transformations, maxDataPoints=None, span=None, **kept)


def _grouping(queries: Sequence[Query]) -> list[str]:
    """The labels that the queries' outermost aggregations keep, in the order written."""
    found = [re.search(r"\bby \(([^)]*)\)", query.expr) for query in queries]
    labels = [label.strip() for each in found if each for label in each[1].split(",")]
    return list(dict.fromkeys(label for label in labels if label != "le"))


def _columns(queries: Sequence[Query], limits: Steps | None) -> list[Json]:
    """Overrides of value columns: a unit of their own, and the colour of the limits."""
    overrides = []
    for query in queries:
        properties: list[Json] = [{"id": "unit", "value": query.unit}] if query.unit else []
        properties += [{"id": "custom.cellOptions", "value": {"type": "color-text"}}] if limits else []
        if properties:
            overrides.append({"matcher": {"id": "byName", "options": query.legend}, "properties": properties})
    return overrides


def _blank_cells() -> list[Json]:
    return [{"matcher": {"id": "byRegexp", "options": "/.*/"}, "properties": [{"id": "noValue", "value": "–"}]}]
