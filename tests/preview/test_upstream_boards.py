"""Cilium's own boards: each panel is drawn, or what is not drawn of it is named in its box and in the problems."""

from xml.etree import ElementTree

import pytest

from dashboards_py.board import Panel, read
from dashboards_py.panel_data.frame import PanelData
from dashboards_py.preview import picture
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import PictureOptions, panel_elements
from dashboards_py.preview.shapes import Box, Clips, document
from tests.components import path_of
from tests.preview.panels import WAVES, WINDOW, Source
from tests.preview.svg import texts

OPTIONS = PictureOptions(window=WINDOW, all_rows=True)
HEADER = {"title", "time", "problem"}  # what a panel has even if nothing is drawn of it


@pytest.fixture
def drawn_panels(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Panel, str, tuple[str, ...]]]:
    """Each panel that is drawn from now on, its part of the picture, and what is not drawn of it."""
    drawn: list[tuple[Panel, str, tuple[str, ...]]] = []

    def remember(panel: Panel, data: PanelData, box: Box, options: PictureOptions, clips: Clips) -> object:
        elements, sentences = panel_elements(panel, data, box, options, clips)
        drawn.append((panel, document(box.right, box.bottom, elements), sentences))
        return elements, sentences

    monkeypatch.setattr(picture, "panel_elements", remember)
    return drawn


@pytest.mark.fault("a panel of Cilium's own boards is missing in the picture, without a word")
@pytest.mark.parametrize("source", [Source(WAVES), Source({})], ids=["data", "no data"])
def test_each_panel_is_drawn_or_named(source: Source, drawn_panels: list[tuple[Panel, str, tuple[str, ...]]]) -> None:
    """Also those of closed rows. What is not drawn is a text in the panel, and a problem that the command prints."""
    for path in sorted(path_of("upstream-boards").rglob("*.json")):
        board = read(path.read_bytes(), path.name)
        whole = draw(board, source, OPTIONS, {})
        ElementTree.fromstring(whole.svg)
        assert [panel.id for panel, *_ in drawn_panels] == [panel.id for panel in board.panels]
        problems = [sentence for title, sentence in whole.problems if title]
        assert problems == [sentence for *_, sentences in drawn_panels for sentence in sentences]
        for panel, svg, sentences in drawn_panels:
            words = texts(svg)
            assert len(words.get("problem", ())) == len(sentences), (path.name, panel.title)
            is_heading = panel.type == "text" and not panel.raw["options"]["content"].strip()
            assert words.keys() - HEADER or sentences or is_heading, (path.name, panel.title)
        drawn_panels.clear()
