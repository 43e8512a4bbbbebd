"""Widths of texts."""

from pathlib import Path
from types import ModuleType

import fontpkg_inter
import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.preview.fonts import LETTER_SPACING, MEDIUM, fitting_size, font_files, shorten, text_width


def test_a_wider_text_is_wider() -> None:
    """By characters, by size, by weight."""
    assert text_width("mm", 14) > text_width("ii", 14)
    spacing = len("node") * LETTER_SPACING
    assert text_width("node", 28) - spacing == pytest.approx(2 * (text_width("node", 14) - spacing))
    assert text_width("node", 14, MEDIUM) > text_width("node", 14)


def test_a_text_that_fits_is_not_cut() -> None:
    """And one that does not ends with an ellipsis and fits."""
    assert shorten("endpoint-manager", 500, 14) == "endpoint-manager"
    cut = shorten("endpoint-manager", 80, 14)
    assert cut.endswith("…")
    assert cut.startswith("end")
    assert text_width(cut, 14) <= 80
    assert shorten("endpoint-manager", 1, 14) == "…"


def test_a_text_is_as_large_as_its_box_allows() -> None:
    """The smaller of what width and height allow."""
    assert fitting_size("5", 500, 120, 1.2, 1000) == pytest.approx(100)
    assert fitting_size("a long value", 100, 500, 1.2, 1000) < 25


@pytest.mark.fault("preview draws pictures without any text if the files of a font are missing")
@pytest.mark.parametrize("content", [None, b"", b"<html>"], ids=["missing", "empty", "no font"])
def test_a_font_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None) -> None:
    """The error names its package, where the files should be, and the command that installs them again."""
    broken = ModuleType("fontpkg_inter")
    broken.__path__ = [str(tmp_path)]
    (tmp_path / "files").mkdir()
    if content is not None:
        (tmp_path / "files/Inter.ttf").write_bytes(content)
    italic = next(path for path in Path(fontpkg_inter.__path__[0], "files").iterdir() if "Italic" in path.name)
    (tmp_path / "files/Inter-Italic.ttf").symlink_to(italic)
    monkeypatch.setattr("dashboards_py.preview.fonts.fontpkg_inter", broken)
    with pytest.raises(DashboardsError, match=f"package fontpkg-inter: has no readable font in {tmp_path}") as raised:
        font_files()
    assert "pip install --force-reinstall --no-deps fontpkg-inter" in raised.value.fix
