"""Characters that the font of pictures lacks."""

from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.cli._changed_panels import changed_panels
from dashboards_py.preview.draw import draw, draw_changes
from dashboards_py.preview.fonts import has_glyph
from dashboards_py.preview.picture import PictureOptions
from tests.preview.panels import WINDOW, Source, panel_picture
from tests.preview.svg import texts

BOXES = pytest.mark.fault("characters that the font lacks become boxes, and no message names them")
ARABIC, JAPANESE, EMOJI = "\u0645", "\u672c", "\U0001f525"
SENTENCE = "characters that the font lacks are drawn as boxes: "
VALUES: dict[str, list[float | None]] = {f"n{ARABIC}": [1.0] * 60}
MARKDOWN = {"content": f"# {ARABIC}\n\n**{JAPANESE}** {EMOJI}"}


@BOXES
@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        pytest.param({"panel_type": "stat", "title": f"{EMOJI} Nodes"}, "U+1F525", id="a title"),
        pytest.param({"panel_type": "text", "options": MARKDOWN}, "U+0645, U+672C, U+1F525", id="a text"),
        pytest.param({"panel_type": "stat", "defaults": {"unit": f"suffix:{JAPANESE}"}}, "U+672C", id="a unit"),
        pytest.param({"panel_type": "timeseries", "series": VALUES}, "U+0645", id="a legend"),
        pytest.param(
            {"panel_type": "table", "series": VALUES, "target": {"format": "table", "instant": True}},
            "U+0645",
            id="a cell",
        ),
        pytest.param(
            {"panel_type": "text", "options": {"content": "".join(map(chr, range(0x4E00, 0x4E09)))}},
            "U+4E00, U+4E01, U+4E02, U+4E03, U+4E04 and 4 more",
            id="many",
        ),
        pytest.param(
            {"panel_type": "stat", "transformations": [{"id": ARABIC, "options": {}}]}, "U+0645", id="another sentence"
        ),
    ],
)
def test_they_are_named_in_the_panel(arguments: dict[str, Any], names: str) -> None:
    """By their numbers, as the sentence is drawn with the same font."""
    picture = panel_picture(**arguments)
    assert picture.problems[-1][1] == SENTENCE + names
    assert SENTENCE + names in texts(picture.svg)["problem"]


@BOXES
@pytest.mark.parametrize(
    "fields",
    [
        {"templating": {"list": [{"name": "v", "label": ARABIC, "type": "constant", "query": "1"}]}},
        {"links": [{"title": ARABIC, "type": "link", "url": "https://example.org"}]},
        {"panels": [{"type": "row", "title": ARABIC, "panels": []}]},
    ],
    ids=["a variable", "a link", "a row"],
)
def test_those_above_the_panels_are_named_for_the_board(fields: dict[str, Any]) -> None:
    """Once."""
    board = read({"uid": "b", "schemaVersion": 41, "panels": [], **fields})
    drawn = draw(board, Source({}), PictureOptions(window=WINDOW), {})
    assert drawn.problems == (("", SENTENCE + "U+0645"),)
    assert texts(drawn.svg)["problem"] == [SENTENCE + "U+0645"]


@BOXES
def test_a_comparison_has_no_box_of_its_own() -> None:
    """What it writes itself is in the font."""
    old, new = (
        read({"schemaVersion": 41, "panels": [{"id": 1, "type": "stat", "title": "P", "description": text}]})
        for text in ("one", "two")
    )
    drawn = draw_changes(changed_panels(old, new), new, Source({}), PictureOptions(window=WINDOW), {})
    assert drawn.problems == ()
    assert all(has_glyph(character) for written in texts(drawn.svg).values() for text in written for character in text)


def test_what_the_font_has_is_not_named() -> None:
    """Latin, Greek, Cyrillic, quotes, an ellipsis; nor what is no character that is seen."""
    text = "\u00e9 \u03b1 \u0436 \u201cx\u201d \u2026 \u2265 \u00b5s \u20ac a\u200bb\x00"
    assert panel_picture("text", options={"content": text}).problems == ()
