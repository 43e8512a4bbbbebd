"""Panels of known types with the settings that older boards have."""

from typing import Any

import pytest

from dashboards_py.board import Board, read
from dashboards_py.panel_data.old_panels import upgraded
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import Picture, PictureOptions
from tests.preview.panels import WAVES, WINDOW, Source
from tests.preview.svg import texts

OLD_FORMS = pytest.mark.fault("old forms of panels lose their settings, and no message names them")
TARGET = {"refId": "A", "expr": "x", "legendFormat": "{{le}}", "interval": "60s"}
STEPS = [{"color": "green", "value": None}, {"color": "red", "value": 1}]
TODAY = {
    "fieldConfig": {
        "defaults": {
            "unit": "percent",
            "decimals": 1,
            "min": 0,
            "max": 50,
            "thresholds": {"mode": "absolute", "steps": STEPS},
        },
        "overrides": [],
    },
    "options": {"reduceOptions": {"values": False, "calcs": ["mean"]}},
}


def board(version: int, **panel: Any) -> Board:
    """A board of a schema version with one panel."""
    return read({"schemaVersion": version, "panels": [{"id": 1, "title": "P", "targets": [TARGET], **panel}]})


def picture(version: int, **panel: Any) -> Picture:
    """It, drawn."""
    return draw(board(version, **panel), Source(WAVES, "le"), PictureOptions(window=WINDOW), {})


@OLD_FORMS
@pytest.mark.parametrize("panel_type", ["stat", "gauge", "bargauge"])
@pytest.mark.parametrize(
    "options",
    [
        pytest.param(
            {
                "fieldOptions": {
                    "calcs": ["mean"],
                    "defaults": {"unit": "percent", "decimals": 1, "min": 0, "max": 50, "thresholds": STEPS},
                    "override": {},
                    "values": False,
                }
            },
            id="fieldOptions",
        ),
        pytest.param(
            {
                "fieldOptions": {
                    "calcs": ["mean"],
                    "defaults": {"unit": "percent", "decimals": 1, "min": 0, "max": 50},
                    "thresholds": list(reversed(STEPS)),
                }
            },
            id="thresholds beside the defaults",
        ),
        pytest.param(
            {
                "valueOptions": {"unit": "percent", "decimals": 1, "stat": "avg"},
                "minValue": 0,
                "maxValue": 50,
                "thresholds": list(reversed(STEPS)),
            },
            id="valueOptions",
        ),
    ],
)
def test_panels_of_single_values_keep_their_settings(panel_type: str, options: dict[str, Any]) -> None:
    """Unit, decimals, limits, thresholds, reduction: the picture is that of today's form."""
    old, new = picture(18, type=panel_type, options=options), picture(41, type=panel_type, **TODAY)
    assert old.svg == new.svg
    assert old.svg != picture(41, type=panel_type).svg
    assert old.problems == new.problems


@OLD_FORMS
def test_a_title_of_old_is_the_name_of_a_value() -> None:
    """Of the defaults."""
    panel = {"type": "bargauge", "options": {"fieldOptions": {"defaults": {"title": "Nodes"}, "calcs": ["max"]}}}
    assert texts(picture(18, **panel).svg)["name"] == ["Nodes", "Nodes"]


@OLD_FORMS
@pytest.mark.parametrize("panel_type", ["stat", "gauge", "bargauge"])
def test_settings_that_grafana_does_not_take_over_are_named(panel_type: str) -> None:
    """In one sentence."""
    options = {"minValue": 0, "maxValue": 5, "unit": "bytes", "prefix": "P", "thresholds": [{"value": 1}]}
    sentence = "settings of its old form are not applied: unit, prefix, minValue, maxValue, thresholds"
    drawn = picture(16, type=panel_type, options=options)
    assert sentence in [problem for _, problem in drawn.problems]
    assert sentence in texts(drawn.svg)["problem"]
    with_values = picture(16, type=panel_type, options={"valueOptions": {"unit": "bytes", "suffix": "S"}})
    assert "settings of its old form are not applied: suffix" in [problem for _, problem in with_values.problems]


@OLD_FORMS
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            [{"id": 0, "op": "=", "text": "UP!", "type": 1, "value": "1"}],
            {"type": "value", "options": {"1": {"text": "UP!"}}},
        ),
        (
            [{"text": "N/A", "type": 1, "value": "null"}],
            {"type": "special", "options": {"match": "null", "result": {"text": "N/A"}}},
        ),
        (
            [{"text": "few", "type": 2, "from": "0", "to": "9"}],
            {"type": "range", "options": {"from": 0, "to": 9, "result": {"text": "few"}}},
        ),
        ([{"type": "value", "options": {"1": {"text": "x"}}}], {"type": "value", "options": {"1": {"text": "x"}}}),
    ],
)
def test_value_mappings_of_old_boards_are_todays(old: list[Any], new: dict[str, Any]) -> None:
    """Of defaults and of overrides; a newer board's stay as they are, as in Grafana."""
    override = {"matcher": {"id": "byName", "options": "x"}, "properties": [{"id": "mappings", "value": old}]}
    config = {"defaults": {"mappings": old}, "overrides": [override]}
    raw = upgraded(board(27, type="table", fieldConfig=config)).panels[0].raw["fieldConfig"]
    assert raw["defaults"]["mappings"] == [new]
    assert raw["overrides"][0]["properties"] == [{"id": "mappings", "value": [new]}]
    assert upgraded(board(41, type="table", fieldConfig=config)).panels[0].raw["fieldConfig"] == config


@OLD_FORMS
def test_mappings_of_old_boards_are_drawn() -> None:
    """Also those of fieldOptions."""
    mappings = [{"text": "UP!", "type": 1, "value": "26"}]
    config = {"defaults": {"mappings": mappings}}
    assert "UP!" in str(texts(picture(27, type="stat", fieldConfig=config, options={}).svg))
    old = {"fieldOptions": {"mappings": mappings, "calcs": ["lastNotNull"]}}
    assert "UP!" in str(texts(picture(16, type="stat", options=old).svg))


@OLD_FORMS
def test_a_heatmap_of_old_keeps_axis_and_colors() -> None:
    """Its settings are beside its type; the picture is that of today's form."""
    target = {**TARGET, "format": "heatmap"}
    axis = {"format": "s", "show": True}
    color = {"mode": "spectrum", "colorScheme": "interpolateBlues", "min": 1}
    settings = {"dataFormat": "tsbuckets", "yAxis": axis, "color": color, "cards": {}, "reverseYBuckets": True}
    old = picture(30, type="heatmap", targets=[target], hideZeroBuckets=True, **settings)
    options = {
        "calculate": False,
        "color": {"mode": "scheme", "scheme": "Blues", "steps": 128, "min": 1},
        "cellGap": 2,
        "yAxis": {"unit": "s", "reverse": True},
        "legend": {"show": False},
    }
    new = picture(41, type="heatmap", targets=[target], options=options)
    assert old.svg == new.svg
    assert old.svg != picture(41, type="heatmap", targets=[target]).svg
    counted = picture(30, type="heatmap", targets=[target], **{**settings, "dataFormat": "timeseries"})
    assert [problem for _, problem in counted.problems] == ["its values are not counted in buckets"]


@OLD_FORMS
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"xaxis": {"mode": "series"}}, "its axis of the mode series is drawn as one of time"),
        ({"xaxis": {"mode": "histogram"}}, "its axis of the mode histogram is drawn as one of time"),
        ({"timeRegions": [{"op": "time", "fromDayOfWeek": 1}]}, "its regions of time are not drawn"),
    ],
)
def test_what_an_old_graph_has_and_a_picture_has_not_is_named(settings: dict[str, Any], sentence: str) -> None:
    """In its panel and on stderr."""
    drawn = picture(16, type="graph", **settings)
    assert [problem for _, problem in drawn.problems] == [sentence]
    assert texts(drawn.svg)["problem"] == [sentence]


@pytest.mark.parametrize("version", [0, 16, 41])
def test_odd_settings_are_no_traceback(version: int) -> None:
    """Values of other types in each place."""
    for odd in (None, 5, "x", [], {}, [None, 5], {"defaults": 5, "overrides": [None], "calcs": 5, "thresholds": [5]}):
        for panel_type in ("stat", "heatmap", "graph"):
            config = {"defaults": {"mappings": odd}, "overrides": [{"properties": [{"id": "mappings", "value": odd}]}]}
            options = {"fieldOptions": odd, "valueOptions": odd, "thresholds": odd, "valueMappings": odd}
            for panel in (
                {"options": options, "fieldConfig": odd},
                {"fieldConfig": config, "yAxis": odd, "color": odd},
            ):
                assert picture(version, type=panel_type, **panel).svg


@pytest.mark.fault("text panels of old boards are empty")
@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"content": "# old", "mode": "markdown"}, ["old"]),
        ({"content": "# old", "mode": "text"}, ["old"]),
        ({"content": "# old", "mode": "html", "pluginVersion": "7.0.3"}, ["# old"]),
        ({"content": "# old", "mode": "markdown", "pluginVersion": "7.1.0", "options": {"content": "new"}}, ["new"]),
        ({"content": "# old", "mode": "markdown", "pluginVersion": "10.4.1"}, []),
        ({"content": "# old"}, []),
    ],
)
def test_a_text_of_old_is_drawn(fields: dict[str, Any], shown: list[str]) -> None:
    """Up to 7.0, as Grafana takes it over."""
    assert texts(picture(16, type="text", **fields).svg).get("text", []) == shown
