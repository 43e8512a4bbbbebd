"""Sentences in a panel about what is not drawn of it."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboards_py.board import read
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import PictureOptions
from tests.preview.panels import WAVES, WINDOW, Source, panel_picture
from tests.preview.svg import TEXT

LINE = 16


def heights(svg: str, name: str) -> list[float]:
    """The baselines of the texts of a class."""
    return [float(text.get("y", "0")) for text in ElementTree.fromstring(svg).iter(TEXT) if text.get("class") == name]


@pytest.mark.fault("notes lie over the last row of a legend")
@pytest.mark.parametrize(
    ("panel_type", "options"),
    [
        ("timeseries", {"legend": {"displayMode": "table", "calcs": ["max"]}}),
        ("timeseries", {"legend": {"displayMode": "list"}}),
        ("timeseries", {"legend": {"displayMode": "table", "placement": "right"}}),
        ("state-timeline", {}),
    ],
)
def test_notes_are_below_the_legend(panel_type: str, options: Mapping[str, Any]) -> None:
    """Of each kind: those of options, and those that only the drawing tells."""
    series: dict[str, list[float | None]] = {f"n{number}": [1.0, 1e301] for number in range(9)}
    target = {"refId": "A", "expr": "x", "legendFormat": "{{node}}"}
    colors = {"color": {"mode": "palette-classic"}}
    transformations = [{"id": "unknown"}]
    drawn = panel_picture(
        panel_type,
        options=options,
        series=series,
        target=target,
        defaults=colors,
        transformations=transformations,
    )
    notes, legend = heights(drawn.svg, "problem"), heights(drawn.svg, "legend")
    assert len(notes) == len(drawn.problems) >= 1
    assert legend
    assert max(legend) < min(notes) - LINE / 2


def test_a_row_within_a_row() -> None:
    """It is not drawn: the sentence names the panels that it holds."""
    inner = {"id": 2, "type": "row", "gridPos": {"x": 0, "y": 1, "w": 24, "h": 6}}
    inner["panels"] = [{"title": "Drops", "type": "stat"}, {"type": "stat"}]
    outer = {"id": 1, "type": "row", "collapsed": True, "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}, "panels": [inner]}
    board = read({"uid": "b", "title": "b", "schemaVersion": 41, "panels": [outer]})
    drawn = draw(board, Source(WAVES), PictureOptions(window=WINDOW, all_rows=True), {})
    expected = "a row within a row is not drawn, nor its panels: Drops, without title"
    assert [sentence for _, sentence in drawn.problems] == [expected]
