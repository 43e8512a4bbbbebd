"""Colors by name: Grafana's, which depend on the theme, and those of CSS.

Source: @grafana/data, themes/createVisualizationColors.ts, createColors.ts and colorManipulator.ts.
"""

from functools import lru_cache

from dashboards_py.panel_data.colors.css import Color, parse_color
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


def contrast_text(background: str, *, dark: bool) -> str:
    """White on a colored background, or black where white can hardly be read on it; one can see the panel through it.

    Source: getContrastText in createColors.ts, with the threshold 3 that the bars of state timelines have.
    """
    color, panel = parse_color(background), parse_color(named_color("panel-bg", dark=dark))
    pairs = zip((color.red, color.green, color.blue), (panel.red, panel.green, panel.blue), strict=True)
    seen = Color(*(over * color.opacity + below * (1 - color.opacity) for over, below in pairs))
    return "#ffffff" if contrast("#ffffff", str(seen)) >= 3 else "#000000"


def contrast(color: str, background: str) -> float:
    """The contrast of two colors, from 1 to 21."""
    lights = sorted((_luminance(color), _luminance(background)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(text: str) -> float:
    color = parse_color(text)
    shares = (channel / 255 for channel in (color.red, color.green, color.blue))
    linear = [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return round(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2], 3)
