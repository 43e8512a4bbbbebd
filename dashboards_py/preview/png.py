"""From SVG to PNG, by resvg. As a program it reads the one from standard input and writes the other."""

import sys

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


if __name__ == "__main__":
    sys.stdout.buffer.write(to_png(sys.stdin.buffer.read().decode()))
