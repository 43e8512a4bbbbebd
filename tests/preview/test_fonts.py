"""Widths of texts."""

import pytest

from dashboards_py.preview.fonts import LETTER_SPACING, MEDIUM, fitting_size, shorten, text_width


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
