"""Links out of the boards: on panels whose rows or series have what the address needs, or else in the menu."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.compile.label_lookup import label_lookup
from dashboards_py.configuration import Link
from dashboards_py.model import Panel, PlacedDashboard, PlacedPanel, PlacedRow, Table, UrlLink

# The labels that placeholders stand for. At the ends of a flow of Hubble's these are two.
SIDES: Mapping[str, Mapping[str, str]] = {
    "": {},
    " (from)": {"namespace": "source_namespace", "pod": "source_pod"},
    " (to)": {"namespace": "destination_namespace", "pod": "destination_pod"},
}
# A value of the clicked row or series. Grafana's default for links, `uriencode`, leaves `&` and `#`, which would end
# the value, so the format is named (sceneInterpolator and formatRegistry of @grafana/scenes).
OF_ROW, OF_SERIES = "${{__data.fields.{}:percentencode}}", "${{__field.labels.{}:percentencode}}"


def add_links(board: PlacedDashboard, links: Sequence[Link], release: Release) -> PlacedDashboard:
    """The board with those of the links that lead somewhere."""
    if not links:
        return board
    menu = tuple(_filled(link, link.title, {}) for link in links if not link.needed)
    return replace(board, menu=menu, rows=tuple(_row(row, links, release) for row in board.rows))


def _row(row: PlacedRow, links: Sequence[Link], release: Release) -> PlacedRow:
    return replace(row, panels=tuple(_panel(panel, links, release) for panel in row.panels))


def _panel(placed: PlacedPanel, links: Sequence[Link], release: Release) -> PlacedPanel:
    labels = _labels(placed.panel, release)
    clicked = OF_ROW if isinstance(placed.panel, Table) else OF_SERIES
    added = tuple(url for link in links if link.needed for url in _of_sides(link, labels, clicked))
    if not added:
        return placed
    if not isinstance(placed.panel, Table):
        return replace(placed, value_links=(*placed.value_links, *added))
    column = next(iter(placed.column_links), "") or _column(placed.panel, links)
    return replace(placed, column_links={**placed.column_links, column: (*placed.column_links.get(column, ()), *added)})


def _of_sides(link: Link, labels: frozenset[str], clicked: str) -> Iterator[UrlLink]:
    """The link for the panel itself, or for each end of the flows that it shows."""
    for suffix, renamed in SIDES.items():
        names = {placeholder: renamed.get(placeholder, placeholder) for placeholder in link.needed}
        if set(names.values()) <= labels and (not suffix or set(names.values()) != link.needed):
            values = {placeholder: clicked.format(label) for placeholder, label in names.items()}
            yield _filled(link, f"{link.title}{suffix}", values)


def _filled(link: Link, title: str, values: Mapping[str, str]) -> UrlLink:
    return UrlLink(title=title, url=link.filled(values), new_tab=link.leaves_grafana)


def _column(panel: Table, links: Sequence[Link]) -> str:
    """The column that gets the links of a table without any: the first of a label that one of them needs."""
    needed = {renamed.get(name, name) for link in links for name in link.needed for renamed in SIDES.values()}
    return next(label for label in panel.label_columns if label in needed)


def _labels(panel: Panel, release: Release) -> frozenset[str]:
    """The labels that each row or series of a panel has."""
    if isinstance(panel, Table):
        return frozenset(panel.label_columns)
    trees = [promql.parse(query.expr) for query in panel.queries]
    return frozenset.intersection(*(promql.output_labels(tree, label_lookup(release)) or frozenset() for tree in trees))
