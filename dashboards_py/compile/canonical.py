"""Canonical JSON: keys in a fixed, readable order, and the same bytes on all machines."""

from functools import cache
from json.encoder import encode_basestring
from typing import Any

from dashboards_py.documents.write_json import write_json

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
    return write_json(board, _order)


@cache
def _order(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """The keys in their order, each with its text."""
    ordered = sorted(keys, key=lambda key: (RANK.get(key, len(RANK)), key))
    return [(key, encode_basestring(key)) for key in ordered]
