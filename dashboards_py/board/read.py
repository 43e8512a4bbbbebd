"""From JSON to a Board: nested or flat rows, old graphs, data sources as text or object, exports, API envelopes."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.board import take
from dashboards_py.board.values import Annotation, Board, Link, Panel, Query, Row, Step, Variable
from dashboards_py.board.wrong_types import kind, wrong_types
from dashboards_py.documents.json import accept, load_json
from dashboards_py.documents.limits import BOARDS, Limits
from dashboards_py.documents.value import Document
from dashboards_py.errors import DashboardsError

Json = Mapping[str, Any]
EXPORT = "export it from Grafana as classic JSON (Share > Export, without 'new schema')"


def read(source: Json | str | bytes, name: str = "board", limits: Limits = BOARDS) -> Board:
    """Read a classic board from its JSON, parsed or not, or from an envelope of Grafana's HTTP API.

    `name` is used in errors. Anything that is not a classic board, or exceeds a limit, raises DashboardsError.
    """
    document = _load(source, name, limits)
    board = unwrap(document.value, name)
    templating, annotations = take.mapping(board, "templating"), take.mapping(board, "annotations")
    return Board(
        uid=take.text(board, "uid"),
        title=take.text(board, "title"),
        tags=take.texts(board, "tags"),
        inputs=tuple(take.text(item, "name") for item in take.mappings(board, "__inputs")),
        variables=tuple(_variable(variable) for variable in take.mappings(templating, "list")),
        annotations=tuple(_annotation(annotation) for annotation in take.mappings(annotations, "list")),
        links=_links(board),
        rows=tuple(_rows(board)),
        notes=(*document.notes, *wrong_types(board)),
        raw=board,
    )


def load(source: Json | str | bytes, name: str, limits: Limits = BOARDS) -> Json:
    """The JSON object in a text; anything else raises DashboardsError."""
    return _load(source, name, limits).value  # type: ignore[no-any-return]


def _load(source: Json | str | bytes, name: str, limits: Limits) -> Document:
    if isinstance(source, Mapping):
        return accept(source, name, limits)
    document = load_json(source, name, limits, fix=EXPORT)
    if not isinstance(document.value, Mapping):
        raise DashboardsError(name, cause=f"is JSON, but {kind(document.value)} and not a board", fix=EXPORT)
    return document


def unwrap(document: Json, name: str = "board") -> Json:
    """The classic board in an API envelope, or the object itself; anything else raises DashboardsError."""
    version = take.text(document, "apiVersion")
    if (
        version.startswith("dashboard.grafana.app/v2")
        or "elements" in document
        or "elements" in take.mapping(document, "spec")
    ):
        raise DashboardsError(name, cause="is a board of Grafana's new schema (v2), which is not supported", fix=EXPORT)
    inner = document.get("spec" if version.startswith("dashboard.grafana.app/") else "dashboard")
    if isinstance(inner, Mapping):
        return unwrap(inner, name)
    if "model" in document and "panels" not in document:
        raise DashboardsError(name, cause="is a library panel, not a board", fix="name a dashboard that uses it")
    if not any(key in document for key in ("panels", "rows", "templating", "schemaVersion")):
        keys = ", ".join(sorted(str(key)[:40] for key in document)[:5]) or "none"
        raise DashboardsError(name, cause=f"is JSON, but not a board: its keys are {keys}", fix=EXPORT)
    return document


def _rows(board: Json) -> Iterator[Row]:
    """Old boards have a list `rows` with panels; newer ones a list of panels, some of which are row headings."""
    for row in take.mappings(board, "rows"):
        yield Row(
            take.text(row, "title"),
            take.flag(row, "collapse"),
            tuple(_panel(panel) for panel in take.mappings(row, "panels")),
        )
    heading: Json | None = None
    below: list[Panel] = []
    for panel in take.mappings(board, "panels"):
        if take.text(panel, "type") != "row":
            below.append(_panel(panel))
            continue
        if heading is not None or below:
            yield _row(heading, below)
        heading, below = panel, [_panel(inner) for inner in take.mappings(panel, "panels")]
    if heading is not None or below:
        yield _row(heading, below)


def _row(heading: Json | None, panels: list[Panel]) -> Row:
    return Row(take.text(heading or {}, "title"), take.flag(heading or {}, "collapsed"), tuple(panels))


def _panel(panel: Json) -> Panel:
    defaults, grid = take.mapping(panel, "fieldConfig", "defaults"), take.mapping(panel, "gridPos")
    library = take.mapping(panel, "libraryPanel")
    steps = take.mappings(take.mapping(defaults, "thresholds"), "steps")
    return Panel(
        id=take.integer(panel, "id", -1) if take.number(panel, "id") is not None else None,
        title=take.text(panel, "title"),
        type="library-panel" if library else take.text(panel, "type"),
        description=take.text(panel, "description"),
        unit=take.text(defaults, "unit") or _old_unit(panel),
        x=take.integer(grid, "x"),
        y=take.integer(grid, "y"),
        w=take.integer(grid, "w"),
        h=take.integer(grid, "h"),
        datasource=take.datasource(panel),
        queries=tuple(_query(target, panel) for target in take.mappings(panel, "targets")),
        links=_links(panel) + _links(defaults) + _override_links(panel),
        thresholds=tuple(Step(take.number(step, "value"), take.text(step, "color")) for step in steps),
        no_value=take.text(defaults, "noValue"),
        library=take.text(library, "name") or take.text(library, "uid"),
        raw=panel,
    )


def _old_unit(panel: Json) -> str:
    """The unit of the old types `graph` and `singlestat`."""
    axes = [take.text(axis, "format") for axis in take.mappings(panel, "yaxes")]
    return take.text(panel, "format") or (axes[0] if axes else "")


def _query(target: Json, panel: Json) -> Query:
    return Query(
        ref=take.text(target, "refId"),
        expr="" if take.other_language(target, panel) else take.text(target, "expr"),
        legend=take.text(target, "legendFormat"),
        instant=take.flag(target, "instant"),
        format=take.text(target, "format") or "time_series",
        datasource=take.datasource(target),
        hidden=take.flag(target, "hide"),
    )


def _links(source: Json) -> tuple[Link, ...]:
    return tuple(
        Link(take.text(link, "title"), take.text(link, "url"), take.texts(link, "tags"))
        for link in take.mappings(source, "links")
    )


def _override_links(panel: Json) -> tuple[Link, ...]:
    links: list[Link] = []
    for override in take.mappings(take.mapping(panel, "fieldConfig"), "overrides"):
        for field_property in take.mappings(override, "properties"):
            if field_property.get("id") == "links":
                links.extend(_links({"links": field_property.get("value")}))
    return tuple(links)


def _variable(variable: Json) -> Variable:
    query = variable.get("query")
    return Variable(
        name=take.text(variable, "name"),
        type=take.text(variable, "type"),
        query=query if isinstance(query, str) else take.text(take.mapping(variable, "query"), "query"),
        label=take.text(variable, "label"),
        datasource=take.datasource(variable),
        multi=take.flag(variable, "multi"),
        include_all=take.flag(variable, "includeAll"),
        all_value=take.text(variable, "allValue"),
        regex=take.text(variable, "regex"),
        hidden=take.integer(variable, "hide") == 2,
    )


def _annotation(annotation: Json) -> Annotation:
    expr = take.text(annotation, "expr") or take.text(take.mapping(annotation, "target"), "expr")
    expr = "" if take.other_language(annotation) else expr
    return Annotation(take.text(annotation, "name"), expr, take.datasource(annotation), annotation)
