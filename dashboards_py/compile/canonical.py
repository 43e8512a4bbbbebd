"""Canonical JSON: keys in a fixed, readable order, and the same bytes on all machines."""

import json
from functools import cache
from json.encoder import encode_basestring
from typing import Any

ORDER = (
    *("uid", "title", "type", "name", "label", "description", "id", "tags", "folder", "collapsed", "text", "content"),
    *("datasource", "expr", "legendFormat", "refId", "format", "instant", "range", "query", "regex", "refresh"),
    *("allValue", "includeAll", "multi", "current", "hide", "sort", "options", "targets", "maxDataPoints", "interval"),
    *("fieldConfig", "defaults", "unit", "decimals", "min", "max", "noValue", "mode", "fixedColor", "color", "value"),
    *("thresholds", "steps", "mappings", "custom", "links", "overrides", "matcher", "properties", "transformations"),
    *("gridPos", "x", "y", "w", "h", "schemaVersion", "editable", "graphTooltip", "time", "from", "to", "timezone"),
    *("annotations", "templating", "list", "panels"),
)
RANK = {key: rank for rank, key in enumerate(ORDER)}


def dump(board: dict[str, Any]) -> str:
    """The board as canonical JSON, indented by two spaces, with a final newline."""
    return _text(board, "\n") + "\n"


def _text(value: Any, indent: str) -> str:
    """The text of a value whose lines begin with `indent`: json.dumps is three times as slow with an indent."""
    if isinstance(value, str):
        return encode_basestring(value)
    if type(value) is int:  # and not a bool
        return str(value)
    inner = indent + "  "
    if value and isinstance(value, dict):
        fields = [f"{inner}{text}: {_text(value[key], inner)}" for key, text in _order(tuple(value))]
        return f"{{{','.join(fields)}{indent}}}"
    if value and isinstance(value, list):
        return f"[{','.join([inner + _text(item, inner) for item in value])}{indent}]"
    return json.dumps(value, allow_nan=False)


@cache
def _order(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """The keys in their order, each with its text."""
    ordered = sorted(keys, key=lambda key: (RANK.get(key, len(RANK)), key))
    return [(key, encode_basestring(key)) for key in ordered]
