"""Tables with columns in the order of the queries' groupings, and short headings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Unpack

from dashboards_py.model import Query, Rank, Table, Unit
from dashboards_py.style.links import NEXT, NEXT_NODE
from dashboards_py.style.options import PanelOptions, report_panel_title
from dashboards_py.style.scraped import COMPONENT

PODS = ("app", "workload", "pod")  # labels that can identify a pod: see compile/peers.py
# Headings of columns whose label says less, or would be cut.
HEADINGS = {
    "source_namespace": "from namespace",
    "destination_namespace": "to namespace",
    **{f"source_{name}": "from" for name in PODS},
    **{f"destination_{name}": "to" for name in PODS},
    "traffic_direction": "direction",
    COMPONENT: "component",
    NEXT: "next board",
    "envoy_cluster_name": "backend",
    "target_cluster": "remote cluster",
    "map_name": "resource",  # addresses and ports as well: see fullness.nearly_full
    "serviceexport": "export",
    "alertname": "alert",
    "group_name": "group",
    "job_name": "job",
    "module_id": "module",
    "scope": "kind",
    "api_call": "call",
    "return_code": "response",
    "map_group": "maps",
    "rcode": "answer",
    "query": "name",
    "qtypes": "record",
    "neighbor": "peer",
}
# Of text of 14 px, in pixels: a character of a heading or state, what is beside it, the arrow of the order, and a
# number with `req/s`, one with `weeks` (which Grafana writes out), a share as 0.0490%, and a number without a unit.
CHARACTER, PADDING, ARROW, NUMBER_WITH_RATE, NUMBER_WITH_TIME, SHARE, NUMBER = 8, 18, 20, 120, 96, 80, 75
# Pixels of columns of labels with short values.
SHORT = {
    "method": 80,
    "action": 80,
    "direction": 85,
    "traffic_direction": 85,
    "match": 80,
    "status": 70,
    "qtypes": 80,
    "protocol": 80,
}
NUMBERS = {"s": NUMBER_WITH_TIME, "ms": NUMBER_WITH_TIME, "percentunit": SHARE} | dict.fromkeys(
    ("none", "short"), NUMBER
)
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
    headings: Mapping[str, str] | None = None,
    widths: Mapping[str, int] | None = None,
    **options: Unpack[PanelOptions],
) -> Table:
    """A table whose rows are merged by their labels, with a column for each query; `rank` as in model.Table.

    A query's legend is the heading of its column; `headings` are those of labels that mean something else here than on
    other tables, and `widths` pixels of those whose values are longer than others. Label columns are in the order in
    which the queries group by them. A click in a column `node` sets this board's `$node`. Labels that only links read
    have no column. `no_value` is shown once if the table is empty, not per cell.
    """
    links = options.get("links", ())
    named = (*_grouping(queries), *([NEXT] if any(link.uid_label for link in links) else []))
    labels = tuple(dict.fromkeys(label for label in named if label != NEXT_NODE))
    read = dict.fromkeys(label for link in links for label in link.variables.values())
    return Table(
        title=title,
        description=description,
        queries=queries,
        unit=unit,
        width=w,
        height=h,
        label_columns=labels,
        headings={**_headings(labels), **(headings or {})},
        number_widths=_number_widths(queries, unit, rank),
        label_widths={**_label_widths(labels), **(widths or {})},
        hidden_labels=tuple(label for label in read if label not in labels),
        rank=rank,
        **options,
    )


def _grouping(queries: Sequence[Query]) -> tuple[str, ...]:
    """The labels that the queries' outermost aggregations keep, in the order written."""
    labels = [label.strip() for query in queries for group in _groups(query.expr) for label in group.split(",")]
    return tuple(dict.fromkeys(label for label in labels if label not in ("le", "")))


def _groups(expr: str) -> Iterator[str]:
    """The groupings of the outermost aggregations: both of `sum by (a) (x) or sum by (b) (y)`, also in a topk."""
    depth, inside = 0, 0  # `inside`: the depth at which the aggregation that is read began
    for token in re.finditer(r"\bby \(([^)]*)\) ?\(|[()]", expr):
        if token[1] is not None and not inside:
            inside = depth + 1
            yield token[1]
        depth += token[0].endswith("(") - (token[0] == ")")
        inside = inside if depth >= inside else 0


def _headings(labels: Sequence[str]) -> Mapping[str, str]:
    """The headings of label columns; without "from" and "to" if the table shows only one side."""
    sides = {label.split("_")[0] for label in labels if label.startswith(("source_", "destination_"))}
    headings = HEADINGS if {"source", "destination"} <= sides else HEADINGS | ONE_SIDE
    return {
        label: headings.get(label, label.replace("_", " ")) for label in labels if "_" in label or label in headings
    }


def _label_widths(labels: Sequence[str]) -> Mapping[str, int]:
    """Pixels of columns whose values are short, if others need the room."""
    short = {label: SHORT[label] for label in labels if label in SHORT}
    return short if len(short) < len(labels) else {}


def _number_widths(queries: Sequence[Query], unit: Unit, rank: Rank) -> tuple[int, ...]:
    """Pixels for the heading of each number, with the arrow of the order, and for a number with its unit or a state."""
    return tuple(
        max(
            NUMBERS.get(query.unit or unit, NUMBER_WITH_RATE),
            PADDING
            + len(query.legend) * CHARACTER
            + (ARROW if (rank == "first" and not index) or rank == "columns" else 0),
            *(PADDING + len(state.text) * CHARACTER for state in query.states),
        )
        for index, query in enumerate(queries)
    )
