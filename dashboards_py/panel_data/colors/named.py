"""Colors by name: Grafana's, which depend on the theme, and those of CSS.

Source: @grafana/data, themes/createVisualizationColors.ts and colorManipulator.ts.
"""

from functools import lru_cache

from dashboards_py.panel_data.colors.css import parse_color
from dashboards_py.panel_data.colors.data import DARK, FALLBACK, LIGHT


@lru_cache(maxsize=1024)
def named_color(name: str, *, dark: bool) -> str:
    """#rrggbb, or #rrggbbaa, of a name (dark-green, text), a name of CSS, digits or rgb(...); gray for "".

    What is no color is black.
    """
    if not name:
        return FALLBACK
    return (DARK if dark else LIGHT).get(name) or str(parse_color(name))


def contrast(color: str, background: str) -> float:
    """The contrast of two colors, from 1 to 21."""
    lights = sorted((_luminance(color), _luminance(background)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(text: str) -> float:
    color = parse_color(text)
    shares = (channel / 255 for channel in (color.red, color.green, color.blue))
    linear = [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return round(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2], 3)
