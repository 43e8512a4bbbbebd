"""Texts of panels."""

from xml.etree import ElementTree

import pytest

from dashboards_py.preview.markdown import Block, Run, blocks, not_drawn
from tests.preview.panels import panel_picture
from tests.preview.svg import TEXT


def test_the_usual_marks_are_read() -> None:
    """Headings, bold, links, code, lists, and lists in lists; HTML is left out."""
    text = "# Title\n\n**For on-call.** See [docs](https://example.org) and `cilium`.\n\n"
    text += "- one\n  1. deep\n  2. two\n\n<b>x</b>\n"
    assert list(blocks(text)) == [
        Block((Run("Title"),), heading=1),
        Block(
            (
                *(Run("For on-call.", is_bold=True), Run(" See "), Run("docs", is_link=True), Run(" and ")),
                *(Run("cilium", is_code=True), Run(".")),
            )
        ),
        Block((Run("one"),), depth=1, bullet="•"),
        Block((Run("deep"),), depth=2, bullet="1."),
        Block((Run("two"),), depth=2, bullet="2."),
        Block((Run("<b>x</b>"),)),
    ]


def test_rows_of_tables_are_lines() -> None:
    """With their cells in order; and a sentence about it."""
    text = "| a | **b** |\n|---|---|\n| 1 | 2 |\n"
    assert [[run.text for run in block.runs] for block in blocks(text)] == [["a", " | ", "b"], ["1", " | ", "2"]]
    assert list(not_drawn(text)) == ["tables of Markdown are drawn as lines of text"]


def test_what_is_drawn_otherwise_is_named() -> None:
    """Images and HTML; not what only looks like them."""
    assert list(not_drawn("![x](y.png)")) == ["images are drawn as their descriptions"]
    assert list(not_drawn("a <br> b")) == ["HTML is drawn as its source"]
    assert list(not_drawn("# a\n\n`<b>` and 1 < 2, **x** [l](u)")) == []


@pytest.mark.fault("marks of Markdown are left out of a picture without a word")
def test_marks_that_are_not_drawn_are_named() -> None:
    """Once."""
    text = "- [ ] a\n- [x] b"
    assert list(not_drawn(f"{text}\n\nend\n\n{text}")) == ["boxes of tasks are drawn as text"]


@pytest.mark.fault("italics, code, quotes and struck texts of Markdown are drawn as other text")
@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("a ~~b~~", Block((Run("a "), Run("b", is_struck=True)))),
        ("a *b*", Block((Run("a "), Run("b", is_italic=True)))),
        ("***a** b*", Block((Run("a", is_bold=True, is_italic=True), Run(" b", is_italic=True)))),
        ("> a", Block((Run("a"),), quotes=1)),
        ("> > a", Block((Run("a"),), quotes=2)),
        ("```\na\n b\n```", Block((Run("a", is_code=True), Run(" b", is_code=True)), is_code=True)),
        ("    a", Block((Run("a", is_code=True),), is_code=True)),
        ("- `a`", Block((Run("a", is_code=True),), depth=1, bullet="•")),
    ],
)
def test_marks_are_drawn(text: str, block: Block) -> None:
    """Each as the picture's own kind of text."""
    assert list(blocks(text)) == [block]
    assert list(not_drawn(text)) == []


@pytest.mark.fault("italics, code, quotes and struck texts of Markdown are drawn as other text")
@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("*b*", "font-style", "italic"),
        ("~~b~~", "text-decoration", "line-through"),
        ("`b`", "font-family", "Roboto Mono, monospace"),
        ("    b", "font-family", "Roboto Mono, monospace"),
        ("**b**", "font-weight", "500"),
        ("> b", "font-size", "17.5"),
        ("# b", "font-size", "28"),
    ],
)
def test_marks_are_seen(text: str, attribute: str, value: str) -> None:
    """In the attributes of the text, which other texts do not have."""
    plain, marked = (
        [element.get(attribute) for element in ElementTree.fromstring(picture.svg).iter(TEXT) if element.text == "b"]
        for picture in (panel_picture("text", options={"content": content}) for content in ("b", text))
    )
    assert marked == [value] != plain
