"""Variables, annotations and data sources of Grafana's schema v2 as classic JSON."""

from collections.abc import Mapping
from typing import Any

from dashboards_py.board import fields

Json = Mapping[str, Any]
TYPES = {
    "QueryVariable": "query",
    "TextVariable": "textbox",
    "ConstantVariable": "constant",
    "DatasourceVariable": "datasource",
    "IntervalVariable": "interval",
    "CustomVariable": "custom",
    "GroupByVariable": "groupby",
    "AdhocVariable": "adhoc",
    "SwitchVariable": "switch",
}
HIDE = {"dontHide": 0, "hideLabel": 1, "hideVariable": 2, "inControlsMenu": 3}
REFRESH = {"never": 0, "onDashboardLoad": 1, "onTimeRangeChanged": 2}
SORT = {
    name: number
    for number, name in enumerate(
        (
            "disabled",
            "alphabeticalAsc",
            "alphabeticalDesc",
            "numericalAsc",
            "numericalDesc",
            "alphabeticalCaseInsensitiveAsc",
            "alphabeticalCaseInsensitiveDesc",
            "naturalAsc",
            "naturalDesc",
        )
    )
}
LEGACY = "__legacyStringValue"  # where Grafana keeps a variable's query that is a text


def variable(item: Json) -> dict[str, Any]:
    """A classic variable."""
    kind, spec = fields.text(item, "kind"), fields.mapping(item, "spec")
    numbers = {
        key: names[fields.text(spec, key)]
        for key, names in (("hide", HIDE), ("refresh", REFRESH), ("sort", SORT))
        if fields.text(spec, key) in names
    }
    classic: dict[str, Any] = {**spec, "type": TYPES.get(kind, kind), **numbers}
    if kind == "DatasourceVariable":
        classic["query"] = fields.text(spec, "pluginId")
    if kind == "QueryVariable":
        query = fields.mapping(spec, "query")
        inner = fields.mapping(query, "spec")
        classic["query"] = inner[LEGACY] if isinstance(inner.get(LEGACY), str) else inner
        if not classic["query"]:
            classic["query"] = fields.text(spec, "definition")
    if kind in ("QueryVariable", "AdhocVariable", "GroupByVariable"):
        source = datasource(fields.mapping(spec, "query") if kind == "QueryVariable" else item, spec)
        classic |= {"datasource": source} if source else {}
    return classic


def annotation(item: Json) -> dict[str, Any]:
    """A classic annotation; `legacyOptions` hold keys of its data source, such as `expr`."""
    spec = fields.mapping(item, "spec")
    query = fields.mapping(spec, "query")
    inner = fields.mapping(query, "spec")
    classic = {
        **inner,
        **fields.mapping(spec, "legacyOptions"),
        **{key: spec[key] for key in ("name", "enable", "hide", "iconColor", "filter") if key in spec},
    }
    if fields.flag(spec, "builtIn"):
        classic["builtIn"] = 1
    if "expr" not in classic and inner:
        classic["target"] = inner
    if source := datasource(query, spec):
        classic["datasource"] = source
    return classic


def datasource(query: Json, around: Json) -> dict[str, str]:
    """The data source of a query: its plug-in, and its uid or name; {} if there is none.

    From v2beta1 on it is in the query, in v2alpha1 next to it, and the plug-in is the query's kind.
    """
    neighbour = fields.mapping(around, "datasource")
    kind = fields.text(query, "group") or fields.text(neighbour, "type") or fields.text(query, "kind")
    name = fields.text(fields.mapping(query, "datasource"), "name") or fields.text(neighbour, "uid")
    kind = "" if kind in ("DataQuery", *TYPES) else kind
    return {key: value for key, value in (("type", kind), ("uid", name)) if value} if name or kind else {}
