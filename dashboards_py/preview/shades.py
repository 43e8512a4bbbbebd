"""Colors made of another: turned, darker, lighter. Source: tinycolor2, with which Grafana makes gradients."""

from dataclasses import replace

from dashboards_py.panel_data.colors.css import Color, from_hsl, parse_color


def shade(color: str, *, turn: float = 0, lighter: float = 0, stronger: float = 0, brighter: float = 0) -> str:
    """The color with its hue turned (degrees), then stronger, then lighter (less: darker), then brighter (percent)."""
    parsed = parse_color(color)
    hue, saturation, lightness = parsed.hsl
    saturation, lightness = _share(saturation + stronger / 100), _share(lightness + lighter / 100)
    shaded = from_hsl((hue * 360 + turn) % 360, saturation, lightness)
    more = 255 * brighter / 100
    channels = (min(max(channel + more, 0.0), 255.0) for channel in (shaded.red, shaded.green, shaded.blue))
    return str(replace(Color(*channels), opacity=parsed.opacity))


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)
