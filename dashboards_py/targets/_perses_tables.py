"""Tables of classic boards as those of Perses (table/schemas/table.cue in perses/plugins)."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards_py.targets._perses_values import (
    color,
    defaults_of,
    format_of,
    overridden,
    panel_format,
    perses_url,
    threshold_steps,
    value_mappings,
)

Json = Mapping[str, Any]


def units_of_queries(panel: Json) -> dict[str, dict[str, Any]]:
    """The formats of queries that have another unit than the panel, by refId: a Perses stat has one for all."""
    overrides = [item for item in overridden(panel) if item[0] == "byFrameRefID" and item[2] == "unit"]
    return {str(ref): format_of(unit) for _, ref, _, unit in overrides}


def table_of_values(panel: Json) -> Json:
    """The values of a stat whose queries differ in unit: one line with a column for each."""
    formats, own = units_of_queries(panel), panel_format(panel)
    columns = [
        {"name": f"value #{number}", "header": target.get("legendFormat") or f"value {number}"}
        | {"format": formats.get(str(target.get("refId")), own)}
        for number, target in enumerate((panel.get("targets") or ()), 1)
    ]
    return {
        "density": "compact",
        "columnSettings": [*columns, {"name": "timestamp", "hide": True}],
        "transforms": [{"kind": "MergeSeries", "spec": {}}],
    }


def table(panel: Json) -> Json:
    transformations = {item["id"]: item.get("options") or {} for item in panel.get("transformations") or ()}
    organize, defaults = transformations.get("organize", {}), defaults_of(panel)
    excluded, renamed = organize.get("excludeByName") or {}, organize.get("renameByName") or {}
    order, columns = organize.get("indexByName") or {}, dict[str, dict[str, Any]]()
    values = [f"Value #{target.get('refId')}" for target in panel.get("targets") or ()]
    values = ["Value"] if len(values) == 1 else values
    for name in [*sorted(order, key=order.__getitem__), *excluded, *renamed, *values]:
        column = columns.setdefault(name, {"name": _column(name, values)})
        column |= {"header": renamed[name]} if renamed.get(name) else {}
        column |= {"hide": True} if excluded.get(name) else {}
        if name in values:
            column |= {"format": panel_format(panel), **_cells(panel, defaults.get("mappings") or ())}
    for matcher, options, id_, value in overridden(panel):
        name = next((old for old in columns if options in (old, renamed.get(old))), None)
        if matcher == "byName" and name:
            columns[name] |= _column_property(panel, columns[name]["name"], id_, value)
    for item in (panel.get("options") or {}).get("sortBy") or ():
        name = next((old for old in columns if item.get("displayName") in (old, renamed.get(old))), None)
        if name:
            columns[name]["sort"] = "desc" if item.get("desc") else "asc"
    columns.setdefault("Time", {"name": "timestamp", "hide": True})
    merge = {"transforms": [{"kind": "MergeSeries", "spec": {}}]} if "merge" in transformations else {}
    return {"density": "compact", "enableSorting": True, "columnSettings": list(columns.values()), **merge}


def _column(name: str, values: Sequence[str]) -> str:
    """The name of a column in Perses: values are numbered by query."""
    if name == "Time":
        return "timestamp"
    if name in values and len(values) > 1:
        return f"value #{values.index(name) + 1}"
    return "value" if name == "Value" else name


def _column_property(panel: Json, column: str, id_: str, value: Any) -> dict[str, Any]:
    """What a property of an override is in a column's settings."""
    match id_:
        case "displayName":
            return {"header": value}
        case "custom.width":
            return {"width": value}
        case "unit" if value != "string":
            return {"format": format_of(value)}
        case "mappings":
            return _cells(panel, value)
        case "links" if value:
            url = value[0].get("url", "").replace("${__value.raw}", f'${{__data.fields["{column}"]}}')
            return {"dataLink": {"url": perses_url(url), "title": value[0].get("title", ""), "openNewTab": False}}
    return {}


def _cells(panel: Json, mappings: Sequence[Json]) -> dict[str, Any]:
    """How cells look by their value: texts and colors of mappings, else the colors of thresholds."""
    cells = []
    for item in value_mappings(mappings):
        spec = {key: value for key, value in item["spec"].items() if key != "result"}
        if item["kind"] == "Range":
            spec = {{"from": "min", "to": "max"}[key]: value for key, value in spec.items()}
        spec = {"expr": spec["pattern"]} if item["kind"] == "Regex" else spec
        result = item["spec"]["result"]
        cells.append({"condition": {"kind": item["kind"], "spec": spec}, **_cell(result["value"], result.get("color"))})
    steps = [] if cells else [step for step in threshold_steps(panel) if step.get("value") is not None]
    for index, step in enumerate(steps):
        limits = {"min": step["value"], **({"max": steps[index + 1]["value"]} if index + 1 < len(steps) else {})}
        if shade := color(step.get("color")):
            cells.append({"condition": {"kind": "Range", "spec": limits}, "textColor": shade})
    return {"cellSettings": cells} if cells else {}


def _cell(text: str, shade: str | None) -> Json:
    return {**({"text": text} if text else {}), **({"textColor": shade} if shade else {})}
