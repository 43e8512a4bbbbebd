"""Make upstream's dashboards deployable next to ours: with their own folder and uid, and the variable `$datasource`."""

import json
from collections.abc import Mapping
from typing import Any

from dashboards_py.board import fields
from dashboards_py.board.read import load, unwrap
from dashboards_py.compiled import Compiled
from dashboards_py.upstream.available import Original

FOLDER = "Cilium upstream"
NAME = "datasource"


def standalone(original: Original) -> Compiled:
    """Convert an original to a board that can be deployed next to ours; its panels are unchanged."""
    uid = original.published.uid
    text = standalone_json(original.json, str(original.path), uid=uid)
    return Compiled(uid, original.board.title, FOLDER, text, (), ())


def standalone_json(content: bytes, name: str, **changes: Any) -> str:
    """The JSON of an exported board without inputs, with sorted keys; `name` is used in errors."""
    board = without_inputs(unwrap(load(content, name), name)) | changes
    return json.dumps(board, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def without_inputs(board: Mapping[str, Any]) -> dict[str, Any]:
    """Remove `__inputs` from an exported board: data sources become `$datasource`, constants their values."""
    inputs = [item for item in fields.mappings(board, "__inputs") if fields.text(item, "name")]
    variables = list(fields.mappings(fields.mapping(board, "templating"), "list"))
    sources = {fields.text(item, "name") for item in inputs if item.get("type") == "datasource"}
    sources |= {
        fields.text(variable, "name")
        for variable in variables
        if variable.get("type") == NAME and variable.get("query") == "prometheus" and fields.text(variable, "name")
    }
    values = {
        fields.text(item, "name"): str(item.get("value", "")) for item in inputs if item.get("type") == "constant"
    }
    values |= dict.fromkeys(sources, f"${NAME}")
    plain = {key: value for key, value in board.items() if key not in ("__inputs", "__elements", "__requires", "id")}
    result: dict[str, Any] = _substitute(plain, values)
    other_variables = [
        variable
        for variable in fields.mappings(fields.mapping(result, "templating"), "list")
        if fields.text(variable, "name") not in sources
    ]
    default = {"text": "default", "value": "default"}  # as on our boards: see render/dashboard.py
    chooser = {"name": NAME, "type": NAME, "query": "prometheus", "label": "Data source", "current": default}
    result["templating"] = {
        "list": [chooser, *(variable for variable in other_variables if variable.get("name") != NAME)]
    }
    return result


def _substitute(value: Any, values: dict[str, str]) -> Any:
    """Replace `${NAME}` anywhere, and `$NAME` if it is the entire text."""
    if isinstance(value, dict):
        return {key: _substitute(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_substitute(inner, values) for inner in value]
    if isinstance(value, str) and "$" in value:
        for name, replacement in values.items():
            value = replacement if value == f"${name}" else value.replace(f"${{{name}}}", replacement)
    return value
