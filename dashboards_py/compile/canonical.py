"""Canonical JSON: keys in a fixed, readable order, and the same bytes on all machines."""

import json
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
    return json.dumps(_order(board), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _order(value[key]) for key in sorted(value, key=lambda key: (RANK.get(key, len(RANK)), key))}
    if isinstance(value, list):
        return [_order(inner) for inner in value]
    return value
