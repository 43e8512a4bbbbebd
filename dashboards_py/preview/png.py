"""From SVG to PNG, by resvg."""

from resvg_py import svg_to_bytes

from dashboards_py.preview.fonts import FAMILY, font_files


def to_png(svg: str) -> bytes:
    """The picture as PNG. Only the fonts of this package are used, so that it is the same on each machine."""
    data = svg_to_bytes(
        svg_string=svg,
        font_files=font_files(),
        skip_system_fonts=True,
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
    return bytes(data)
