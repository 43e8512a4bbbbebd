"""Other names for labels in a board's JSON: in queries, legends, columns, links, variables and annotations.

A label is renamed only where it is one: in a query by its syntax, in a legend as `{{label}}`, in a table as the name of
a field, in a link as a field or label of the clicked value. Variables keep their names, and columns their headings.
"""

import re
from collections.abc import Mapping
from typing import Any

from dashboards_py import promql
from dashboards_py.errors import DashboardsError
from dashboards_py.queries.variable import variable_query
from dashboards_py.shapes import Json

Names = Mapping[str, str]
TEXTS = ("titleFormat", "textFormat")  # of an annotation, with `{{label}}` in them
LEGEND = re.compile(r"(\{\{\s*)(\w+)(\s*\}\})")
# What a link takes from the clicked value (FieldMacro and DataMacro of @grafana/scenes): by name, or in brackets.
CLICKED = re.compile(r"(\$\{__(?:field\.labels|data\.fields)(?:\.|\[\"))(\w+)")


def relabel(board: Json, names: Names) -> Json:
    """The board with other names for labels; raises DashboardsError, with the panel, for a query that has one."""
    if not names:
        return board
    changed = dict(board)
    changed["panels"] = [_panel(panel, names) for panel in board.get("panels", [])]
    if "annotations" in board:
        marks = board["annotations"]
        changed["annotations"] = {**marks, "list": [_annotation(mark, names) for mark in marks.get("list", [])]}
    if "templating" in board:
        variables = board["templating"]
        changed["templating"] = {**variables, "list": [_variable(item, names) for item in variables.get("list", [])]}
    return changed


def _panel(panel: Json, names: Names) -> Json:
    title = f"panel {panel.get('title', '')!r}"
    changed: Json = _links(panel, names)
    if "targets" in panel:
        changed["targets"] = [_target(target, names, title) for target in panel["targets"]]
    if "panels" in panel:
        changed["panels"] = [_panel(inner, names) for inner in panel["panels"]]
    if panel.get("type") == "table":
        _table(changed, names)
    return changed


def _target(target: Json, names: Names, where: str) -> Json:
    changed = dict(target)
    if target.get("expr"):
        changed["expr"] = _query(target["expr"], names, where)
    if target.get("legendFormat"):
        changed["legendFormat"] = rename_in_legend(target["legendFormat"], names)
    return changed


def _annotation(mark: Json, names: Names) -> Json:
    changed = {key: rename_in_legend(mark[key], names) if key in TEXTS else value for key, value in mark.items()}
    if mark.get("expr"):
        changed["expr"] = _query(mark["expr"], names, f"annotation {mark.get('name', '')!r}")
    return changed


def _variable(variable: Json, names: Names) -> Json:
    where = f"variable {variable.get('name', '')!r}"
    if variable.get("type") != "query" or not isinstance(variable.get("query"), dict):
        return variable
    parsed = variable_query(variable["query"].get("query", ""))
    expr = _query(parsed.expr, names, where) if parsed.expr else ""
    text = str(parsed.with_expr(expr).with_label(names.get(parsed.label, parsed.label)))
    return {**variable, "query": {**variable["query"], "query": text}}


def _query(expr: str, names: Names, where: str) -> str:
    try:
        return promql.rename_labels(expr, names)
    except DashboardsError as error:
        raise DashboardsError(where, cause=f"{error.what} {error.cause}", fix=error.fix) from error


def rename_in_legend(text: str, names: Names) -> str:
    """The legend with other names for labels."""
    return LEGEND.sub(lambda match: f"{match[1]}{names.get(match[2], match[2])}{match[3]}", text)


def _links(value: Any, names: Names) -> Any:
    """The value with the labels in all of its links renamed."""
    if isinstance(value, list):
        return [_links(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: CLICKED.sub(lambda match: match[1] + names.get(match[2], match[2]), item)
        if key == "url" and isinstance(item, str)
        else _links(item, names)
        for key, item in value.items()
    }


def _table(panel: Json, names: Names) -> None:
    """Rename the fields of a table's label columns, whose headings stay."""
    columns = {key for step in panel.get("transformations", []) for key in step["options"].get("indexByName", {})}
    renamed = {old: new for old, new in names.items() if old in columns}
    for step in panel.get("transformations", []):
        step["options"] = _each_key(step["options"], renamed)
    config = panel["fieldConfig"] = {**panel.get("fieldConfig", {})}
    overrides = [_override(item, renamed) for item in config.get("overrides", [])]
    headed = {item["matcher"]["options"] for item in overrides if _has_heading(item)}
    for old, new in renamed.items():
        if new not in headed:
            properties = [{"id": "displayName", "value": old}]
            overrides.append({"matcher": {"id": "byName", "options": new}, "properties": properties})
    config["overrides"] = overrides


def _each_key(options: Json, names: Names) -> Json:
    """The options of a transformation, whose nested keys are names of fields."""
    return {
        option: {names.get(key, key): item for key, item in value.items()} if isinstance(value, dict) else value
        for option, value in options.items()
    }


def _override(override: Json, names: Names) -> Json:
    matcher = override["matcher"]
    if matcher.get("id") != "byName" or matcher.get("options") not in names:
        return override
    return {**override, "matcher": {**matcher, "options": names[matcher["options"]]}}


def _has_heading(override: Json) -> bool:
    return any(item["id"] == "displayName" for item in override["properties"])
