"""Lanes of states have the colors of their thresholds, and cells of labels the texts of the labels, in every scene."""

import re

import pytest

from dashboards_py import demo
from dashboards_py.board import fields
from dashboards_py.panel_data.cells import cells_of
from dashboards_py.panel_data.colors import named_color
from dashboards_py.panel_data.display import display
from dashboards_py.panel_data.field_config import default_config
from dashboards_py.panel_data.frame import FieldType
from dashboards_py.panel_data.names import field_name
from tests.demo.boards import reads_the_same
from tests.stories._lines import boards, data_of, lines, panel_of, scene

MESH = "cilium-clustermesh"
GOOD, BAD = named_color("green", dark=True), named_color("red", dark=True)
LANES = ("Readiness", "kvstoremesh readiness")
NO_DATA = "–"
THRESHOLDS_COUNT = pytest.mark.fault("the lane of a lost cluster is green, and that of a connected one red")
LABELS_ARE_TEXTS = pytest.mark.fault("a status code in a table is shown as a number of requests per second")


def lane_colors(title: str) -> dict[str, str]:
    """The color in which each lane of a panel of the mesh ends."""
    board = boards()[MESH]
    (panel,) = (panel for panel in board.panels if panel.title == title)
    assert panel.type == "state-timeline"
    ends = {}
    for frame in data_of(board, panel, scene("mesh-stale"), {}).frames:
        for field in frame.fields:
            if field.type is FieldType.NUMBER:
                last = [value for value in field.values if isinstance(value, int | float)][-1]
                ends[field_name(field, frame)] = display(field, last, dark=True).color
    return ends


@THRESHOLDS_COUNT
@pytest.mark.parametrize("title", LANES)
def test_a_lost_cluster_is_red_and_a_connected_one_green(title: str) -> None:
    """In the scene mesh-stale kvstoremesh has lost west."""
    colors = lane_colors(title)
    assert (colors["west"], colors["east"]) == (BAD, GOOD)
    assert colors.get("leaders", GOOD) == GOOD


@THRESHOLDS_COUNT
def test_values_have_the_colors_of_thresholds() -> None:
    """Each panel with thresholds on each board; of graphs they are lines, of states over time in the mappings."""
    judged = [
        (board.uid, panel.title, default_config(panel.raw).color_mode)
        for board in boards().values()
        for panel in board.panels
        if fields.mapping(panel.raw, "fieldConfig", "defaults", "thresholds")
        and panel.type not in ("timeseries", "state-timeline")
    ]
    assert [one for one in judged if one[2] not in ("", "thresholds")] == []
    assert judged


@pytest.mark.fault("a rate of errors that is not judged is green")
def test_a_column_without_thresholds_is_never_green() -> None:
    """Errors of clients, whose table has a state for a Hubble that is not scraped, and each such column."""
    board = boards()["hubble-dns"]
    panel = panel_of(board, "Clients with errors")
    shown = lines(panel, data_of(board, panel, scene("rolling-upgrade"), {}))
    assert shown
    assert all(GOOD not in line.colors for line in shown)
    colored = [
        (board.uid, panel.title, properties)
        for board in boards().values()
        for panel in board.panels
        if panel.type == "table" and not fields.mapping(panel.raw, "fieldConfig", "defaults", "thresholds")
        for one in fields.mappings(fields.mapping(panel.raw, "fieldConfig"), "overrides")
        if "custom.cellOptions"
        in (properties := [str(setting["id"]) for setting in fields.mappings(one, "properties")])
    ]
    assert colored
    assert [one for one in colored if "thresholds" not in one[2]] == []


@LABELS_ARE_TEXTS
@pytest.mark.parametrize("name", demo.scene_names())
def test_a_cell_of_a_label_is_the_label(name: str) -> None:
    """Every text in every table of every board in every scene; in the healthy one where it reads the same there."""
    for board in boards().values():
        for panel in (panel for panel in board.panels if panel.type == "table"):
            if name != "healthy" and reads_the_same(board, panel, name):
                continue
            for frame in data_of(board, panel, scene(name), {}).frames:
                for field in (field for field in frame.fields if field.type is FieldType.STRING):
                    show = cells_of(field, dark=True)
                    shown = {value: str(show(value).display) for value in field.values}
                    assert shown == {value: value or NO_DATA for value in shown}, (board.uid, panel.title, field.name)


@pytest.mark.fault("the number of updates that were refused has a fraction")
@pytest.mark.parametrize("name", ["envoy-refuses", "operator-cannot-write"])
def test_a_number_of_events_is_whole(name: str) -> None:
    """`increase` extrapolates to the ends of the range: what a stat counts is still written without a fraction."""
    counts = [
        (board, panel)
        for board in boards().values()
        for panel in board.panels
        if panel.type == "stat" and all(re.search(r"\bincrease\(", query.expr) for query in panel.queries)
    ]
    assert counts
    for board, panel in counts:
        for line in lines(panel, data_of(board, panel, scene(name), {})):
            assert "." not in line.texts[-1], (board.uid, panel.title, line.texts)
