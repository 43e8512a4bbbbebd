"""Panels of the old type graph, as time series."""

from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.panel_data.old_graph import converted


def graph(**fields: Any) -> Any:
    """The converted panel's options, and its defaults and overrides."""
    board = read({"schemaVersion": 16, "panels": [{"type": "graph", "title": "g", **fields}]})
    raw = converted(board.panels[0]).raw
    return raw["options"], raw["fieldConfig"]["defaults"], raw["fieldConfig"]["overrides"]


def test_axes_give_unit_limits_and_scale() -> None:
    """Of the left axis; texts are numbers too."""
    axes = [{"format": "bytes", "min": "0", "max": 5, "logBase": 10, "label": "memory", "show": False}, {"format": "s"}]
    _, defaults, _ = graph(yaxes=axes)
    assert (defaults["unit"], defaults["min"], defaults["max"]) == ("bytes", 0, 5)
    assert defaults["custom"]["scaleDistribution"] == {"type": "log", "log": 10}
    assert defaults["custom"]["axisLabel"] == "memory"
    assert defaults["custom"]["axisPlacement"] == "hidden"


@pytest.mark.fault("old graphs are drawn with shares, an order or a last value that Grafana does not take over")
def test_lines_are_drawn_as_they_were() -> None:
    """Fill in tenths, stacks (of shares no longer), steps, gaps; bars are filled."""
    _, defaults, _ = graph(
        fill=3, linewidth=2, stack=True, percentage=True, steppedLine=True, nullPointMode="connected"
    )
    custom = defaults["custom"]
    assert (custom["fillOpacity"], custom["lineWidth"], custom["drawStyle"]) == (30, 2, "line")
    assert (custom["stacking"]["mode"], custom["lineInterpolation"], custom["spanNulls"]) == (
        "normal",
        "stepAfter",
        True,
    )
    assert graph(bars=True, lines=False)[1]["custom"]["drawStyle"] == "bars"
    assert graph()[1]["custom"]["fillOpacity"] == 10


@pytest.mark.fault("old graphs are drawn with shares, an order or a last value that Grafana does not take over")
def test_the_legend_keeps_its_calculations() -> None:
    """If it shows values, in the order of the JSON; not what it is sorted by."""
    legend = {"show": True, "values": True, "current": True, "avg": True, "alignAsTable": True, "rightSide": True}
    options, _, _ = graph(legend={**legend, "sort": "current", "sortDesc": True})
    assert options["legend"] == {
        "showLegend": True,
        "displayMode": "table",
        "placement": "right",
        "calcs": ["lastNotNull", "mean"],
    }
    assert graph(legend={"current": True})[0]["legend"]["calcs"] == []


def test_overrides_of_series_are_overrides_of_fields() -> None:
    """By name, or by a regular expression; the second axis is the right one."""
    _, _, overrides = graph(
        aliasColors={"avg": "#cffaff"},
        seriesOverrides=[
            {"alias": "max", "fillBelowTo": "min", "lines": False},
            {"alias": "/^FIN/", "yaxis": 2},
            {"alias": "rest", "yaxis": 1},
        ],
        yaxes=[{"format": "pps"}, {"format": "ops"}],
    )
    by_name = {override["matcher"]["options"]: override for override in overrides}
    values = {
        name: {entry["id"]: entry["value"] for entry in override["properties"]} for name, override in by_name.items()
    }
    assert values == {
        "avg": {"color": {"mode": "fixed", "fixedColor": "#cffaff"}},
        "max": {"custom.fillOpacity": 35, "custom.lineWidth": 0, "custom.fillBelowTo": "min"},
        "/^FIN/": {"custom.axisPlacement": "right", "unit": "ops"},
    }
    assert by_name["/^FIN/"]["matcher"]["id"] == "byRegexp"


def test_thresholds_are_steps() -> None:
    """Nothing below the first; areas if one of them was filled."""
    old = [{"value": 5, "colorMode": "critical", "fill": True}, {"value": 2, "colorMode": "warning"}]
    _, defaults, _ = graph(thresholds=old)
    assert [(step["value"], step["color"]) for step in defaults["thresholds"]["steps"]] == [
        (None, "transparent"),
        (2, "orange"),
        (5, "red"),
    ]
    assert defaults["custom"]["thresholdsStyle"] == {"mode": "line+area"}


def test_other_types_stay_as_they_are() -> None:
    """Also wrong JSON: nothing is raised."""
    panel = read({"schemaVersion": 41, "panels": [{"type": "stat"}]}).panels[0]
    assert converted(panel) is panel
    graph(yaxes="x", legend=[], thresholds=[3, {"value": "high"}], seriesOverrides=[None], aliasColors=5, fill="a")
