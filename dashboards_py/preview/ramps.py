"""Color scales of heatmaps. Sources: Grafana's heatmap panel, palettes.ts and utils.ts; d3-scale-chromatic.

`heatmap_schemes.json` has the colors between which d3 draws a curve, or 65 samples of a scheme that is a function.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import floor
from typing import Any

from dashboards_py.panel_data.colors import named_color
from dashboards_py.panel_data.colors.css import parse_color
from dashboards_py.panel_data.colors.modes import spline
from dashboards_py.preview.numbers import positive

UNKNOWN, DEFAULT = "Spectral", "Oranges"  # what Grafana takes for a scheme that it does not know, and for none
STEPS, EXPONENT, FILL = 64, 0.5, "dark-orange"


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    content = files("dashboards_py.preview").joinpath("heatmap_schemes.json").read_text(encoding="utf-8")
    return dict(json.loads(content))


@cache
def scheme(name: str) -> tuple[str, ...]:
    """The colors of a scheme of d3, from its begin to its end."""
    colors = (_data()["knots"] | _data()["samples"])[name].split()  # type: ignore[operator]
    return tuple(f"#{color}" for color in colors)


def scheme_color(name: str, share: float) -> str:
    """The color at a share from 0 to 1 of a scheme of d3."""
    colors = scheme(name)
    if name in _data()["knots"]:
        return spline(colors, share)
    position = share * (len(colors) - 1)
    low = min(int(position), len(colors) - 2)
    first, second = (bytes.fromhex(color[1:]) for color in colors[low : low + 2])
    parts = zip(first, second, strict=True)
    return "#" + "".join(f"{round(a + (b - a) * (position - low)):02x}" for a, b in parts)


def palette(options: Mapping[str, Any], *, is_dark: bool) -> tuple[tuple[str, float], ...]:
    """The colors of a heatmap with their opacities, from the least count to the greatest, by its color options."""
    steps = min(max(int(positive(options, "steps", STEPS)), 2), 128)
    shares = [number / (steps - 1) for number in range(steps)]
    if options.get("mode") == "opacity":
        fill = options.get("fill")
        color = named_color(fill if isinstance(fill, str) else FILL, dark=is_dark)
        parsed = parse_color(color)
        exponent = 1.0 if options.get("scale") == "linear" else min(positive(options, "exponent", EXPONENT), 100)
        return tuple((f"#{color[1:7]}", share**exponent * parsed.opacity) for share in shares)
    name = options.get("scheme", DEFAULT)
    name = name if isinstance(name, str) and name in _data()["inverted"] else UNKNOWN
    colors = [(scheme_color(name, share), 1.0) for share in shares]
    if _data()["inverted"][name] in ("always", "dark" if is_dark else "light"):
        colors.reverse()
    return tuple(reversed(colors)) if options.get("reverse") is True else tuple(colors)


def step_of(count: float, least: float, most: float, steps: int) -> int:
    """Which of so many colors a count has, if the first is for the least one and the last for the greatest."""
    if count >= most:
        return steps - 1
    return max(floor(steps * (count - least) / (most - least)), 0) if count > least else 0
