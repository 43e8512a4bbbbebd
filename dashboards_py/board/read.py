"""Convert JSON to a Board: nested or flat rows, old graphs, schema v2, envelopes of exports and APIs."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.board import fields, perses
from dashboards_py.board.sections import sections
from dashboards_py.board.v2 import classic, is_v2
from dashboards_py.board.values import Annotation, Board, Link, Panel, Query, Row, Step, Variable
from dashboards_py.board.wrong_types import kind, wrong_types
from dashboards_py.documents.json import accept, load_json
from dashboards_py.documents.languages import language_of
from dashboards_py.documents.limits import BOARDS, Limits
from dashboards_py.documents.value import Document
from dashboards_py.errors import DashboardsError

Json = Mapping[str, Any]
EXPORT = "export it from Grafana (Share > Export)"


class NoBoards(DashboardsError):
    """A document that can be read, and holds no dashboard."""


def read(source: Json | str | bytes | Document, name: str = "board", limits: Limits = BOARDS) -> Board:
    """Read a board from JSON (text or parsed): classic or of schema v2, with or without the envelope of an API.

    `name` is used in errors. Raises DashboardsError for anything that is not a board or exceeds a limit.
    """
    document = _load(source, name, limits)
    board, notes = _unwrapped(document.value, name)
    templating, annotations = fields.mapping(board, "templating"), fields.mapping(board, "annotations")
    return Board(
        uid=fields.text(board, "uid"),
        title=fields.text(board, "title"),
        tags=fields.texts(board, "tags"),
        inputs=tuple(fields.text(item, "name") for item in fields.mappings(board, "__inputs")),
        variables=tuple(_variable(variable) for variable in fields.mappings(templating, "list")),
        annotations=tuple(_annotation(annotation) for annotation in fields.mappings(annotations, "list")),
        links=_links(board),
        rows=tuple(_rows(board)),
        notes=(*document.notes, *notes, *wrong_types(board)),
        quoted_size=quoted_size(source) if isinstance(source, str | bytes) else 0,
        raw=board,
    )


def quoted_size(source: str | bytes) -> int:
    """The number of bytes of a JSON text as a string in JSON."""
    text = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return len(text) + 2 + sum(map(text.count, (b'"', b"\\", b"\n", b"\t", b"\r")))


def load(source: Json | str | bytes, name: str, limits: Limits = BOARDS) -> Json:
    """Parse a text that must hold a JSON object; anything else raises DashboardsError."""
    return _load(source, name, limits).value  # type: ignore[no-any-return]


def _load(source: Json | str | bytes | Document, name: str, limits: Limits) -> Document:
    if isinstance(source, Mapping):
        return accept(source, name, limits)
    document = source if isinstance(source, Document) else load_json(source, name, limits, fix=EXPORT)
    if not isinstance(document.value, Mapping):
        language, fix = language_of(document.value, name) if isinstance(document.value, str) else ("", "")
        if language:
            raise DashboardsError(name, cause=language, fix=fix)
        raise NoBoards(name, cause=f"is {kind(document.value)} and not a board", fix=EXPORT)
    return document


def unwrap(document: Json, name: str = "board") -> Json:
    """The classic JSON of a board: in an envelope, of schema v2, or the object itself; raises DashboardsError."""
    return _unwrapped(document, name)[0]


def _unwrapped(document: Json, name: str, uid: str = "") -> tuple[Json, tuple[str, ...]]:
    """The classic JSON, and sentences about what is odd in a board of schema v2; `uid` is that of a resource."""
    version = fields.text(document, "apiVersion")
    is_resource = version.startswith("dashboard.grafana.app/")
    if is_resource and fields.text(document, "kind") == "LibraryPanel":
        raise DashboardsError(name, cause="is a library panel, not a board", fix="name a dashboard that uses it")
    if is_v2(document):
        return classic(document, uid)
    if perses.is_perses(document):
        return perses.classic(document)
    inner = document.get("spec" if is_resource else "dashboard")
    if not isinstance(inner, Mapping) and isinstance(document.get("spec"), Mapping) and is_v2(document["spec"]):
        inner = document["spec"]
    if isinstance(inner, Mapping):
        return _unwrapped(inner, name, fields.text(fields.mapping(document, "metadata"), "name"))
    if "model" in document and "panels" not in document:
        raise DashboardsError(name, cause="is a library panel, not a board", fix="name a dashboard that uses it")
    if not any(key in document for key in ("panels", "rows", "templating", "schemaVersion")):
        keys = ", ".join(sorted(str(key)[:40] for key in document)[:5]) or "none"
        raise NoBoards(name, cause=f"is not a board: its keys are {keys}", fix=EXPORT)
    return document if fields.text(document, "uid") or not uid else {**document, "uid": uid}, ()


def _rows(board: Json) -> Iterator[Row]:
    """Old boards have a list `rows` with panels; newer ones have a list of panels, some of which are row headings."""
    for row in fields.mappings(board, "rows"):
        yield Row(
            fields.text(row, "title"),
            fields.flag(row, "collapse"),
            tuple(_panel(panel) for panel in fields.mappings(row, "panels")),
        )
    for heading, panels in sections(fields.mappings(board, "panels")):
        own = heading or {}
        yield Row(fields.text(own, "title"), fields.flag(own, "collapsed"), tuple(map(_panel, panels)))


def _panel(panel: Json) -> Panel:
    defaults, grid = fields.mapping(panel, "fieldConfig", "defaults"), fields.mapping(panel, "gridPos")
    library = fields.mapping(panel, "libraryPanel")
    steps = fields.mappings(fields.mapping(defaults, "thresholds"), "steps")
    return Panel(
        id=fields.integer(panel, "id", -1) if fields.number(panel, "id") is not None else None,
        title=fields.text(panel, "title"),
        type="library-panel" if library else fields.text(panel, "type"),
        description=fields.text(panel, "description"),
        unit=fields.text(defaults, "unit") or _old_unit(panel),
        x=fields.integer(grid, "x"),
        y=fields.integer(grid, "y"),
        w=fields.integer(grid, "w"),
        h=fields.integer(grid, "h"),
        datasource=fields.datasource(panel),
        queries=tuple(_query(target, panel) for target in fields.mappings(panel, "targets")),
        links=_links(panel) + _links(defaults) + _override_links(panel),
        thresholds=tuple(Step(fields.number(step, "value"), fields.text(step, "color")) for step in steps),
        no_value=fields.text(defaults, "noValue"),
        library=fields.text(library, "name") or fields.text(library, "uid"),
        raw=panel,
    )


def _old_unit(panel: Json) -> str:
    """The unit of the old types `graph` and `singlestat`."""
    axes = [fields.text(axis, "format") for axis in fields.mappings(panel, "yaxes")]
    return fields.text(panel, "format") or (axes[0] if axes else "")


def _query(target: Json, panel: Json) -> Query:
    return Query(
        ref=fields.text(target, "refId"),
        expr="" if fields.other_language(target, panel) else fields.text(target, "expr"),
        legend=fields.text(target, "legendFormat"),
        instant=fields.flag(target, "instant"),
        format=fields.text(target, "format") or "time_series",
        datasource=fields.datasource(target),
        hidden=fields.flag(target, "hide"),
    )


def _links(source: Json) -> tuple[Link, ...]:
    return tuple(
        Link(fields.text(link, "title"), fields.text(link, "url"), fields.texts(link, "tags"))
        for link in fields.mappings(source, "links")
    )


def _override_links(panel: Json) -> tuple[Link, ...]:
    links: list[Link] = []
    for override in fields.mappings(fields.mapping(panel, "fieldConfig"), "overrides"):
        for field_property in fields.mappings(override, "properties"):
            if field_property.get("id") == "links":
                links.extend(_links({"links": field_property.get("value")}))
    return tuple(links)


def _variable(variable: Json) -> Variable:
    query = variable.get("query")
    return Variable(
        name=fields.text(variable, "name"),
        type=fields.text(variable, "type"),
        query=query if isinstance(query, str) else fields.text(fields.mapping(variable, "query"), "query"),
        label=fields.text(variable, "label"),
        datasource=fields.datasource(variable),
        multi=fields.flag(variable, "multi"),
        include_all=fields.flag(variable, "includeAll"),
        all_value=fields.text(variable, "allValue"),
        regex=fields.text(variable, "regex"),
        hidden=fields.integer(variable, "hide") == 2,
    )


def _annotation(annotation: Json) -> Annotation:
    expr = fields.text(annotation, "expr") or fields.text(fields.mapping(annotation, "target"), "expr")
    expr = "" if fields.other_language(annotation) else expr
    return Annotation(fields.text(annotation, "name"), expr, fields.datasource(annotation), annotation)
