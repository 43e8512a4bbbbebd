"""Lines of texts stay within their panel."""

from xml.etree import ElementTree

import pytest

from dashboards_py.preview.fonts import MEDIUM, REGULAR, text_width
from tests.preview.panels import panel_picture
from tests.preview.svg import TEXT

LONG = "y" * 700


@pytest.mark.fault("a long word or a heading leaves its panel")
@pytest.mark.parametrize(
    ("content", "text"),
    [
        (LONG, LONG),
        (f"# {LONG}", LONG),
        (f"a **{LONG}** b", f"a {LONG} b"),
        (f"- one\n  - two {LONG}", f"onetwo {LONG}"),
        (f"```\n{LONG}\n```", LONG),
        (f"[{LONG}](https://example.org)", LONG),
        (f"a `{LONG}` b *{LONG}*", f"a {LONG} b {LONG}"),
        (f"> {LONG}", LONG),
        ("## " + "Words of a heading " * 9, ("Words of a heading " * 9).strip()),
        ("- " * 8 + f"deep {LONG}", f"deep {LONG}"),
    ],
    ids=["word", "heading", "bold", "list", "code", "link", "inline", "quote", "words", "depth"],
)
def test_no_line_is_wider_than_its_panel(content: str, text: str) -> None:
    """Words that are wider are broken, and nothing of them is lost."""
    drawn = panel_picture("text", options={"content": content}, size=(8, 30))
    read_back = ""
    for element in ElementTree.fromstring(drawn.svg).iter(TEXT):
        if element.get("class") == "text":
            weight = MEDIUM if element.get("font-weight") == "500" else REGULAR
            size, is_code = float(element.get("font-size", "0")), "Mono" in element.get("font-family", "")
            width = text_width(element.text or "", size, weight, is_code=is_code)
            assert 8 <= float(element.get("x", "0")) <= float(element.get("x", "0")) + width <= 482
            read_back += element.text or ""
    assert read_back.replace(" ", "") == text.replace(" ", "")
