"""Classic boards in Grafana's schema v2: a board's twin."""

from typing import Any

from dashboards_py.targets._schema_v2 import spec_v2

Json = dict[str, Any]


def migrated(board: Json) -> Json:
    """The board as Grafana loads it before it writes schema v2: old graphs are time series with a unit."""
    panels = [_migrated(panel) for panel in board.get("panels") or []]
    rows = [
        {**row, "panels": [_migrated(panel) for panel in row.get("panels") or []]} for row in board.get("rows") or []
    ]
    return {**board, **({"panels": panels} if panels else {}), **({"rows": rows} if rows else {})}


def _migrated(panel: Json) -> Json:
    if panel.get("type") == "row":
        return {**panel, "panels": [_migrated(inner) for inner in panel.get("panels") or []]}
    unit = next((axis["format"] for axis in panel.get("yaxes") or [] if axis.get("format")), panel.get("format", ""))
    left = {key: value for key, value in panel.items() if key not in ("yaxes", "format", "seriesOverrides")}
    if panel.get("type") != "graph":
        return panel
    config = panel.get("fieldConfig") or {}
    defaults = {**({"unit": unit} if unit else {}), **(config.get("defaults") or {})}
    return {**left, "type": "timeseries", "fieldConfig": {**config, "defaults": defaults}}


def twin(board: Json, layout: str = "RowsLayout") -> Json:
    """The spec of the same board in schema v2, with rows or with tabs; old boards have a list of rows."""
    panels = list(board.get("panels") or [])
    for row in board.get("rows") or []:
        heading = {"type": "row", "title": row.get("title", ""), "collapsed": bool(row.get("collapse"))}
        heading |= {"repeat": row["repeat"]} if row.get("repeat") else {}
        panels += [heading, *(row.get("panels") or [])]
    spec = spec_v2({**board, "panels": panels})
    if layout == "TabsLayout":
        rows = spec["layout"]["spec"]["rows"]
        tabs = [{"kind": "TabsLayoutTab", "spec": _tab(row["spec"])} for row in rows]
        spec["layout"] = {"kind": layout, "spec": {"tabs": tabs}}
    return spec


def _tab(row: Json) -> Json:
    return {key: value for key, value in row.items() if key not in ("collapse", "hideHeader")}


def resource(board: Json, version: str = "v2", layout: str = "RowsLayout") -> Json:
    """The twin as a resource of Grafana's API."""
    metadata = {"name": board.get("uid", "")}
    return {
        "apiVersion": f"dashboard.grafana.app/{version}",
        "kind": "Dashboard",
        "metadata": metadata,
        "spec": twin(board, layout),
    }
