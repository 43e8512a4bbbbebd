"""Colors by name: Grafana's, which depend on the theme, and those of CSS.

Source: @grafana/data, themes/createVisualizationColors.ts and colorManipulator.ts.
"""

from functools import lru_cache

from dashboards_py.panel_data.colors.css import parse_color
from dashboards_py.panel_data.colors.data import DARK, FALLBACK, LIGHT
from dashboards_py.panel_data.javascript import rounded


@lru_cache(maxsize=1024)
def named_color(name: str, *, dark: bool) -> str:
    """#rrggbb, or #rrggbbaa, of a name (dark-green, text), a name of CSS, digits or rgb(...); gray for "".

    What is no color is black.
    """
    if not name:
        return FALLBACK
    return (DARK if dark else LIGHT).get(name) or str(parse_color(name))


def text_color(background: str, *, dark: bool) -> str:
    """The color of a text on a colored background, which is the page's where one can see through.

    Source: @grafana/ui, utils/colors.ts (getTextColorForAlphaBackground).
    """
    color = parse_color(background)
    red, green, blue = (rounded(channel) for channel in (color.red, color.green, color.blue))
    is_light = not dark if color.opacity < 0.3 else (red * 299 + green * 587 + blue * 114) / 1000 > 180
    return "#202226" if is_light else "#f7f8fa"


def contrast(color: str, background: str) -> float:
    """The contrast of two colors, from 1 to 21."""
    lights = sorted((_luminance(color), _luminance(background)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(text: str) -> float:
    color = parse_color(text)
    shares = (channel / 255 for channel in (color.red, color.green, color.blue))
    linear = [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return round(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2], 3)
