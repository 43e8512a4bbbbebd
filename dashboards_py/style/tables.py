"""Tables: instant queries side by side, merged by their labels."""

import re
from collections.abc import Sequence
from typing import Any

from grafanalib.core import Panel, Table

from dashboards_py.style.limits import Steps
from dashboards_py.style.links import To
from dashboards_py.style.panel import Json, given, ref, targets
from dashboards_py.style.query import Query

# A cell without a value is blank: what no data means is said once, where the whole table is empty.
BLANK_CELLS: Json = {
    "matcher": {"id": "byRegexp", "options": "/.*/"},
    "properties": [{"id": "noValue", "value": "–"}],
}

# Headings of columns whose label's name would be cut in a narrow one.
HEADINGS = {
    "source_namespace": "from namespace",
    "source_workload": "from",
    "destination_namespace": "to namespace",
    "destination_workload": "to",
    "traffic_direction": "direction",
}
ONE_SIDE = {f"{side}_{what}": what for side in ("source", "destination") for what in ("namespace", "workload")}


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
        overrides=[*_headings(queries), *_columns(queries, limits), BLANK_CELLS],
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


def _headings(queries: Sequence[Query]) -> list[Json]:
    """Overrides that shorten headings and leave the fields' own names, which links use."""
    labels = _grouping(queries)
    sides = {label.split("_")[0] for label in labels if label in HEADINGS}
    headings = HEADINGS if {"source", "destination"} <= sides else HEADINGS | ONE_SIDE
    return [
        {"matcher": {"id": "byName", "options": label}, "properties": [{"id": "displayName", "value": headings[label]}]}
        for label in labels
        if label in headings
    ]


def _columns(queries: Sequence[Query], limits: Steps | None) -> list[Json]:
    """Overrides of value columns: a unit of their own, and the colour of the limits."""
    overrides = []
    for query in queries:
        properties: list[Json] = [{"id": "unit", "value": query.unit}] if query.unit else []
        properties += [{"id": "custom.cellOptions", "value": {"type": "color-text"}}] if limits else []
        if properties:
            overrides.append({"matcher": {"id": "byName", "options": query.legend}, "properties": properties})
    return overrides
