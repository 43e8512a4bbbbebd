"""Texts of panels."""

import pytest

from dashboards_py.preview.markdown import Block, Run, blocks, not_drawn


def test_the_usual_marks_are_read() -> None:
    """Headings, bold, links, code, lists, and lists in lists; HTML is left out."""
    text = "# Title\n\n**For on-call.** See [docs](https://example.org) and `cilium`.\n\n"
    text += "- one\n  1. deep\n  2. two\n\n<b>x</b>\n"
    assert list(blocks(text)) == [
        Block((Run("Title"),), heading=1),
        Block(
            (
                *(Run("For on-call.", is_bold=True), Run(" See "), Run("docs", is_link=True), Run(" and ")),
                *(Run("cilium"), Run(".")),
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
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a ~~b~~", "texts that are struck through are drawn as other text"),
        ("a *b*", "italics are drawn as other text"),
        ("> a", "quotes are drawn as other text"),
        ("```\na\n```", "blocks of code are drawn as other text"),
        ("    a", "blocks of code are drawn as other text"),
        ("- [ ] a\n- [x] b", "boxes of tasks are drawn as text"),
    ],
)
def test_marks_that_are_not_drawn_are_named(text: str, sentence: str) -> None:
    """Once."""
    assert list(not_drawn(f"{text}\n\nend\n\n{text}")) == [sentence]
