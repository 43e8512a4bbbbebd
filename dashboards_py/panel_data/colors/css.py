"""Colors as CSS writes them, as red, green, blue and opacity.

Source: tinycolor2, with which Grafana reads them; what is no color is black.
"""

import re
from dataclasses import dataclass

from dashboards_py.panel_data.colors.data import CSS
from dashboards_py.panel_data.javascript import parse_float, rounded

_UNIT = r"(?:[-+]?\d*\.\d+%?)|(?:[-+]?\d+%?)"
_THREE = rf"[\s|(]+({_UNIT})[,|\s]+({_UNIT})[,|\s]+({_UNIT})"
_FUNCTIONS = tuple(
    (name[:3], re.compile(f"{name}{_THREE}" + (rf"[,|\s]+({_UNIT})" if len(name) == 4 else ""), re.ASCII))
    for name in ("rgb", "rgba", "hsl", "hsla", "hsv", "hsva")
)
_DIGITS = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Color:
    """Red, green and blue from 0 to 255, not rounded, and an opacity from 0 to 1."""

    red: float
    green: float
    blue: float
    opacity: float = 1.0

    def __str__(self) -> str:
        channels = (self.red, self.green, self.blue)
        text = "#" + "".join(f"{int(rounded(channel)):02x}" for channel in channels)
        return text if self.opacity == 1 else f"{text}{int(rounded(self.opacity * 255)):02x}"

    @property
    def hsl(self) -> tuple[float, float, float]:
        """Hue, saturation and lightness, each from 0 to 1."""
        red, green, blue = (_share(channel, 255) for channel in (self.red, self.green, self.blue))
        most, least = max(red, green, blue), min(red, green, blue)
        lightness = (most + least) / 2
        if most == least:
            return 0.0, 0.0, lightness
        spread = most - least
        saturation = spread / (2 - most - least) if lightness > 0.5 else spread / (most + least)
        if most == red:
            hue = (green - blue) / spread + (6 if green < blue else 0)
        elif most == green:
            hue = (blue - red) / spread + 2
        else:
            hue = (red - green) / spread + 4
        return hue / 6, saturation, lightness


BLACK = Color(0, 0, 0)


def parse_color(text: str) -> Color:
    """The color that a text names; black where it names none."""
    text = text.strip().lower()
    if text == "transparent":
        return Color(0, 0, 0, 0)
    text = CSS.get(text, text)
    for kind, pattern in _FUNCTIONS:
        if match := pattern.search(text):
            return _from_function(kind, match.groups())
    if match := _DIGITS.fullmatch(text):
        digits = match[1] if len(match[1]) > 4 else "".join(digit * 2 for digit in match[1])
        red, green, blue, *opacity = bytes.fromhex(digits)
        return Color(red, green, blue, opacity[0] / 255 if opacity else 1.0)
    return BLACK


def from_hsl(hue: float, saturation: float, lightness: float, opacity: float = 1.0) -> Color:
    """The color of a hue from 0 to 360, a saturation and a lightness from 0 to 1."""
    return _hsl(str(hue), _percentage(str(saturation)), _percentage(str(lightness)), opacity)


def _from_function(kind: str, parts: tuple[str, ...]) -> Color:
    opacity = parse_float(parts[3]) if len(parts) == 4 else 1.0
    opacity = opacity if 0 <= opacity <= 1 else 1.0
    first, second, third = parts[:3]
    if kind == "rgb":
        red, green, blue = (_bounded(part, 255) * 255 for part in (first, second, third))
        return Color(red, green, blue, opacity)
    make = _hsl if kind == "hsl" else _hsv
    return make(first, _percentage(second), _percentage(third), opacity)


def _percentage(part: str) -> str:
    """A share of 1 as a percentage, more than 1 as it is."""
    number = parse_float(part)
    return f"{number * 100!r}%" if number <= 1 else part


def _bounded(part: str, most: int) -> float:
    """A part as a share of the most that it can be."""
    if "." in part and parse_float(part) == 1:
        part = "100%"
    number = min(float(most), max(0.0, parse_float(part)))
    if "%" in part:
        number = int(number * most) / 100
    return _share(number, most)


def _share(number: float, most: int) -> float:
    return 1.0 if abs(number - most) < 1e-6 else number % most / most


def _hsl(hue: str, saturation: str, lightness: str, opacity: float) -> Color:
    h, s, l = _bounded(hue, 360), _bounded(saturation, 100), _bounded(lightness, 100)  # noqa: E741
    upper = l * (1 + s) if l < 0.5 else l + s - l * s
    lower = 2 * l - upper

    def channel(turn: float) -> float:
        turn = turn + 1 if turn < 0 else turn - 1 if turn > 1 else turn
        if turn < 1 / 6:
            return lower + (upper - lower) * 6 * turn
        if turn < 1 / 2:
            return upper
        return lower + (upper - lower) * (2 / 3 - turn) * 6 if turn < 2 / 3 else lower

    red, green, blue = (l, l, l) if s == 0 else (channel(h + 1 / 3), channel(h), channel(h - 1 / 3))
    return Color(red * 255, green * 255, blue * 255, opacity)


def _hsv(hue: str, saturation: str, value: str, opacity: float) -> Color:
    h, s, v = _bounded(hue, 360) * 6, _bounded(saturation, 100), _bounded(value, 100)
    sector, rest = int(h), h - int(h)
    low, falling, rising = v * (1 - s), v * (1 - rest * s), v * (1 - (1 - rest) * s)
    channels = (
        (v, rising, low),
        (falling, v, low),
        (low, v, rising),
        (low, falling, v),
        (rising, low, v),
        (v, low, falling),
    )
    red, green, blue = channels[sector % 6]
    return Color(red * 255, green * 255, blue * 255, opacity)
