"""A review as Markdown: it fits a comment, and nothing of a board is read as Markdown or HTML."""

import re

from dashboards_py.board import read
from dashboards_py.review import Difference, Reviewed, Section, board_reviewed, markdown

LIMIT = 65_536


def section(*parts: Reviewed, **fields: object) -> Section:
    """A board with these parts."""
    return Section(kind="board", name="b", part="panel", parts=parts, **fields)  # type: ignore[arg-type]


def query(name: str, expr: str) -> Reviewed:
    """A panel with a new query."""
    return Reviewed(name=name, is_added=True, differences=(Difference("query A", "", expr, is_query=True),))


def test_a_small_review_is_open() -> None:
    """With the query as a diff."""
    assert markdown([section(query("Drops", "up"))]) == (
        "### board b: 1 panel added\n\n- **Drops** added\n\n  query A\n\n  ```diff\n  + up\n  ```\n"
    )


def test_what_is_too_long_for_a_comment_is_left_out_longest_first() -> None:
    """Every part keeps its heading, as long as the headings fit."""
    parts = [query(f"panel {number}", "a + " * (40 * number) + "a") for number in range(60)]
    text = markdown([section(*parts)])
    assert LIMIT * 0.8 < len(text) <= LIMIT
    assert all(f"**panel {number}**" in text for number in range(60))
    assert "Left out" in text.partition("panel 59")[2]
    assert "Left out" not in text.partition("panel 20")[0]
    many = markdown([section(*(query("x" * 200, "up") for _ in range(2000)))])
    assert len(many) <= LIMIT
    assert "more parts do not fit" in many


def test_titles_and_queries_are_no_markup() -> None:
    """Neither Markdown, nor HTML, nor the end of a fence."""
    evil = query("<img src=x> **b** [l](u) `c`", 'up{a="```"}\n```\n<b>')
    text = markdown([section(evil)])
    assert "<img" not in text.replace("\\<img", "")
    assert "````diff" in text
    named = markdown([section(Reviewed(name="p", differences=(Difference("unit", "`a`", "b"),)))])
    assert "`` `a` -> b ``" in named


def test_nobody_is_notified_and_no_command_is_run() -> None:
    """Of names, numbers of issues and quick actions in titles, queries and settings, in parts short and folded."""
    evil = "@team #12 !34 &#64;team\r/close\u2028/merge\x0b/approve"
    long = tuple(Difference(f"setting {number} {evil}", evil, evil) for number in range(40))
    parts = (query(evil, evil), Reviewed(name=evil, differences=long, effects=(evil,)))
    text = markdown([section(*parts)])
    outside = "".join(re.split(r"```+[^`].*?```|`[^`\n]+`", text, flags=re.S))
    assert "@&#8203;team" in outside
    assert not re.search(r"@\w|#\d(?!203;)|!\d|(?<!\\|&)&#64", outside)
    assert not re.search(r"^\s*/", text, re.M)


def test_a_long_part_is_folded() -> None:
    """A panel with many changes does not push the others out of sight."""
    settings = tuple(Difference(f"setting {number}", "a", "b") for number in range(20))
    text = markdown([section(Reviewed(name="A & <B>", differences=settings))])
    assert "<details><summary>A &amp; &lt;B&gt; changed</summary>" in text


def test_nothing_differs() -> None:
    """No text at all."""
    board = read({"uid": "b", "title": "b", "panels": []})
    assert not board_reviewed(board, board).is_different
    assert markdown([]) == ""
