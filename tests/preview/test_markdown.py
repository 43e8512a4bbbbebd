"""Texts of panels."""

from dashboards_py.preview.markdown import Block, Run, blocks


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
