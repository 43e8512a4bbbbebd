"""Upstream's boards as boards to deploy next to ours: in a folder and with a uid of their own, on `$datasource`."""

import json
from collections.abc import Mapping
from typing import Any

from dashboards_py.board import take
from dashboards_py.board.read import load, unwrap
from dashboards_py.compile import Compiled
from dashboards_py.upstream.at_hand import Original

FOLDER = "Cilium upstream"
NAME = "datasource"


def compiled(original: Original) -> Compiled:
    """The original as a board that can stand beside ours: what it shows is untouched."""
    uid = f"grafana-com-{original.published.id}"
    text = resolved_text(original.json, str(original.path), uid=uid)
    return Compiled(uid, original.board.title, FOLDER, text, (), ())


def resolved_text(content: bytes, name: str, **changes: Any) -> str:
    """The JSON of an exported board as a stable text that needs no inputs; `name` is what errors call it."""
    board = resolved(unwrap(load(content, name), name)) | changes
    return json.dumps(board, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def resolved(board: Mapping[str, Any]) -> dict[str, Any]:
    """An exported board without `__inputs`: its data source is the variable `$datasource`, constants their values."""
    inputs = [each for each in take.mappings(board, "__inputs") if take.text(each, "name")]
    variables = list(take.mappings(take.mapping(board, "templating"), "list"))
    sources = {take.text(each, "name") for each in inputs if each.get("type") == "datasource"}
    sources |= {
        take.text(each, "name")
        for each in variables
        if each.get("type") == NAME and each.get("query") == "prometheus" and take.text(each, "name")
    }
    values = {take.text(each, "name"): str(each.get("value", "")) for each in inputs if each.get("type") == "constant"}
    values |= dict.fromkeys(sources, f"${NAME}")
    slim = {key: value for key, value in board.items() if key not in ("__inputs", "__elements", "__requires", "id")}
    found: dict[str, Any] = _replaced(slim, values)
    kept = [
        each
        for each in take.mappings(take.mapping(found, "templating"), "list")
        if take.text(each, "name") not in sources
    ]
    chooser = {"name": NAME, "type": NAME, "query": "prometheus", "label": "Data source"}
    found["templating"] = {"list": [chooser, *(each for each in kept if each.get("name") != NAME)]}
    return found


def _replaced(value: Any, values: dict[str, str]) -> Any:
    """The value with `$NAME`, where it is the whole of a text, and `${NAME}` anywhere replaced."""
    if isinstance(value, dict):
        return {key: _replaced(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, values) for inner in value]
    if isinstance(value, str) and "$" in value:
        for name, instead in values.items():
            value = instead if value == f"${name}" else value.replace(f"${{{name}}}", instead)
    return value
