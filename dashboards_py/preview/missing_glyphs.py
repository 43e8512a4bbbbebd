"""Characters of texts that the pictures' font has no glyph for: they are drawn as boxes."""

from collections.abc import Iterable, Iterator, Mapping
from html import unescape

import svg

from dashboards_py.plural import some_of
from dashboards_py.preview.fonts import REGULAR, has_glyph
from dashboards_py.preview.shapes import WEIGHTS, Element, printable

REPLACEMENT = "\ufffd"  # of what is no character: a box is what it means
MOST = 5  # characters that a sentence names
_WEIGHTS: Mapping[str, int] = {text: weight for weight, text in WEIGHTS.items()}


def missing_glyphs(elements: Iterable[Element], *texts: str) -> tuple[str, ...]:
    """A sentence if texts in these elements, or these texts, have characters without a glyph; else nothing."""
    drawn = [*_texts(elements), *((unescape(printable(text)), REGULAR) for text in texts)]
    characters = dict.fromkeys(
        character
        for text, weight in drawn
        for character in text
        if not has_glyph(character, weight) and character != REPLACEMENT
    )
    if not characters:
        return ()
    # By their numbers: the sentence itself is drawn with the font that lacks them.
    names = some_of([f"U+{ord(character):04X}" for character in characters], MOST)
    return (f"characters that the font lacks are drawn as boxes: {names}",)


def _texts(elements: Iterable[Element]) -> Iterator[tuple[str, int]]:
    """The texts in these elements and in those within them, each with its weight."""
    for element in elements:
        if isinstance(element, svg.Text):
            yield unescape(element.text or ""), _WEIGHTS.get(str(element.font_weight), REGULAR)
        yield from _texts(element.elements or ())
