"""Color modes of a field: by thresholds, by the position of a value in a range, by the index or the name of its series.

Source: @grafana/data, field/fieldColor.ts, scale.ts and thresholds.ts; d3-interpolate (interpolateRgbBasis).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dashboards_py.board import Step
from dashboards_py.panel_data.colors.css import Color, from_hsl, parse_color
from dashboards_py.panel_data.colors.data import FALLBACK, PALETTE, RAMPS
from dashboards_py.panel_data.colors.named import contrast, named_color
from dashboards_py.panel_data.conversions import number
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType
from dashboards_py.panel_data.javascript import rounded
from dashboards_py.panel_data.limits import own_limits, share
from dashboards_py.panel_data.reduce import reduction

# The colors from the least value to the greatest.
CONTINUOUS = {
    "continuous-GrYlRd": ("green", "yellow", "red"),
    "continuous-RdYlGr": ("red", "yellow", "green"),
    "continuous-BlYlRd": ("dark-blue", "super-light-yellow", "dark-red"),
    "continuous-YlRd": ("super-light-yellow", "dark-red"),
    "continuous-BlPu": ("blue", "purple"),
    "continuous-YlBl": ("super-light-yellow", "dark-blue"),
    "continuous-blues": ("panel-bg", "dark-blue"),
    "continuous-reds": ("panel-bg", "dark-red"),
    "continuous-greens": ("panel-bg", "dark-green"),
    "continuous-purples": ("panel-bg", "dark-purple"),
}
BY_SERIES = ("fixed", "shades", "palette-classic", "palette-classic-by-name")
_LEAST_CONTRAST = 3
_SHADES = 6


@dataclass(frozen=True, slots=True)
class Scale:
    """A value's color, and its position in the range of its field: 0 for the least, 1 for the most."""

    color: str
    percent: float


def scale(field: Field, *, dark: bool, index: int | None = None, name: str = "") -> Callable[[float], Scale]:
    """What gives a value's color and position. `index` and `name` are those of the series (default: the field's)."""
    config = field.config
    if field.type is FieldType.BOOLEAN:
        return _of_booleans(config, dark)
    of_series = _series_color(field, dark, index, name) if config.color_mode in BY_SERIES else ""
    limits = field.limits or own_limits(field)

    def at(value: float) -> Scale:
        percent = 0.0 if value == -math.inf else share(limits, value)
        if of_series:
            return Scale(of_series, percent)
        if color := continuous_color(config.color_mode, percent, dark=dark):
            return Scale(color, percent)
        step = active_step(config.steps, percent * 100 if config.percentage_steps else value)
        return Scale(named_color(step.color if step else FALLBACK, dark=dark), percent)

    return at


def field_color(field: Field, index: int | None = None, *, dark: bool, name: str = "") -> str:
    """The one color of a series: of its index or name, or of its last, least or greatest value."""
    if field.config.color_mode in BY_SERIES:
        return _series_color(field, dark, index, name)
    value = reduction(field, field.config.color_by)
    return scale(field, dark=dark)(math.nan if isinstance(value, tuple) else number(value)).color


def active_step(steps: Sequence[Step], value: float) -> Step | None:
    """The last step that the value reaches, of those in order; the first for a lesser one, None where there is none."""
    active = steps[0] if steps else None
    for step in steps:
        if not value >= (-math.inf if step.value is None else step.value):
            break
        active = step
    return active


def continuous_color(mode: str, percent: float, *, dark: bool) -> str:
    """The color at a position of the range, "" for a mode that there is not."""
    if names := CONTINUOUS.get(mode):
        return spline(tuple(named_color(name, dark=dark) for name in names), percent)
    if ramp := RAMPS.get(mode):
        return ramp[min(math.floor(_bounded(percent) * len(ramp)), len(ramp) - 1)]
    return _cividis(_bounded(percent)) if mode == "continuous-cividis" else ""


def spline(colors: Sequence[str], percent: float) -> str:
    """The color at a position of a smooth curve through colors: a uniform B-spline, beyond its ends straight on."""
    last = len(colors) - 1
    percent = _bounded(percent)
    start = min(math.floor(percent * last), last - 1)
    t = (percent - start / last) * last
    parsed = [parse_color(color) for color in colors]

    def channel(get: Callable[[Color], float]) -> float:
        values = [get(color) for color in parsed]
        v1, v2 = values[start], values[start + 1]
        v0 = values[start - 1] if start > 0 else 2 * v1 - v2
        v3 = values[start + 2] if start < last - 1 else 2 * v2 - v1
        t2, t3 = t * t, t * t * t
        total = (1 - 3 * t + 3 * t2 - t3) * v0 + (4 - 6 * t2 + 3 * t3) * v1 + (1 + 3 * t + 3 * t2 - 3 * t3) * v2
        return min(max((total + t3 * v3) / 6, 0.0), 255.0)

    return str(Color(channel(lambda c: c.red), channel(lambda c: c.green), channel(lambda c: c.blue)))


def _bounded(percent: float) -> float:
    return min(max(percent, 0.0), 1.0)


def _cividis(t: float) -> str:
    channels = (
        -4.54 - t * (35.34 - t * (2381.73 - t * (6402.7 - t * (7024.72 - t * 2710.57)))),
        32.49 + t * (170.73 + t * (52.82 - t * (131.46 - t * (176.58 - t * 67.37)))),
        81.24 + t * (442.36 - t * (2482.43 - t * (6167.24 - t * (6614.94 - t * 2475.67)))),
    )
    return str(Color(*(max(0.0, min(255.0, rounded(channel))) for channel in channels)))


def _of_booleans(config: FieldConfig, dark: bool) -> Callable[[float], Scale]:
    """Green for yes and red for no; the ends of the range where the mode has one."""
    names = CONTINUOUS.get(config.color_mode, ("red", "green"))
    no, yes = (named_color(name, dark=dark) for name in (names[0], names[-1]))
    if config.color_mode not in CONTINUOUS and (low := continuous_color(config.color_mode, 0, dark=dark)):
        no, yes = low, continuous_color(config.color_mode, 1, dark=dark)
    return lambda value: Scale(yes, 1.0) if value and not math.isnan(value) else Scale(no, 0.0)


def _series_color(field: Field, dark: bool, index: int | None, name: str) -> str:
    config, index = field.config, field.index if index is None else index
    if config.color_mode == "fixed":
        return named_color(config.fixed_color, dark=dark)
    if config.color_mode == "shades":
        return _shade(named_color(config.fixed_color, dark=dark), index)
    if config.color_mode == "palette-classic":
        return named_color(PALETTE[index % len(PALETTE)], dark=dark)
    colors = _readable_palette(dark)
    return colors[string_hash(name or field.name) % len(colors)]


@lru_cache(maxsize=2)
def _readable_palette(dark: bool) -> tuple[str, ...]:
    """The palette without what can hardly be seen on the panel."""
    background = named_color("panel-bg", dark=dark)
    colors = (named_color(name, dark=dark) for name in PALETTE)
    return tuple(color for color in colors if contrast(color, background) >= _LEAST_CONTRAST)


def string_hash(text: str) -> int:
    """The hash that Grafana chooses a series' color by (npm's string-hash), of the text's 16-bit units."""
    data = text.encode("utf-16-le", errors="surrogatepass")
    result = 5381
    for position in range(len(data) - 2, -1, -2):
        result = (result * 33 ^ (data[position] | data[position + 1] << 8)) & 0xFFFFFFFF
    return result


def _shade(base: str, index: int) -> str:
    """The base color, then lighter and darker ones in turn."""
    number = index % (2 * _SHADES - 1)
    if number == 0:
        return base
    step = (number + 1) // 2 / _SHADES
    color = parse_color(base)
    hue, saturation, lightness = color.hsl
    spun = from_hsl((hue * 360 + (step if number % 2 else -step) * 10) % 360, saturation, lightness)
    if number % 2:
        more = -rounded(255 * -(step * 35 / 100))  # half a unit goes up on the negative side
        channels = (min(255.0, rounded(channel) + more) for channel in (spun.red, spun.green, spun.blue))
        return str(Color(*channels))
    hue, saturation, lightness = spun.hsl
    return str(from_hsl(hue * 360, saturation, min(1.0, max(0.0, lightness - step * 35 / 100))))
