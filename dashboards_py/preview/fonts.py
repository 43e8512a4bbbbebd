"""Inter, the font of Grafana's pages, and Roboto Mono, that of its code: widths of texts, and where to cut them.

Each package fontpkg-* has the files of one font, in which a weight is a point on an axis.
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Final

import fontpkg_inter
import fontpkg_roboto_mono
from fontTools.ttLib import TTFont

from dashboards_py.errors import DashboardsError

FAMILY, MONOSPACE = "Inter", "Roboto Mono"
REGULAR, MEDIUM = 400, 500
LETTER_SPACING = 0.15  # pixels after each character of a page: createTypography.ts of @grafana/data
ELLIPSIS = "…"
TRUETYPE: Final = b"\0\1\0\0"  # the first bytes of a font with TrueType outlines (OpenType specification, font file)
_SPACES = re.compile(" {2,}")


def font_files() -> list[str]:
    """The files of the fonts, upright and italic; a package without an upright one raises DashboardsError."""
    return [str(path) for package in (fontpkg_inter, fontpkg_roboto_mono) for path in _files(package)]


def _files(package: ModuleType) -> list[Path]:
    """The files of a package: resvg leaves texts out without a word if it cannot read their font."""
    # A directory without __init__.py, as an incomplete removal leaves it, is a package without __file__.
    directories = [Path(path) / "files" for path in package.__path__]
    files = sorted(path for directory in directories for path in directory.glob("*.ttf") if _is_font(path))
    if not any(_is_upright(path) for path in files):
        name = package.__name__.replace("_", "-")
        cause = f"has no readable font in {', '.join(map(str, directories))}, and pictures would have no text"
        fix = f"reinstall it: pip install --force-reinstall --no-deps {name} (into the environment of this tool)"
        raise DashboardsError(f"package {name}", cause=cause, fix=fix)
    return files


def _is_font(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(TRUETYPE)) == TRUETYPE
    except OSError:
        return False


def _is_upright(path: Path) -> bool:
    return "Italic" not in path.name


class _Advances(dict[str, float]):
    """The width of characters for a size of 1; of one without a glyph that of the box in its place."""

    def __init__(self, weight: int, is_code: bool) -> None:
        super().__init__()
        package = fontpkg_roboto_mono if is_code else fontpkg_inter
        upright = next(path for path in _files(package) if _is_upright(path))
        font = TTFont(upright, lazy=True)
        self.glyphs = font.getBestCmap()
        self._glyph_set = font.getGlyphSet(location={"wght": weight})
        self._per_em: int = font["head"].unitsPerEm

    def __missing__(self, character: str) -> float:
        glyph = self._glyph_set[self.glyphs.get(ord(character), ".notdef")]
        width = float(glyph.width) / self._per_em
        self[character] = width
        return width


@cache
def _advances(weight: int, is_code: bool = False) -> _Advances:
    return _Advances(weight, is_code)


def has_glyph(character: str, weight: int = REGULAR) -> bool:
    """Whether the font can draw the character, and not a box in its place."""
    return ord(character) in _advances(weight).glyphs


def collapsed(text: str) -> str:
    """The text with one space for several in a row, as a browser writes it."""
    return _SPACES.sub(" ", text) if "  " in text else text


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float, weight: int = REGULAR, *, is_code: bool = False) -> float:
    """The width in pixels, without kerning."""
    text = text if is_code else collapsed(text)
    return size * sum(map(_advances(weight, is_code).__getitem__, text)) + LETTER_SPACING * len(text)


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
    spacing = LETTER_SPACING * len(text)  # the same at each size
    at_14 = text_width(text, 14) - spacing + 2
    return min(max(width - spacing, 1) / at_14 * 14, height / line_height, largest)
