"""Footers of tables in the form that they had before Grafana 12.2, in today's.

Source: migrateFooterV2 in public/app/plugins/panel/table/migrations.ts.
"""

from collections.abc import Mapping
from typing import Any

from dashboards_py.board import fields as json_fields

Json = Mapping[str, Any]


def with_new_footer(panel: Json) -> Json:
    """The panel with its footer's reductions among the options of its fields: of all, or of those that it names."""
    options = json_fields.mapping(panel, "options")
    footer = json_fields.mapping(options, "footer")
    if "show" not in footer:
        return panel
    kept = {"enablePagination": footer["enablePagination"]} if footer.get("enablePagination") is not None else {}
    without = {key: value for key, value in options.items() if key != "footer"}
    upgraded = {**panel, "options": {**without, **({"footer": kept} if kept else {})}}
    reducers = footer.get("reducer")
    if not footer["show"] or not isinstance(reducers, list):
        return upgraded
    config = json_fields.mapping(panel, "fieldConfig")
    counts_rows = bool(footer.get("countRows")) and reducers[:1] == ["count"]
    names = footer.get("fields")
    if not counts_rows and isinstance(names, list) and names:
        matcher = {"id": "byNames", "options": {"mode": "include", "names": names}}
        override = {"matcher": matcher, "properties": [{"id": "custom.footer.reducers", "value": reducers}]}
        overrides = config.get("overrides")
        others = overrides if isinstance(overrides, list) else []
        return {**upgraded, "fieldConfig": {**config, "overrides": [*others, override]}}
    defaults = json_fields.mapping(config, "defaults")
    custom = {
        **json_fields.mapping(defaults, "custom"),
        "footer": {"reducers": ["countAll"] if counts_rows else reducers},
    }
    return {**upgraded, "fieldConfig": {**config, "defaults": {**defaults, "custom": custom}}}
