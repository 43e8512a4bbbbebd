"""Tables with columns in the order of the queries' groupings, and short headings."""

import re
from collections.abc import Mapping, Sequence
from typing import Unpack

from dashboards_py.model import Query, Rank, Table, Unit
from dashboards_py.style.links import NEXT
from dashboards_py.style.options import PanelOptions, report_panel_title
from dashboards_py.style.scraped import COMPONENT

PODS = ("app", "workload", "pod")  # labels that can identify a pod: see compile/peers.py
# Headings of columns whose label would be truncated in a narrow column.
HEADINGS = {
    "source_namespace": "from namespace",
    "destination_namespace": "to namespace",
    **{f"source_{name}": "from" for name in PODS},
    **{f"destination_{name}": "to" for name in PODS},
    "traffic_direction": "direction",
    COMPONENT: "component",
    NEXT: "next board",
    "target_cluster": "remote cluster",
    "map_name": "map",
}
# Of text of 14 px, in pixels: a character of a heading, what is beside it, and a number with and without `req/s`.
CHARACTER, PADDING, NUMBER_WITH_RATE, NUMBER = 8, 32, 105, 75
WITHOUT_RATE = ("none", "short", "s", "ms", "d", "percentunit")
ONE_SIDE = {f"{side}_{what}": what for side in ("source", "destination") for what in ("namespace", *PODS)}


@report_panel_title
def table(
    title: str,
    description: str,
    *queries: Query,
    unit: Unit = "none",
    w: int = 12,
    h: int = 8,
    rank: Rank = "first",
    **options: Unpack[PanelOptions],
) -> Table:
    """A table whose rows are merged by their labels, with a column for each query; `rank` as in model.Table.

    A query's legend is the heading of its column. Label columns are in the order in which the queries group by them. A
    click in a column `node` sets this board's `$node`. `no_value` is shown once if the table is empty, not per cell.
    """
    labels = (*_grouping(queries), *([NEXT] if any(link.uid_label for link in options.get("links", ())) else []))
    return Table(
        title=title,
        description=description,
        queries=queries,
        unit=unit,
        width=w,
        height=h,
        label_columns=labels,
        headings=_headings(labels),
        number_width=_number_width(queries, unit),
        rank=rank,
        **options,
    )


def _grouping(queries: Sequence[Query]) -> tuple[str, ...]:
    """The labels that the queries' outermost aggregations keep, in the order written."""
    groupings = [re.search(r"\bby \(([^)]*)\)", query.expr) for query in queries]
    labels = [label.strip() for grouping in groupings if grouping for label in grouping[1].split(",")]
    return tuple(dict.fromkeys(label for label in labels if label != "le"))


def _headings(labels: Sequence[str]) -> Mapping[str, str]:
    """The headings of label columns; without "from" and "to" if the table shows only one side."""
    sides = {label.split("_")[0] for label in labels if label in HEADINGS}
    headings = HEADINGS if {"source", "destination"} <= sides else HEADINGS | ONE_SIDE
    return {label: headings[label] for label in labels if label in headings}


def _number_width(queries: Sequence[Query], unit: Unit) -> int:
    """Pixels that the longest heading of a number needs, with the arrow of the order, and a number with its unit."""
    longest = max(len(query.legend) for query in queries)
    has_rate = any((query.unit or unit) not in WITHOUT_RATE for query in queries)
    return max(NUMBER_WITH_RATE if has_rate else NUMBER, PADDING + longest * CHARACTER)
