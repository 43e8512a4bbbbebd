"""Sentences in a panel about what is not drawn of it."""

from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.cli._changed_panels import changed_panels
from dashboards_py.preview.draw import draw, draw_changes
from dashboards_py.preview.fonts import text_width
from dashboards_py.preview.panel_frame import PADDING
from dashboards_py.preview.picture import PictureOptions
from tests.preview.panels import WAVES, WINDOW, Source, panel_picture
from tests.preview.svg import heights, texts

LINE = 16


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


@pytest.mark.fault("of a small panel that is not drawn neither the type nor how much else is missing can be read")
@pytest.mark.parametrize(("size", "lines"), [((2, 2), 2), ((4, 3), 4)])
def test_a_small_panel_names_its_type_and_how_many_more_sentences_there_are(size: tuple[int, int], lines: int) -> None:
    """Within its width: the type is the first word, and the last line counts those without room."""
    transformations = [{"id": f"unknown{number}"} for number in range(6)]
    drawn = panel_picture("nodeGraph", size=size, transformations=transformations)
    shown = texts(drawn.svg)["problem"]
    assert len(shown) == lines
    assert shown[0].startswith("nodeGraph")
    assert shown[-1].endswith(f" and {len(drawn.problems) - lines} more")
    width = size[0] * 59 - 8 - 2 * PADDING
    assert max(text_width(line, 11) for line in shown) <= width
    alone = texts(panel_picture("nodeGraph", size=size).svg)["problem"]
    assert [text.endswith("more") for text in alone] == [False]


@pytest.mark.fault("pictures of changed panels do not say what is not drawn of their board")
def test_pictures_of_changed_panels_have_the_notes_of_the_board() -> None:
    """Those of the options, of its zone, its variables and its annotations are above the pairs."""
    variable = {"name": "v", "type": "query", "query": "label_values(", "includeAll": True}
    filters = {"name": "Filters", "type": "adhoc", "filters": [{"key": "a", "operator": "=", "value": "b"}]}
    fields = {"schemaVersion": 41, "timezone": "Mars/North", "templating": {"list": [variable, filters]}}
    panel = {"id": 1, "type": "stat", "title": "P", "gridPos": {"x": 0, "y": 0, "w": 6, "h": 4}}
    old, new = (
        read({**fields, "panels": [{**panel, "targets": [{"refId": "A", "expr": expr}]}]}) for expr in ("11", "22")
    )
    options = PictureOptions(window=WINDOW, notes=("its time is soon",))
    drawn = draw_changes(changed_panels(old, new), new, Source(WAVES), options, {})
    of_board = [sentence for title, sentence in drawn.problems if not title]
    assert of_board[0] == "its time is soon"
    assert of_board == [sentence for title, sentence in draw(new, Source(WAVES), options, {}).problems if not title]
    for word in ("Mars/North", "Filters", "v"):
        assert any(word in sentence for sentence in of_board), word
    lines = texts(drawn.svg, above=min(heights(drawn.svg, "change")))["problem"]
    assert len(lines) == len(of_board)
