"""Roboto, which comes with the package font-roboto: the width of texts, and where to cut them."""

from functools import cache, lru_cache
from pathlib import Path

import font_roboto
from fontTools.ttLib import TTFont

FAMILY = "Roboto"
REGULAR, MEDIUM, BOLD = 400, 500, 700
_FILES = {REGULAR: "Roboto-Regular.ttf", MEDIUM: "Roboto-Medium.ttf", BOLD: "Roboto-Bold.ttf"}
ELLIPSIS = "…"


def font_files() -> list[str]:
    """The files of the fonts that pictures use."""
    directory = Path(font_roboto.__file__).parent / "files"
    return [str(directory / name) for name in _FILES.values()]


@cache
def _advances(weight: int) -> tuple[dict[int, float], float]:
    """The width of each character by its code, and that of one without a glyph, for a size of 1."""
    font = TTFont(font_files()[list(_FILES).index(weight)], lazy=True)
    per_em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
    advances = {code: widths[glyph][0] / per_em for code, glyph in font.getBestCmap().items()}
    return advances, widths[".notdef"][0] / per_em


def has_glyph(character: str, weight: int = REGULAR) -> bool:
    """Whether the font can draw the character, and not a box in its place."""
    return ord(character) in _advances(weight)[0]


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float, weight: int = REGULAR) -> float:
    """The width in pixels, without kerning."""
    advances, missing = _advances(weight)
    return size * sum(advances.get(ord(character), missing) for character in text)


def shorten(text: str, width: float, size: float, weight: int = REGULAR) -> str:
    """The text, cut with an ellipsis if it is wider than `width` pixels."""
    if text_width(text, size, weight) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + ELLIPSIS, size, weight) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS if low else ELLIPSIS


def fitting_size(text: str, width: float, height: float, line_height: float, largest: float) -> float:
    """The largest size in pixels at which a text fits, as Grafana computes it: from its width at 14 px."""
    at_14 = text_width(text, 14) + 2
    return min(width / at_14 * 14, height / line_height, largest)
