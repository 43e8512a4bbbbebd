"""Dashboards of Perses as classic JSON, the form that everything here reads: their queries, variables and layout.

The fields are those of perses/spec and of the plug-ins' schemas in perses/plugins (`<plug-in>/schemas/*.cue`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dashboards_py.board import fields
from dashboards_py.documents.value import note

Json = Mapping[str, Any]
WIDTH: Final = 24
PROMETHEUS: Final = "PrometheusTimeSeriesQuery"
# By Grafana's unit: the one of Perses with the same base (components/src/model of perses/shared).
UNITS: Final[Mapping[str, str]] = {
    "short": "decimal",
    "none": "decimal",
    "percent": "percent",
    "percentunit": "percent-decimal",
    "s": "seconds",
    "ms": "milliseconds",
    "ns": "nanoseconds",
    "µs": "microseconds",
    "m": "minutes",
    "h": "hours",
    "d": "days",
    "dtdurations": "seconds",
    "dtdurationms": "milliseconds",
    "bytes": "bytes",
    "decbytes": "decbytes",
    "bits": "bits",
    "decbits": "decbits",
    "Bps": "decbytes/sec",
    "binBps": "bytes/sec",
    "bps": "decbits/sec",
    "binbps": "bits/sec",
    "ops": "ops/sec",
    "reqps": "requests/sec",
    "rps": "reads/sec",
    "wps": "writes/sec",
    "pps": "packets/sec",
    "eps": "events/sec",
    "cps": "counts/sec",
    "mps": "messages/sec",
    "recps": "records/sec",
    "rowsps": "rows/sec",
    "dateTimeAsIso": "datetime-iso",
}
# By Grafana's number of an order of values; Perses has none for natural order.
SORTS: Final = (
    *("none", "alphabetical-asc", "alphabetical-desc", "numerical-asc", "numerical-desc"),
    *("alphabetical-ci-asc", "alphabetical-ci-desc"),
)
GRAFANA_UNITS: Final[Mapping[str, str]] = {perses: grafana for grafana, perses in reversed(list(UNITS.items()))}
TYPES: Final[Mapping[str, str]] = {
    "TimeSeriesChart": "timeseries",
    "StatChart": "stat",
    "BarChart": "bargauge",
    "GaugeChart": "gauge",
    "Table": "table",
    "TimeSeriesTable": "table",
    "StatusHistoryChart": "status-history",
    "Markdown": "text",
    "HeatMapChart": "heatmap",
    "HistogramChart": "histogram",
    "PieChart": "piechart",
}
FORMATS: Final = ("format", "yAxisFormat")


def is_perses(document: Json) -> bool:
    """True for a Perses dashboard: its own, or a PersesDashboard of its operator."""
    if fields.text(document, "apiVersion").startswith("perses.dev/"):
        return fields.text(document, "kind") == "PersesDashboard"
    return (
        fields.text(document, "kind") == "Dashboard"
        and {"duration", "layouts"} <= fields.mapping(document, "spec").keys()
    )


def classic(document: Json) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The classic JSON of a dashboard, and sentences about what is odd in it."""
    spec = fields.mapping(document, "spec")
    spec = fields.mapping(spec, "config") or spec  # PersesDashboard v1alpha2 has the dashboard in `config`
    uid = fields.text(fields.mapping(document, "metadata"), "name")
    display, panels = fields.mapping(spec, "display"), fields.mapping(spec, "panels")
    missing: list[str] = []
    shown: set[str] = set()
    listed = list(_layouts(spec, panels, missing, shown))
    board = {
        "uid": uid,
        "title": fields.text(display, "name") or uid,
        "description": fields.text(display, "description"),
        "time": {"from": f"now-{fields.text(spec, 'duration') or '1h'}", "to": "now"},
        "refresh": fields.text(spec, "refreshInterval"),
        "links": [_link(link) for link in fields.mappings(spec, "links")],
        "templating": {"list": [_variable(item) for item in fields.mappings(spec, "variables")]},
        "annotations": {"list": [_annotation(item) for item in fields.mappings(spec, "annotations")]},
        "panels": listed,
    }
    notes = (
        *note("is in the layout, and not among the panels", missing),
        *note("is a panel that the layout does not show", [name for name in panels if name not in shown]),
    )
    return board, notes


def _layouts(spec: Json, panels: Json, missing: list[str], shown: set[str]) -> Iterator[dict[str, Any]]:
    """The panels of all grids, one below the other; a grid with a title is a row."""
    top, number = 0, 0
    for layout in fields.mappings(spec, "layouts"):
        grid = fields.mapping(layout, "spec")
        title = fields.text(fields.mapping(grid, "display"), "title")
        is_open = fields.mapping(grid, "display", "collapse").get("open", True)
        heading: dict[str, Any] | None = None
        if title or number:
            heading = {"type": "row", "title": title, "collapsed": not is_open, "panels": []}
            heading |= {"repeat": repeat} if (repeat := fields.text(grid, "repeatVariable")) else {}
            heading["gridPos"] = {"x": 0, "y": top, "w": WIDTH, "h": 1}
            top += 1
        inner: list[dict[str, Any]] = []
        for item in fields.mappings(grid, "items"):
            name = fields.text(fields.mapping(item, "content"), "$ref").rpartition("/")[2]
            panel = fields.mapping(panels, name)
            if not panel:
                missing.append(name)
                continue
            shown.add(name)
            number += 1
            position = {
                "x": fields.integer(item, "x"),
                "y": fields.integer(item, "y") + top,
                "w": fields.integer(item, "width"),
                "h": fields.integer(item, "height"),
            }
            inner.append({"id": number, "gridPos": position, **_panel(panel)})
        if heading and not is_open:
            yield {**heading, "panels": inner}
            continue
        yield from ([heading] if heading else [])
        yield from inner
        top = max([top, *(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in inner)])


def _panel(panel: Json) -> dict[str, Any]:
    spec = fields.mapping(panel, "spec")
    display, plugin = fields.mapping(spec, "display"), fields.mapping(spec, "plugin")
    kind, own = fields.text(plugin, "kind"), fields.mapping(plugin, "spec")
    defaults: dict[str, Any] = {}
    format_ = next((fields.mapping(own, key) for key in FORMATS if key in own), fields.mapping(own, "yAxis", "format"))
    if unit := fields.text(format_, "unit"):
        defaults["unit"] = GRAFANA_UNITS.get(unit, unit)
    thresholds = fields.mapping(own, "thresholds")
    if steps := [
        {"value": fields.number(step, "value"), "color": fields.text(step, "color")}
        for step in fields.mappings(thresholds, "steps")
    ]:
        base = {"value": None, "color": fields.text(thresholds, "defaultColor")}
        defaults["thresholds"] = {"mode": "absolute", "steps": [base, *steps]}
    return {
        "title": fields.text(display, "name"),
        "description": fields.text(display, "description"),
        "type": TYPES.get(kind, kind),
        "links": [_link(link) for link in fields.mappings(spec, "links")],
        "targets": [_target(query, number) for number, query in enumerate(fields.mappings(spec, "queries"))],
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {"mode": "markdown", "content": fields.text(own, "text")} if kind == "Markdown" else {},
    }


def _target(query: Json, number: int) -> dict[str, Any]:
    plugin = fields.mapping(query, "spec", "plugin")
    spec = fields.mapping(plugin, "spec")
    is_prometheus = fields.text(plugin, "kind") == PROMETHEUS
    target: dict[str, Any] = {
        "refId": chr(ord("A") + number) if number < 26 else f"A{number}",
        "datasource": _datasource(spec, "prometheus" if is_prometheus else fields.text(plugin, "kind")),
        "instant": fields.flag(spec, "instant"),
        "legendFormat": fields.text(spec, "seriesNameFormat"),
    }
    return {**target, "expr" if is_prometheus else "query": fields.text(spec, "query")}


def _datasource(spec: Json, kind: str = "prometheus") -> dict[str, str]:
    """The data source of a query: a variable, or its name; Perses' default without one."""
    source = spec.get("datasource")
    name = source if isinstance(source, str) else fields.text(fields.mapping(spec, "datasource"), "name")
    return {"type": kind, "uid": name} if name else {"type": kind}


def _variable(item: Json) -> dict[str, Any]:
    kind, spec = fields.text(item, "kind"), fields.mapping(item, "spec")
    display, plugin = fields.mapping(spec, "display"), fields.mapping(spec, "plugin")
    own = fields.mapping(plugin, "spec")
    variable: dict[str, Any] = {
        "name": fields.text(spec, "name"),
        "label": fields.text(display, "name"),
        "hide": 2 if fields.flag(display, "hidden") else 0,
    }
    if kind == "TextVariable":
        type_ = "constant" if fields.flag(spec, "constant") else "textbox"
        return {**variable, "type": type_, "query": fields.text(spec, "value")}
    variable |= {
        "multi": fields.flag(spec, "allowMultiple"),
        "includeAll": fields.flag(spec, "allowAllValue"),
        "allValue": fields.text(spec, "customAllValue"),
        "current": {"value": spec["defaultValue"]} if "defaultValue" in spec else {},
        "regex": fields.text(spec, "capturingRegexp"),
        "sort": SORTS.index(order) if (order := fields.text(spec, "sort")) in SORTS else 0,
    }
    match fields.text(plugin, "kind"):
        case "DatasourceVariable":
            kind = fields.text(own, "datasourcePluginKind").removesuffix("Datasource").lower()
            return {**variable, "type": "datasource", "query": kind}
        case "PrometheusLabelValuesVariable":
            label = fields.text(own, "labelName")
            matcher = next(iter(fields.texts(own, "matchers")), "")
            query = f"label_values({matcher}, {label})" if matcher else f"label_values({label})"
            return {**variable, "type": "query", "datasource": _datasource(own), "query": query}
        case "PrometheusPromQLVariable":
            expr, label = fields.text(own, "expr"), fields.text(own, "labelName")
            query, regex = f"query_result({expr})", f'/{label}="([^"]+)"/'
            return {**variable, "type": "query", "datasource": _datasource(own), "query": query, "regex": regex}
        case _:
            values = own.get("values") if isinstance(own.get("values"), list) else []
            texts = [value if isinstance(value, str) else _choice(value) for value in values or ()]
            return {**variable, "type": "custom", "query": ",".join(texts)}


def _choice(value: Any) -> str:
    """A value of a list with its label."""
    text, label = fields.text({"value": value}, "value"), ""
    if isinstance(value, Mapping):
        text, label = fields.text(value, "value"), fields.text(value, "label")
    return f"{label} : {text}" if label else text


def _annotation(item: Json) -> dict[str, Any]:
    display, own = fields.mapping(item, "display"), fields.mapping(item, "plugin", "spec")
    return {
        "name": fields.text(display, "name"),
        "iconColor": fields.text(display, "color"),
        "hide": fields.flag(display, "hidden"),
        "enable": True,
        "expr": fields.text(own, "expr"),
        "titleFormat": fields.text(own, "title"),
        "datasource": _datasource(own),
    }


def _link(link: Json) -> dict[str, Any]:
    return {"type": "link", "title": fields.text(link, "name"), "url": fields.text(link, "url")}
