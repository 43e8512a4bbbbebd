"""Tables: instant queries side by side, merged by their labels."""

from collections.abc import Iterator, Mapping, Sequence

from dashboards_py.model import Query, State, Table, UrlLink, ref_id
from dashboards_py.render.kind import COLORS, Kind, links, override, steps, unjudged
from dashboards_py.shapes import Json

# Columns of labels share what is left of the panel. Grafana's 150 px would push numbers out of sight
# (computeColWidths in packages/grafana-ui/src/components/Table/TableNG/utils.ts).
NARROW = {"custom": {"minWidth": 60}}
COLORED: Json = {"id": "custom.cellOptions", "value": {"type": "color-text"}}
RANK = "rank"  # a column that is not shown
# As Grafana before 12.2, and from it on (HideableFieldConfig of TableFieldOptions in @grafana/schema), hides a column
# whose values links still read.
HIDDEN: list[Json] = [
    {"id": "custom.hidden", "value": True},
    {"id": "custom.hideFrom", "value": {"legend": True, "tooltip": True, "viz": True}},
]
# A label that looks like a number, such as a status code, would be formatted in the panel's unit
# (getDisplayProcessor in packages/grafana-data/src/field/displayProcessor.ts).
LABELS_AS_THEY_ARE = override("byType", "string", {"id": "unit", "value": "string"})
# Cells without a value are blank: the panel's noValue is shown once, if the table is empty.
BLANK_CELLS = override("byRegexp", "/.*/", {"id": "noValue", "value": "–"})


def kind(panel: Table, column_links: Mapping[str, Sequence[UrlLink]]) -> Kind:
    """A table of label columns, then one column per query, named by its legend; the worst row first."""
    many = len(panel.queries) > 1
    fields = [f"Value #{ref_id(index)}" if many else "Value" for index in range(len(panel.queries))]
    is_ranked = many and panel.rank in ("max", "sum", "min")
    organize = {
        "excludeByName": {"Time": True, **({RANK: True} if is_ranked else {})},
        "indexByName": {name: index for index, name in enumerate([*panel.label_columns, *fields])},
        "renameByName": {name: query.legend for name, query in zip(fields, panel.queries, strict=True)},
    }
    merge: list[Json] = [{"id": "merge", "options": {}}] if many else []
    colored = [COLORED] if panel.thresholds else []
    sorted_by = panel.queries if panel.rank == "columns" else panel.queries[:1]
    return Kind(
        type="table",
        options={} if is_ranked else {"sortBy": [{"displayName": query.legend, "desc": True} for query in sorted_by]},
        defaults=NARROW,
        overrides=[
            override("byType", "number", {"id": "custom.width", "value": min(panel.number_widths)}, *colored),
            LABELS_AS_THEY_ARE,
            *_headings(panel),
            *_columns(panel),
            *(override("byName", label, *HIDDEN) for label in panel.hidden_labels),
            BLANK_CELLS,
            *_links(column_links),
        ],
        transformations=[*merge, *(_ranked(panel) if is_ranked else []), {"id": "organize", "options": organize}],
        instant=True,
        format="table",
    )


def _ranked(panel: Table) -> list[Json]:
    """Rows in the order of a number that is calculated from the columns that judge, and left out afterwards.

    `organize` leaves this number out, so that the panel's own order (`sortBy`) does not know it.
    """
    fields = [f"Value #{ref_id(index)}" for index, query in enumerate(panel.queries) if not query.secondary]
    of_all = len(fields) == len(panel.queries)
    chosen: Json = {"reducer": panel.rank} | ({} if of_all else {"include": fields})
    reduce = {"mode": "reduceRow", "reduce": chosen, "alias": RANK}
    return [
        {"id": "calculateField", "options": reduce},
        {"id": "sortBy", "options": {"sort": [{"field": RANK, "desc": panel.rank != "min"}]}},
    ]


def _headings(panel: Table) -> list[Json]:
    """Overrides for headings and widths of labels; the fields keep their names, which links use."""
    properties = {
        label: [*_heading(panel, label), *_width(panel.label_widths.get(label))] for label in panel.label_columns
    }
    return [override("byName", label, *of_label) for label, of_label in properties.items() if of_label]


def _heading(panel: Table, label: str) -> list[Json]:
    return [{"id": "displayName", "value": panel.headings[label]}] if label in panel.headings else []


def _width(pixels: int | None) -> list[Json]:
    return [{"id": "custom.width", "value": pixels}] if pixels else []


def _columns(panel: Table) -> list[Json]:
    """Overrides for value columns: their own width and unit, and the colours of thresholds and states."""
    narrowest = min(panel.number_widths)
    column_properties = {
        query.legend: [
            *_unit(query),
            *_decimals(query),
            *_colors(panel, query),
            *_width(width if width > narrowest else None),
        ]
        for query, width in zip(panel.queries, panel.number_widths, strict=True)
    }
    return [override("byName", legend, *all_of) for legend, all_of in column_properties.items() if all_of]


def _unit(query: Query) -> list[Json]:
    return [{"id": "unit", "value": query.unit}] if query.unit else []


def _decimals(query: Query) -> list[Json]:
    return [] if query.decimals is None else [{"id": "decimals", "value": query.decimals}]


def _colors(panel: Table, query: Query) -> Iterator[Json]:
    """The colors of the texts of a column, by its own thresholds or states; thresholds of the panel color all.

    Without thresholds a value that is no state has the color of texts: the lowest of Grafana's own is green. A cell
    without a value, which only a table of several queries has, is gray.
    """
    is_judged = bool(query.thresholds or panel.thresholds)
    if query.states and not is_judged:
        plain: Json = {"steps": [{"color": "text", "value": None}]}
        yield {"id": "thresholds", "value": unjudged("text")["thresholds"] if len(panel.queries) > 1 else plain}
    if query.thresholds:
        yield {"id": "thresholds", "value": {"steps": steps(query.thresholds, gray_without_data=True)}}
    if query.states:
        yield {"id": "mappings", "value": [_state(state) for state in query.states]}
    if (query.thresholds or query.states) and not panel.thresholds:
        yield COLORED


def _state(state: State) -> Json:
    """A mapping of a range of values."""
    result = {**({"text": state.text} if state.text else {}), "color": COLORS.get(state.color, state.color)}
    return {"type": "range", "options": {"from": state.low, "to": state.high, "result": result}}


def _links(column_links: Mapping[str, Sequence[UrlLink]]) -> list[Json]:
    return [override("byName", column, {"id": "links", "value": links(urls)}) for column, urls in column_links.items()]
