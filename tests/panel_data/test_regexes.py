"""Regular expressions of boards match as in JavaScript, and end."""

import time

import pytest

from dashboards_py.panel_data.mappings import mapped
from dashboards_py.panel_data.regexes import js_regex, slashed_regex


@pytest.mark.parametrize("pattern", ["/^(a+)+$/", "/(a|a)*b/", "/^(?:[a-z]+)*$/", "/((a*)*)*c/"])
@pytest.mark.fault("one regular expression of a board keeps the picture from ever being drawn")
def test_a_pattern_that_backtracks_ends(pattern: str) -> None:
    """Patterns with which Python takes years over a text of forty characters answer at once."""
    began = time.monotonic()
    regex = slashed_regex(pattern)
    assert regex is not None
    assert regex.search("a" * 40 + "!") is None
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("/^(?!Time)/", "Value", True),
        ("/^(?!Time)/", "Time", False),
        ("/(?<pod>cilium)-(\\d+)*/i", "CILIUM-12", True),
        ("/a.c/s", "a\nc", True),
        ("/(x)+$/m", "x\ny", True),
        ("up", "up 2", False),
    ],
)
def test_patterns_match_as_in_javascript(pattern: str, text: str, matches: bool) -> None:
    """Lookarounds, named groups, flags; a pattern without slashes is for the whole text."""
    regex = slashed_regex(pattern)
    assert regex is not None
    assert (regex.search(text) is not None) is matches


def test_what_is_no_pattern_is_none() -> None:
    """Neither an error nor a lookaround in a repeated group raises."""
    assert [js_regex("("), js_regex("((?=a))+"), js_regex("(a{1000}){1000}"), slashed_regex("/a/x")] == [None] * 4


def test_a_repeated_group_s_text_is_filled_in() -> None:
    """A mapping by such a pattern may refer to what its groups matched."""
    mapping = {"type": "regex", "options": {"pattern": "/(ab)+(c)?/", "result": {"text": "<$1$2>"}}}
    result = mapped([mapping], "xababy")
    assert result is not None
    assert result.text == "x<ab>y"
