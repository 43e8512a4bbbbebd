"""Tables: instant queries side by side, merged by their labels."""

from collections.abc import Mapping, Sequence

from dashboards_py.model import Query, Table, UrlLink, ref_id
from dashboards_py.render.kind import Kind, links, override
from dashboards_py.shapes import Json

# Columns of labels share what is left of the panel. Grafana's 150 px would push numbers out of sight
# (computeColWidths in packages/grafana-ui/src/components/Table/TableNG/utils.ts).
NARROW = {"custom": {"minWidth": 60}}
# Cells without a value are blank: the panel's noValue is shown once, if the table is empty.
BLANK_CELLS = override("byRegexp", "/.*/", {"id": "noValue", "value": "–"})


def kind(panel: Table, column_links: Mapping[str, Sequence[UrlLink]]) -> Kind:
    """A table of label columns, then one column per query, named by its legend; sorted by the first query."""
    many = len(panel.queries) > 1
    fields = [f"Value #{ref_id(index)}" if many else "Value" for index in range(len(panel.queries))]
    organize = {
        "excludeByName": {"Time": True},
        "indexByName": {name: index for index, name in enumerate([*panel.label_columns, *fields])},
        "renameByName": {name: query.legend for name, query in zip(fields, panel.queries, strict=True)},
    }
    merge: list[Json] = [{"id": "merge", "options": {}}] if many else []
    return Kind(
        type="table",
        options={"sortBy": [{"displayName": panel.queries[0].legend, "desc": True}]},
        defaults=NARROW,
        overrides=[
            override("byType", "number", {"id": "custom.width", "value": panel.number_width}),
            *_headings(panel),
            *_columns(panel),
            BLANK_CELLS,
            *_links(column_links),
        ],
        transformations=[*merge, {"id": "organize", "options": organize}],
        instant=True,
        format="table",
    )


def _headings(panel: Table) -> list[Json]:
    """Overrides for shorter headings; the fields keep their names, which links use."""
    headings = {label: panel.headings[label] for label in panel.label_columns if label in panel.headings}
    return [override("byName", label, {"id": "displayName", "value": text}) for label, text in headings.items()]


def _columns(panel: Table) -> list[Json]:
    """Overrides for value columns: their own unit, and the colours of the thresholds."""
    color = {"id": "custom.cellOptions", "value": {"type": "color-text"}}
    column_properties = {
        query.legend: [*_unit(query), *([color] if panel.thresholds else [])] for query in panel.queries
    }
    return [override("byName", legend, *properties) for legend, properties in column_properties.items() if properties]


def _unit(query: Query) -> list[Json]:
    return [{"id": "unit", "value": query.unit}] if query.unit else []


def _links(column_links: Mapping[str, Sequence[UrlLink]]) -> list[Json]:
    return [override("byName", column, {"id": "links", "value": links(urls)}) for column, urls in column_links.items()]
